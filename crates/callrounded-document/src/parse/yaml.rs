//! Parses YAML 1.2 into values with their lines and columns.

use std::collections::HashMap;

use saphyr::{LoadableYamlNode, MarkedYamlOwned, Marker, ScalarOwned, YamlDataOwned};
use serde_json::{Map, Number, Value};

use super::{ParseError, Parsed, RoundedNumber, exact};
use crate::{location::Location, pointer};

/// The maximum depth of nesting: more than real documents need, and far less than what would overflow the stack.
const MAX_DEPTH: usize = 128;

pub(crate) fn parse(text: &str) -> Result<Parsed, ParseError> {
    let documents = MarkedYamlOwned::load_from_str(text).map_err(|error| ParseError {
        location: location_of(error.marker()),
        pointer: String::new(),
        problem: format!("invalid YAML: {}", error.info()),
        remedy: "fix the syntax; common causes: indentation, an unquoted `: ` or `#` in a string, and duplicate keys",
    })?;
    let [document] = documents.as_slice() else {
        return Err(ParseError {
            location: documents
                .get(1)
                .map_or(Location::START, |second| location_of(&second.span.start)),
            pointer: String::new(),
            problem: format!("the file contains {} YAML documents; expected one", documents.len()),
            remedy: "keep one OpenAPI document in the file",
        });
    };
    let mut converter = Converter {
        text,
        locations: HashMap::new(),
        key_locations: HashMap::new(),
        rounded_numbers: Vec::new(),
    };
    let value = converter.value(document, String::new(), location_of(&document.span.start), 0)?;
    Ok(Parsed {
        value,
        locations: converter.locations,
        key_locations: converter.key_locations,
        rounded_numbers: converter.rounded_numbers,
    })
}

fn location_of(marker: &Marker) -> Location {
    Location {
        line: marker.line().max(1),
        column: marker.col() + 1,
    }
}

struct Converter<'t> {
    text: &'t str,
    locations: HashMap<String, Location>,
    key_locations: HashMap<String, Location>,
    rounded_numbers: Vec<RoundedNumber>,
}

