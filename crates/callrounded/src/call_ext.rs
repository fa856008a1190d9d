//! Extension traits for calls and transcript entries.

use std::{collections::BTreeMap, fmt, time::Duration};

use callrounded_runtime::{Error, lenient::DecodeError};
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use crate::types::{Call, TranscriptEntry};

/// Conversions of a call's fields. Import the trait to use them:
///
/// ```
/// use callrounded::{CallExt, types::Call};
///
/// fn minutes(call: &Call) -> Option<u64> {
///     call.duration().map(|duration| duration.as_secs() / 60)
/// }
/// ```
pub trait CallExt {
    /// Decodes the metadata as `T`. A call without metadata is decoded from an empty object.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) if the metadata is not a `T`; [`Error::path`] names the field.
    fn metadata_as<T: DeserializeOwned>(&self) -> Result<T, Error>;

    /// Returns the variables of the call by name. If a name occurs twice, the later value is returned. A variable
    /// without a name is omitted.
    fn variables(&self) -> BTreeMap<&str, Variable<'_>>;

    /// Returns how long the call lasted (`duration_seconds`); `None` if that is absent or not a valid duration.
    fn duration(&self) -> Option<Duration>;

    /// Returns how long the call continued after it was redirected (`redirect_duration_seconds`); `None` as for
    /// [`duration`](Self::duration).
    fn redirect_duration(&self) -> Option<Duration>;
}

impl CallExt for Call {
    fn metadata_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let metadata = Value::Object(self.metadata.clone().unwrap_or_default());
        serde_path_to_error::deserialize(&metadata)
            .map_err(|error| Error::undecodable_value(DecodeError::of(&error, "metadata")))
    }

    fn variables(&self) -> BTreeMap<&str, Variable<'_>> {
        let variables = self.variable_values.iter().flatten();
        variables
            .filter_map(|variable| Some((variable.name.as_deref()?, Variable::of(variable.value.as_ref()))))
            .collect()
    }

    fn duration(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.duration_seconds?).ok()
    }

    fn redirect_duration(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.redirect_duration_seconds?).ok()
    }
}

/// The value of a variable. `Debug` shows its type, not the value.
#[derive(Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Variable<'a> {
    /// A string.
    String(&'a str),
    /// A number.
    Number(&'a Number),
    /// True or false.
    Boolean(bool),
    /// An object.
    Object(&'a Map<String, Value>),
    /// A list, or null. An absent value is treated as null.
    Other(&'a Value),
}

impl<'a> Variable<'a> {
    fn of(value: Option<&'a Value>) -> Self {
        match value {
            Some(Value::String(text)) => Self::String(text),
            Some(Value::Number(number)) => Self::Number(number),
            Some(Value::Bool(value)) => Self::Boolean(*value),
            Some(Value::Object(object)) => Self::Object(object),
            Some(other) => Self::Other(other),
            None => Self::Other(&Value::Null),
        }
    }
}

impl fmt::Debug for Variable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String(_) => "String(<redacted>)",
            Self::Number(_) => "Number(<redacted>)",
            Self::Boolean(_) => "Boolean(<redacted>)",
            Self::Object(_) => "Object(<redacted>)",
            Self::Other(_) => "Other(<redacted>)",
        })
    }
}

/// Conversions of a transcript entry's fields. Import the trait to use them.
pub trait TranscriptEntryExt {
    /// Returns the spoken text. `None` for an entry that is not speech, such as a tool invocation or its response. Its
    /// JSON is in `content` and `extra`.
    fn text(&self) -> Option<&str>;
}

impl TranscriptEntryExt for TranscriptEntry {
    fn text(&self) -> Option<&str> {
        self.content.as_ref()?.as_str()
    }
}
