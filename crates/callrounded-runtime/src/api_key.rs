//! The API key, which is never printed, and is overwritten in memory when its last owner is dropped.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{HeaderValue, InvalidHeaderValue};
use zeroize::Zeroizing;

/// An API key. Clones share one buffer, which is overwritten when the last of them is dropped.
///
/// The HTTP stack copies what it writes to a connection into its own buffers, which are not overwritten.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Creates an API key from a string, without copying it.
    ///
    /// # Errors
    /// If the key contains a character not allowed in an HTTP header.
    pub fn new(key: Zeroizing<String>) -> Result<Self, InvalidHeaderValue> {
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(key))?;
        // Excludes the key from the `Debug` output of requests.
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Returns the key as a header value.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// Returns the key as a string, for example to find it in text that is about to be printed.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
}

/// Omits the key.
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
    fn api_key_is_neither_copied_nor_printed() {
        let text = Zeroizing::new("canary-key".to_owned());
        let address = text.as_ptr();
        let key = ApiKey::new(text).unwrap();
        assert_eq!(
            key.header().as_bytes().as_ptr(),
            address,
            "clones must share one buffer, which is overwritten on drop"
        );
        assert!(key.header().is_sensitive());
        assert_eq!(format!("{key:?} {:?}", key.header()), "ApiKey(<redacted>) Sensitive");
        assert_eq!(key.expose_secret(), "canary-key");
    }
}
