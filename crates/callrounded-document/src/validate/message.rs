//! The messages of mismatches. They quote no values of the payload, since these may be personal data; the location
//! leads to them.

use std::collections::BTreeSet;

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::{Mismatch, Verdict, branches, formats, numbers};
use crate::{
    json::{Json, Kind, Node, Violation, ViolationKind},
    pointer,
};

pub(super) fn of_violation(payload: &Json, violation: &Violation) -> Mismatch {
    let (keyword, problem, remedy, related) = match &violation.kind {
        ViolationKind::Duplicate { first } => (
            "duplicate",
            "duplicate key in the object",
            "remove one of the two members: parsers differ in which one they use",
            Some(first.clone()),
        ),
        ViolationKind::Overflow => (
            "overflow",
            "the number does not fit into a double",
            "write a number below 1.8e308, or a string",
            None,
        ),
        ViolationKind::LoneSurrogate => (
            "half-character",
            "lone surrogate: the escape is one half of a surrogate pair",
            "write both halves, or the character itself",
            None,
        ),
    };
    Mismatch {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: payload.pointer_to(violation.span.start),
        span: violation.span.clone(),
        related,
        property: None,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
        schema: String::new(),
    }
}

/// Returns the bytes of the value at `pointer`.
fn span_at(payload: &Json, pointer: &str) -> std::ops::Range<usize> {
    payload.at(pointer).map_or(0..0, |node| node.span())
}

fn mismatch(payload: &Json, at: &str, keyword: &str, schema: String, problem: String, remedy: &str) -> Mismatch {
    Mismatch {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: at.to_owned(),
        span: span_at(payload, at),
        related: None,
        property: None,
        problem,
        remedy: remedy.to_owned(),
        schema,
    }
}

pub(super) fn of_discriminator(payload: &Json, at: &str, guard: &ValidationError<'_>, schema: &str) -> Mismatch {
    // The guard is not in the document, so the finding refers to the discriminator.
    let holder = schema.split("/discriminator/").next().unwrap_or_default();
    let schema = pointer::join(holder.trim_end_matches("/discriminator"), "discriminator");
    match guard.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Mismatch {
                property: Some(name.to_owned()),
                ..mismatch(
                    payload,
                    at,
                    "discriminator",
                    schema,
                    format!("discriminator property `{name}` is missing"),
                    "add it: it selects the schema",
                )
            }
        }
        _ => mismatch(
            payload,
            guard.instance_path().as_str(),
            "discriminator",
            schema,
            "unknown discriminator value: it selects none of the possible schemas".to_owned(),
            "use the name of one of these schemas, or a value that the document maps to one",
        ),
    }
}

pub(super) fn of_types(
    payload: &Json,
    error: &ValidationError<'_>,
    types: &BTreeSet<String>,
    schema: String,
) -> Mismatch {
    let at = error.instance_path().as_str();
    let actual = payload.at(at);
    let expected = types.iter().map(|name| article(name)).collect::<Vec<_>>().join(" or ");
    mismatch(
        payload,
        at,
        error.kind().keyword(),
        schema,
        format!("expected {expected}, found {}", actual.map_or("nothing", kind)),
        remedy_of_type(actual, types),
    )
}

