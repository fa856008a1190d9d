//! The formats that are validated: those of OpenAPI 3.0, those of JSON Schema, `e164`, and `date-time-local` of
//! OpenAPI's format registry. Any other format is ignored, since OpenAPI 3.0 leaves the list open.

use std::{cell::RefCell, collections::HashMap, sync::Arc};

use jsonschema::{Draft, EmailOptions, Keyword, Retrieve, ValidationError, ValidationOptions, paths::Location};
use serde_json::{Map, Value, json};

use super::representation::Strict;
use crate::json::{Json, Kind, Node};

/// The keyword for formats of numbers in a translated schema. The formats of the validator apply to strings only.
pub(super) const NUMBER_KEYWORD: &str = "x-number-format";

pub(super) type Options<'i> = ValidationOptions<'i, Arc<dyn Retrieve>, Strict>;

pub(super) fn is_number_format(format: &str) -> bool {
    matches!(format, "int32" | "int64" | "float" | "double")
}

/// Adds the formats that draft 4 does not have.
pub(super) fn with_formats(mut options: Options<'_>) -> Options<'_> {
    // Later drafts define these formats. For base64 they have an encoding instead of a format.
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
    /// One validator for each format that was used.
    static VALIDATORS: RefCell<HashMap<String, jsonschema::Validator<Strict>>> = RefCell::new(HashMap::new());
}

/// Checks whether a string matches a format.
pub(super) fn matches_format(format: &str, text: &str) -> bool {
    VALIDATORS.with_borrow_mut(|validators| {
        if !validators.contains_key(format) {
            let options = jsonschema::options_for::<Strict>()
                .with_draft(Draft::Draft4)
                .should_validate_formats(true)
                .with_email_options(EmailOptions::default().without_display_text());
            if let Ok(validator) = with_formats(options).build(&json!({ "format": format })) {
                validators.insert(format.to_owned(), validator);
            }
        }
        let payload = Json::of(&Value::from(text));
        validators
            .get(format)
            .is_none_or(|validator| validator.is_valid(payload.root()))
    })
}

/// Checks for a phone number of ITU-T E.164: a plus sign and 2 to 15 digits, the first of which is not 0.
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
        if self.is_valid(instance) {
            Ok(())
        } else {
            Err(ValidationError::custom(self.0.clone()))
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
