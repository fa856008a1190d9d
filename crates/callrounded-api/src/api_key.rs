//! The key: never printed, and gone from memory with the last that holds it.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use zeroize::Zeroizing;

/// The API key. Clones share one buffer, which is overwritten when the last of them is dropped.
///
/// (What the HTTP stack writes to a connection passes through buffers of its own, which nobody overwrites.)
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Takes the key over, without a copy.
    ///
    /// # Errors
    /// Where it holds a character that no header can.
    pub fn new(key: Zeroizing<String>) -> Result<Self, InvalidHeaderValue> {
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(key))?;
        // Keeps it out of the `Debug` output of requests.
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// The value of the header that carries the key.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// The key itself, to look for it in what is printed.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Shows no key.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(<redacted>)")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_key_is_not_copied_and_not_shown() {
        let text = Zeroizing::new("canary-key".to_owned());
        let place = text.as_ptr();
        let key = ApiKey::new(text).unwrap();
        assert_eq!(
            key.header().as_bytes().as_ptr(),
            place,
            "all clones lie in the buffer that is overwritten"
        );
        assert!(key.header().is_sensitive());
        assert_eq!(format!("{key:?} {:?}", key.header()), "ApiKey(<redacted>) Sensitive");
        assert_eq!(key.expose_secret(), "canary-key");
    }
}
