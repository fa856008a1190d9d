// Generated from openapi/calls.yaml by callrounded-codegen with progenitor 0.15.1. Do not edit: change the
// document, then run `cargo xtask regenerate` to update the checked-in snapshot.
// These steps change progenitor's output (crates/callrounded-codegen/src/steps):
//   open_objects: a property that the service adds must not break a deployed client
//   lenient_limits: the validator checks limits; a client that enforced them would fail to decode whole responses
//   choices: an `anyOf` of more than objects, or with a distinguishing property, becomes an enum, not a struct
//   plain_schemas: extensions, titles and compound defaults are for human readers; progenitor fails on them
//   lenient_responses: a missing field does not prevent decoding of a response; `x-needed` lists the exceptions
//   timestamps: a timestamp in another format, or an invalid one, does not prevent decoding, and its string is kept
//   local_timestamps: a time without an offset is a timestamp too, which reports that it has none
//   decimals: money is not rounded to a binary fraction
//   decimal_strings: an amount that is written as a string is decoded as a number too
//   uuids: an identifier is sent back unchanged; one in another format does not prevent decoding
//   open_enums: a value that the service adds is kept unchanged
//   unions: a discriminator selects the variant, an unknown one is kept, and errors have paths
//   unique_conversions: a union with a string has one conversion from strings; progenitor writes two that clash
//   non_exhaustive_structs: a field that the service adds does not break code that uses builders and `..` patterns
//   no_version_header: progenitor sends an `api-version` header that the vendor's reference does not mention
//   media_types: JSON is sent and accepted as its documented media type; progenitor only supports `application/json`
//   distinguish_null: a request can distinguish null from an absent value, as the document allows
//   plain_builders: a builder takes `value`, not `Some(Some(value))`, and rejects an invalid timestamp or decimal
//   builder_docs: progenitor writes no documentation for builders and for properties without a description
//   operations: one generic request sends every operation; the errors of progenitor's builders have no source
//   objects_only: a list is not an object; serde would decode its elements as the fields in their order
//   redacted_debug: Debug shows what the document marks `x-personal-data: false` and redacts the rest
//   optional_schemars: the feature `schemars` adds JSON Schemas of the types
//   document_constants: the server, the API key header and the list of schemas come from the document too
//   client_feature: programs that only handle payloads disable `client` and get the types without an HTTP client

