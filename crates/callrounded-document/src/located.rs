//! Text to values: JSON where the text is JSON, else YAML, read once, each value with the line and column it stands at.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::{
    json::{self, FlawKind, Json, Node},
    pointer, yaml,
};

/// A place in a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    /// In characters, counted from 1.
    pub column: usize,
}

impl Place {
    /// Where a file begins.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// What was read: the value, and the place of each value in it by JSON pointer.
///
/// The place of a member that holds an object or an array is that of its name, which is what one looks for in the
/// file; the place of any other value is its own.
#[derive(Debug)]
pub(crate) struct Located {
    pub value: Value,
    pub places: HashMap<String, Place>,
    /// Where the name of each member stands, and each item begins.
    pub names: HashMap<String, Place>,
    pub rounded: Vec<Rounded>,
}

/// A whole number of more than 64 bits that no double holds: the value has the nearest one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rounded {
    /// JSON pointer to it.
    pub pointer: String,
    /// Where it stands.
    pub place: Place,
    /// As it is written.
    pub digits: String,
}

/// Why the text could not be read.
#[derive(Debug)]
pub(crate) struct Unreadable {
    pub place: Place,
    pub pointer: String,
    pub problem: String,
    pub remedy: &'static str,
}

/// Reads a document. What it is written in is seen from the text: a file name may be wrong.
pub(crate) fn read(text: &str) -> Result<Located, Unreadable> {
    // YAML may begin with a brace or be all in quotes too.
    if !text.trim_start().starts_with('{') {
        return yaml::read(text);
    }
    let no_json = match Json::read(text) {
        Ok(json) => return of_json(&json),
        Err(unreadable) => Unreadable {
            place: json::place(text, unreadable.offset),
            pointer: String::new(),
            problem: format!("this is not JSON: {}", unreadable.problem),
            remedy: unreadable.remedy,
        },
    };
    // Whichever reader came further knows better what was meant.
    yaml::read(text).map_err(|no_yaml| {
        if no_json.place > no_yaml.place {
            no_json
        } else {
            no_yaml
        }
    })
}

fn of_json(json: &Json) -> Result<Located, Unreadable> {
    let flaw = json.flaws().iter().find(|flaw| flaw.kind != FlawKind::HalfCharacter);
    if let Some(flaw) = flaw {
        let name = json.text().get(flaw.span.clone()).unwrap_or_default();
        let (problem, remedy) = match flaw.kind {
            FlawKind::Duplicate { .. } => (
                format!("the name `{}` is given twice", name.trim_matches('"')),
                "remove one of the two",
            ),
            _ => (
                "JSON has no such number".to_owned(),
                "use a finite number, or quote it if a text was meant",
            ),
        };
        return Err(Unreadable {
            place: json.place(flaw.span.start),
            pointer: pointer::split(&json.pointer_to(flaw.span.start))
                .map(|(holder, _)| holder.to_owned())
                .unwrap_or_default(),
            problem,
            remedy,
        });
    }
    let mut reader = Reader {
        text: json.text(),
        at: 0,
        place: Place::START,
        places: HashMap::new(),
        names: HashMap::new(),
        rounded: Vec::new(),
    };
    let place = reader.place(json.root().span().start);
    let value = reader.value(json.root(), String::new(), place);
    Ok(Located {
        value,
        places: reader.places,
        names: reader.names,
        rounded: reader.rounded,
    })
}

struct Reader<'t> {
    text: &'t str,
    /// The byte that was asked for last, and its place. Values come in the order of the text.
    at: usize,
    place: Place,
    places: HashMap<String, Place>,
    names: HashMap<String, Place>,
    rounded: Vec<Rounded>,
}

impl Reader<'_> {
    fn place(&mut self, offset: usize) -> Place {
        for character in self.text.get(self.at..offset).unwrap_or_default().chars() {
            match character {
                '\n' => {
                    self.place.line += 1;
                    self.place.column = 1;
                }
                _ => self.place.column += 1,
            }
        }
        self.at = offset;
        self.place
    }

    fn value(&mut self, node: Node<'_>, pointer: String, place: Place) -> Value {
        let place = match node.kind() {
            json::Kind::Array | json::Kind::Object => place,
            _ => self.place(node.span().start),
        };
        self.places.insert(pointer.clone(), place);
        match node.kind() {
            json::Kind::Array => {
                let mut values = Vec::new();
                for (index, item) in node.elements().enumerate() {
                    let inner = pointer::join(&pointer, &index.to_string());
                    let place = self.place(item.span().start);
                    self.names.insert(inner.clone(), place);
                    values.push(self.value(item, inner, place));
                }
                Value::Array(values)
            }
            json::Kind::Object => {
                let mut members = Map::new();
                for (name, member) in node.members() {
                    let place = self.place(name.span().start);
                    let name = name.as_str().unwrap_or_default().into_owned();
                    let inner = pointer::join(&pointer, &name);
                    self.names.insert(inner.clone(), place);
                    let value = self.value(member, inner, place);
                    members.insert(name, value);
                }
                Value::Object(members)
            }
            json::Kind::Number => {
                let digits = node.source();
                let is_whole = digits.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit());
                if is_whole && exact(digits).is_none() {
                    self.rounded.push(Rounded {
                        pointer,
                        place,
                        digits: digits.to_owned(),
                    });
                }
                Value::Number(json::number(digits))
            }
            _ => node.to_value(),
        }
    }
}

/// A whole number with all its digits, if it can be held.
pub(crate) fn exact(digits: &str) -> Option<Number> {
    let whole = digits.parse::<u64>().map(Number::from);
    let whole = whole.or_else(|_| digits.parse::<i64>().map(Number::from));
    whole.ok().or_else(|| {
        let read: f64 = digits.parse().ok()?;
        (format!("{read:.0}") == digits).then(|| Number::from_f64(read))?
    })
}
