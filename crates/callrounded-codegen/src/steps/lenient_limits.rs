//! Removes patterns, lengths, bounds and most formats. They would become types that fail to decode, some of them from
//! additional dependencies. The formats of dates, times and decimals remain, since callers need them typed.

use serde_json::Value;

const LIMITS: [&str; 11] = [
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
];
/// The formats that remain.
const TYPED: [&str; 9] = [
    "date",
    "date-time",
    "date-time-local",
    "decimal",
    "double",
    "float",
    "int32",
    "int64",
    "binary",
];

pub(super) fn change(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    for limit in LIMITS {
        schema.shift_remove(limit);
    }
    if schema
        .get("format")
        .and_then(Value::as_str)
        .is_some_and(|format| !TYPED.contains(&format))
    {
        schema.shift_remove("format");
    }
}
