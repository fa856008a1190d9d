// Generated from openapi/calls.yaml by callrounded-codegen with progenitor 0.15.1. Not to be edited: change the
// document, then `cargo xtask regenerate` refreshes the reviewed copy of this file.
// It differs from progenitor's own output in these steps (crates/callrounded-codegen/src/steps):
//   open_objects: a property that the service adds must not break a deployed client
//   liberal_texts: limits on texts are the validator's; a reader that enforced them would lose whole answers
//   no_version_header: progenitor sends an `api-version` header that no page of the vendor asks for
//   no_panicking_constructor: `Client::new` panics where TLS can't be set up, and has settings of its own
//   one_path_segment: progenitor leaves `\` in a path parameter as it is, which URLs take for `/`
//   null_kept_apart: a request can tell a null from an absent value, as the document allows
//   redacted_debug: Debug shows what the document marks `x-personal-data: false` and redacts the rest
//   optional_schemars: JSON Schemas of the types are there for who asks for them, by the feature `schemars`
//   document_facts: server, key header and list of schemas are read from the document too

#[allow(unused_imports)]
use crate::encode_path_segment as encode_path;
#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///What the service says went wrong.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ApiError {
        ///What is wrong with which field.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub details: ::std::option::Option<::std::vec::Vec<ApiErrorDetail>>,
        ///What went wrong, in a sentence.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status that belongs to the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<i64>,
        ///What kind of error it is, such as `generic_error`.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }
    impl ApiError {
        pub fn builder() -> builder::ApiError {
            Default::default()
        }
    }
    ///What is wrong with one field of a request.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ApiErrorDetail {
        ///The field concerned.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub field: ::std::option::Option<::std::string::String>,
        ///What is wrong with it.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    impl ApiErrorDetail {
        pub fn builder() -> builder::ApiErrorDetail {
            Default::default()
        }
    }
    ///A call, its outcome and what was said in it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Call {
        ///The agent that handled the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub agent_id: ::std::option::Option<::std::string::String>,
        ///What the call cost. The currency is not documented.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cost: ::std::option::Option<f64>,
        ///Which way the call went, such as `inbound`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub direction: ::std::option::Option<::std::string::String>,
        ///How long the call lasted, in seconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub duration_seconds: ::std::option::Option<f64>,
        ///When the call ended (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub end_time: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///Who called; in the sample as E.164, with the leading +.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from_number: ::std::option::Option<::std::string::String>,
        ///What identifies the call.
        pub id: ::std::string::String,
        ///The metadata attached to the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///The organization that the call belongs to.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub organization_id: ::std::option::Option<::std::string::String>,
        ///Where the recording can be fetched. Whoever has the address may be able to listen.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub recording_url: ::std::option::Option<::std::string::String>,
        ///Presumably how long the call went on after it was redirected, in seconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub redirect_duration_seconds: ::std::option::Option<f64>,
        ///When the call began (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub start_time: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///How far the call has come, such as `completed`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<::std::string::String>,
        ///Who was called; in the sample as E.164, with the leading +.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub to_number: ::std::option::Option<::std::string::String>,
        ///The transcript, turn by turn.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub transcript: ::std::option::Option<::std::vec::Vec<TranscriptEntry>>,
        ///The transcript as one text, a line for each turn, each line opened by who speaks.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub transcript_string: ::std::option::Option<::std::string::String>,
        ///What kind of call it is, such as `phone_call`.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        ///The variables that the call collected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub variable_values: ::std::option::Option<::std::vec::Vec<VariableValue>>,
    }
    impl Call {
        pub fn builder() -> builder::Call {
            Default::default()
        }
    }
    ///The envelope around one call.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct CallResponse {
        pub data: Call,
        ///What went wrong, where something did. The sample of the page shows one beside a successful answer, so its presence alone does not mean failure.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ApiError>,
        ///What happened, in a sentence.
        #[serde(default = "defaults::call_response_message")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status of the answer, repeated in its body.
        #[serde(default = "defaults::call_response_status")]
        pub status: ::std::option::Option<i64>,
    }
    impl CallResponse {
        pub fn builder() -> builder::CallResponse {
            Default::default()
        }
    }
    ///One turn of the conversation.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct TranscriptEntry {
        ///What was said.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        ///Who speaks, such as `user`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<::std::string::String>,
        ///When the turn began (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub start_time: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
    }
    impl TranscriptEntry {
        pub fn builder() -> builder::TranscriptEntry {
            Default::default()
        }
    }
    ///Metadata for a call, and how it meets the metadata that is there.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct UpdateCallRequest {
        ///Names and values to attach to the call. Values may be any JSON, null included.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "null_kept_apart")]
        pub metadata: ::std::option::Option<
            ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
        >,
        ///`true` puts the metadata sent in place of all that the call has; `false` merges it into what is there. What null means is not said.
        #[serde(rename = "override", default = "defaults::update_call_request_override")]
        pub override_: ::std::option::Option<bool>,
    }
    impl ::std::default::Default for UpdateCallRequest {
        fn default() -> Self {
            Self {
                metadata: Default::default(),
                override_: defaults::update_call_request_override(),
            }
        }
    }
    impl UpdateCallRequest {
        pub fn builder() -> builder::UpdateCallRequest {
            Default::default()
        }
    }
    ///A variable of the call and the value it took.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct VariableValue {
        ///The name of the variable.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///When the value was set (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub timestamp: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The type of the value, such as `string`.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
        ///The value, of whatever type `type` names.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::serde_json::Value>,
    }
    impl VariableValue {
        pub fn builder() -> builder::VariableValue {
            Default::default()
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone)]
        pub struct ApiError {
            details: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::ApiErrorDetail>>,
                ::std::string::String,
            >,
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ApiError {
            fn default() -> Self {
                Self {
                    details: Ok(Default::default()),
                    message: Ok(Default::default()),
                    status: Ok(Default::default()),
                    type_: Ok(Default::default()),
                }
            }
        }
        impl ApiError {
            pub fn details<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::ApiErrorDetail>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.details = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for details: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ApiError> for super::ApiError {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ApiError,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    details: value.details?,
                    message: value.message?,
                    status: value.status?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::ApiError> for ApiError {
            fn from(value: super::ApiError) -> Self {
                Self {
                    details: Ok(value.details),
                    message: Ok(value.message),
                    status: Ok(value.status),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone)]
        pub struct ApiErrorDetail {
            field: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ApiErrorDetail {
            fn default() -> Self {
                Self {
                    field: Ok(Default::default()),
                    message: Ok(Default::default()),
                }
            }
        }
        impl ApiErrorDetail {
            pub fn field<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.field = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for field: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ApiErrorDetail> for super::ApiErrorDetail {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ApiErrorDetail,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    field: value.field?,
                    message: value.message?,
                })
            }
        }
        impl ::std::convert::From<super::ApiErrorDetail> for ApiErrorDetail {
            fn from(value: super::ApiErrorDetail) -> Self {
                Self {
                    field: Ok(value.field),
                    message: Ok(value.message),
                }
            }
        }
        #[derive(Clone)]
        pub struct Call {
            agent_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            cost: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            direction: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            duration_seconds: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            end_time: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            from_number: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            metadata: ::std::result::Result<
                ::std::option::Option<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                ::std::string::String,
            >,
            organization_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            recording_url: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            redirect_duration_seconds: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            start_time: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            to_number: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            transcript: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::TranscriptEntry>>,
                ::std::string::String,
            >,
            transcript_string: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            variable_values: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::VariableValue>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Call {
            fn default() -> Self {
                Self {
                    agent_id: Ok(Default::default()),
                    cost: Ok(Default::default()),
                    direction: Ok(Default::default()),
                    duration_seconds: Ok(Default::default()),
                    end_time: Ok(Default::default()),
                    from_number: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    metadata: Ok(Default::default()),
                    organization_id: Ok(Default::default()),
                    recording_url: Ok(Default::default()),
                    redirect_duration_seconds: Ok(Default::default()),
                    start_time: Ok(Default::default()),
                    status: Ok(Default::default()),
                    to_number: Ok(Default::default()),
                    transcript: Ok(Default::default()),
                    transcript_string: Ok(Default::default()),
                    type_: Ok(Default::default()),
                    variable_values: Ok(Default::default()),
                }
            }
        }
        impl Call {
            pub fn agent_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.agent_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for agent_id: {e}")
                    });
                self
            }
            pub fn cost<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.cost = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for cost: {e}")
                    });
                self
            }
            pub fn direction<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.direction = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for direction: {e}")
                    });
                self
            }
            pub fn duration_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.duration_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for duration_seconds: {e}"
                        )
                    });
                self
            }
            pub fn end_time<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.end_time = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for end_time: {e}")
                    });
                self
            }
            pub fn from_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.from_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for from_number: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn metadata<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.metadata = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for metadata: {e}")
                    });
                self
            }
            pub fn organization_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.organization_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for organization_id: {e}"
                        )
                    });
                self
            }
            pub fn recording_url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.recording_url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for recording_url: {e}")
                    });
                self
            }
            pub fn redirect_duration_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.redirect_duration_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for redirect_duration_seconds: {e}"
                        )
                    });
                self
            }
            pub fn start_time<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.start_time = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for start_time: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn to_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.to_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for to_number: {e}")
                    });
                self
            }
            pub fn transcript<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::TranscriptEntry>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.transcript = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for transcript: {e}")
                    });
                self
            }
            pub fn transcript_string<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.transcript_string = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for transcript_string: {e}"
                        )
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            pub fn variable_values<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::VariableValue>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.variable_values = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for variable_values: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Call> for super::Call {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Call,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    agent_id: value.agent_id?,
                    cost: value.cost?,
                    direction: value.direction?,
                    duration_seconds: value.duration_seconds?,
                    end_time: value.end_time?,
                    from_number: value.from_number?,
                    id: value.id?,
                    metadata: value.metadata?,
                    organization_id: value.organization_id?,
                    recording_url: value.recording_url?,
                    redirect_duration_seconds: value.redirect_duration_seconds?,
                    start_time: value.start_time?,
                    status: value.status?,
                    to_number: value.to_number?,
                    transcript: value.transcript?,
                    transcript_string: value.transcript_string?,
                    type_: value.type_?,
                    variable_values: value.variable_values?,
                })
            }
        }
        impl ::std::convert::From<super::Call> for Call {
            fn from(value: super::Call) -> Self {
                Self {
                    agent_id: Ok(value.agent_id),
                    cost: Ok(value.cost),
                    direction: Ok(value.direction),
                    duration_seconds: Ok(value.duration_seconds),
                    end_time: Ok(value.end_time),
                    from_number: Ok(value.from_number),
                    id: Ok(value.id),
                    metadata: Ok(value.metadata),
                    organization_id: Ok(value.organization_id),
                    recording_url: Ok(value.recording_url),
                    redirect_duration_seconds: Ok(value.redirect_duration_seconds),
                    start_time: Ok(value.start_time),
                    status: Ok(value.status),
                    to_number: Ok(value.to_number),
                    transcript: Ok(value.transcript),
                    transcript_string: Ok(value.transcript_string),
                    type_: Ok(value.type_),
                    variable_values: Ok(value.variable_values),
                }
            }
        }
        #[derive(Clone)]
        pub struct CallResponse {
            data: ::std::result::Result<super::Call, ::std::string::String>,
            error: ::std::result::Result<
                ::std::option::Option<super::ApiError>,
                ::std::string::String,
            >,
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CallResponse {
            fn default() -> Self {
                Self {
                    data: Err("no value supplied for data".to_string()),
                    error: Ok(Default::default()),
                    message: Ok(super::defaults::call_response_message()),
                    status: Ok(super::defaults::call_response_status()),
                }
            }
        }
        impl CallResponse {
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Call>,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::ApiError>>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<i64>>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CallResponse> for super::CallResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CallResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    data: value.data?,
                    error: value.error?,
                    message: value.message?,
                    status: value.status?,
                })
            }
        }
        impl ::std::convert::From<super::CallResponse> for CallResponse {
            fn from(value: super::CallResponse) -> Self {
                Self {
                    data: Ok(value.data),
                    error: Ok(value.error),
                    message: Ok(value.message),
                    status: Ok(value.status),
                }
            }
        }
        #[derive(Clone)]
        pub struct TranscriptEntry {
            content: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            role: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            start_time: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TranscriptEntry {
            fn default() -> Self {
                Self {
                    content: Ok(Default::default()),
                    role: Ok(Default::default()),
                    start_time: Ok(Default::default()),
                }
            }
        }
        impl TranscriptEntry {
            pub fn content<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.content = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for content: {e}")
                    });
                self
            }
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
            pub fn start_time<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.start_time = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for start_time: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TranscriptEntry> for super::TranscriptEntry {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TranscriptEntry,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    content: value.content?,
                    role: value.role?,
                    start_time: value.start_time?,
                })
            }
        }
        impl ::std::convert::From<super::TranscriptEntry> for TranscriptEntry {
            fn from(value: super::TranscriptEntry) -> Self {
                Self {
                    content: Ok(value.content),
                    role: Ok(value.role),
                    start_time: Ok(value.start_time),
                }
            }
        }
        #[derive(Clone)]
        pub struct UpdateCallRequest {
            metadata: ::std::result::Result<
                ::std::option::Option<
                    ::std::option::Option<
                        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                    >,
                >,
                ::std::string::String,
            >,
            override_: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for UpdateCallRequest {
            fn default() -> Self {
                Self {
                    metadata: Ok(Default::default()),
                    override_: Ok(super::defaults::update_call_request_override()),
                }
            }
        }
        impl UpdateCallRequest {
            pub fn metadata<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<
                        ::std::option::Option<
                            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                        >,
                    >,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.metadata = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for metadata: {e}")
                    });
                self
            }
            pub fn override_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.override_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for override_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<UpdateCallRequest> for super::UpdateCallRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: UpdateCallRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    metadata: value.metadata?,
                    override_: value.override_?,
                })
            }
        }
        impl ::std::convert::From<super::UpdateCallRequest> for UpdateCallRequest {
            fn from(value: super::UpdateCallRequest) -> Self {
                Self {
                    metadata: Ok(value.metadata),
                    override_: Ok(value.override_),
                }
            }
        }
        #[derive(Clone)]
        pub struct VariableValue {
            name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            timestamp: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            value: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for VariableValue {
            fn default() -> Self {
                Self {
                    name: Ok(Default::default()),
                    timestamp: Ok(Default::default()),
                    type_: Ok(Default::default()),
                    value: Ok(Default::default()),
                }
            }
        }
        impl VariableValue {
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn timestamp<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.timestamp = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for timestamp: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::serde_json::Value>>,
                T::Error: ::std::fmt::Display,
            {
                self.value = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for value: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<VariableValue> for super::VariableValue {
            type Error = super::error::ConversionError;
            fn try_from(
                value: VariableValue,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    name: value.name?,
                    timestamp: value.timestamp?,
                    type_: value.type_?,
                    value: value.value?,
                })
            }
        }
        impl ::std::convert::From<super::VariableValue> for VariableValue {
            fn from(value: super::VariableValue) -> Self {
                Self {
                    name: Ok(value.name),
                    timestamp: Ok(value.timestamp),
                    type_: Ok(value.type_),
                    value: Ok(value.value),
                }
            }
        }
    }
    /// Generation of default values for serde.
    pub mod defaults {
        pub(super) fn call_response_message() -> ::std::option::Option<
            ::std::string::String,
        > {
            ::std::option::Option::Some("Call retrieved successfully".to_string())
        }
        pub(super) fn call_response_status() -> ::std::option::Option<i64> {
            ::std::option::Option::Some(200_i64)
        }
        pub(super) fn update_call_request_override() -> ::std::option::Option<bool> {
            ::std::option::Option::Some(false)
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    /// Reads a null as `Some(None)`; what is absent never gets here.
    fn null_kept_apart<'de, T, D>(
        deserializer: D,
    ) -> ::std::result::Result<::std::option::Option<T>, D::Error>
    where
        T: ::serde::Deserialize<'de>,
        D: ::serde::Deserializer<'de>,
    {
        T::deserialize(deserializer).map(::std::option::Option::Some)
    }
    impl ::std::fmt::Debug for ApiError {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("ApiError")
                .field("details", &self.details)
                .field("message", &self.message)
                .field("status", &self.status)
                .field("type", &self.type_)
                .finish()
        }
    }
    impl ::std::fmt::Debug for ApiErrorDetail {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("ApiErrorDetail")
                .field("field", &self.field)
                .field("message", &self.message)
                .finish()
        }
    }
    impl ::std::fmt::Debug for Call {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("Call")
                .field("agent_id", &self.agent_id)
                .field("cost", &self.cost)
                .field("direction", &self.direction)
                .field("duration_seconds", &self.duration_seconds)
                .field("end_time", &self.end_time)
                .field("from_number", &self.from_number.as_ref().map(|_| Redacted))
                .field("id", &self.id)
                .field("metadata", &self.metadata.as_ref().map(|_| Redacted))
                .field("organization_id", &self.organization_id)
                .field("recording_url", &self.recording_url.as_ref().map(|_| Redacted))
                .field("redirect_duration_seconds", &self.redirect_duration_seconds)
                .field("start_time", &self.start_time)
                .field("status", &self.status)
                .field("to_number", &self.to_number.as_ref().map(|_| Redacted))
                .field("transcript", &self.transcript)
                .field(
                    "transcript_string",
                    &self.transcript_string.as_ref().map(|_| Redacted),
                )
                .field("type", &self.type_)
                .field("variable_values", &self.variable_values)
                .finish()
        }
    }
    impl ::std::fmt::Debug for CallResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CallResponse")
                .field("data", &self.data)
                .field("error", &self.error)
                .field("message", &self.message)
                .field("status", &self.status)
                .finish()
        }
    }
    impl ::std::fmt::Debug for TranscriptEntry {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("TranscriptEntry")
                .field("content", &self.content.as_ref().map(|_| Redacted))
                .field("role", &self.role)
                .field("start_time", &self.start_time)
                .finish()
        }
    }
    impl ::std::fmt::Debug for UpdateCallRequest {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("UpdateCallRequest")
                .field("metadata", &self.metadata.as_ref().map(|_| Redacted))
                .field("override", &self.override_)
                .finish()
        }
    }
    impl ::std::fmt::Debug for VariableValue {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("VariableValue")
                .field("name", &self.name)
                .field("timestamp", &self.timestamp)
                .field("type", &self.type_)
                .field("value", &self.value.as_ref().map(|_| Redacted))
                .finish()
        }
    }
    /// What Debug shows in place of personal data.
    struct Redacted;
    impl ::std::fmt::Debug for Redacted {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("<redacted>")
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Rounded calls

Calls of Rounded, the voice agent service. Unofficial: reconstructed from the service's public reference, not published by it.

Version: 1.0.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::Exchange,
}
impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::Exchange,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::Exchange> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::Exchange {
        &self.inner
    }
}
const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::Exchange>,
    {}
};
impl Client {
    /**Update call

Attaches metadata to a call, either merged into what the call carries already or in place of it, and answers with the call as it then stands.

Sends a `PATCH` request to `/v1/calls/{call_id}`

Arguments:
- `call_id`: Which call to update.
- `body`: What to attach, and how.
```ignore
let response = client.update_call()
    .call_id(call_id)
    .body(body)
    .send()
    .await;
```*/
    pub fn update_call(&self) -> builder::UpdateCall<'_> {
        builder::UpdateCall::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::update_call`]

[`Client::update_call`]: super::Client::update_call*/
    #[derive(Clone)]
    pub struct UpdateCall<'a> {
        client: &'a super::Client,
        call_id: Result<::std::string::String, String>,
        body: Result<types::builder::UpdateCallRequest, String>,
    }
    impl<'a> UpdateCall<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                call_id: Err("call_id was not initialized".to_string()),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn call_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.call_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for call_id failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::UpdateCallRequest>,
            <V as std::convert::TryInto<
                types::UpdateCallRequest,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `UpdateCallRequest` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::UpdateCallRequest,
            ) -> types::builder::UpdateCallRequest,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/v1/calls/{call_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::CallResponse>, Error<()>> {
            let Self { client, call_id, body } = self;
            let call_id = call_id.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::UpdateCallRequest::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/v1/calls/{}", client.baseurl, encode_path(& call_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "update_call",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
/// Where the API is served: the first server of the document.
pub const SERVER_URL: &str = "https://api.callrounded.com";
/// The header that carries the API key, in lower case.
pub const API_KEY_HEADER: &str = "x-api-key";
/// Passes the name and type of every schema of the document to another macro: `with! { "Name" => Type, … }`.
#[doc(hidden)]
#[macro_export]
macro_rules! for_each_schema {
    ($with:ident) => {
        $with ! { "ApiError" => $crate::types::ApiError, "ApiErrorDetail" =>
        $crate::types::ApiErrorDetail, "Call" => $crate::types::Call, "CallResponse" =>
        $crate::types::CallResponse, "TranscriptEntry" => $crate::types::TranscriptEntry,
        "UpdateCallRequest" => $crate::types::UpdateCallRequest, "VariableValue" =>
        $crate::types::VariableValue }
    };
}
