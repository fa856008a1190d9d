//! What `format` asserts. OpenAPI 3.0 leaves the list open; asserted are its own formats, those of JSON Schema, `e164`, and
//! `date-time-local` of OpenAPI's registry of formats. Any other name asserts nothing.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use jsonschema::{Draft, EmailOptions, Keyword, Retrieve, ValidationError, ValidationOptions, paths::Location};
use serde_json::{Map, Value, json};

use super::representation::Strict;
use crate::json::{Json, Kind, Node};

/// The keyword that carries a format of numbers to the validator, whose own formats are of texts.
pub(super) const NUMBER_KEYWORD: &str = "x-number-format";

pub(super) type Options<'i> = ValidationOptions<'i, Arc<dyn Retrieve>, Strict>;

pub(super) fn is_of_numbers(format: &str) -> bool {
    matches!(format, "int32" | "int64" | "float" | "double")
}

/// Adds what draft 4 does not assert by itself.
pub(super) fn with_formats(mut options: Options<'_>) -> Options<'_> {
    // Later drafts define these; base64 is an encoding there, no format.
    let later = [
        "date",
        "time",
        "duration",
        "uuid",
        "uri-reference",
        "iri",
        "iri-reference",
        "json-pointer",
        "regex",
    ];
    let mut delegated: Vec<(&str, Value)> = later.map(|name| (name, json!({ "format": name }))).into();
    delegated.push(("byte", json!({ "contentEncoding": "base64" })));
    for (name, schema) in delegated {
        let draft = if name == "byte" {
            Draft::Draft7
        } else {
            Draft::Draft202012
        };
        let built = jsonschema::options()
            .with_draft(draft)
            .should_validate_formats(true)
            .build(&schema);
        if let Ok(validator) = built {
            options = options.with_format(name, move |text: &str| validator.is_valid(&Value::from(text)));
        }
    }
    let date_time = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(&json!({ "format": "date-time" }));
    if let Ok(validator) = date_time {
        let with_offset = move |text: &str| validator.is_valid(&Value::from(format!("{text}Z")));
        options = options.with_format("date-time-local", with_offset);
    }
    for name in ["e164", "E.164"] {
        options = options.with_format(name, is_e164);
    }
    options.with_keyword(NUMBER_KEYWORD, number_format)
}

thread_local! {
    /// A validator for each format that was asked for.
    static READY: RefCell<HashMap<String, jsonschema::Validator<Strict>>> = RefCell::new(HashMap::new());
}

/// Whether a text is of a format.
pub(super) fn fits(format: &str, text: &str) -> bool {
    READY.with_borrow_mut(|ready| {
        if !ready.contains_key(format) {
            let options = jsonschema::options_for::<Strict>()
                .with_draft(Draft::Draft4)
                .should_validate_formats(true)
                .with_email_options(EmailOptions::default().without_display_text());
            if let Ok(validator) = with_formats(options).build(&json!({ "format": format })) {
                ready.insert(format.to_owned(), validator);
            }
        }
        let payload = Json::of(&Value::from(text));
        ready
            .get(format)
            .is_none_or(|validator| validator.is_valid(payload.root()))
    })
}

/// ITU-T E.164: a plus sign and up to fifteen digits, of which the first is none of 0.
fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (2..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

struct NumberFormat(String);

fn number_format<'a>(
    _parent: &'a Map<String, Value>,
    format: &'a Value,
    _location: Location,
) -> Result<Box<dyn for<'i> Keyword<'i, Strict>>, ValidationError<'a>> {
    Ok(Box::new(NumberFormat(format.as_str().unwrap_or_default().to_owned())))
}

impl<'i> Keyword<'i, Strict> for NumberFormat {
    fn validate(&self, instance: Node<'i>) -> Result<(), ValidationError<'i>> {
        match self.is_valid(instance) {
            true => Ok(()),
            false => Err(ValidationError::custom(self.0.clone())),
        }
    }

    fn is_valid(&self, instance: Node<'i>) -> bool {
        if instance.kind() != Kind::Number {
            return true;
        }
        let text = instance.source();
        match self.0.as_str() {
            "int32" => text.parse::<i32>().is_ok(),
            "int64" => text.parse::<i64>().is_ok(),
            "float" => text.parse::<f32>().is_ok_and(f32::is_finite),
            _ => true,
        }
    }
}
