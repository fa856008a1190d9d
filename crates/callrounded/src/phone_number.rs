//! A telephone number, checked before it is sent.

use std::{fmt, str::FromStr};

use crate::error::Error;

/// A telephone number in the form of E.164: a +, then 8 to 15 digits of which the first is not 0.
///
/// `Display` shows the number; `Debug`, which ends in logs, does not.
///
/// ```
/// use callrounded::PhoneNumber;
///
/// let number: PhoneNumber = "+33612345678".parse()?;
/// assert_eq!(number.as_str(), "+33612345678");
/// assert!("0612345678".parse::<PhoneNumber>().is_err());
/// # Ok::<(), callrounded::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The number as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

/// What is wrong is said without the number.
fn check(number: &str) -> Result<(), Error> {
    let problem = match number.strip_prefix('+') {
        None => "it does not begin with +",
        Some(digits) if !digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            "something other than digits follows the +"
        }
        Some(digits) if !(8..=15).contains(&digits.len()) => "it has fewer than 8 or more than 15 digits",
        Some(digits) if digits.starts_with('0') => "no country code begins with 0",
        Some(_) => return Ok(()),
    };
    Err(Error::invalid_input(format!(
        "this is no telephone number: {problem}; write it as E.164, such as +33612345678"
    )))
}

impl TryFrom<String> for PhoneNumber {
    type Error = Error;

    fn try_from(number: String) -> Result<Self, Error> {
        check(&number).map(|()| Self(number))
    }
}

impl TryFrom<&str> for PhoneNumber {
    type Error = Error;

    fn try_from(number: &str) -> Result<Self, Error> {
        number.to_owned().try_into()
    }
}

impl TryFrom<&String> for PhoneNumber {
    type Error = Error;

    fn try_from(number: &String) -> Result<Self, Error> {
        number.clone().try_into()
    }
}

impl FromStr for PhoneNumber {
    type Err = Error;

    fn from_str(number: &str) -> Result<Self, Error> {
        number.try_into()
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneNumber(<redacted>)")
    }
}
