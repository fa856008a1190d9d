//! Reading an answer in which something is not as documented: what can't be read costs that field, not the answer.
//!
//! This is the slow way, taken only where the generated types did not take the answer as it came. It decodes step by
//! step: where decoding stops, the value there is put aside and null takes its place, or, in a list, nothing does. It
//! gives up where even that does not help, which is at the fields without which an answer is of no use.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::undecodable::Reason;

/// More than any answer can hold that is worth reading.
const MOST: usize = 1_000;

/// What was read, and the paths of what was not.
pub(crate) struct Repaired<T> {
    pub value: T,
    pub unread: Vec<String>,
}

/// `root` is where in the answer the JSON stands, for the paths.
pub(crate) fn read<T: DeserializeOwned>(mut json: Value, root: &str) -> Result<Repaired<T>, Reason> {
    let mut unread = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&json) {
            Ok(value) => return Ok(Repaired { value, unread }),
            Err(error) => error,
        };
        let reason = Reason::of(&error, root);
        // What is missing can't be put aside: it is one of the fields that are needed.
        let missing = error.inner().to_string().starts_with("missing field ");
        if missing || unread.len() >= MOST || !put_aside(&mut json, error.path()) {
            return Err(reason);
        }
        unread.push(reason.path);
    }
}

/// Whether there was something to put aside.
fn put_aside(json: &mut Value, path: &serde_path_to_error::Path) -> bool {
    let mut segments: Vec<&Segment> = path.iter().collect();
    let Some(last) = segments.pop() else { return false };
    let holder = segments.into_iter().try_fold(json, |at, segment| match segment {
        Segment::Map { key } => at.get_mut(key),
        Segment::Seq { index } => at.get_mut(index),
        Segment::Enum { .. } | Segment::Unknown => None,
    });
    match (holder, last) {
        (Some(Value::Object(members)), Segment::Map { key }) => match members.get_mut(key) {
            // Null did not help: it is needed.
            None | Some(Value::Null) => false,
            Some(value) => {
                *value = Value::Null;
                true
            }
        },
        (Some(Value::Array(items)), Segment::Seq { index }) if *index < items.len() => {
            items.remove(*index);
            true
        }
        _ => false,
    }
}
