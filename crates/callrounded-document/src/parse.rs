//! Parses JSON or YAML into values with their lines and columns.

mod yaml;

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::{
    json::{self, Json, Node, ViolationKind},
    location::Location,
    pointer,
};

/// A parsed value, with the location of each value in it by JSON pointer.
///
/// A member whose value is an object or an array is located at its key, which is what people look for in the file. Any
/// other value is located at itself.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub value: Value,
    pub locations: HashMap<String, Location>,
    /// The locations of the keys of members, and of the starts of array items.
    pub key_locations: HashMap<String, Location>,
    pub rounded_numbers: Vec<RoundedNumber>,
}

/// An integer that neither 64 bits nor a double can represent. The document has the nearest double instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundedNumber {
    /// JSON pointer to the number.
    pub pointer: String,
    /// Its location.
    pub location: Location,
    /// Its digits as written, with a minus sign if it is negative.
    pub digits: String,
}

/// An error in the syntax of the text, or a value that JSON cannot express.
#[derive(Debug)]
pub(crate) struct ParseError {
    pub location: Location,
    pub pointer: String,
    pub problem: String,
    pub remedy: &'static str,
}

/// Parses a document. The format is detected from the text, since a file name may be wrong.
pub(crate) fn parse(text: &str) -> Result<Parsed, ParseError> {
    // YAML may start with a brace too.
    if !text.trim_start().starts_with('{') {
        return yaml::parse(text);
    }
    let json_error = match Json::read(text) {
        Ok(json) => return convert(&json),
        Err(error) => ParseError {
            location: json::location(text, error.offset),
            pointer: String::new(),
            problem: format!("invalid JSON: {}", error.problem),
            remedy: error.remedy,
        },
    };
    // The parser that got further is more likely that of the intended format.
    yaml::parse(text).map_err(|yaml_error| {
        if json_error.location > yaml_error.location {
            json_error
        } else {
            yaml_error
        }
    })
}

fn convert(json: &Json) -> Result<Parsed, ParseError> {
    let violation = json
        .violations()
        .iter()
        .find(|violation| violation.kind != ViolationKind::LoneSurrogate);
    if let Some(violation) = violation {
        let key = json.text().get(violation.span.clone()).unwrap_or_default();
        let (problem, remedy) = match violation.kind {
            ViolationKind::Duplicate { .. } => (
                format!("duplicate key `{}`", key.trim_matches('"')),
                "remove one of the two members",
            ),
            _ => (
                "invalid number: expected one that fits into a double".to_owned(),
                "use a finite number, or quote it if it is a string",
            ),
        };
        return Err(ParseError {
            location: json.location(violation.span.start),
            pointer: pointer::split(&json.pointer_to(violation.span.start))
                .map(|(parent, _)| parent.to_owned())
                .unwrap_or_default(),
            problem,
            remedy,
        });
    }
    let mut converter = Converter {
        text: json.text(),
        at: 0,
        location: Location::START,
        locations: HashMap::new(),
        key_locations: HashMap::new(),
        rounded_numbers: Vec::new(),
    };
    let location = converter.location(json.root().span().start);
    let value = converter.value(json.root(), String::new(), location);
    Ok(Parsed {
        value,
        locations: converter.locations,
        key_locations: converter.key_locations,
        rounded_numbers: converter.rounded_numbers,
    })
}

struct Converter<'t> {
    text: &'t str,
    /// The byte that was located last, whose location is `location`. Values are located in the order of the text, so
    /// each lookup continues from the one before.
    at: usize,
    location: Location,
    locations: HashMap<String, Location>,
    key_locations: HashMap<String, Location>,
    rounded_numbers: Vec<RoundedNumber>,
}

impl Converter<'_> {
    fn location(&mut self, offset: usize) -> Location {
        for character in self.text.get(self.at..offset).unwrap_or_default().chars() {
            match character {
                '\n' => {
                    self.location.line += 1;
                    self.location.column = 1;
                }
                _ => self.location.column += 1,
            }
        }
        self.at = offset;
        self.location
    }

    fn value(&mut self, node: Node<'_>, pointer: String, location: Location) -> Value {
        let location = match node.kind() {
            json::Kind::Array | json::Kind::Object => location,
            _ => self.location(node.span().start),
        };
        self.locations.insert(pointer.clone(), location);
        match node.kind() {
            json::Kind::Array => {
                let mut values = Vec::new();
                for (index, item) in node.elements().enumerate() {
                    let inner = pointer::join(&pointer, &index.to_string());
                    let location = self.location(item.span().start);
                    self.key_locations.insert(inner.clone(), location);
                    values.push(self.value(item, inner, location));
                }
                Value::Array(values)
            }
            json::Kind::Object => {
                let mut members = Map::new();
                for (key, member) in node.members() {
                    let location = self.location(key.span().start);
                    let key = key.as_str().unwrap_or_default().into_owned();
                    let inner = pointer::join(&pointer, &key);
                    self.key_locations.insert(inner.clone(), location);
                    let value = self.value(member, inner, location);
                    members.insert(key, value);
                }
                Value::Object(members)
            }
            json::Kind::Number => {
                let digits = node.source();
                let is_integer = digits.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
                if is_integer && exact(digits).is_none() {
                    self.rounded_numbers.push(RoundedNumber {
                        pointer,
                        location,
                        digits: digits.to_owned(),
                    });
                }
                Value::Number(json::number(digits))
            }
            _ => node.to_value(),
        }
    }
}

/// Converts the digits of an integer to a number. Returns `None` if neither 64 bits nor a double can represent it
/// exactly.
pub(crate) fn exact(digits: &str) -> Option<Number> {
    let integer = digits.parse::<u64>().map(Number::from);
    let integer = integer.or_else(|_| digits.parse::<i64>().map(Number::from));
    integer.ok().or_else(|| {
        let value: f64 = digits.parse().ok()?;
        (format!("{value:.0}") == digits).then(|| Number::from_f64(value))?
    })
}
