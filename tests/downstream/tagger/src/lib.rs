//! Tags the calls of a campaign.

use callrounded::{Client, Error};

/// The result of tagging the calls of a campaign.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tagged {
    /// The number of calls that were tagged.
    pub updated: usize,
    /// The identifiers of calls that do not exist.
    pub not_found: Vec<String>,
}

/// Merges the name of the campaign into the metadata of each call. Calls that do not exist are skipped. Any other error
/// stops the function; it can be called again with all calls.
///
/// # Errors
/// The first error that is not [`NotFound`](callrounded::ErrorKind::NotFound).
pub async fn tag(client: &Client, campaign: &str, ids: &[&str]) -> Result<Tagged, Error> {
    let mut tagged = Tagged::default();
    for id in ids {
        match client
            .calls()
            .update(*id)
            .merge_metadata([("campaign", campaign)])
            .await
        {
            Ok(_) => tagged.updated += 1,
            Err(error) if error.is_not_found() => tagged.not_found.push((*id).to_owned()),
            Err(error) => return Err(error),
        }
    }
    Ok(tagged)
}
