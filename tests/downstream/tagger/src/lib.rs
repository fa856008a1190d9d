//! Tags the calls of a campaign.

use callrounded::{Client, Error};

/// What became of the calls of a campaign.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tagged {
    /// Calls that have the tag now.
    pub done: usize,
    /// Identifiers of calls that do not exist any more.
    pub gone: Vec<String>,
}

/// Merges the name of the campaign into the metadata of each call. Calls that are gone are passed over; any other error
/// ends the work, which can be done again from the start.
///
/// # Errors
/// The first that is not [`NotFound`](callrounded::ErrorKind::NotFound).
pub async fn tag(client: &Client, campaign: &str, ids: &[&str]) -> Result<Tagged, Error> {
    let mut tagged = Tagged::default();
    for id in ids {
        match client
            .calls()
            .update(*id)
            .merge_metadata([("campaign", campaign)])
            .await
        {
            Ok(_) => tagged.done += 1,
            Err(error) if error.is_not_found() => tagged.gone.push((*id).to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(tagged)
}
