//! YAML 1.2 as a document: each value with the line and column it stands at.

use std::collections::HashMap;

use saphyr::{LoadableYamlNode, MarkedYamlOwned, Marker, ScalarOwned, YamlDataOwned};
use serde_json::{Map, Number, Value};

use crate::{
    located::{Located, Place, Rounded, Unreadable, exact},
    pointer,
};

/// Deeper than any real document, and far from what would exhaust the stack.
const DEPTH: usize = 128;

pub(crate) fn read(text: &str) -> Result<Located, Unreadable> {
    let documents = MarkedYamlOwned::load_from_str(text).map_err(|error| Unreadable {
        place: place_of(error.marker()),
        pointer: String::new(),
        problem: format!("this is not YAML: {}", error.info()),
        remedy: "mend the syntax; indentation, an unquoted `: ` or `#` in a text, and a name given twice are the usual causes",
    })?;
    let [document] = documents.as_slice() else {
        return Err(Unreadable {
            place: documents
                .get(1)
                .map_or(Place::START, |second| place_of(&second.span.start)),
            pointer: String::new(),
            problem: format!("the file holds {} YAML documents instead of one", documents.len()),
            remedy: "keep one OpenAPI document in the file",
        });
    };
    let mut reader = Reader {
        text,
        places: HashMap::new(),
        names: HashMap::new(),
        rounded: Vec::new(),
    };
    let value = reader.value(document, String::new(), place_of(&document.span.start), 0)?;
    Ok(Located {
        value,
        places: reader.places,
        names: reader.names,
        rounded: reader.rounded,
    })
}

fn place_of(marker: &Marker) -> Place {
    Place {
        line: marker.line().max(1),
        column: marker.col() + 1,
    }
}

struct Reader<'t> {
    text: &'t str,
    places: HashMap<String, Place>,
    names: HashMap<String, Place>,
    rounded: Vec<Rounded>,
}

impl Reader<'_> {
    /// The text of a whole number that is too large to be read as one with a sign.
    fn large(&self, node: &MarkedYamlOwned, read: f64) -> Option<String> {
        // 2^63, from where on whole numbers are read as floats.
        if read.abs() < 9_223_372_036_854_775_808.0 {
            return None;
        }
        let (start, end) = (node.span.start.index(), node.span.end.index());
        let digits: String = self.text.chars().skip(start).take(end.checked_sub(start)?).collect();
        let digits = digits.trim();
        let is_whole = !digits.is_empty()
            && digits
                .trim_start_matches(['+', '-'])
                .bytes()
                .all(|b| b.is_ascii_digit());
        is_whole.then(|| digits.trim_start_matches('+').to_owned())
    }

    fn value(
        &mut self,
        node: &MarkedYamlOwned,
        pointer: String,
        place: Place,
        depth: usize,
    ) -> Result<Value, Unreadable> {
        let own = place_of(&node.span.start);
        let refuse = |problem: String, remedy| Unreadable {
            place: own,
            pointer: pointer.clone(),
            problem,
            remedy,
        };
        if depth > DEPTH {
            return Err(refuse(
                format!("the document nests deeper than {DEPTH} levels"),
                "move the inner schemas into components/schemas and refer to them",
            ));
        }
        let value = match &node.data {
            YamlDataOwned::Value(scalar) => {
                let value = match scalar {
                    ScalarOwned::Null => Value::Null,
                    ScalarOwned::Boolean(value) => Value::Bool(*value),
                    ScalarOwned::Integer(value) => Value::from(*value),
                    ScalarOwned::String(value) => Value::from(value.as_str()),
                    ScalarOwned::FloatingPoint(value) => {
                        let value = value.into_inner();
                        let Some(number) = Number::from_f64(value) else {
                            return Err(refuse(
                                "JSON has no such number".to_owned(),
                                "use a finite number, or quote it if a text was meant",
                            ));
                        };
                        match self.large(node, value) {
                            None => Value::Number(number),
                            Some(digits) => Value::Number(exact(&digits).unwrap_or_else(|| {
                                self.rounded.push(Rounded {
                                    pointer: pointer.clone(),
                                    place: own,
                                    digits,
                                });
                                number
                            })),
                        }
                    }
                };
                self.places.insert(pointer, own);
                return Ok(value);
            }
            YamlDataOwned::Sequence(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let at = place_of(&item.span.start);
                    let inner = pointer::join(&pointer, &index.to_string());
                    self.names.insert(inner.clone(), at);
                    values.push(self.value(item, inner, at, depth + 1)?);
                }
                Value::Array(values)
            }
            YamlDataOwned::Mapping(members) => {
                let mut object = Map::new();
                // What is merged in stands after what is written here, which counts.
                let (merged, own): (Vec<_>, Vec<_>) = members.iter().partition(|(key, _)| is_merge(self.text, key));
                let merged = merged
                    .into_iter()
                    .map(|(key, value)| merged_members(self.text, key, value, &pointer));
                let merged: Vec<(&MarkedYamlOwned, &MarkedYamlOwned)> =
                    merged.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
                let is_merged = own.len();
                for (index, (key, member)) in own.into_iter().chain(merged).enumerate() {
                    let at = place_of(&key.span.start);
                    let name = name(key).ok_or_else(|| Unreadable {
                        place: at,
                        pointer: pointer.clone(),
                        problem: "a name here is not a text".to_owned(),
                        remedy: "put the name in quotes",
                    })?;
                    if index >= is_merged && object.contains_key(&name) {
                        continue;
                    }
                    let inner = pointer::join(&pointer, &name);
                    self.names.insert(inner.clone(), at);
                    let value = self.value(member, inner, at, depth + 1)?;
                    if object.insert(name.clone(), value).is_some() {
                        return Err(Unreadable {
                            place: at,
                            pointer: pointer.clone(),
                            problem: format!("the name `{name}` is given twice"),
                            remedy: "remove one of the two",
                        });
                    }
                }
                Value::Object(object)
            }
            YamlDataOwned::Tagged(tag, _) => {
                return Err(refuse(
                    format!("the YAML tag `{tag}` has no meaning in OpenAPI"),
                    "remove the tag",
                ));
            }
            YamlDataOwned::Representation(..) | YamlDataOwned::Alias(_) | YamlDataOwned::BadValue => {
                return Err(refuse(
                    "this YAML value has no meaning in OpenAPI".to_owned(),
                    "write it as a plain value, without tags or recursive aliases",
                ));
            }
        };
        self.places.insert(pointer, place);
        Ok(value)
    }
}