fn remedy_of_type(actual: Option<Node<'_>>, expected: &BTreeSet<String>) -> &'static str {
    match actual.map(|node| node.kind()) {
        Some(Kind::Null) => "omit it, or add `nullable: true` beside the type in the document",
        Some(Kind::Number) if expected.contains("integer") && is_integral(actual) => {
            "write it without a fraction and without an exponent"
        }
        Some(Kind::String) if (expected.contains("number") || expected.contains("integer")) && is_number(actual) => {
            "remove the quotes"
        }
        _ => "change the value, or the document",
    }
}

fn is_integral(node: Option<Node<'_>>) -> bool {
    node.and_then(|node| node.source().parse::<f64>().ok())
        .is_some_and(|number| number.fract() == 0.0 && number.is_finite())
}

fn is_number(node: Option<Node<'_>>) -> bool {
    node.and_then(|node| node.as_str()?.parse::<f64>().ok())
        .is_some_and(f64::is_finite)
}

fn kind(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Null => "null",
        Kind::Boolean => "a boolean",
        Kind::Number if !node.source().contains(['.', 'e', 'E']) => "an integer",
        Kind::Number => "a number with a fraction or an exponent",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}

fn article(name: &str) -> String {
    match name {
        "null" => name.to_owned(),
        "integer" | "array" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

/// Adds the mismatches for an error of the validator.
pub(super) fn of_error(payload: &Json, error: &ValidationError<'_>, schema: String, found: &mut Vec<Mismatch>) {
    let at = error.instance_path().as_str();
    match error.kind() {
        ValidationErrorKind::Required { property } => found.push(of_required(payload, at, schema, property)),
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            found.extend(of_unexpected(payload, at, &schema, unexpected));
        }
        ValidationErrorKind::FalseSchema => {
            // If the document lists no properties, all are unexpected.
            let members = payload.at(at).into_iter().flat_map(|node| node.members());
            let names: Vec<String> = members
                .filter_map(|(key, _)| Some(key.as_str()?.into_owned()))
                .collect();
            found.extend(of_unexpected(payload, at, &schema, &names));
        }
        ValidationErrorKind::Custom { keyword, .. } => {
            found.push(of_custom(payload, at, schema, keyword, &error.to_string()));
        }
        ValidationErrorKind::Type { kind: expected } => {
            let types: BTreeSet<String> = branches::types(expected).into_iter().collect();
            found.push(of_types(payload, error, &types, schema));
        }
        ValidationErrorKind::Enum { options } => found.push(of_enum(payload, at, schema, options)),
        kind => {
            let (problem, remedy) = describe(kind);
            found.push(mismatch(payload, at, kind.keyword(), schema, problem, remedy));
        }
    }
}

fn of_required(payload: &Json, at: &str, schema: String, property: &Value) -> Mismatch {
    let name = property.as_str().unwrap_or_default();
    Mismatch {
        property: Some(name.to_owned()),
        ..mismatch(
            payload,
            at,
            "required",
            schema,
            format!("required property `{name}` is missing"),
            "add it, or remove it from `required` in the document",
        )
    }
}

fn of_unexpected(payload: &Json, at: &str, schema: &str, names: &[String]) -> impl Iterator<Item = Mismatch> {
    names.iter().map(move |name| {
        mismatch(
            payload,
            &pointer::join(at, name),
            "additionalProperties",
            schema.to_owned(),
            format!("unknown property `{name}`: the document allows no additional properties"),
            "remove it, correct its name, or add it to the document",
        )
    })
}

/// Describes an error of one of our keywords. The message is a bound, a format of numbers, or the name of a hidden property.
fn of_custom(payload: &Json, at: &str, schema: String, keyword: &str, message: &str) -> Mismatch {
    let holder = pointer::split(&schema).map(|(holder, _)| holder).unwrap_or_default();
    if let Some((problem, remedy)) = numbers::describe(keyword, message) {
        return mismatch(payload, at, keyword, schema, problem, remedy);
    }
    if keyword == formats::NUMBER_KEYWORD {
        let problem = match message {
            "int32" => "the number is not a 32-bit integer",
            "int64" => "the number is not a 64-bit integer",
            _ => "the number does not fit into a 32-bit float",
        };
        let schema = pointer::join(holder, "format");
        let remedy = "change the number, or the format in the document";
        return mismatch(payload, at, "format", schema, problem.to_owned(), remedy);
    }
    mismatch(
        payload,
        &pointer::join(at, message),
        keyword,
        pointer::join(&pointer::join(&pointer::join(holder, "properties"), message), keyword),
        format!("the property `{message}` is {keyword}: it is not allowed in this body"),
        "omit it",
    )
}

fn of_enum(payload: &Json, at: &str, schema: String, options: &Value) -> Mismatch {
    let kind = payload.at(at).map(|node| node.kind());
    let is_null = matches!(kind, Some(Kind::Null));
    let (problem, remedy) = if is_null {
        (
            "null is not one of the values that the document lists".to_owned(),
            "omit it, or list null in the document (with `nullable: true` beside a type)",
        )
    } else {
        let one_of = if options.as_array().map_or(0, Vec::len) == 1 {
            ""
        } else {
            "one of "
        };
        (
            format!("unknown value: expected {one_of}{}", shown(options)),
            "correct it, or add it to the `enum` in the document",
        )
    };
    // A service may add values of the same type, which is drift, but not values of another type.
    let mut options = options.as_array().into_iter().flatten();
    let is_same_type = options.any(|option| kind == Some(Kind::of(option)));
    let verdict = if is_null || !is_same_type {
        Verdict::Error
    } else {
        Verdict::Drift
    };
    Mismatch {
        verdict,
        ..mismatch(payload, at, "enum", schema, problem, remedy)
    }
}

/// Returns the problem and the remedy for a keyword whose errors need no more than its value.
fn describe(kind: &ValidationErrorKind) -> (String, &'static str) {
    match kind {
        ValidationErrorKind::Format { format } => (
            format!("the string is not {}", described(format)),
            "correct it, or the format in the document",
        ),
        ValidationErrorKind::Pattern { pattern } => (
            format!("the string does not match the pattern {pattern}"),
            "correct it, or the pattern in the document",
        ),
        ValidationErrorKind::BacktrackLimitExceeded { .. } | ValidationErrorKind::RegexEngineFailure { .. } => (
            "matching the string against the pattern takes too long".to_owned(),
            "write a pattern without nested repetition",
        ),
        ValidationErrorKind::MinLength { limit } => (
            format!("the string has fewer than {}", plural(*limit, "character")),
            "lengthen it, or lower `minLength` in the document",
        ),
        ValidationErrorKind::MaxLength { limit } => (
            format!("the string has more than {}", plural(*limit, "character")),
            "shorten it, or raise `maxLength` in the document",
        ),
        ValidationErrorKind::MinItems { limit } => (
            format!("the array has fewer than {}", plural(*limit, "item")),
            "add items, or lower `minItems` in the document",
        ),
        ValidationErrorKind::MaxItems { limit } => (
            format!("the array has more than {}", plural(*limit, "item")),
            "remove items, or raise `maxItems` in the document",
        ),
        ValidationErrorKind::MinProperties { limit } => (
            format!("the object has fewer than {}", properties(*limit)),
            "add properties, or lower `minProperties` in the document",
        ),
        ValidationErrorKind::MaxProperties { limit } => (
            format!("the object has more than {}", properties(*limit)),
            "remove properties, or raise `maxProperties` in the document",
        ),
        ValidationErrorKind::UniqueItems => (
            "two items of the array are equal".to_owned(),
            "remove one of them, or remove `uniqueItems` from the document",
        ),
        ValidationErrorKind::Not { .. } => (
            "the value matches the schema that `not` excludes".to_owned(),
            "change it, or `not` in the document",
        ),
        ValidationErrorKind::OneOfMultipleValid { .. } => (
            "the value matches more than one of the schemas; expected exactly one".to_owned(),
            "write `anyOf` in the document, or make its schemas exclude each other",
        ),
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => (
            format!("the value matches none of the {} possible schemas", context.len()),
            "compare it with each of them; a discriminator in the document would select one",
        ),
        // Only keywords that OpenAPI 3.0 does not have are left.
        other => (
            format!("the value violates `{}`", other.keyword()),
            "change the value, or the document",
        ),
    }
}

/// Lists the first values of an enumeration. They are from the document, not from the payload.
fn shown(options: &Value) -> String {
    const SHOWN: usize = 8;
    let values = options.as_array().into_iter().flatten();
    let count = options.as_array().map_or(0, Vec::len);
    let mut shown: Vec<String> = values.take(SHOWN).map(Value::to_string).collect();
    if count > SHOWN {
        shown.push(format!("and {} more", count - SHOWN));
    }
    shown.join(", ")
}

fn described(format: &str) -> String {
    match format {
        "date-time" => "a date-time (RFC 3339, with an offset or Z)".to_owned(),
        "date-time-local" => "a date and time without an offset (YYYY-MM-DDThh:mm:ss)".to_owned(),
        "date" => "a date (YYYY-MM-DD)".to_owned(),
        "time" => "a time (RFC 3339, with an offset or Z)".to_owned(),
        "uuid" => "a UUID (eight, four, four, four and twelve hexadecimal digits)".to_owned(),
        "uri" => "an absolute URI (RFC 3986)".to_owned(),
        "email" => "an e-mail address".to_owned(),
        "byte" => "base64 (RFC 4648, with its padding)".to_owned(),
        "e164" | "E.164" => "an E.164 phone number (a plus sign and 2 to 15 digits)".to_owned(),
        other => format!("of the format `{other}`"),
    }
}

fn properties(count: u64) -> String {
    match count {
        1 => "1 property".to_owned(),
        _ => format!("{count} properties"),
    }
}

fn plural(count: u64, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