/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///An error of the service.
    #[derive(::serde::Serialize, Clone, Default, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ApiError {
        ///Errors of single fields.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub details: ::std::option::Option<::std::vec::Vec<ApiErrorDetail>>,
        ///The error message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status of the error.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<i64>,
        ///The type of the error, such as `generic_error`.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }
    impl ApiError {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::ApiError {
            Default::default()
        }
    }
    ///The error of one field of a request.
    #[derive(::serde::Serialize, Clone, Default, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct ApiErrorDetail {
        ///The name of the field.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub field: ::std::option::Option<::std::string::String>,
        ///The error message.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    impl ApiErrorDetail {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::ApiErrorDetail {
            Default::default()
        }
    }
    ///A call with its outcome and transcript.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Call {
        ///The agent that handled the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub agent_id: ::std::option::Option<::std::string::String>,
        ///The cost of the call. The currency is not documented.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cost: ::std::option::Option<::callrounded_runtime::Decimal>,
        ///The direction of the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub direction: ::std::option::Option<CallDirection>,
        ///The duration of the call in seconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub duration_seconds: ::std::option::Option<f64>,
        ///When the call ended (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub end_time: ::std::option::Option<::callrounded_runtime::Timestamp>,
        ///The phone number of the caller (E.164 in the sample).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from_number: ::std::option::Option<::std::string::String>,
        ///The identifier of the call.
        pub id: ::std::string::String,
        ///The metadata attached to the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<
            ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        >,
        ///The organization that the call belongs to.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub organization_id: ::std::option::Option<::std::string::String>,
        ///The URL of the recording. Anyone who has it may be able to listen.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub recording_url: ::std::option::Option<::std::string::String>,
        ///Presumably the duration of the call after it was redirected, in seconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub redirect_duration_seconds: ::std::option::Option<f64>,
        ///When the call started (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub start_time: ::std::option::Option<::callrounded_runtime::Timestamp>,
        ///The status of the call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<CallStatus>,
        ///The phone number that was called (E.164 in the sample).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub to_number: ::std::option::Option<::std::string::String>,
        ///The transcript as a list of turns.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub transcript: ::std::option::Option<::std::vec::Vec<TranscriptEntry>>,
        ///The transcript as one string, a line for each turn, each starting with its role.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub transcript_string: ::std::option::Option<::std::string::String>,
        ///The type of a call.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<CallType>,
        ///The variables that the call collected.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub variable_values: ::std::option::Option<::std::vec::Vec<VariableValue>>,
    }
    impl Call {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::Call {
            Default::default()
        }
    }
    ///The direction of a call.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum CallDirection {
        ///`inbound`
        Inbound,
        /// A value that the document does not list, unchanged.
        Other(::std::string::String),
    }
    ///A response with one page of calls.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct CallListResponse {
        ///The number of this page, from 1; only with pages by number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub current_page: ::std::option::Option<i64>,
        ///The calls.
        pub data: ::std::vec::Vec<Call>,
        ///The error, if there is one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ApiError>,
        ///A message for people.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The cursor of the next page; only with pages by cursor.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub next_cursor: ::std::option::Option<::callrounded_runtime::Timestamp>,
        ///The HTTP status of the response.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<i64>,
        ///The number of calls on all pages; only with pages by number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_items: ::std::option::Option<i64>,
        ///The number of pages; only with pages by number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_pages: ::std::option::Option<i64>,
    }
    impl CallListResponse {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::CallListResponse {
            Default::default()
        }
    }
    ///A response with one call.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct CallResponse {
        ///The property `data`.
        pub data: Call,
        ///The error, if there is one. The sample shows one in a successful response, so its presence alone does not mean failure.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ApiError>,
        ///A message for people.
        #[serde(default = "defaults::call_response_message")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status of the response.
        #[serde(default = "defaults::call_response_status")]
        pub status: ::std::option::Option<i64>,
    }
    impl CallResponse {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::CallResponse {
            Default::default()
        }
    }
    ///The status of a call.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum CallStatus {
        ///`completed`
        Completed,
        /// A value that the document does not list, unchanged.
        Other(::std::string::String),
    }
    ///The type of a call.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum CallType {
        ///`phone_call`
        PhoneCall,
        ///`web_call`
        WebCall,
        /// A value that the document does not list, unchanged.
        Other(::std::string::String),
    }
    ///The phone numbers, the agent, and its variables.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct StartPhoneCallRequest {
        ///The agent that makes the call.
        pub agent_id: ::std::string::String,
        ///Variables for the agent, and their values.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "distinguish_null")]
        pub dynamic_variables_values: ::std::option::Option<
            ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
        >,
        ///The phone number of the caller, which belongs to the organization (E.164, with at least 7 digits).
        pub from_number: ::std::string::String,
        ///The phone number to dial (E.164, with at least 7 digits).
        pub to_number: ::std::string::String,
    }
    impl StartPhoneCallRequest {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::StartPhoneCallRequest {
            Default::default()
        }
    }
    ///A response with the call that was started.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct StartPhoneCallResponse {
        ///The property `data`.
        pub data: StartedCall,
        ///The error, if there is one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ApiError>,
        ///A message for people.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status of the response.
        #[serde(default = "defaults::start_phone_call_response_status")]
        pub status: ::std::option::Option<i64>,
    }
    impl StartPhoneCallResponse {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::StartPhoneCallResponse {
            Default::default()
        }
    }
    ///The call that was started.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct StartedCall {
        ///The identifier of the call.
        pub call_id: ::std::string::String,
    }
    impl StartedCall {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::StartedCall {
            Default::default()
        }
    }
    ///A response to the termination of a call.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct TerminateCallResponse {
        ///Any JSON. The meaning is not documented.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<::serde_json::Value>,
        ///The error, if there is one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<ApiError>,
        ///A message for people.
        #[serde(default = "defaults::terminate_call_response_message")]
        pub message: ::std::option::Option<::std::string::String>,
        ///The HTTP status of the response.
        #[serde(default = "defaults::terminate_call_response_status")]
        pub status: ::std::option::Option<i64>,
    }
    impl ::std::default::Default for TerminateCallResponse {
        fn default() -> Self {
            Self {
                data: Default::default(),
                error: Default::default(),
                message: defaults::terminate_call_response_message(),
                status: defaults::terminate_call_response_status(),
            }
        }
    }
    impl TerminateCallResponse {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::TerminateCallResponse {
            Default::default()
        }
    }
    ///One turn of the conversation, or a tool invocation or its response.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct TranscriptEntry {
        ///The spoken text; for entries other than speech, any JSON.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::serde_json::Value>,
        ///The speaker.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<TranscriptRole>,
        ///When the turn started (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub start_time: ::std::option::Option<::callrounded_runtime::Timestamp>,
        #[serde(flatten)]
        ///The properties that the document does not describe, by key.
        pub extra: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    }
    impl TranscriptEntry {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::TranscriptEntry {
            Default::default()
        }
    }
    ///The speaker.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum TranscriptRole {
        ///`user`
        User,
        /// A value that the document does not list, unchanged.
        Other(::std::string::String),
    }
    ///New metadata of a call, and whether it is merged.
    #[derive(::serde::Serialize, Clone, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct UpdateCallRequest {
        ///Keys and values. A value may be any JSON, including null.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        #[serde(default, deserialize_with = "distinguish_null")]
        pub metadata: ::std::option::Option<
            ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
        >,
        ///`true` replaces the metadata of the call; `false` merges into it. The meaning of null is not documented.
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
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::UpdateCallRequest {
            Default::default()
        }
    }
    ///The type of the value of a variable.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum VariableType {
        ///`string`
        String,
        /// A value that the document does not list, unchanged.
        Other(::std::string::String),
    }
    ///A variable of the call and its value.
    #[derive(::serde::Serialize, Clone, Default, PartialEq)]
    #[non_exhaustive]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct VariableValue {
        ///The name of the variable.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        ///When the value was set (RFC 3339).
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub timestamp: ::std::option::Option<::callrounded_runtime::Timestamp>,
        ///The type of the value.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<VariableType>,
        ///The value, of the type in `type`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<::serde_json::Value>,
    }
    impl VariableValue {
        ///Returns a builder. Set the fields with its methods and end with `try_into()`, which fails if a required field is missing or a value is invalid.
        pub fn builder() -> builder::VariableValue {
            Default::default()
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone)]
        ///A builder of [`types::ApiError`](super::ApiError).
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
            ///Sets the field `details`.
            pub fn details<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::ApiErrorDetail>>,
                T::Error: ::std::fmt::Display,
            {
                self.details = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for details: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            ///Sets the field `type_`.
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
        ///A builder of [`types::ApiErrorDetail`](super::ApiErrorDetail).
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
            ///Sets the field `field`.
            pub fn field<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.field = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for field: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
        ///A builder of [`types::Call`](super::Call).
        pub struct Call {
            agent_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            cost: ::std::result::Result<
                ::std::option::Option<::callrounded_runtime::Decimal>,
                ::std::string::String,
            >,
            direction: ::std::result::Result<
                ::std::option::Option<super::CallDirection>,
                ::std::string::String,
            >,
            duration_seconds: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            end_time: ::std::result::Result<
                ::std::option::Option<::callrounded_runtime::Timestamp>,
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
                ::std::option::Option<::callrounded_runtime::Timestamp>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<super::CallStatus>,
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
                ::std::option::Option<super::CallType>,
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
            ///Sets the field `agent_id`.
            pub fn agent_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.agent_id = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for agent_id: {e}")
                    });
                self
            }
            ///Sets the field `cost`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn cost<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Decimal>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.cost = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!("error converting supplied value for cost: {e}")
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `direction`.
            pub fn direction<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::CallDirection>,
                T::Error: ::std::fmt::Display,
            {
                self.direction = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for direction: {e}")
                    });
                self
            }
            ///Sets the field `duration_seconds`.
            pub fn duration_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.duration_seconds = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for duration_seconds: {e}"
                        )
                    });
                self
            }
            ///Sets the field `end_time`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn end_time<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Timestamp>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.end_time = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!("error converting supplied value for end_time: {e}")
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `from_number`.
            pub fn from_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.from_number = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for from_number: {e}")
                    });
                self
            }
            ///Sets the field `id`.
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
            ///Sets the field `metadata`.
            pub fn metadata<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.metadata = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for metadata: {e}")
                    });
                self
            }
            ///Sets the field `organization_id`.
            pub fn organization_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.organization_id = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for organization_id: {e}"
                        )
                    });
                self
            }
            ///Sets the field `recording_url`.
            pub fn recording_url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.recording_url = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for recording_url: {e}")
                    });
                self
            }
            ///Sets the field `redirect_duration_seconds`.
            pub fn redirect_duration_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.redirect_duration_seconds = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for redirect_duration_seconds: {e}"
                        )
                    });
                self
            }
            ///Sets the field `start_time`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn start_time<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Timestamp>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.start_time = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!(
                                "error converting supplied value for start_time: {e}"
                            )
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::CallStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            ///Sets the field `to_number`.
            pub fn to_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.to_number = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for to_number: {e}")
                    });
                self
            }
            ///Sets the field `transcript`.
            pub fn transcript<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::TranscriptEntry>>,
                T::Error: ::std::fmt::Display,
            {
                self.transcript = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for transcript: {e}")
                    });
                self
            }
            ///Sets the field `transcript_string`.
            pub fn transcript_string<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.transcript_string = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for transcript_string: {e}"
                        )
                    });
                self
            }
            ///Sets the field `type_`.
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::CallType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            ///Sets the field `variable_values`.
            pub fn variable_values<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::VariableValue>>,
                T::Error: ::std::fmt::Display,
            {
                self.variable_values = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
        ///A builder of [`types::CallListResponse`](super::CallListResponse).
        pub struct CallListResponse {
            current_page: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            data: ::std::result::Result<
                ::std::vec::Vec<super::Call>,
                ::std::string::String,
            >,
            error: ::std::result::Result<
                ::std::option::Option<super::ApiError>,
                ::std::string::String,
            >,
            message: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            next_cursor: ::std::result::Result<
                ::std::option::Option<::callrounded_runtime::Timestamp>,
                ::std::string::String,
            >,
            status: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            total_items: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
            total_pages: ::std::result::Result<
                ::std::option::Option<i64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CallListResponse {
            fn default() -> Self {
                Self {
                    current_page: Ok(Default::default()),
                    data: Err("no value supplied for data".to_string()),
                    error: Ok(Default::default()),
                    message: Ok(Default::default()),
                    next_cursor: Ok(Default::default()),
                    status: Ok(Default::default()),
                    total_items: Ok(Default::default()),
                    total_pages: Ok(Default::default()),
                }
            }
        }
        impl CallListResponse {
            ///Sets the field `current_page`.
            pub fn current_page<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.current_page = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for current_page: {e}")
                    });
                self
            }
            ///Sets the field `data`.
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Call>>,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            ///Sets the field `error`.
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ApiError>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            ///Sets the field `next_cursor`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn next_cursor<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Timestamp>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.next_cursor = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!(
                                "error converting supplied value for next_cursor: {e}"
                            )
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            ///Sets the field `total_items`.
            pub fn total_items<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.total_items = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for total_items: {e}")
                    });
                self
            }
            ///Sets the field `total_pages`.
            pub fn total_pages<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.total_pages = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for total_pages: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CallListResponse> for super::CallListResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CallListResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    current_page: value.current_page?,
                    data: value.data?,
                    error: value.error?,
                    message: value.message?,
                    next_cursor: value.next_cursor?,
                    status: value.status?,
                    total_items: value.total_items?,
                    total_pages: value.total_pages?,
                })
            }
        }
        impl ::std::convert::From<super::CallListResponse> for CallListResponse {
            fn from(value: super::CallListResponse) -> Self {
                Self {
                    current_page: Ok(value.current_page),
                    data: Ok(value.data),
                    error: Ok(value.error),
                    message: Ok(value.message),
                    next_cursor: Ok(value.next_cursor),
                    status: Ok(value.status),
                    total_items: Ok(value.total_items),
                    total_pages: Ok(value.total_pages),
                }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::CallResponse`](super::CallResponse).
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
            ///Sets the field `data`.
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
            ///Sets the field `error`.
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ApiError>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
        ///A builder of [`types::StartPhoneCallRequest`](super::StartPhoneCallRequest).
        pub struct StartPhoneCallRequest {
            agent_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            dynamic_variables_values: ::std::result::Result<
                ::std::option::Option<
                    ::std::option::Option<
                        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                    >,
                >,
                ::std::string::String,
            >,
            from_number: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            to_number: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for StartPhoneCallRequest {
            fn default() -> Self {
                Self {
                    agent_id: Err("no value supplied for agent_id".to_string()),
                    dynamic_variables_values: Ok(Default::default()),
                    from_number: Err("no value supplied for from_number".to_string()),
                    to_number: Err("no value supplied for to_number".to_string()),
                }
            }
        }
        impl StartPhoneCallRequest {
            ///Sets the field `agent_id`.
            pub fn agent_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.agent_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for agent_id: {e}")
                    });
                self
            }
            ///Sets the field `dynamic_variables_values`.
            pub fn dynamic_variables_values<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.dynamic_variables_values = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(
                        ::std::option::Option::Some(value),
                    ))
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for dynamic_variables_values: {e}"
                        )
                    });
                self
            }
            ///Sets the field `from_number`.
            pub fn from_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.from_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for from_number: {e}")
                    });
                self
            }
            ///Sets the field `to_number`.
            pub fn to_number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.to_number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for to_number: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<StartPhoneCallRequest>
        for super::StartPhoneCallRequest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: StartPhoneCallRequest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    agent_id: value.agent_id?,
                    dynamic_variables_values: value.dynamic_variables_values?,
                    from_number: value.from_number?,
                    to_number: value.to_number?,
                })
            }
        }
        impl ::std::convert::From<super::StartPhoneCallRequest>
        for StartPhoneCallRequest {
            fn from(value: super::StartPhoneCallRequest) -> Self {
                Self {
                    agent_id: Ok(value.agent_id),
                    dynamic_variables_values: Ok(value.dynamic_variables_values),
                    from_number: Ok(value.from_number),
                    to_number: Ok(value.to_number),
                }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::StartPhoneCallResponse`](super::StartPhoneCallResponse).
        pub struct StartPhoneCallResponse {
            data: ::std::result::Result<super::StartedCall, ::std::string::String>,
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
        impl ::std::default::Default for StartPhoneCallResponse {
            fn default() -> Self {
                Self {
                    data: Err("no value supplied for data".to_string()),
                    error: Ok(Default::default()),
                    message: Ok(Default::default()),
                    status: Ok(super::defaults::start_phone_call_response_status()),
                }
            }
        }
        impl StartPhoneCallResponse {
            ///Sets the field `data`.
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::StartedCall>,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            ///Sets the field `error`.
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ApiError>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<StartPhoneCallResponse>
        for super::StartPhoneCallResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: StartPhoneCallResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    data: value.data?,
                    error: value.error?,
                    message: value.message?,
                    status: value.status?,
                })
            }
        }
        impl ::std::convert::From<super::StartPhoneCallResponse>
        for StartPhoneCallResponse {
            fn from(value: super::StartPhoneCallResponse) -> Self {
                Self {
                    data: Ok(value.data),
                    error: Ok(value.error),
                    message: Ok(value.message),
                    status: Ok(value.status),
                }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::StartedCall`](super::StartedCall).
        pub struct StartedCall {
            call_id: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for StartedCall {
            fn default() -> Self {
                Self {
                    call_id: Err("no value supplied for call_id".to_string()),
                }
            }
        }
        impl StartedCall {
            ///Sets the field `call_id`.
            pub fn call_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.call_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for call_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<StartedCall> for super::StartedCall {
            type Error = super::error::ConversionError;
            fn try_from(
                value: StartedCall,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { call_id: value.call_id? })
            }
        }
        impl ::std::convert::From<super::StartedCall> for StartedCall {
            fn from(value: super::StartedCall) -> Self {
                Self { call_id: Ok(value.call_id) }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::TerminateCallResponse`](super::TerminateCallResponse).
        pub struct TerminateCallResponse {
            data: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
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
        impl ::std::default::Default for TerminateCallResponse {
            fn default() -> Self {
                Self {
                    data: Ok(Default::default()),
                    error: Ok(Default::default()),
                    message: Ok(super::defaults::terminate_call_response_message()),
                    status: Ok(super::defaults::terminate_call_response_status()),
                }
            }
        }
        impl TerminateCallResponse {
            ///Sets the field `data`.
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::serde_json::Value>,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            ///Sets the field `error`.
            pub fn error<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ApiError>,
                T::Error: ::std::fmt::Display,
            {
                self.error = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for error: {e}")
                    });
                self
            }
            ///Sets the field `message`.
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
            ///Sets the field `status`.
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<i64>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TerminateCallResponse>
        for super::TerminateCallResponse {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TerminateCallResponse,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    data: value.data?,
                    error: value.error?,
                    message: value.message?,
                    status: value.status?,
                })
            }
        }
        impl ::std::convert::From<super::TerminateCallResponse>
        for TerminateCallResponse {
            fn from(value: super::TerminateCallResponse) -> Self {
                Self {
                    data: Ok(value.data),
                    error: Ok(value.error),
                    message: Ok(value.message),
                    status: Ok(value.status),
                }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::TranscriptEntry`](super::TranscriptEntry).
        pub struct TranscriptEntry {
            content: ::std::result::Result<
                ::std::option::Option<::serde_json::Value>,
                ::std::string::String,
            >,
            role: ::std::result::Result<
                ::std::option::Option<super::TranscriptRole>,
                ::std::string::String,
            >,
            start_time: ::std::result::Result<
                ::std::option::Option<::callrounded_runtime::Timestamp>,
                ::std::string::String,
            >,
            extra: ::std::result::Result<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TranscriptEntry {
            fn default() -> Self {
                Self {
                    content: Ok(Default::default()),
                    role: Ok(Default::default()),
                    start_time: Ok(Default::default()),
                    extra: Err("no value supplied for extra".to_string()),
                }
            }
        }
        impl TranscriptEntry {
            ///Sets the field `content`.
            pub fn content<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::serde_json::Value>,
                T::Error: ::std::fmt::Display,
            {
                self.content = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for content: {e}")
                    });
                self
            }
            ///Sets the field `role`.
            pub fn role<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::TranscriptRole>,
                T::Error: ::std::fmt::Display,
            {
                self.role = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for role: {e}")
                    });
                self
            }
            ///Sets the field `start_time`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn start_time<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Timestamp>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.start_time = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!(
                                "error converting supplied value for start_time: {e}"
                            )
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `extra`.
            pub fn extra<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.extra = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for extra: {e}")
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
                    extra: value.extra?,
                })
            }
        }
        impl ::std::convert::From<super::TranscriptEntry> for TranscriptEntry {
            fn from(value: super::TranscriptEntry) -> Self {
                Self {
                    content: Ok(value.content),
                    role: Ok(value.role),
                    start_time: Ok(value.start_time),
                    extra: Ok(value.extra),
                }
            }
        }
        #[derive(Clone)]
        ///A builder of [`types::UpdateCallRequest`](super::UpdateCallRequest).
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
            ///Sets the field `metadata`.
            pub fn metadata<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.metadata = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(
                        ::std::option::Option::Some(value),
                    ))
                    .map_err(|e| {
                        format!("error converting supplied value for metadata: {e}")
                    });
                self
            }
            ///Sets the field `override_`.
            pub fn override_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.override_ = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
        ///A builder of [`types::VariableValue`](super::VariableValue).
        pub struct VariableValue {
            name: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            timestamp: ::std::result::Result<
                ::std::option::Option<::callrounded_runtime::Timestamp>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<super::VariableType>,
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
            ///Sets the field `name`.
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            ///Sets the field `timestamp`.
            ///
            /**# Errors
If the value is not a valid decimal or timestamp.*/
            pub fn timestamp<T>(
                mut self,
                value: T,
            ) -> ::std::result::Result<Self, super::error::ConversionError>
            where
                T: ::std::convert::TryInto<::callrounded_runtime::Timestamp>,
                T::Error: ::std::fmt::Display,
            {
                match value.try_into() {
                    ::std::result::Result::Ok(value) => {
                        self.timestamp = ::std::result::Result::Ok(
                            ::std::option::Option::Some(value),
                        );
                        ::std::result::Result::Ok(self)
                    }
                    ::std::result::Result::Err(e) => {
                        ::std::result::Result::Err(
                            format!("error converting supplied value for timestamp: {e}")
                                .into(),
                        )
                    }
                }
            }
            ///Sets the field `type_`.
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::VariableType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            ///Sets the field `value`.
            pub fn value<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::serde_json::Value>,
                T::Error: ::std::fmt::Display,
            {
                self.value = value
                    .try_into()
                    .map(|value| ::std::option::Option::Some(value))
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
    #[doc(hidden)]
    pub mod defaults {
        pub(crate) fn call_response_message() -> ::std::option::Option<
            ::std::string::String,
        > {
            ::std::option::Option::Some("Call retrieved successfully".to_string())
        }
        pub(crate) fn call_response_status() -> ::std::option::Option<i64> {
            ::std::option::Option::Some(200_i64)
        }
        pub(crate) fn start_phone_call_response_status() -> ::std::option::Option<i64> {
            ::std::option::Option::Some(201_i64)
        }
        pub(crate) fn terminate_call_response_message() -> ::std::option::Option<
            ::std::string::String,
        > {
            ::std::option::Option::Some("Call terminated successfully".to_string())
        }
        pub(crate) fn terminate_call_response_status() -> ::std::option::Option<i64> {
            ::std::option::Option::Some(200_i64)
        }
        pub(crate) fn update_call_request_override() -> ::std::option::Option<bool> {
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
    impl CallDirection {
        /// The values that the document lists.
        pub const KNOWN: &'static [&'static str] = &["inbound"];
        /// Returns the value as it is sent and received.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Inbound => "inbound",
                Self::Other(value) => value,
            }
        }
    }
    impl ::std::convert::From<&str> for CallDirection {
        fn from(value: &str) -> Self {
            match value {
                "inbound" => Self::Inbound,
                _ => Self::Other(value.to_string()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for CallDirection {
        fn from(value: ::std::string::String) -> Self {
            match value.as_str() {
                "inbound" => Self::Inbound,
                _ => Self::Other(value),
            }
        }
    }
    impl ::std::str::FromStr for CallDirection {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            ::std::result::Result::Ok(Self::from(value))
        }
    }
    impl ::std::fmt::Display for CallDirection {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.pad(self.as_str())
        }
    }
    impl ::serde::Serialize for CallDirection {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CallDirection {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            open_enum(deserializer)
        }
    }
    #[cfg(feature = "schemars")]
    impl ::schemars::JsonSchema for CallDirection {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            "CallDirection".into()
        }
        fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            ::schemars::json_schema!({ "type" : "string", "examples" : Self::KNOWN })
        }
    }
    impl CallStatus {
        /// The values that the document lists.
        pub const KNOWN: &'static [&'static str] = &["completed"];
        /// Returns the value as it is sent and received.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Completed => "completed",
                Self::Other(value) => value,
            }
        }
    }
    impl ::std::convert::From<&str> for CallStatus {
        fn from(value: &str) -> Self {
            match value {
                "completed" => Self::Completed,
                _ => Self::Other(value.to_string()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for CallStatus {
        fn from(value: ::std::string::String) -> Self {
            match value.as_str() {
                "completed" => Self::Completed,
                _ => Self::Other(value),
            }
        }
    }
    impl ::std::str::FromStr for CallStatus {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            ::std::result::Result::Ok(Self::from(value))
        }
    }
    impl ::std::fmt::Display for CallStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.pad(self.as_str())
        }
    }
    impl ::serde::Serialize for CallStatus {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CallStatus {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            open_enum(deserializer)
        }
    }
    #[cfg(feature = "schemars")]
    impl ::schemars::JsonSchema for CallStatus {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            "CallStatus".into()
        }
        fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            ::schemars::json_schema!({ "type" : "string", "examples" : Self::KNOWN })
        }
    }
    impl CallType {
        /// The values that the document lists.
        pub const KNOWN: &'static [&'static str] = &["phone_call", "web_call"];
        /// Returns the value as it is sent and received.
        pub fn as_str(&self) -> &str {
            match self {
                Self::PhoneCall => "phone_call",
                Self::WebCall => "web_call",
                Self::Other(value) => value,
            }
        }
    }
    impl ::std::convert::From<&str> for CallType {
        fn from(value: &str) -> Self {
            match value {
                "phone_call" => Self::PhoneCall,
                "web_call" => Self::WebCall,
                _ => Self::Other(value.to_string()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for CallType {
        fn from(value: ::std::string::String) -> Self {
            match value.as_str() {
                "phone_call" => Self::PhoneCall,
                "web_call" => Self::WebCall,
                _ => Self::Other(value),
            }
        }
    }
    impl ::std::str::FromStr for CallType {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            ::std::result::Result::Ok(Self::from(value))
        }
    }
    impl ::std::fmt::Display for CallType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.pad(self.as_str())
        }
    }
    impl ::serde::Serialize for CallType {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CallType {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            open_enum(deserializer)
        }
    }
    #[cfg(feature = "schemars")]
    impl ::schemars::JsonSchema for CallType {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            "CallType".into()
        }
        fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            ::schemars::json_schema!({ "type" : "string", "examples" : Self::KNOWN })
        }
    }
    impl TranscriptRole {
        /// The values that the document lists.
        pub const KNOWN: &'static [&'static str] = &["user"];
        /// Returns the value as it is sent and received.
        pub fn as_str(&self) -> &str {
            match self {
                Self::User => "user",
                Self::Other(value) => value,
            }
        }
    }
    impl ::std::convert::From<&str> for TranscriptRole {
        fn from(value: &str) -> Self {
            match value {
                "user" => Self::User,
                _ => Self::Other(value.to_string()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for TranscriptRole {
        fn from(value: ::std::string::String) -> Self {
            match value.as_str() {
                "user" => Self::User,
                _ => Self::Other(value),
            }
        }
    }
    impl ::std::str::FromStr for TranscriptRole {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            ::std::result::Result::Ok(Self::from(value))
        }
    }
    impl ::std::fmt::Display for TranscriptRole {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.pad(self.as_str())
        }
    }
    impl ::serde::Serialize for TranscriptRole {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for TranscriptRole {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            open_enum(deserializer)
        }
    }
    #[cfg(feature = "schemars")]
    impl ::schemars::JsonSchema for TranscriptRole {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            "TranscriptRole".into()
        }
        fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            ::schemars::json_schema!({ "type" : "string", "examples" : Self::KNOWN })
        }
    }
    impl VariableType {
        /// The values that the document lists.
        pub const KNOWN: &'static [&'static str] = &["string"];
        /// Returns the value as it is sent and received.
        pub fn as_str(&self) -> &str {
            match self {
                Self::String => "string",
                Self::Other(value) => value,
            }
        }
    }
    impl ::std::convert::From<&str> for VariableType {
        fn from(value: &str) -> Self {
            match value {
                "string" => Self::String,
                _ => Self::Other(value.to_string()),
            }
        }
    }
    impl ::std::convert::From<::std::string::String> for VariableType {
        fn from(value: ::std::string::String) -> Self {
            match value.as_str() {
                "string" => Self::String,
                _ => Self::Other(value),
            }
        }
    }
    impl ::std::str::FromStr for VariableType {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            ::std::result::Result::Ok(Self::from(value))
        }
    }
    impl ::std::fmt::Display for VariableType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.pad(self.as_str())
        }
    }
    impl ::serde::Serialize for VariableType {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for VariableType {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            open_enum(deserializer)
        }
    }
    #[cfg(feature = "schemars")]
    impl ::schemars::JsonSchema for VariableType {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            "VariableType".into()
        }
        fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
            ::schemars::json_schema!({ "type" : "string", "examples" : Self::KNOWN })
        }
    }
    /// Decodes an open enumeration from a string, without a copy if the value is known.
    fn open_enum<'de, T, D>(deserializer: D) -> ::std::result::Result<T, D::Error>
    where
        T: for<'a> ::std::convert::From<&'a str>,
        D: ::serde::Deserializer<'de>,
    {
        struct StringVisitor<T>(::std::marker::PhantomData<T>);
        impl<T: for<'a> ::std::convert::From<&'a str>> ::serde::de::Visitor<'_>
        for StringVisitor<T> {
            type Value = T;
            fn expecting(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> ::std::fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: ::serde::de::Error>(
                self,
                string: &str,
            ) -> ::std::result::Result<T, E> {
                ::std::result::Result::Ok(T::from(string))
            }
        }
        deserializer.deserialize_str(StringVisitor(::std::marker::PhantomData))
    }
    /// Decodes null as `Some(None)`. It is not called for an absent value.
    fn distinguish_null<'de, T, D>(
        deserializer: D,
    ) -> ::std::result::Result<::std::option::Option<T>, D::Error>
    where
        T: ::serde::Deserialize<'de>,
        D: ::serde::Deserializer<'de>,
    {
        T::deserialize(deserializer).map(::std::option::Option::Some)
    }
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "ApiError", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            details: ::std::option::Option<::std::vec::Vec<ApiErrorDetail>>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            message: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            status: ::std::option::Option<i64>,
            #[serde(
                rename = "type",
                skip_serializing_if = "::std::option::Option::is_none"
            )]
            type_: ::std::option::Option<::std::string::String>,
        }
        impl<'de> ::serde::Deserialize<'de> for ApiError {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "ApiErrorDetail", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            field: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            message: ::std::option::Option<::std::string::String>,
        }
        impl<'de> ::serde::Deserialize<'de> for ApiErrorDetail {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "Call", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            agent_id: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            cost: ::std::option::Option<::callrounded_runtime::Decimal>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            direction: ::std::option::Option<CallDirection>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            duration_seconds: ::std::option::Option<f64>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            end_time: ::std::option::Option<::callrounded_runtime::Timestamp>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            from_number: ::std::option::Option<::std::string::String>,
            id: ::std::string::String,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            metadata: ::std::option::Option<
                ::serde_json::Map<::std::string::String, ::serde_json::Value>,
            >,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            organization_id: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            recording_url: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            redirect_duration_seconds: ::std::option::Option<f64>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            start_time: ::std::option::Option<::callrounded_runtime::Timestamp>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            status: ::std::option::Option<CallStatus>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            to_number: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            transcript: ::std::option::Option<::std::vec::Vec<TranscriptEntry>>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            transcript_string: ::std::option::Option<::std::string::String>,
            #[serde(
                rename = "type",
                skip_serializing_if = "::std::option::Option::is_none"
            )]
            type_: ::std::option::Option<CallType>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            variable_values: ::std::option::Option<::std::vec::Vec<VariableValue>>,
        }
        impl<'de> ::serde::Deserialize<'de> for Call {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "CallListResponse", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            current_page: ::std::option::Option<i64>,
            data: ::std::vec::Vec<Call>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            error: ::std::option::Option<ApiError>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            message: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            next_cursor: ::std::option::Option<::callrounded_runtime::Timestamp>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            status: ::std::option::Option<i64>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            total_items: ::std::option::Option<i64>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            total_pages: ::std::option::Option<i64>,
        }
        impl<'de> ::serde::Deserialize<'de> for CallListResponse {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "CallResponse", expecting = "an object")]
        struct object_fields {
            data: Call,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            error: ::std::option::Option<ApiError>,
            #[serde(default = "defaults::call_response_message")]
            message: ::std::option::Option<::std::string::String>,
            #[serde(default = "defaults::call_response_status")]
            status: ::std::option::Option<i64>,
        }
        impl<'de> ::serde::Deserialize<'de> for CallResponse {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "StartPhoneCallRequest", expecting = "an object")]
        struct object_fields {
            agent_id: ::std::string::String,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            #[serde(default, deserialize_with = "distinguish_null")]
            dynamic_variables_values: ::std::option::Option<
                ::std::option::Option<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
            >,
            from_number: ::std::string::String,
            to_number: ::std::string::String,
        }
        impl<'de> ::serde::Deserialize<'de> for StartPhoneCallRequest {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "StartPhoneCallResponse", expecting = "an object")]
        struct object_fields {
            data: StartedCall,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            error: ::std::option::Option<ApiError>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            message: ::std::option::Option<::std::string::String>,
            #[serde(default = "defaults::start_phone_call_response_status")]
            status: ::std::option::Option<i64>,
        }
        impl<'de> ::serde::Deserialize<'de> for StartPhoneCallResponse {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "StartedCall", expecting = "an object")]
        struct object_fields {
            call_id: ::std::string::String,
        }
        impl<'de> ::serde::Deserialize<'de> for StartedCall {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "TerminateCallResponse", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            data: ::std::option::Option<::serde_json::Value>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            error: ::std::option::Option<ApiError>,
            #[serde(default = "defaults::terminate_call_response_message")]
            message: ::std::option::Option<::std::string::String>,
            #[serde(default = "defaults::terminate_call_response_status")]
            status: ::std::option::Option<i64>,
        }
        impl<'de> ::serde::Deserialize<'de> for TerminateCallResponse {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "UpdateCallRequest", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            #[serde(default, deserialize_with = "distinguish_null")]
            metadata: ::std::option::Option<
                ::std::option::Option<
                    ::serde_json::Map<::std::string::String, ::serde_json::Value>,
                >,
            >,
            #[serde(
                rename = "override",
                default = "defaults::update_call_request_override"
            )]
            override_: ::std::option::Option<bool>,
        }
        impl<'de> ::serde::Deserialize<'de> for UpdateCallRequest {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
    const _: () = {
        #[allow(non_camel_case_types)]
        #[derive(::serde::Deserialize)]
        #[serde(remote = "VariableValue", expecting = "an object")]
        struct object_fields {
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            name: ::std::option::Option<::std::string::String>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            timestamp: ::std::option::Option<::callrounded_runtime::Timestamp>,
            #[serde(
                rename = "type",
                skip_serializing_if = "::std::option::Option::is_none"
            )]
            type_: ::std::option::Option<VariableType>,
            #[serde(skip_serializing_if = "::std::option::Option::is_none")]
            value: ::std::option::Option<::serde_json::Value>,
        }
        impl<'de> ::serde::Deserialize<'de> for VariableValue {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                object_fields::deserialize(
                    ::callrounded_runtime::union::Object(deserializer),
                )
            }
        }
    };
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
                .field("from_number", &self.from_number.as_ref().map(|_| redacted_value))
                .field("id", &self.id)
                .field("metadata", &self.metadata.as_ref().map(|_| redacted_value))
                .field("organization_id", &self.organization_id)
                .field(
                    "recording_url",
                    &self.recording_url.as_ref().map(|_| redacted_value),
                )
                .field("redirect_duration_seconds", &self.redirect_duration_seconds)
                .field("start_time", &self.start_time)
                .field("status", &self.status)
                .field("to_number", &self.to_number.as_ref().map(|_| redacted_value))
                .field("transcript", &self.transcript)
                .field(
                    "transcript_string",
                    &self.transcript_string.as_ref().map(|_| redacted_value),
                )
                .field("type", &self.type_)
                .field("variable_values", &self.variable_values)
                .finish()
        }
    }
    impl ::std::fmt::Debug for CallListResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("CallListResponse")
                .field("current_page", &self.current_page)
                .field("data", &self.data)
                .field("error", &self.error)
                .field("message", &self.message)
                .field("next_cursor", &self.next_cursor)
                .field("status", &self.status)
                .field("total_items", &self.total_items)
                .field("total_pages", &self.total_pages)
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
    impl ::std::fmt::Debug for StartPhoneCallRequest {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("StartPhoneCallRequest")
                .field("agent_id", &self.agent_id)
                .field(
                    "dynamic_variables_values",
                    &self.dynamic_variables_values.as_ref().map(|_| redacted_value),
                )
                .field("from_number", &redacted_value)
                .field("to_number", &redacted_value)
                .finish()
        }
    }
    impl ::std::fmt::Debug for StartPhoneCallResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("StartPhoneCallResponse")
                .field("data", &self.data)
                .field("error", &self.error)
                .field("message", &self.message)
                .field("status", &self.status)
                .finish()
        }
    }
    impl ::std::fmt::Debug for StartedCall {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("StartedCall").field("call_id", &self.call_id).finish()
        }
    }
    impl ::std::fmt::Debug for TerminateCallResponse {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("TerminateCallResponse")
                .field("data", &self.data.as_ref().map(|_| redacted_value))
                .field("error", &self.error)
                .field("message", &self.message)
                .field("status", &self.status)
                .finish()
        }
    }
    impl ::std::fmt::Debug for TranscriptEntry {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("TranscriptEntry")
                .field("content", &self.content.as_ref().map(|_| redacted_value))
                .field("role", &self.role)
                .field("start_time", &self.start_time)
                .field("extra", &redacted_value)
                .finish()
        }
    }
    impl ::std::fmt::Debug for UpdateCallRequest {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.debug_struct("UpdateCallRequest")
                .field("metadata", &self.metadata.as_ref().map(|_| redacted_value))
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
                .field("value", &self.value.as_ref().map(|_| redacted_value))
                .finish()
        }
    }
    /// The placeholder that `Debug` shows for personal data. No schema results in a name with an underscore.
    #[allow(non_camel_case_types)]
    struct redacted_value;
    impl ::std::fmt::Debug for redacted_value {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("<redacted>")
        }
    }
}
/// What the document states about each operation, in the order of the document.
pub static OPERATIONS: [::callrounded_runtime::OperationInfo; 5usize] = [
    ::callrounded_runtime::OperationInfo::new("list_calls", "GET", "/v1/calls")
        .with_summary("List calls")
        .with_idempotence(true)
        .with_json_response("application/json")
        .with_data("data", true)
        .with_parameters(
            &[
                ::callrounded_runtime::ParameterInfo::new(
                        "agent_id",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Only calls that this agent handled.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "call_type",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Only calls of this type, which must be one of the documented values.",
                    )
                    .with_values(&["phone_call", "web_call"])
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                    "from_number",
                    ::callrounded_runtime::ParameterLocation::Query,
                    false,
                    "Only calls from this phone number (E.164).",
                ),
                ::callrounded_runtime::ParameterInfo::new(
                    "to_number",
                    ::callrounded_runtime::ParameterLocation::Query,
                    false,
                    "Only calls to this phone number (E.164).",
                ),
                ::callrounded_runtime::ParameterInfo::new(
                        "start_time_gt",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Only calls that started strictly after this time (ISO 8601).",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "start_time_lt",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Only calls that started strictly before this time (ISO 8601).",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "cursor",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Where to start: the `next_cursor` of the previous page.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "page",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "The number of the page, from 1. It is used only if `use_cursor` is false.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "limit",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "The maximum number of calls per page, from 1 to 1000. 50 by default.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "use_cursor",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "`true` for pages by cursor, `false` for pages by number.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "include_transcript",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Whether calls include their transcript. The default is not documented.",
                    )
                    .public(),
                ::callrounded_runtime::ParameterInfo::new(
                        "include_variable_values",
                        ::callrounded_runtime::ParameterLocation::Query,
                        false,
                        "Whether calls include their variable values. The default is not documented.",
                    )
                    .public(),
            ],
        )
        .with_pagination(
            ::callrounded_runtime::Pagination::new("data", "cursor", "next_cursor")
                .with_size("limit")
                .with_page("page")
                .with_switch("use_cursor"),
        ),
    ::callrounded_runtime::OperationInfo::new(
            "start_phone_call",
            "POST",
            "/v1/calls/phone",
        )
        .with_summary("Start a phone call")
        .with_idempotence(false)
        .with_json_response("application/json")
        .with_data("data", true)
        .with_body("application/json", true),
    ::callrounded_runtime::OperationInfo::new(
            "terminate_call",
            "POST",
            "/v1/calls/{call_id}/terminate",
        )
        .with_summary("Terminate call")
        .with_idempotence(true)
        .with_json_response("application/json")
        .with_data("data", false)
        .with_parameters(
            &[
                ::callrounded_runtime::ParameterInfo::new(
                        "call_id",
                        ::callrounded_runtime::ParameterLocation::Path,
                        true,
                        "The identifier of the call.",
                    )
                    .public(),
            ],
        ),
    ::callrounded_runtime::OperationInfo::new("get_call", "GET", "/v1/calls/{call_id}")
        .with_summary("Get call details")
        .with_idempotence(true)
        .with_json_response("application/json")
        .with_data("data", true)
        .with_parameters(
            &[
                ::callrounded_runtime::ParameterInfo::new(
                        "call_id",
                        ::callrounded_runtime::ParameterLocation::Path,
                        true,
                        "The identifier of the call.",
                    )
                    .public(),
            ],
        ),
    ::callrounded_runtime::OperationInfo::new(
            "update_call",
            "PATCH",
            "/v1/calls/{call_id}",
        )
        .with_summary("Update call")
        .with_idempotence(true)
        .with_json_response("application/json")
        .with_data("data", true)
        .with_body("application/json", true)
        .with_parameters(
            &[
                ::callrounded_runtime::ParameterInfo::new(
                        "call_id",
                        ::callrounded_runtime::ParameterLocation::Path,
                        true,
                        "The identifier of the call.",
                    )
                    .public(),
            ],
        ),
];
/// Returns what the document states about an operation, or `None` for an unknown `operationId`.
pub fn operation(
    operation_id: &str,
) -> ::std::option::Option<&'static ::callrounded_runtime::OperationInfo> {
    OPERATIONS.iter().find(|operation| operation.id() == operation_id)
}
/// Passes the name and type of every operation to another macro: `with! { "name" => Type, … }`.
#[doc(hidden)]
#[macro_export]
macro_rules! for_each_operation {
    ($with:ident) => {
        $with ! { "list_calls" => $crate::operations::ListCalls, "start_phone_call" =>
        $crate::operations::StartPhoneCall, "terminate_call" =>
        $crate::operations::TerminateCall, "get_call" => $crate::operations::GetCall,
        "update_call" => $crate::operations::UpdateCall }
    };
}
/// A client of the API, with a method for each group of operations. Clones are cheap and share connections and retry
/// budget.
/**

The API: Rounded calls (version 1.0.0). Calls of Rounded, the voice-agent service. Unofficial: reconstructed from the vendor's public reference, not published by the vendor.*/
#[derive(Clone)]
#[cfg(feature = "client")]
pub struct Client<M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
}
#[cfg(feature = "client")]
impl Client {
    /// Creates an asynchronous client, whose requests are awaited.
    #[must_use]
    pub fn new(transport: ::callrounded_runtime::Transport) -> Self {
        Self {
            client: ::callrounded_runtime::Client::new(transport),
        }
    }
}
#[cfg(feature = "blocking")]
#[cfg(feature = "client")]
impl Client<::callrounded_runtime::Blocking> {
    /// Creates a blocking client, whose requests are sent by `send`.
    ///
    /// # Errors
    /// Returns `ErrorKind::Configuration` if no thread can be started.
    pub fn blocking(
        transport: ::callrounded_runtime::Transport,
    ) -> ::std::result::Result<Self, ::callrounded_runtime::Error> {
        ::callrounded_runtime::Client::blocking(transport).map(|client| Self { client })
    }
}
#[cfg(feature = "client")]
impl<M> Client<M> {
    /// Returns the underlying client. It sends any operation, such as an `AnyOperation`:
    /// `client.runtime().send(Ok(operation), options)`.
    #[must_use]
    pub fn runtime(&self) -> &::callrounded_runtime::Client<M> {
        &self.client
    }
}
/// Does not show the API key.
#[cfg(feature = "client")]
impl<M> ::std::fmt::Debug for Client<M> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        self.client.fmt(f)
    }
}
/// A request for the operation `O` that has not been sent yet. Awaiting it sends it and returns
/// `Result<Response<O::Output>, Error>`. With a blocking client, call `send`.
///
/// If a value that was passed in is invalid, awaiting or sending the request returns `ErrorKind::InvalidInput`, and
/// nothing is sent.
#[derive(Clone)]
#[must_use = "a request does nothing until it is awaited or sent"]
#[cfg(feature = "client")]
pub struct Request<O, M = ::callrounded_runtime::Async> {
    client: ::callrounded_runtime::Client<M>,
    operation: ::std::result::Result<O, &'static ::callrounded_runtime::OperationInfo>,
    options: ::callrounded_runtime::RequestOptions,
}
#[cfg(feature = "client")]
impl<O, M> Request<O, M> {
    /// Sets the time limit of this request, for all attempts and the delays between them. It must be greater than
    /// zero. The default is that of the client.
    pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_timeout(timeout);
        self
    }
    /// Sets the time limit of each attempt. It must be greater than zero. The default is that of the client.
    pub fn attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
        self.options.set_attempt_timeout(timeout);
        self
    }
    /// Sets the maximum number of retries of this request. The default is that of the client.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.options.set_max_retries(retries);
        self
    }
    /// Sets whether this request is retried after a 429 response even if its operation is not idempotent. Such a
    /// response means that the service did not perform the operation. Idempotent operations are retried in any case.
    /// The default is false.
    pub fn retry_rate_limited(mut self, retry: bool) -> Self {
        self.options.set_retry_rate_limited(retry);
        self
    }
    /// Sets a header, which replaces a header of the client with the same name. The API key, and headers that the
    /// client sets itself, cannot be set: sending the request then returns `ErrorKind::InvalidInput`.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.options.set_header(self.client.transport(), name, value);
        self
    }
}
#[allow(dead_code)]
#[cfg(feature = "client")]
impl<O, M: ::callrounded_runtime::Mode> Request<O, M> {
    fn new_(
        client: &::callrounded_runtime::Client<M>,
        operation: O,
        options: ::callrounded_runtime::RequestOptions,
    ) -> Self {
        Self {
            client: client.clone(),
            operation: ::std::result::Result::Ok(operation),
            options,
        }
    }
    /// Creates a request that fails with the error that is recorded in the options.
    fn invalid_(
        client: &::callrounded_runtime::Client<M>,
        operation: &'static ::callrounded_runtime::OperationInfo,
        options: ::callrounded_runtime::RequestOptions,
    ) -> Self {
        Self {
            client: client.clone(),
            operation: ::std::result::Result::Err(operation),
            options,
        }
    }
}
#[cfg(feature = "client")]
impl<O: ::callrounded_runtime::Operation> ::std::future::IntoFuture for Request<O> {
    type Output = ::std::result::Result<
        ::callrounded_runtime::Response<O::Output>,
        ::callrounded_runtime::Error,
    >;
    type IntoFuture = ::std::pin::Pin<
        ::std::boxed::Box<dyn ::std::future::Future<Output = Self::Output> + Send>,
    >;
    fn into_future(self) -> Self::IntoFuture {
        self.client.send(self.operation, self.options)
    }
}
#[cfg(feature = "client")]
impl<O: ::callrounded_runtime::Paginated, M> Request<O, M> {
    /// Sets whether the next page is fetched while the current one is read. This keeps two pages in memory instead of
    /// one. The default is false.
    pub fn prefetch(mut self, prefetch: bool) -> Self {
        self.options.set_prefetch(prefetch);
        self
    }
}
#[cfg(feature = "client")]
impl<O, T> Request<O>
where
    O: ::callrounded_runtime::Paginated
        + ::callrounded_runtime::Operation<Output = ::callrounded_runtime::Page<T>>,
    T: Send + Unpin + 'static,
{
    /// Returns a stream of the items of all pages. `ItemStream` describes its errors.
    pub fn stream(self) -> ::callrounded_runtime::ItemStream<T> {
        self.pages().items()
    }
    /// Returns a stream of the pages. `PageStream` describes its errors.
    pub fn pages(self) -> ::callrounded_runtime::PageStream<T> {
        self.client.pages(self.operation, self.options)
    }
}
#[cfg(feature = "client")]
impl<O: ::callrounded_runtime::Numbered> Request<O> {
    /// Requests the page with this number, counted from 1.
    ///
    /// # Errors
    /// Returns any `ErrorKind` except `Configuration`. If it is `InvalidInput`, such as for page 0, nothing was sent.
    pub fn page(
        mut self,
        number: u32,
    ) -> impl ::std::future::IntoFuture<
        Output = ::std::result::Result<
            ::callrounded_runtime::Response<O::Output>,
            ::callrounded_runtime::Error,
        >,
        IntoFuture: Send,
    > {
        self.options.check_page(number);
        self.client.page(self.operation, number, self.options)
    }
}
#[cfg(feature = "blocking")]
#[cfg(feature = "client")]
impl<O: ::callrounded_runtime::Operation> Request<O, ::callrounded_runtime::Blocking> {
    /// Sends the request and waits for its response.
    ///
    /// # Errors
    /// Returns any `ErrorKind`. It is `Configuration` inside an asynchronous runtime.
    pub fn send(
        self,
    ) -> ::std::result::Result<
        ::callrounded_runtime::Response<O::Output>,
        ::callrounded_runtime::Error,
    > {
        self.client.send(self.operation, self.options)
    }
}
#[cfg(feature = "blocking")]
#[cfg(feature = "client")]
impl<O, T> Request<O, ::callrounded_runtime::Blocking>
where
    O: ::callrounded_runtime::Paginated
        + ::callrounded_runtime::Operation<Output = ::callrounded_runtime::Page<T>>,
    T: Send + Unpin + 'static,
{
    /// Returns an iterator over the items of all pages. `ItemIter` describes its errors.
    pub fn items(self) -> ::callrounded_runtime::ItemIter<T> {
        self.pages().items()
    }
    /// Returns an iterator over the pages. `PageIter` describes its errors.
    pub fn pages(self) -> ::callrounded_runtime::PageIter<T> {
        self.client.pages(self.operation, self.options)
    }
}
#[cfg(feature = "blocking")]
#[cfg(feature = "client")]
impl<O: ::callrounded_runtime::Numbered> Request<O, ::callrounded_runtime::Blocking> {
    /// Requests the page with this number, counted from 1, and waits for it.
    ///
    /// # Errors
    /// Returns any `ErrorKind`. It is `Configuration` inside an asynchronous runtime.
    pub fn page(
        mut self,
        number: u32,
    ) -> ::std::result::Result<
        ::callrounded_runtime::Response<O::Output>,
        ::callrounded_runtime::Error,
    > {
        self.options.check_page(number);
        self.client.page(self.operation, number, self.options)
    }
}
/// Shows neither parameters nor body, which may be personal data.
#[cfg(feature = "client")]
impl<O, M> ::std::fmt::Debug for Request<O, M> {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("Request").field("options", &self.options).finish_non_exhaustive()
    }
}
/// An E.164 phone number: `+`, then 2 to 15 digits of which the first is not 0. Create it with `parse` or `try_from`,
/// such as `"+33612345678".parse::<PhoneNumber>()`. An invalid number is an error of kind `InvalidInput`.
///
/// `Display` shows the number, `Debug` does not.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg(feature = "client")]
pub struct PhoneNumber(String);
#[cfg(feature = "client")]
impl PhoneNumber {
    /// Returns the number, including the `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Converts to the number as a string, including the `+`.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
    /// Checks the number. The error does not contain it: it is personal data.
    fn check(number: &str) -> ::std::result::Result<(), ::callrounded_runtime::Error> {
        let problem = match number.strip_prefix('+') {
            None => "expected a leading `+`",
            Some(digits) if !digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                "expected only digits after `+`"
            }
            Some(digits) if !(2..=15).contains(&digits.len()) => {
                "expected 2 to 15 digits after `+`"
            }
            Some(digits) if digits.starts_with('0') => {
                "expected a first digit other than 0"
            }
            Some(_) => return Ok(()),
        };
        Err(
            ::callrounded_runtime::Error::invalid_input(
                format!(
                    "invalid phone number: {problem}; use E.164, such as +33612345678"
                ),
            ),
        )
    }
}
#[cfg(feature = "client")]
impl ::std::convert::TryFrom<String> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;
    fn try_from(number: String) -> ::std::result::Result<Self, Self::Error> {
        Self::check(&number).map(|()| Self(number))
    }
}
#[cfg(feature = "client")]
impl ::std::convert::TryFrom<&str> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;
    fn try_from(number: &str) -> ::std::result::Result<Self, Self::Error> {
        number.to_owned().try_into()
    }
}
#[cfg(feature = "client")]
impl ::std::convert::TryFrom<&String> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;
    fn try_from(number: &String) -> ::std::result::Result<Self, Self::Error> {
        number.clone().try_into()
    }
}
#[cfg(feature = "client")]
impl ::std::str::FromStr for PhoneNumber {
    type Err = ::callrounded_runtime::Error;
    fn from_str(number: &str) -> ::std::result::Result<Self, Self::Err> {
        number.try_into()
    }
}
#[cfg(feature = "client")]
impl ::std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(&self.0)
    }
}
#[cfg(feature = "client")]
impl ::std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("PhoneNumber(<redacted>)")
    }
}
/// The types of the operations. [`Request`] is generic over them.
#[cfg(feature = "client")]
pub mod operations {
    #[allow(unused_imports)]
    use super::types;
    ///The operation `list_calls`: `GET /v1/calls`.
    #[derive(Clone)]
    pub struct ListCalls {
        pub(super) agent_id: ::std::option::Option<::std::string::String>,
        pub(super) call_type: ::std::option::Option<types::CallType>,
        pub(super) from_number: ::std::option::Option<::std::string::String>,
        pub(super) to_number: ::std::option::Option<::std::string::String>,
        pub(super) start_time_gt: ::std::option::Option<
            ::callrounded_runtime::Timestamp,
        >,
        pub(super) start_time_lt: ::std::option::Option<
            ::callrounded_runtime::Timestamp,
        >,
        pub(super) cursor: ::std::option::Option<::std::string::String>,
        pub(super) page: ::std::option::Option<i64>,
        pub(super) limit: ::std::option::Option<i64>,
        pub(super) use_cursor: ::std::option::Option<bool>,
        pub(super) include_transcript: ::std::option::Option<bool>,
        pub(super) include_variable_values: ::std::option::Option<bool>,
    }
    impl ::callrounded_runtime::Operation for ListCalls {
        type Output = ::callrounded_runtime::Page<types::Call>;
        fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
            &super::OPERATIONS[0usize]
        }
        fn request(
            self,
            transport_: &::callrounded_runtime::Transport,
        ) -> ::std::result::Result<
            ::callrounded_runtime::reqwest::Request,
            ::callrounded_runtime::Error,
        > {
            let Self {
                agent_id,
                call_type,
                from_number,
                to_number,
                start_time_gt,
                start_time_lt,
                cursor,
                page,
                limit,
                use_cursor,
                include_transcript,
                include_variable_values,
            } = self;
            let url = transport_.url("/v1/calls");
            ::std::result::Result::Ok(
                transport_
                    .http()
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .query(&progenitor_client::QueryParam::new("agent_id", &agent_id))
                    .query(&progenitor_client::QueryParam::new("call_type", &call_type))
                    .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                    .query(
                        &progenitor_client::QueryParam::new("from_number", &from_number),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "include_transcript",
                            &include_transcript,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "include_variable_values",
                            &include_variable_values,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("limit", &limit))
                    .query(&progenitor_client::QueryParam::new("page", &page))
                    .query(
                        &progenitor_client::QueryParam::new(
                            "start_time_gt",
                            &start_time_gt,
                        ),
                    )
                    .query(
                        &progenitor_client::QueryParam::new(
                            "start_time_lt",
                            &start_time_lt,
                        ),
                    )
                    .query(&progenitor_client::QueryParam::new("to_number", &to_number))
                    .query(
                        &progenitor_client::QueryParam::new("use_cursor", &use_cursor),
                    )
                    .build()
                    .map_err(::callrounded_runtime::Error::unbuildable)?,
            )
        }
        #[allow(unused_variables)]
        fn decode(
            info: &'static ::callrounded_runtime::OperationInfo,
            body: &::bytes::Bytes,
        ) -> ::std::result::Result<
            ::callrounded_runtime::lenient::Decoded<
                ::callrounded_runtime::decode::Unwrapped<Self::Output>,
            >,
            ::callrounded_runtime::lenient::DecodeError,
        > {
            ::callrounded_runtime::decode::page::<
                types::CallListResponse,
                types::Call,
            >(
                body,
                "data",
                "list_calls",
                |body| {
                    let message = body.message;
                    #[allow(unused_mut)]
                    let mut page = ::callrounded_runtime::Page::new(
                        body.data,
                        ::callrounded_runtime::decode::cursor(&body.next_cursor),
                    );
                    page.current_page = body
                        .current_page
                        .and_then(|number| i64::try_from(number).ok());
                    page.total_pages = body
                        .total_pages
                        .and_then(|number| i64::try_from(number).ok());
                    page.total_items = body
                        .total_items
                        .and_then(|number| i64::try_from(number).ok());
                    ::callrounded_runtime::decode::Unwrapped {
                        data: page,
                        message,
                    }
                },
            )
        }
        fn complete(response: &mut ::callrounded_runtime::Response<Self::Output>) {
            response.complete_item_errors();
        }
        fn as_debug(
            output: &Self::Output,
        ) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
    impl ::callrounded_runtime::Paginated for ListCalls {
        fn at(mut self, position: ::callrounded_runtime::Position) -> Self {
            match position {
                ::callrounded_runtime::Position::Cursor(cursor) => {
                    self.use_cursor = ::std::option::Option::Some(true);
                    self.cursor = cursor;
                }
                ::callrounded_runtime::Position::Number(number) => {
                    self.use_cursor = ::std::option::Option::Some(false);
                    self.cursor = ::std::option::Option::None;
                    self.page = ::std::option::Option::Some(
                        <i64>::try_from(number).unwrap_or(<i64>::MAX),
                    );
                }
            }
            self
        }
        fn first_cursor(&self) -> ::std::option::Option<::std::string::String> {
            self.cursor.as_ref().map(|cursor| cursor.to_string())
        }
    }
    impl ::callrounded_runtime::Numbered for ListCalls {}
    /// Shows only the `operationId`: parameters and body may be personal data.
    impl ::std::fmt::Debug for ListCalls {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("list_calls")
        }
    }
    ///The operation `start_phone_call`: `POST /v1/calls/phone`.
    #[derive(Clone)]
    pub struct StartPhoneCall {
        pub(super) body: types::StartPhoneCallRequest,
    }
    impl StartPhoneCall {
        /// Creates the body with its required properties.
        pub(super) fn body(
            from_number: ::std::string::String,
            to_number: ::std::string::String,
            agent_id: ::std::string::String,
        ) -> types::StartPhoneCallRequest {
            types::StartPhoneCallRequest {
                from_number,
                to_number,
                agent_id,
                dynamic_variables_values: ::std::default::Default::default(),
            }
        }
    }
    impl ::callrounded_runtime::Operation for StartPhoneCall {
        type Output = types::StartedCall;
        fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
            &super::OPERATIONS[1usize]
        }
        fn request(
            self,
            transport_: &::callrounded_runtime::Transport,
        ) -> ::std::result::Result<
            ::callrounded_runtime::reqwest::Request,
            ::callrounded_runtime::Error,
        > {
            let Self { body } = self;
            let url = transport_.url("/v1/calls/phone");
            ::std::result::Result::Ok(
                transport_
                    .http()
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()
                    .map_err(::callrounded_runtime::Error::unbuildable)?,
            )
        }
        #[allow(unused_variables)]
        fn decode(
            info: &'static ::callrounded_runtime::OperationInfo,
            body: &::bytes::Bytes,
        ) -> ::std::result::Result<
            ::callrounded_runtime::lenient::Decoded<
                ::callrounded_runtime::decode::Unwrapped<Self::Output>,
            >,
            ::callrounded_runtime::lenient::DecodeError,
        > {
            let decoded = ::callrounded_runtime::decode::json::<
                types::StartPhoneCallResponse,
            >(body, "")?;
            ::std::result::Result::Ok(
                decoded
                    .map(|body| ::callrounded_runtime::decode::Unwrapped {
                        message: body.message,
                        data: body.data,
                    }),
            )
        }
        fn as_debug(
            output: &Self::Output,
        ) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
    /// Shows only the `operationId`: parameters and body may be personal data.
    impl ::std::fmt::Debug for StartPhoneCall {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("start_phone_call")
        }
    }
    ///The operation `terminate_call`: `POST /v1/calls/{call_id}/terminate`.
    #[derive(Clone)]
    pub struct TerminateCall {
        pub(super) call_id: ::std::string::String,
    }
    impl ::callrounded_runtime::Operation for TerminateCall {
        type Output = ::serde_json::Value;
        fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
            &super::OPERATIONS[2usize]
        }
        fn request(
            self,
            transport_: &::callrounded_runtime::Transport,
        ) -> ::std::result::Result<
            ::callrounded_runtime::reqwest::Request,
            ::callrounded_runtime::Error,
        > {
            let Self { call_id } = self;
            let url = transport_
                .url(
                    &format!(
                        "/v1/calls/{}/terminate",
                        ::callrounded_runtime::encode_path_segment(& call_id.to_string())
                    ),
                );
            ::std::result::Result::Ok(
                transport_
                    .http()
                    .post(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()
                    .map_err(::callrounded_runtime::Error::unbuildable)?,
            )
        }
        #[allow(unused_variables)]
        fn decode(
            info: &'static ::callrounded_runtime::OperationInfo,
            body: &::bytes::Bytes,
        ) -> ::std::result::Result<
            ::callrounded_runtime::lenient::Decoded<
                ::callrounded_runtime::decode::Unwrapped<Self::Output>,
            >,
            ::callrounded_runtime::lenient::DecodeError,
        > {
            let decoded = ::callrounded_runtime::decode::json::<
                types::TerminateCallResponse,
            >(body, "{}")?;
            ::std::result::Result::Ok(
                decoded
                    .map(|body| ::callrounded_runtime::decode::Unwrapped {
                        message: body.message,
                        data: body.data.unwrap_or_default(),
                    }),
            )
        }
    }
    /// Shows only the `operationId`: parameters and body may be personal data.
    impl ::std::fmt::Debug for TerminateCall {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("terminate_call")
        }
    }
    ///The operation `get_call`: `GET /v1/calls/{call_id}`.
    #[derive(Clone)]
    pub struct GetCall {
        pub(super) call_id: ::std::string::String,
    }
    impl ::callrounded_runtime::Operation for GetCall {
        type Output = types::Call;
        fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
            &super::OPERATIONS[3usize]
        }
        fn request(
            self,
            transport_: &::callrounded_runtime::Transport,
        ) -> ::std::result::Result<
            ::callrounded_runtime::reqwest::Request,
            ::callrounded_runtime::Error,
        > {
            let Self { call_id } = self;
            let url = transport_
                .url(
                    &format!(
                        "/v1/calls/{}", ::callrounded_runtime::encode_path_segment(&
                        call_id.to_string())
                    ),
                );
            ::std::result::Result::Ok(
                transport_
                    .http()
                    .get(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .build()
                    .map_err(::callrounded_runtime::Error::unbuildable)?,
            )
        }
        #[allow(unused_variables)]
        fn decode(
            info: &'static ::callrounded_runtime::OperationInfo,
            body: &::bytes::Bytes,
        ) -> ::std::result::Result<
            ::callrounded_runtime::lenient::Decoded<
                ::callrounded_runtime::decode::Unwrapped<Self::Output>,
            >,
            ::callrounded_runtime::lenient::DecodeError,
        > {
            let decoded = ::callrounded_runtime::decode::json::<
                types::CallResponse,
            >(body, "")?;
            ::std::result::Result::Ok(
                decoded
                    .map(|body| ::callrounded_runtime::decode::Unwrapped {
                        message: body.message,
                        data: body.data,
                    }),
            )
        }
        fn as_debug(
            output: &Self::Output,
        ) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
    /// Shows only the `operationId`: parameters and body may be personal data.
    impl ::std::fmt::Debug for GetCall {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("get_call")
        }
    }
    ///The operation `update_call`: `PATCH /v1/calls/{call_id}`.
    #[derive(Clone)]
    pub struct UpdateCall {
        pub(super) call_id: ::std::string::String,
        pub(super) body: types::UpdateCallRequest,
    }
    impl UpdateCall {
        /// Creates the body with its required properties.
        pub(super) fn body() -> types::UpdateCallRequest {
            types::UpdateCallRequest {
                metadata: ::std::default::Default::default(),
                override_: super::types::defaults::update_call_request_override(),
            }
        }
    }
    impl ::callrounded_runtime::Operation for UpdateCall {
        type Output = types::Call;
        fn info(&self) -> &'static ::callrounded_runtime::OperationInfo {
            &super::OPERATIONS[4usize]
        }
        fn request(
            self,
            transport_: &::callrounded_runtime::Transport,
        ) -> ::std::result::Result<
            ::callrounded_runtime::reqwest::Request,
            ::callrounded_runtime::Error,
        > {
            let Self { call_id, body } = self;
            let url = transport_
                .url(
                    &format!(
                        "/v1/calls/{}", ::callrounded_runtime::encode_path_segment(&
                        call_id.to_string())
                    ),
                );
            ::std::result::Result::Ok(
                transport_
                    .http()
                    .patch(url)
                    .header(
                        ::reqwest::header::ACCEPT,
                        ::reqwest::header::HeaderValue::from_static("application/json"),
                    )
                    .json(&body)
                    .build()
                    .map_err(::callrounded_runtime::Error::unbuildable)?,
            )
        }
        #[allow(unused_variables)]
        fn decode(
            info: &'static ::callrounded_runtime::OperationInfo,
            body: &::bytes::Bytes,
        ) -> ::std::result::Result<
            ::callrounded_runtime::lenient::Decoded<
                ::callrounded_runtime::decode::Unwrapped<Self::Output>,
            >,
            ::callrounded_runtime::lenient::DecodeError,
        > {
            let decoded = ::callrounded_runtime::decode::json::<
                types::CallResponse,
            >(body, "")?;
            ::std::result::Result::Ok(
                decoded
                    .map(|body| ::callrounded_runtime::decode::Unwrapped {
                        message: body.message,
                        data: body.data,
                    }),
            )
        }
        fn as_debug(
            output: &Self::Output,
        ) -> ::std::option::Option<&dyn ::std::fmt::Debug> {
            ::std::option::Option::Some(output)
        }
    }
    /// Shows only the `operationId`: parameters and body may be personal data.
    impl ::std::fmt::Debug for UpdateCall {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str("update_call")
        }
    }
}
#[cfg(feature = "client")]
impl<M: ::callrounded_runtime::Mode> resources::Calls<M> {
    /**Lists the calls of the organization, page by page, by cursor or by page number. The order is not documented.

Sends `GET /v1/calls`.

Source: Rounded API reference, page "List calls" (GET /v1/calls).*/
    #[allow(unused_mut)]
    pub fn list(&self) -> Request<operations::ListCalls, M> {
        let options_ = ::callrounded_runtime::RequestOptions::default();
        Request::new_(
            &self.client,
            operations::ListCalls {
                agent_id: ::std::option::Option::None,
                call_type: ::std::option::Option::None,
                from_number: ::std::option::Option::None,
                to_number: ::std::option::Option::None,
                start_time_gt: ::std::option::Option::None,
                start_time_lt: ::std::option::Option::None,
                cursor: ::std::option::Option::None,
                page: ::std::option::Option::None,
                limit: ::std::option::Option::None,
                use_cursor: ::std::option::Option::None,
                include_transcript: ::std::option::Option::None,
                include_variable_values: ::std::option::Option::None,
            },
            options_,
        )
    }
    /**Makes an agent dial a phone number. Each request dials again.

Sends `POST /v1/calls/phone`.

- `from_number`: The phone number of the caller, which belongs to the organization (E.164, with at least 7 digits).
- `to_number`: The phone number to dial (E.164, with at least 7 digits).
- `agent_id`: The agent that makes the call.

Source: Rounded API reference, page "Start a phone call" (POST /v1/calls/phone).*/
    #[allow(unused_mut)]
    pub fn start(
        &self,
        from_number: impl ::std::convert::TryInto<
            PhoneNumber,
            Error: ::std::fmt::Display,
        >,
        to_number: impl ::std::convert::TryInto<PhoneNumber, Error: ::std::fmt::Display>,
        agent_id: impl ::std::convert::Into<::std::string::String>,
    ) -> Request<operations::StartPhoneCall, M> {
        let mut options_ = ::callrounded_runtime::RequestOptions::default();
        let from_number = match options_
            .checked("from_number", from_number.try_into())
            .map(PhoneNumber::into_string)
            .and_then(|number| {
                options_
                    .checked(
                        "from_number",
                        ::callrounded_runtime::check::length(
                            number,
                            ::std::option::Option::Some(8),
                            ::std::option::Option::None,
                        ),
                    )
            })
        {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[1usize], options_);
            }
        };
        let to_number = match options_
            .checked("to_number", to_number.try_into())
            .map(PhoneNumber::into_string)
            .and_then(|number| {
                options_
                    .checked(
                        "to_number",
                        ::callrounded_runtime::check::length(
                            number,
                            ::std::option::Option::Some(8),
                            ::std::option::Option::None,
                        ),
                    )
            })
        {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[1usize], options_);
            }
        };
        let agent_id = match options_
            .checked(
                "agent_id",
                ::callrounded_runtime::check::length(
                    agent_id.into(),
                    ::std::option::Option::Some(1),
                    ::std::option::Option::None,
                ),
            )
        {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[1usize], options_);
            }
        };
        Request::new_(
            &self.client,
            operations::StartPhoneCall {
                body: operations::StartPhoneCall::body(from_number, to_number, agent_id),
            },
            options_,
        )
    }
    /**Ends a phone call. It succeeds for a call that has already ended.

Sends `POST /v1/calls/{call_id}/terminate`.

- `call_id`: The identifier of the call.

Source: Rounded API reference, page "Terminate call" (POST /v1/calls/{call_id}/terminate).*/
    #[allow(unused_mut)]
    pub fn terminate(
        &self,
        call_id: impl ::std::string::ToString,
    ) -> Request<operations::TerminateCall, M> {
        let mut options_ = ::callrounded_runtime::RequestOptions::default();
        let call_id = match {
            let call_id = call_id.to_string();
            options_
                .checked(
                    "call_id",
                    ::callrounded_runtime::check_path_parameter(&call_id)
                        .map(|()| call_id),
                )
        } {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[2usize], options_);
            }
        };
        Request::new_(
            &self.client,
            operations::TerminateCall {
                call_id,
            },
            options_,
        )
    }
    /**Returns a call with all its fields. A web call has neither phone numbers nor a direction.

Sends `GET /v1/calls/{call_id}`.

- `call_id`: The identifier of the call.

Source: Rounded API reference, page "Get call details" (GET /v1/calls/{call_id}).*/
    #[allow(unused_mut)]
    pub fn get(
        &self,
        call_id: impl ::std::string::ToString,
    ) -> Request<operations::GetCall, M> {
        let mut options_ = ::callrounded_runtime::RequestOptions::default();
        let call_id = match {
            let call_id = call_id.to_string();
            options_
                .checked(
                    "call_id",
                    ::callrounded_runtime::check_path_parameter(&call_id)
                        .map(|()| call_id),
                )
        } {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[3usize], options_);
            }
        };
        Request::new_(&self.client, operations::GetCall { call_id }, options_)
    }
    /**Updates the metadata of a call, by merging into it or replacing it. Returns the updated call.

Sends `PATCH /v1/calls/{call_id}`.

- `call_id`: The identifier of the call.

Source: Rounded API reference, page "Update call" (PATCH /v1/calls/{call_id}).*/
    #[allow(unused_mut)]
    pub fn update(
        &self,
        call_id: impl ::std::string::ToString,
    ) -> Request<operations::UpdateCall, M> {
        let mut options_ = ::callrounded_runtime::RequestOptions::default();
        let call_id = match {
            let call_id = call_id.to_string();
            options_
                .checked(
                    "call_id",
                    ::callrounded_runtime::check_path_parameter(&call_id)
                        .map(|()| call_id),
                )
        } {
            ::std::option::Option::Some(value) => value,
            ::std::option::Option::None => {
                return Request::invalid_(&self.client, &OPERATIONS[4usize], options_);
            }
        };
        Request::new_(
            &self.client,
            operations::UpdateCall {
                call_id,
                body: operations::UpdateCall::body(),
            },
            options_,
        )
    }
}
/// The groups of operations, one for each tag of the document.
#[cfg(feature = "client")]
pub mod resources {
    /**The operations on calls.

Phone calls and web calls of voice agents.*/
    #[derive(Clone)]
    pub struct Calls<M = ::callrounded_runtime::Async> {
        pub(super) client: ::callrounded_runtime::Client<M>,
    }
    /// Does not show the API key.
    impl<M> ::std::fmt::Debug for Calls<M> {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.client.fmt(f)
        }
    }
}
#[cfg(feature = "client")]
impl<M: ::callrounded_runtime::Mode> Client<M> {
    /**The operations on calls.

Phone calls and web calls of voice agents.*/
    #[must_use]
    pub fn calls(&self) -> resources::Calls<M> {
        resources::Calls {
            client: self.client.clone(),
        }
    }
}
#[cfg(feature = "client")]
impl<M> Request<operations::ListCalls, M> {
    ///Sets the parameter `agent_id`. Only calls that this agent handled.
    pub fn agent_id(
        mut self,
        agent_id: impl ::std::convert::Into<::std::string::String>,
    ) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self
                .options
                .checked(
                    "agent_id",
                    ::callrounded_runtime::check::length(
                        agent_id.into(),
                        ::std::option::Option::Some(1),
                        ::std::option::Option::None,
                    ),
                ),
            &mut self.operation,
        ) {
            operation_.agent_id = ::std::option::Option::Some(value_);
        }
        self
    }
    ///Sets the parameter `call_type`. Only calls of this type, which must be one of the documented values.
    pub fn call_type(
        mut self,
        call_type: impl ::std::convert::Into<types::CallType>,
    ) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            {
                let call_type: types::CallType = call_type.into();
                let known_ = ::callrounded_runtime::check::known(
                    call_type.as_str(),
                    types::CallType::KNOWN,
                );
                self.options.checked("call_type", known_.map(|()| call_type))
            },
            &mut self.operation,
        ) {
            operation_.call_type = ::std::option::Option::Some(value_);
        }
        self
    }
    ///Sets the parameter `from_number`. Only calls from this phone number (E.164).
    pub fn from_number(
        mut self,
        from_number: impl ::std::convert::TryInto<
            PhoneNumber,
            Error: ::std::fmt::Display,
        >,
    ) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self
                .options
                .checked("from_number", from_number.try_into())
                .map(PhoneNumber::into_string),
            &mut self.operation,
        ) {
            operation_.from_number = ::std::option::Option::Some(value_);
        }
        self
    }
    ///Sets the parameter `to_number`. Only calls to this phone number (E.164).
    pub fn to_number(
        mut self,
        to_number: impl ::std::convert::TryInto<PhoneNumber, Error: ::std::fmt::Display>,
    ) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self
                .options
                .checked("to_number", to_number.try_into())
                .map(PhoneNumber::into_string),
            &mut self.operation,
        ) {
            operation_.to_number = ::std::option::Option::Some(value_);
        }
        self
    }
    ///Sets the parameter `start_time_gt`. Only calls that started strictly after this time (ISO 8601).
    pub fn started_after(
        mut self,
        started_after: impl ::std::convert::Into<::chrono::DateTime<::chrono::Utc>>,
    ) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.start_time_gt = ::std::option::Option::Some(
                ::callrounded_runtime::Timestamp::from(started_after.into()),
            );
        }
        self
    }
    ///Sets the parameter `start_time_lt`. Only calls that started strictly before this time (ISO 8601).
    pub fn started_before(
        mut self,
        started_before: impl ::std::convert::Into<::chrono::DateTime<::chrono::Utc>>,
    ) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.start_time_lt = ::std::option::Option::Some(
                ::callrounded_runtime::Timestamp::from(started_before.into()),
            );
        }
        self
    }
    ///Sets the parameter `cursor`. Where to start: the `next_cursor` of the previous page.
    pub fn cursor(
        mut self,
        cursor: impl ::std::convert::Into<::std::string::String>,
    ) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.cursor = ::std::option::Option::Some(cursor.into());
        }
        self
    }
    ///Sets the parameter `limit`. The maximum number of calls per page, from 1 to 1000. 50 by default.
    pub fn limit(mut self, limit: impl ::std::convert::Into<i64>) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self
                .options
                .checked(
                    "limit",
                    ::callrounded_runtime::check::in_range::<
                        i64,
                    >(
                        limit.into(),
                        ::std::option::Option::Some(1),
                        ::std::option::Option::Some(1000),
                    ),
                ),
            &mut self.operation,
        ) {
            operation_.limit = ::std::option::Option::Some(value_);
        }
        self
    }
    ///Sets the parameter `include_transcript`. Whether calls include their transcript. The default is not documented.
    pub fn include_transcript(mut self, include_transcript: bool) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.include_transcript = ::std::option::Option::Some(
                include_transcript,
            );
        }
        self
    }
    ///Sets the parameter `include_variable_values`. Whether calls include their variable values. The default is not documented.
    pub fn include_variable_values(mut self, include_variable_values: bool) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.include_variable_values = ::std::option::Option::Some(
                include_variable_values,
            );
        }
        self
    }
}
#[cfg(feature = "client")]
impl<M> Request<operations::StartPhoneCall, M> {
    ///Sets the whole body. Use it for what the other methods do not support, such as null instead of a value.
    pub fn body(mut self, body: types::StartPhoneCallRequest) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.body = body;
        }
        self
    }
    /**Sets the property `dynamic_variables_values`. Variables for the agent, and their values.

Takes pairs, a map, or a struct, and adds its entries to those that were set before.*/
    pub fn variables(mut self, variables: impl ::serde::Serialize) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self
                .options
                .checked(
                    "dynamic_variables_values",
                    ::callrounded_runtime::to_object(variables),
                ),
            &mut self.operation,
        ) {
            operation_
                .body
                .dynamic_variables_values
                .get_or_insert_with(::std::default::Default::default)
                .get_or_insert_with(::std::default::Default::default)
                .extend(value_);
        }
        self
    }
}
#[cfg(feature = "client")]
impl<M> Request<operations::UpdateCall, M> {
    ///Sets the whole body. Use it for what the other methods do not support, such as null instead of a value.
    pub fn body(mut self, body: types::UpdateCallRequest) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.body = body;
        }
        self
    }
    /**Sets the property `metadata`. Keys and values. A value may be any JSON, including null.

Takes pairs, a map, or a struct, and adds its entries to those that were set before.*/
    pub fn metadata(mut self, metadata: impl ::serde::Serialize) -> Self {
        if let (
            ::std::option::Option::Some(value_),
            ::std::result::Result::Ok(operation_),
        ) = (
            self.options.checked("metadata", ::callrounded_runtime::to_object(metadata)),
            &mut self.operation,
        ) {
            operation_
                .body
                .metadata
                .get_or_insert_with(::std::default::Default::default)
                .get_or_insert_with(::std::default::Default::default)
                .extend(value_);
        }
        self
    }
    ///Sets the property `override`. `true` replaces the metadata of the call; `false` merges into it. The meaning of null is not documented.
    pub fn override_(mut self, override_: bool) -> Self {
        if let ::std::result::Result::Ok(operation_) = &mut self.operation {
            operation_.body.override_ = ::std::option::Option::Some(override_);
        }
        self
    }
}
/// The URL of the API: the first server of the document, if it names one.
pub const SERVER_URL: ::std::option::Option<&str> = ::std::option::Option::Some(
    "https://api.callrounded.com",
);
/// The name of the header with the API key, in lower case, if the document names one.
pub const API_KEY_HEADER: ::std::option::Option<&str> = ::std::option::Option::Some(
    "x-api-key",
);
/// Passes the name and type of every schema of the document to another macro: `with! { "Name" => Type, … }`.
#[doc(hidden)]
#[macro_export]
macro_rules! for_each_schema {
    ($with:ident) => {
        $with ! { "ApiError" => $crate::types::ApiError, "ApiErrorDetail" =>
        $crate::types::ApiErrorDetail, "Call" => $crate::types::Call, "CallDirection" =>
        $crate::types::CallDirection, "CallListResponse" =>
        $crate::types::CallListResponse, "CallResponse" => $crate::types::CallResponse,
        "CallStatus" => $crate::types::CallStatus, "CallType" => $crate::types::CallType,
        "StartPhoneCallRequest" => $crate::types::StartPhoneCallRequest,
        "StartPhoneCallResponse" => $crate::types::StartPhoneCallResponse, "StartedCall"
        => $crate::types::StartedCall, "TerminateCallResponse" =>
        $crate::types::TerminateCallResponse, "TranscriptEntry" =>
        $crate::types::TranscriptEntry, "TranscriptRole" =>
        $crate::types::TranscriptRole, "UpdateCallRequest" =>
        $crate::types::UpdateCallRequest, "VariableType" => $crate::types::VariableType,
        "VariableValue" => $crate::types::VariableValue }
    };
}
