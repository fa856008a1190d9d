/// An E.164 phone number: `+`, then 2 to 15 digits of which the first is not 0. Create it with `parse` or `try_from`,
/// such as `"+33612345678".parse::<PhoneNumber>()`. An invalid number is an error of kind `InvalidInput`.
///
/// `Display` shows the number, `Debug` does not.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(String);

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
            Some(digits) if !digits.bytes().all(|byte| byte.is_ascii_digit()) => "expected only digits after `+`",
            Some(digits) if !(2..=15).contains(&digits.len()) => "expected 2 to 15 digits after `+`",
            Some(digits) if digits.starts_with('0') => "expected a first digit other than 0",
            Some(_) => return Ok(()),
        };
        Err(::callrounded_runtime::Error::invalid_input(format!(
            "invalid phone number: {problem}; use E.164, such as +33612345678"
        )))
    }
}

impl ::std::convert::TryFrom<String> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;

    fn try_from(number: String) -> ::std::result::Result<Self, Self::Error> {
        Self::check(&number).map(|()| Self(number))
    }
}

impl ::std::convert::TryFrom<&str> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;

    fn try_from(number: &str) -> ::std::result::Result<Self, Self::Error> {
        number.to_owned().try_into()
    }
}

impl ::std::convert::TryFrom<&String> for PhoneNumber {
    type Error = ::callrounded_runtime::Error;

    fn try_from(number: &String) -> ::std::result::Result<Self, Self::Error> {
        number.clone().try_into()
    }
}

impl ::std::str::FromStr for PhoneNumber {
    type Err = ::callrounded_runtime::Error;

    fn from_str(number: &str) -> ::std::result::Result<Self, Self::Err> {
        number.try_into()
    }
}

impl ::std::fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl ::std::fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str("PhoneNumber(<redacted>)")
    }
}
