//! Helpers on a call that every user of calls writes sooner or later.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{error::Error, types::Call, undecodable};

/// What a call holds, in the types that one works with.
pub trait CallExt {
    /// The metadata as `T`. A call without metadata gives what an empty object gives.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) where the metadata is not a `T`; [`Error::path`] names the field.
    fn metadata_as<T: DeserializeOwned>(&self) -> Result<T, Error>;

    /// How long the call lasted (`duration_seconds`); `None` where it is unknown or no possible duration.
    fn duration(&self) -> Option<Duration>;

    /// How long the call went on after it was redirected (`redirect_duration_seconds`); `None` as for
    /// [`duration`](Self::duration).
    fn redirect_duration(&self) -> Option<Duration>;
}

impl CallExt for Call {
    fn metadata_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let metadata = Value::Object(self.metadata.clone().unwrap_or_default());
        serde_path_to_error::deserialize(&metadata)
            .map_err(|error| Error::undecodable_metadata(undecodable::Reason::of(&error, "metadata")))
    }

    fn duration(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.duration_seconds?).ok()
    }

    fn redirect_duration(&self) -> Option<Duration> {
        Duration::try_from_secs_f64(self.redirect_duration_seconds?).ok()
    }
}
