//! Reading an answer in which something is not as documented: what can't be read costs that field, not the answer.
//!
//! This is the slow way, taken only where the generated types did not take the answer as it came. It decodes step by
//! step: where decoding stops, the value there is put aside and null takes its place, or, in a list, an empty object. It
//! gives up where even that does not help, which is at the fields without which an answer is of no use.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use crate::undecodable::Reason;

/// With more fields than this in one value the same is done.
const MOST: usize = 64;

/// What is larger than this is not mended: as a tree it takes many times its size.
const LARGEST: usize = 16 * 1024 * 1024;

/// How much may be decoded to mend one answer: each field that can't be read costs a decoding of all around it. When it is
/// spent, the outermost list that such a field stands in is put aside.
pub(crate) struct Budget {
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes: 64 * 1024 * 1024,
        }
    }
}

impl Budget {
    fn take(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_sub(bytes);
        self.bytes > 0
    }
}

/// What was read, and the paths of what was not.
pub(crate) struct Repaired<T> {
    pub value: T,
    pub unread: Vec<String>,
}

/// Reads the text: as it is, or else with what can't be read put aside. Amounts keep their digits where it is read as
/// it is.
pub(crate) fn read_text<T: DeserializeOwned>(
    text: &str,
    root: &str,
    budget: &mut Budget,
) -> Result<Repaired<T>, Reason> {
    let mut json = serde_json::Deserializer::from_str(text);
    let reason = match serde_path_to_error::deserialize::<_, T>(&mut json) {
        Ok(value) => {
            return Ok(Repaired {
                value,
                unread: Vec::new(),
            });
        }
        Err(error) => Reason::of(&error, root),
    };
    if text.len() > LARGEST {
        return Err(reason);
    }
    match serde_json::from_str(text) {
        Ok(json) => mend(json, root, text.len(), budget),
        Err(_) => Err(reason),
    }
}

/// Reads what is small. `root` is where in the answer the JSON stands, for the paths.
pub(crate) fn read<T: DeserializeOwned>(json: Value, root: &str) -> Result<Repaired<T>, Reason> {
    mend(json, root, 0, &mut Budget::default())
}

fn mend<T: DeserializeOwned>(
    mut json: Value,
    root: &str,
    bytes: usize,
    budget: &mut Budget,
) -> Result<Repaired<T>, Reason> {
    let mut unread = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&json) {
            Ok(value) => return Ok(Repaired { value, unread }),
            Err(error) => error,
        };
        let reason = Reason::of(&error, root);
        // What is missing can't be put aside: it is one of the fields that are needed.
        let missing = error.inner().to_string().starts_with("missing field ");
        let mut segments: Vec<&Segment> = error.path().iter().collect();
        let mut path = reason.path.clone();
        if !budget.take(bytes) || unread.len() >= MOST {
            // The outermost list on the way, with all that is in it.
            let list = segments
                .iter()
                .position(|segment| matches!(segment, Segment::Seq { .. }));
            if let Some(list) = list {
                segments.truncate(list);
                path = list_in(&path, root).to_owned();
                unread.retain(|known: &String| !is_below(known, &path));
            }
        }
        if missing || !put_aside(&mut json, segments) {
            return Err(reason);
        }
        if unread.last() != Some(&path) {
            unread.push(path);
        }
    }
}

/// The path of the outermost list below `root`: `data.transcript` of `data.transcript[0].role`.
fn list_in<'a>(path: &'a str, root: &str) -> &'a str {
    let inner = path.get(root.len()..).unwrap_or_default();
    let end = inner.find('[').map_or(path.len(), |list| root.len() + list);
    path.get(..end).unwrap_or(path)
}

fn is_below(path: &str, list: &str) -> bool {
    path.strip_prefix(list).is_some_and(|rest| rest.starts_with('['))
}

/// Whether there was something to put aside.
fn put_aside(json: &mut Value, mut segments: Vec<&Segment>) -> bool {
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
        // An empty object keeps the place of what it stands for, so that the others keep theirs.
        (Some(Value::Array(items)), Segment::Seq { index }) => match items.get_mut(*index) {
            Some(item) if *item != Value::Object(Map::new()) => {
                *item = Value::Object(Map::new());
                true
            }
            _ => false,
        },
        _ => false,
    }
}
