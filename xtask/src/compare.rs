//! Whether what came back from a generated type says the same as the payload that went in.
//!
//! Three differences are none: a null for an absent value or the reverse, which a reader takes for the same; a
//! documented default that was filled in; and another spelling of the same number, such as 300 and 300.0.

use callrounded_document::pointer;
use serde_json::{Number, Value};

/// A place where the two differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// JSON pointer into the payload.
    pub pointer: String,
    pub kind: DifferenceKind,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum DifferenceKind {
    /// In the payload, not in what came back.
    Lost,
    /// In what came back, not in the payload.
    Added,
    /// Not the same value.
    Changed,
}

/// Every difference. `is_default` says whether a value that was added is the documented default at that pointer.
pub(crate) fn differences(
    payload: &Value,
    encoded: &Value,
    is_default: &dyn Fn(&str, &Value) -> bool,
) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(payload, encoded, &String::new, is_default, &mut found);
    found
}

/// `at` makes the pointer to the value, which is wanted only where something is found.
fn compare(
    payload: &Value,
    encoded: &Value,
    at: &dyn Fn() -> String,
    is_default: &dyn Fn(&str, &Value) -> bool,
    found: &mut Vec<Difference>,
) {
    match (payload, encoded) {
        (Value::Object(payload), Value::Object(encoded)) => {
            for (name, value) in payload {
                let at = || pointer::join(&at(), name);
                match encoded.get(name) {
                    Some(encoded) => compare(value, encoded, &at, is_default, found),
                    None if value.is_null() => {}
                    None => found.push(Difference {
                        pointer: at(),
                        kind: DifferenceKind::Lost,
                    }),
                }
            }
            for (name, value) in encoded.iter().filter(|(name, _)| !payload.contains_key(*name)) {
                let at = pointer::join(&at(), name);
                if !value.is_null() && !is_default(&at, value) {
                    found.push(Difference {
                        pointer: at,
                        kind: DifferenceKind::Added,
                    });
                }
            }
        }
        (Value::Array(payload), Value::Array(encoded)) if payload.len() == encoded.len() => {
            for (index, (payload, encoded)) in payload.iter().zip(encoded).enumerate() {
                let at = || pointer::join(&at(), &index.to_string());
                compare(payload, encoded, &at, is_default, found);
            }
        }
        (Value::Number(payload), Value::Number(encoded)) if same_number(payload, encoded) => {}
        _ if payload == encoded => {}
        _ => found.push(Difference {
            pointer: at(),
            kind: DifferenceKind::Changed,
        }),
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    // Whole numbers beyond 2^53 are compared as such, not rounded to the same float.
    let whole = |number: &Number| {
        number
            .as_i64()
            .map(i128::from)
            .or_else(|| number.as_u64().map(i128::from))
            .or_else(|| {
                // Exact: a float of this size and without a fraction is a whole number.
                number
                    .as_f64()
                    .filter(|float| float.fract() == 0.0 && float.abs() < 1e30)
                    .map(|float| float as i128)
            })
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pointers(payload: Value, encoded: Value) -> Vec<(String, DifferenceKind)> {
        let is_default = |at: &str, value: &Value| at == "/status" && *value == json!(200);
        differences(&payload, &encoded, &is_default)
            .into_iter()
            .map(|one| (one.pointer, one.kind))
            .collect()
    }

    #[test]
    fn what_says_the_same_is_no_difference() {
        assert!(
            pointers(
                json!({"a": null, "n": 300}),
                json!({"n": 300.0, "b": null, "status": 200})
            )
            .is_empty()
        );
    }

    #[test]
    fn what_says_something_else_is_one() {
        let found = pointers(
            json!({"a": {"b/c": 1}, "l": [1, 2], "n": 1}),
            json!({"a": {}, "l": [1], "n": 2, "x": 3}),
        );
        assert_eq!(
            found,
            [
                ("/a/b~1c".to_owned(), DifferenceKind::Lost),
                ("/l".to_owned(), DifferenceKind::Changed),
                ("/n".to_owned(), DifferenceKind::Changed),
                ("/x".to_owned(), DifferenceKind::Added),
            ]
        );
        assert_eq!(pointers(json!({}), json!({"status": 201})).len(), 1);
        for other in [json!(9007199254740992_i64), json!(9007199254740992.0)] {
            assert_eq!(pointers(json!(9007199254740993_i64), other).len(), 1);
        }
        assert!(pointers(json!(9007199254740992_i64), json!(9007199254740992.0)).is_empty());
    }
}
