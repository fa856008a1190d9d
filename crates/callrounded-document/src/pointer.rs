//! JSON pointers (RFC 6901) as plain strings: `""` is the whole document, `/a/b` the member `b` of the member `a`.

use std::borrow::Cow;

use serde_json::Value;

/// What `pointer` points at in the value. [`Value::pointer`] is the same, but copies each name twice, which is most of the time that
/// a document is walked in.
pub(crate) fn get<'v>(value: &'v Value, pointer: &str) -> Option<&'v Value> {
    let mut tokens = pointer.split('/');
    if tokens.next() != Some("") {
        return None;
    }
    tokens.try_fold(value, |value, token| match value {
        Value::Object(members) => members.get(unescaped(token).as_ref()),
        // An index has one spelling.
        Value::Array(_) if token.starts_with('+') || token.starts_with('0') && token != "0" => None,
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A name as a pointer spells it, back as it reads. Nearly all are spelled as they read.
fn unescaped(token: &str) -> Cow<'_, str> {
    match token.contains('~') {
        true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
        false => Cow::Borrowed(token),
    }
}

/// The pointer to the member or item `token` of what `pointer` points at.
#[must_use]
pub fn join(pointer: &str, token: &str) -> String {
    // One character at a time is found several times as fast as one of two, and most of the time of a walk is spent here.
    let escaped = match token.contains('~') || token.contains('/') {
        true => Cow::Owned(token.replace('~', "~0").replace('/', "~1")),
        false => Cow::Borrowed(token),
    };
    [pointer, "/", &escaped].concat()
}

/// The pointer to what holds the value that `pointer` points at, and that value's own name there.
///
/// `None` for the whole document, which nothing holds.
#[must_use]
pub fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, token) = pointer.rsplit_once('/')?;
    Some((parent, unescaped(token).into_owned()))
}

/// The pointer that a `$ref` within the document is: its fragment, whose characters may be percent-encoded.
#[must_use]
pub fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    let decoded = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Each name in the pointer, outermost first, as it reads.
pub fn tokens(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(|token| unescaped(token).into_owned())
}

/// The last name in the pointer, or `""` for the whole document.
#[must_use]
pub fn last(pointer: &str) -> String {
    split(pointer).map(|(_, token)| token).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_slash_and_tilde_survives() {
        let pointer = join("/paths", "/v1/~calls");
        assert_eq!(pointer, "/paths/~1v1~1~0calls");
        assert_eq!(split(&pointer), Some(("/paths", "/v1/~calls".to_owned())));
        assert_eq!(tokens(&pointer).collect::<Vec<_>>(), ["paths", "/v1/~calls"]);
        assert_eq!(tokens("").count(), 0);
        assert_eq!(last(""), "");
    }

    #[test]
    fn what_is_pointed_at_is_what_serde_json_says() {
        let value = serde_json::json!({"a": [{"b": 1}, 2], "~/": {"": 3}});
        for pointer in [
            "", "/", "a", "/a", "/a/0/b", "/a/1", "/a/01", "/a/+1", "/a/2", "/a/0/b/c", "/~0~1/", "/~0~1",
        ] {
            assert_eq!(get(&value, pointer), value.pointer(pointer), "{pointer}");
        }
    }
}
