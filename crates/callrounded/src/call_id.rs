//! The identifier of a call, checked before it becomes part of a path.

use std::{fmt, str::FromStr};

use crate::error::Error;

/// The identifier of a call: any text that can be one segment of a path.
///
/// The documentation shows UUIDs and states no format, so none is asked for. Refused are the texts that would address
/// something other than a call: an empty one, `.` and `..`, and any with control characters. Whatever else it holds is
/// percent-encoded when it is sent.
///
/// ```
/// use callrounded::CallId;
///
/// let id: CallId = "123e4567-e89b-12d3-a456-426614174000".parse()?;
/// assert_eq!(id.as_str(), "123e4567-e89b-12d3-a456-426614174000");
/// assert!(CallId::try_from("..").is_err());
/// # Ok::<(), callrounded::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(String);

impl CallId {
    /// The identifier as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }

    fn check(id: &str) -> Result<(), Error> {
        let problem = match id {
            "" => "it is empty",
            "." | ".." => "a URL takes it for a folder",
            _ if id.chars().any(char::is_control) => "it holds a control character, such as the end of a line",
            _ => return Ok(()),
        };
        Err(Error::invalid_input(format!(
            "{id:?} can't be the identifier of a call: {problem}"
        )))
    }
}

/// # Errors
/// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) where the text can't be an identifier.
impl TryFrom<String> for CallId {
    type Error = Error;

    fn try_from(id: String) -> Result<Self, Error> {
        Self::check(&id)?;
        Ok(Self(id))
    }
}

impl TryFrom<&str> for CallId {
    type Error = Error;

    fn try_from(id: &str) -> Result<Self, Error> {
        Self::check(id)?;
        Ok(Self(id.to_owned()))
    }
}

impl TryFrom<&String> for CallId {
    type Error = Error;

    fn try_from(id: &String) -> Result<Self, Error> {
        id.as_str().try_into()
    }
}

impl FromStr for CallId {
    type Err = Error;

    fn from_str(id: &str) -> Result<Self, Error> {
        id.try_into()
    }
}

impl From<uuid::Uuid> for CallId {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<&CallId> for CallId {
    fn from(id: &CallId) -> Self {
        id.clone()
    }
}

impl AsRef<str> for CallId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