impl Converter<'_> {
    /// Returns the digits of an integer that was parsed as a double because it does not fit into an `i64`.
    fn large_integer(&self, node: &MarkedYamlOwned, value: f64) -> Option<String> {
        // 2^63: from here on, integers are parsed as doubles.
        if value.abs() < 9_223_372_036_854_775_808.0 {
            return None;
        }
        let (start, end) = (node.span.start.index(), node.span.end.index());
        let digits: String = self.text.chars().skip(start).take(end.checked_sub(start)?).collect();
        let digits = digits.trim();
        let is_integer = !digits.is_empty()
            && digits
                .trim_start_matches(['+', '-'])
                .bytes()
                .all(|b| b.is_ascii_digit());
        is_integer.then(|| digits.trim_start_matches('+').to_owned())
    }

    fn value(
        &mut self,
        node: &MarkedYamlOwned,
        pointer: String,
        location: Location,
        depth: usize,
    ) -> Result<Value, ParseError> {
        let own = location_of(&node.span.start);
        let error = |problem: String, remedy| ParseError {
            location: own,
            pointer: pointer.clone(),
            problem,
            remedy,
        };
        if depth > MAX_DEPTH {
            return Err(error(
                format!("the document nests deeper than {MAX_DEPTH} levels"),
                "move the inner schemas into components/schemas and refer to them",
            ));
        }
        let (value, location) = match &node.data {
            YamlDataOwned::Value(scalar) => {
                let value = self.scalar(node, scalar, &pointer).ok_or_else(|| {
                    error(
                        "invalid number: NaN and infinity are not allowed in JSON".to_owned(),
                        "use a finite number, or quote it if it is a string",
                    )
                })?;
                (value, own)
            }
            YamlDataOwned::Sequence(items) => (self.sequence(items, &pointer, depth)?, location),
            YamlDataOwned::Mapping(members) => (self.mapping(members.iter(), &pointer, depth)?, location),
            YamlDataOwned::Tagged(tag, _) => {
                return Err(error(
                    format!("unsupported YAML tag `{tag}`: it has no meaning in OpenAPI"),
                    "remove the tag",
                ));
            }
            YamlDataOwned::Representation(..) | YamlDataOwned::Alias(_) | YamlDataOwned::BadValue => {
                return Err(error(
                    "unsupported YAML value: it has no meaning in OpenAPI".to_owned(),
                    "write it as a plain value, without tags or recursive aliases",
                ));
            }
        };
        self.locations.insert(pointer, location);
        Ok(value)
    }

    /// Returns the value of a scalar; `None` if it is a number that JSON cannot represent.
    fn scalar(&mut self, node: &MarkedYamlOwned, scalar: &ScalarOwned, pointer: &str) -> Option<Value> {
        let value = match scalar {
            ScalarOwned::Null => return Some(Value::Null),
            ScalarOwned::Boolean(value) => return Some(Value::Bool(*value)),
            ScalarOwned::Integer(value) => return Some(Value::from(*value)),
            ScalarOwned::String(value) => return Some(Value::from(value.as_str())),
            ScalarOwned::FloatingPoint(value) => value.into_inner(),
        };
        let rounded = Number::from_f64(value)?;
        let Some(digits) = self.large_integer(node, value) else {
            return Some(Value::Number(rounded));
        };
        let number = exact(&digits).unwrap_or_else(|| {
            self.rounded_numbers.push(RoundedNumber {
                pointer: pointer.to_owned(),
                location: location_of(&node.span.start),
                digits,
            });
            rounded
        });
        Some(Value::Number(number))
    }

    fn sequence(&mut self, items: &[MarkedYamlOwned], pointer: &str, depth: usize) -> Result<Value, ParseError> {
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = location_of(&item.span.start);
            let inner = pointer::join(pointer, &index.to_string());
            self.key_locations.insert(inner.clone(), at);
            values.push(self.value(item, inner, at, depth + 1)?);
        }
        Ok(Value::Array(values))
    }

    fn mapping<'n>(
        &mut self,
        members: impl Iterator<Item = (&'n MarkedYamlOwned, &'n MarkedYamlOwned)>,
        pointer: &str,
        depth: usize,
    ) -> Result<Value, ParseError> {
        let mut object = Map::new();
        // Merged members come last: those of the mapping itself take precedence.
        let (merged, own): (Vec<_>, Vec<_>) = members.partition(|(key, _)| is_merge(self.text, key));
        let merged = merged
            .into_iter()
            .map(|(key, value)| merged_members(self.text, key, value, pointer));
        let merged = merged.collect::<Result<Vec<_>, _>>()?.into_iter().flatten();
        let first_merged = own.len();
        for (index, (key_node, member)) in own.into_iter().chain(merged).enumerate() {
            let at = location_of(&key_node.span.start);
            let key = key_of(key_node).ok_or_else(|| ParseError {
                location: at,
                pointer: pointer.to_owned(),
                problem: "invalid key: expected a string".to_owned(),
                remedy: "put the key in quotes",
            })?;
            if index >= first_merged && object.contains_key(&key) {
                continue;
            }
            let inner = pointer::join(pointer, &key);
            self.key_locations.insert(inner.clone(), at);
            let value = self.value(member, inner, at, depth + 1)?;
            if object.insert(key.clone(), value).is_some() {
                return Err(ParseError {
                    location: at,
                    pointer: pointer.to_owned(),
                    problem: format!("duplicate key `{key}`"),
                    remedy: "remove one of the two members",
                });
            }
        }
        Ok(Value::Object(object))
    }
}

/// Returns the key of a member. An integer is allowed: responses are often written `200:` without quotes.
fn key_of(node: &MarkedYamlOwned) -> Option<String> {
    match &node.data {
        YamlDataOwned::Value(ScalarOwned::String(key)) => Some(key.clone()),
        YamlDataOwned::Value(ScalarOwned::Integer(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// Checks whether a key is YAML's merge key, which includes the members of another mapping.
fn is_merge(text: &str, key: &MarkedYamlOwned) -> bool {
    let is_named_so = matches!(&key.data, YamlDataOwned::Value(ScalarOwned::String(key)) if key == "<<");
    // In quotes it is an ordinary key.
    is_named_so && text.chars().nth(key.span.start.index()) == Some('<')
}

/// Returns the members of the mapping, or of the sequence of mappings, at a merge key. The first of several members
/// with the same key takes precedence.
fn merged_members<'n>(
    text: &str,
    key: &MarkedYamlOwned,
    value: &'n MarkedYamlOwned,
    pointer: &str,
) -> Result<Vec<(&'n MarkedYamlOwned, &'n MarkedYamlOwned)>, ParseError> {
    let error = || ParseError {
        location: location_of(&key.span.start),
        pointer: pointer.to_owned(),
        problem: "invalid merge key `<<`: expected a mapping, or a list of mappings".to_owned(),
        remedy: "refer to a mapping by its anchor, such as `<<: *base`, or write the members here",
    };
    match &value.data {
        YamlDataOwned::Mapping(members) => {
            let mut found = Vec::new();
            for (key, value) in members {
                if is_merge(text, key) {
                    found.extend(merged_members(text, key, value, pointer)?)
                } else {
                    found.push((key, value))
                }
            }
            Ok(found)
        }
        YamlDataOwned::Sequence(items) => {
            let each = items.iter().map(|item| match &item.data {
                YamlDataOwned::Mapping(_) => merged_members(text, key, item, pointer),
                _ => Err(error()),
            });
            Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
        _ => Err(error()),
    }
}
