//! What a deviation says. The values of a payload are not in it: they may be personal data, and whoever looks at the
//! payload sees them at the place.

use std::collections::BTreeSet;

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::{Deviation, Verdict, branches, formats, numbers};
use crate::{
    json::{Flaw, FlawKind, Json, Kind, Node},
    pointer,
};

pub(super) fn of_flaw(payload: &Json, flaw: &Flaw) -> Deviation {
    let (keyword, problem, remedy, also) = match &flaw.kind {
        FlawKind::Duplicate { first } => (
            "duplicate",
            "the object has this name already",
            "remove one of the two: which of them counts differs between readers",
            Some(first.clone()),
        ),
        FlawKind::Overflow => (
            "overflow",
            "the number is beyond what a double holds",
            "write a number below 1.8e308, or a text",
            None,
        ),
        FlawKind::HalfCharacter => (
            "half-character",
            "half of a surrogate pair is no character",
            "write both halves, or the character itself",
            None,
        ),
    };
    Deviation {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: payload.pointer_to(flaw.span.start),
        span: flaw.span.clone(),
        also,
        property: None,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
        schema: String::new(),
    }
}

/// Where an error is: a short span for what is long.
fn spot(payload: &Json, pointer: &str) -> std::ops::Range<usize> {
    payload.at(pointer).map_or(0..0, |node| node.span())
}

fn deviation(payload: &Json, at: &str, keyword: &str, schema: String, problem: String, remedy: &str) -> Deviation {
    Deviation {
        verdict: Verdict::Error,
        keyword: keyword.to_owned(),
        pointer: at.to_owned(),
        span: spot(payload, at),
        also: None,
        property: None,
        problem,
        remedy: remedy.to_owned(),
        schema,
    }
}

pub(super) fn of_discriminator(payload: &Json, at: &str, guard: &ValidationError<'_>, schema: &str) -> Deviation {
    // What holds the value against the branches is our own; the document has the discriminator.
    let holder = schema.split("/discriminator/").next().unwrap_or_default();
    let schema = pointer::join(holder.trim_end_matches("/discriminator"), "discriminator");
    match guard.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            Deviation {
                property: Some(name.to_owned()),
                ..deviation(
                    payload,
                    at,
                    "discriminator",
                    schema,
                    format!("`{name}` is missing, which says what kind of value this is"),
                    "add it",
                )
            }
        }
        _ => deviation(
            payload,
            guard.instance_path().as_str(),
            "discriminator",
            schema,
            "the value names none of the schemas that may stand here".to_owned(),
            "use the name of one of them or a value that the document maps to one",
        ),
    }
}

pub(super) fn of_types(
    payload: &Json,
    error: &ValidationError<'_>,
    types: &BTreeSet<String>,
    schema: String,
) -> Deviation {
    let at = error.instance_path().as_str();
    let there = payload.at(at);
    let wanted = types.iter().map(|name| article(name)).collect::<Vec<_>>().join(" or ");
    deviation(
        payload,
        at,
        error.kind().keyword(),
        schema,
        format!(
            "{} stands here, the document asks for {wanted}",
            there.map_or("nothing", kind)
        ),
        remedy_of_type(there, types),
    )
}