/// The name of a member. Whole numbers are taken as they stand: `200:` without quotes is common among responses.
fn name(key: &MarkedYamlOwned) -> Option<String> {
    match &key.data {
        YamlDataOwned::Value(ScalarOwned::String(name)) => Some(name.clone()),
        YamlDataOwned::Value(ScalarOwned::Integer(number)) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a member is YAML's merge key, by which a mapping has the members of another.
fn is_merge(text: &str, key: &MarkedYamlOwned) -> bool {
    let is_name = matches!(&key.data, YamlDataOwned::Value(ScalarOwned::String(name)) if name == "<<");
    // In quotes it is a name like any other.
    is_name && text.chars().nth(key.span.start.index()) == Some('<')
}

/// The members that are merged in: those of a mapping, or of several, of which the first counts.
fn merged_members<'n>(
    text: &str,
    key: &MarkedYamlOwned,
    value: &'n MarkedYamlOwned,
    pointer: &str,
) -> Result<Vec<(&'n MarkedYamlOwned, &'n MarkedYamlOwned)>, Unreadable> {
    let refuse = || Unreadable {
        place: place_of(&key.span.start),
        pointer: pointer.to_owned(),
        problem: "only objects can be merged in by `<<`".to_owned(),
        remedy: "refer to an object by its anchor, such as `<<: *base`, or write the members here",
    };
    match &value.data {
        YamlDataOwned::Mapping(members) => {
            let mut found = Vec::new();
            for (key, value) in members {
                match is_merge(text, key) {
                    true => found.extend(merged_members(text, key, value, pointer)?),
                    false => found.push((key, value)),
                }
            }
            Ok(found)
        }
        YamlDataOwned::Sequence(items) => {
            let each = items.iter().map(|item| match &item.data {
                YamlDataOwned::Mapping(_) => merged_members(text, key, item, pointer),
                _ => Err(refuse()),
            });
            Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
        }
        _ => Err(refuse()),
    }
}
