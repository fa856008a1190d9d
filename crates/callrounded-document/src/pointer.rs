//! JSON pointers (RFC 6901) as plain strings. `""` is the whole document, and `/a/b` is the member `b` of the member
//! `a`.

use std::borrow::Cow;

use serde_json::Value;

/// Returns the value at a pointer, like [`Value::pointer`]. That one copies each token twice, which would be most of
/// the time that traversing a document takes.
pub(crate) fn get<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    tokens.try_fold(value, |value, token| match value {
        Value::Object(members) => members.get(unescaped(token).as_ref()),
        // Indexes have no sign and no leading zeros.
        Value::Array(_) if token.starts_with('+') || token.starts_with('0') && token != "0" => None,
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Unescapes a token. Few tokens have escapes.
fn unescaped(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        Cow::Owned(token.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(token)
    }
}

/// Appends a key or an index to a pointer, and escapes it.
#[must_use]
pub fn join(pointer: &str, token: &str) -> String {
    // Two searches for one character are several times as fast as one for either, and traversal spends most of its time
    // here.
    let escaped = if token.contains('~') || token.contains('/') {
        Cow::Owned(token.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(token)
    };
    [pointer, "/", &escaped].concat()
}

/// Splits a pointer into the pointer to the parent, and the unescaped last token.
///
/// Returns `None` for the whole document, which has no parent.
#[must_use]
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, unescaped(token).into_owned()))
}

/// Converts a `$ref` to a pointer: returns its fragment, percent-decoded. Returns `None` if it leads to another
/// document, or the fragment is not UTF-8.
#[must_use]
pub fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Iterates over the unescaped tokens of a pointer, outermost first.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|token| unescaped(token).into_owned())
}

/// Returns the unescaped last token of a pointer, or `""` for the whole document.
#[must_use]
pub fn last(pointer: &str) -> String {
    split(pointer).map(|(_, token)| token).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_and_split_token_with_slash_and_tilde_round_trip() {
        let pointer = join("/paths", "/v1/~calls");
        assert_eq!(pointer, "/paths/~1v1~1~0calls");
        assert_eq!(split(&pointer), Some(("/paths", "/v1/~calls".to_owned())));
        assert_eq!(tokens(&pointer).collect::<Vec<_>>(), ["paths", "/v1/~calls"]);
        assert_eq!(tokens("").count(), 0);
        assert_eq!(last(""), "");
    }

    #[test]
    fn get_agrees_with_serde_json() {
        let value = serde_json::json!({"a": [{"b": 1}, 2], "~/": {"": 3}});
        for pointer in [
            "", "/", "a", "/a", "/a/0/b", "/a/1", "/a/01", "/a/+1", "/a/2", "/a/0/b/c", "/~0~1/", "/~0~1",
        ] {
            assert_eq!(get(&value, pointer), value.pointer(pointer), "{pointer}");
        }
    }
}