fn remedy_of_type(there: Option<Node<'_>>, wanted: &BTreeSet<String>) -> &'static str {
    match there.map(|node| node.kind()) {
        Some(Kind::Null) => "leave it out, or let the document say `nullable: true` beside the type",
        Some(Kind::Number) if wanted.contains("integer") && is_whole(there) => {
            "write it without a fraction and without an exponent"
        }
        Some(Kind::String) if (wanted.contains("number") || wanted.contains("integer")) && is_number(there) => {
            "remove the quotes"
        }
        _ => "change one of the two",
    }
}

fn is_whole(node: Option<Node<'_>>) -> bool {
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
        Kind::Number if !node.source().contains(['.', 'e', 'E']) => "a whole number",
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

/// The deviations that one error of the validator is.
pub(super) fn of_error(payload: &Json, error: &ValidationError<'_>, schema: String, found: &mut Vec<Deviation>) {
    let at = error.instance_path().as_str();
    let keyword = error.kind().keyword().to_owned();
    let there = payload.at(at);
    let mut push = |problem: String, remedy: &str| {
        found.push(deviation(payload, at, &keyword, schema.clone(), problem, remedy));
    };
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            found.push(Deviation {
                property: Some(name.to_owned()),
                ..deviation(
                    payload,
                    at,
                    &keyword,
                    schema,
                    format!("`{name}` is missing"),
                    "add it, or take it from `required` in the document",
                )
            });
        }
        ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::FalseSchema => {
            let named = match error.kind() {
                ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.clone(),
                // Where no property is listed, all are unexpected.
                _ => {
                    let names = there.iter().flat_map(|node| node.members());
                    names
                        .filter_map(|(name, _)| Some(name.as_str()?.into_owned()))
                        .collect()
                }
            };
            for name in &named {
                let inner = pointer::join(at, name);
                found.push(deviation(
                    payload,
                    &inner,
                    "additionalProperties",
                    schema.clone(),
                    format!("`{name}` is none of the properties, and the document allows no others"),
                    "remove it, correct its name, or add it to the document",
                ));
            }
        }
        // Keywords of our own: the message of the first two is the name of a property, of the last a format.
        ValidationErrorKind::Custom { keyword: custom, .. } => {
            let message = error.to_string();
            let holder = pointer::split(&schema).map(|(holder, _)| holder).unwrap_or_default();
            if let Some((what, remedy)) = numbers::said(custom, &message) {
                found.push(deviation(payload, at, custom, schema, what, remedy));
            } else if custom == formats::NUMBER_KEYWORD {
                let what = match message.as_str() {
                    "int32" => "the number is no integer of 32 bits",
                    "int64" => "the number is no integer of 64 bits",
                    _ => "the number is beyond what a float of 32 bits holds",
                };
                found.push(deviation(
                    payload,
                    at,
                    "format",
                    pointer::join(holder, "format"),
                    what.to_owned(),
                    "change the number, or the format in the document",
                ));
            } else {
                found.push(deviation(
                    payload,
                    &pointer::join(at, &message),
                    custom,
                    pointer::join(&pointer::join(&pointer::join(holder, "properties"), &message), custom),
                    format!("`{message}` is {custom}, so it must not be in this body"),
                    "leave it out",
                ));
            }
        }
        ValidationErrorKind::Type { kind: wanted } => {
            let types: BTreeSet<String> = branches::types(wanted).into_iter().collect();
            found.push(of_types(payload, error, &types, schema));
        }
        ValidationErrorKind::Enum { options } => {
            let known = options.as_array().map_or(0, Vec::len);
            let null = matches!(there.map(|node| node.kind()), Some(Kind::Null));
            let problem = match (null, known) {
                (true, _) => "null is none of the values that the document lists".to_owned(),
                (false, 1) => format!("the value is not the one that the document knows, {}", listed(options)),
                _ => format!(
                    "the value is none of those that the document lists: {}",
                    listed(options)
                ),
            };
            // A service adds values like those that it has, and none of another type.
            let is_like = |option: &Value| there.is_some_and(|node| node.kind() == Kind::of(option));
            let alike = options.as_array().into_iter().flatten().any(is_like);
            let verdict = if null || !alike { Verdict::Error } else { Verdict::Drift };
            found.push(Deviation {
                verdict,
                ..deviation(
                    payload,
                    at,
                    &keyword,
                    schema,
                    problem,
                    if null {
                        "leave it out, or list null in the document (with `nullable: true` beside a type)"
                    } else {
                        "correct it, or add it to the `enum` in the document"
                    },
                )
            });
        }
        ValidationErrorKind::Format { format } => push(
            format!("the text is not {}", described(format)),
            "correct it, or the format in the document",
        ),
        ValidationErrorKind::Pattern { pattern } => push(
            format!("the text does not match the pattern {pattern}"),
            "correct it, or the pattern in the document",
        ),
        ValidationErrorKind::BacktrackLimitExceeded { .. } | ValidationErrorKind::RegexEngineFailure { .. } => push(
            "the pattern takes too long to decide on this text".to_owned(),
            "write a pattern without nested repetition",
        ),
        ValidationErrorKind::MinLength { limit } => push(
            format!("the text has fewer than {}", plural(*limit, "character")),
            "lengthen it, or lower `minLength` in the document",
        ),
        ValidationErrorKind::MaxLength { limit } => push(
            format!("the text has more than {}", plural(*limit, "character")),
            "shorten it, or raise `maxLength` in the document",
        ),
        ValidationErrorKind::MinItems { limit } => push(
            format!("the array has fewer than {}", plural(*limit, "item")),
            "add items, or lower `minItems` in the document",
        ),
        ValidationErrorKind::MaxItems { limit } => push(
            format!("the array has more than {}", plural(*limit, "item")),
            "remove items, or raise `maxItems` in the document",
        ),
        ValidationErrorKind::MinProperties { limit } => push(
            format!("the object has fewer than {}", properties(*limit)),
            "add properties, or lower `minProperties` in the document",
        ),
        ValidationErrorKind::MaxProperties { limit } => push(
            format!("the object has more than {}", properties(*limit)),
            "remove properties, or raise `maxProperties` in the document",
        ),
        ValidationErrorKind::UniqueItems => push(
            "two items of the array are equal".to_owned(),
            "remove one, or `uniqueItems` from the document",
        ),
        ValidationErrorKind::Not { .. } => push(
            "the value fits the schema that it must not fit".to_owned(),
            "change it, or `not` in the document",
        ),
        ValidationErrorKind::OneOfMultipleValid { .. } => push(
            "the value fits more than one of the schemas, the document asks for exactly one".to_owned(),
            "write `anyOf` in the document, or let its schemas exclude each other",
        ),
        ValidationErrorKind::OneOfNotValid { context } | ValidationErrorKind::AnyOf { context } => push(
            format!(
                "the value fits none of the {} schemas that may stand here",
                context.len()
            ),
            "compare it with each of them; a discriminator would say which one is meant",
        ),
        // What else there is belongs to keywords that 3.0 does not have.
        other => push(format!("`{}` is not kept", other.keyword()), "change one of the two"),
    }
}

/// The values of an enumeration: they are the document's, not the payload's.
fn listed(options: &Value) -> String {
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
        "e164" | "E.164" => "a telephone number in E.164 (a plus sign and 2 to 15 digits)".to_owned(),
        other => format!("of the format `{other}`"),
    }
}

fn properties(count: u64) -> String {
    match count {
        1 => "1 property".to_owned(),
        _ => format!("{count} properties"),
    }
}

fn plural(count: u64, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
