//! What recorded payloads know better than the document, and the edits that would teach it.
//!
//! It looks with the eyes of the validator: what that finds in a payload, and does not call a plain contradiction, is
//! something that the service does and the document does not say. No value of a payload is kept but for the values of
//! enumerations that the document marks as no personal data.

mod apply;
mod formats;
mod infer;
mod trail;

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{
    Deviation, Diagnostics, Document,
    check::{Check, Subject, fits, mask},
    json::{Json, Kind},
    pointer,
};

pub use apply::apply;
use infer::Inferred;

/// Fewer different texts say nothing of a format.
const ENOUGH: usize = 3;

/// Looks at payloads of one kind.
#[derive(Debug)]
pub struct Watch<'d> {
    document: &'d Document,
    check: Check<'d>,
    payloads: u64,
    /// Payloads that contradict the document in a way that no edit proposed here would mend.
    contradictions: u64,
    unknown: BTreeMap<(String, String), Unknown>,
    /// By list and value, and whether the value may be shown.
    values: BTreeMap<(String, String, bool), Counted>,
    absent: BTreeMap<(String, String), Counted>,
    null: BTreeMap<String, Counted>,
    texts: BTreeMap<String, formats::Texts>,
    /// Date-times: those without an offset, and how many had one.
    times: BTreeMap<String, (Counted, u64)>,
}

#[derive(Debug, Default)]
struct Unknown {
    inferred: Inferred,
    counted: Counted,
}

#[derive(Debug, Default)]
struct Counted {
    count: u64,
    payloads: u64,
    sample: String,
    last: u64,
}

impl Counted {
    fn add(&mut self, payload: u64, sample: impl FnOnce() -> String) {
        if self.count == 0 {
            self.sample = sample();
        }
        self.count += 1;
        if self.last != payload {
            self.payloads += 1;
            self.last = payload;
        }
    }
}

/// What the document does not say, and the service does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drifted {
    /// A property that no schema names.
    Property {
        /// JSON pointer to the object schema.
        schema: String,
        /// Its name.
        name: String,
        /// What its values looked like, as a schema; component schemas that it refers to are in `components`.
        inferred: serde_json::Value,
        /// Component schemas to go with it, by name.
        components: Vec<(String, serde_json::Value)>,
    },
    /// A value that an enumeration does not list.
    Value {
        /// JSON pointer to the list.
        list: String,
        /// The value; masked where the document does not say that it may be shown.
        value: String,
        /// Whether it may be shown, and so written into the document.
        shown: bool,
    },
    /// A property that is required and was not there.
    Absent {
        /// JSON pointer to the object schema that requires it.
        schema: String,
        /// Its name.
        name: String,
        /// Whether the document needs it all the same (`x-needed`).
        needed: bool,
    },
    /// A value that was null and may not be.
    Null {
        /// JSON pointer to the schema of the value, where it is used.
        schema: String,
    },
    /// A property that no schema names and that was always null, so that nothing is known of its type.
    AlwaysNull {
        /// JSON pointer to the object schema.
        schema: String,
        /// Its name.
        name: String,
    },
    /// A date-time that came without an offset.
    LocalTime {
        /// JSON pointer to the schema of the text.
        schema: String,
        /// How many others at the same place had an offset.
        others: u64,
    },
    /// A format that all texts had which were seen.
    Format {
        /// JSON pointer to the schema of the text.
        schema: String,
        /// The format.
        format: &'static str,
    },
}

/// Something that drifted, and how often it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// What it is.
    pub drifted: Drifted,
    /// How often it was seen.
    pub count: u64,
    /// In how many payloads.
    pub payloads: u64,
    /// Of how many.
    pub of: u64,
    /// One of those seen, with its letters as `a` and its digits as `0`.
    pub sample: String,
}

impl<'d> Watch<'d> {
    /// Makes ready to look at payloads of one kind.
    ///
    /// # Errors
    /// Where the schema is no valid schema.
    pub fn new(document: &'d Document, subject: Subject) -> Result<Self, Diagnostics> {
        Ok(Self {
            document,
            check: document.check(subject)?,
            payloads: 0,
            contradictions: 0,
            unknown: BTreeMap::new(),
            values: BTreeMap::new(),
            absent: BTreeMap::new(),
            null: BTreeMap::new(),
            texts: BTreeMap::new(),
            times: BTreeMap::new(),
        })
    }

    /// What kind of payloads it looks at.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        self.check.subject()
    }

    /// How many payloads were looked at.
    #[must_use]
    pub fn payloads(&self) -> u64 {
        self.payloads
    }

    /// How many of them contradict the document in other ways, which `validate` shows.
    #[must_use]
    pub fn contradictions(&self) -> u64 {
        self.contradictions
    }

    /// How well a payload fits: how much of it is described, and then how little of it is not as it is described. A schema
    /// that takes anything says nothing of what it takes.
    #[must_use]
    pub fn fit(&self, payload: &Json) -> i64 {
        let described = trail::described(self.document, &self.check.subject().schema, payload.root());
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
        3 * count(described) - count(self.check.deviations(payload).len())
    }

    /// Looks at a payload.
    pub fn see(&mut self, payload: &Json) {
        self.payloads += 1;
        let found = self.check.deviations(payload);
        let contradicted = found.into_iter().filter(|one| !self.note(payload, one)).count();
        self.contradictions += u64::from(contradicted > 0);
        trail::texts(
            self.document,
            &self.check.subject().schema,
            payload,
            &mut |schema, text| match self.document.text(&pointer::join(&schema, "format")) {
                Some(_) => self.times.entry(schema).or_default().1 += u64::from(fits("date-time", text)),
                None => self.texts.entry(schema).or_default().see(text),
            },
        );
    }

    /// Takes down a deviation; whether it is one that can be learned from.
    fn note(&mut self, payload: &Json, found: &Deviation) -> bool {
        let Some(node) = payload.at(&found.pointer) else {
            return false;
        };
        let count = self.payloads;
        match found.keyword.as_str() {
            "properties" => {
                let Some((schema, _)) = pointer::split(&found.schema) else {
                    return false;
                };
                let name = pointer::last(&found.pointer);
                let seen = self.unknown.entry((schema.to_owned(), name)).or_default();
                seen.inferred.see(node);
                seen.counted.add(count, || sample(node.source()));
                true
            }
            "enum" if node.kind() == Kind::String => {
                let value = node.as_str().unwrap_or_default().into_owned();
                let shown = trail::is_shown(self.document, &self.check.subject().schema, found);
                let kept = if shown { value } else { mask(&value) };
                let seen = self.values.entry((found.schema.clone(), kept, shown)).or_default();
                seen.add(count, || sample(node.source()));
                true
            }
            "required" => {
                let Some((schema, _)) = pointer::split(&found.schema) else {
                    return false;
                };
                let name = found.property.clone().unwrap_or_default();
                let seen = self.absent.entry((schema.to_owned(), name)).or_default();
                seen.add(count, String::new);
                true
            }
            "format" if node.as_str().is_some_and(|text| fits("date-time-local", &text)) => {
                let Some((schema, _)) = pointer::split(&found.schema) else {
                    return false;
                };
                if self.document.text(&found.schema) != Some("date-time") {
                    return false;
                }
                let (seen, _) = self.times.entry(schema.to_owned()).or_default();
                seen.add(count, || sample(node.source()));
                true
            }
            _ if node.kind() == Kind::Null => {
                let schema = &self.check.subject().schema;
                let Some(schema) = trail::schema_of(self.document, schema, &found.pointer) else {
                    return false;
                };
                self.null.entry(schema).or_default().add(count, || "null".to_owned());
                true
            }
            _ => false,
        }
    }

    /// What was seen, in the order of the document.
    #[must_use]
    pub fn sightings(&self) -> Vec<Sighting> {
        let mut found = Vec::new();
        let sighting = |drifted, seen: &Counted| Sighting {
            drifted,
            count: seen.count,
            payloads: seen.payloads,
            of: self.payloads,
            sample: seen.sample.clone(),
        };
        let mut names: BTreeSet<String> = self
            .document
            .members("/components/schemas")
            .map(|(name, _)| name.to_owned())
            .collect();
        for ((schema, name), seen) in &self.unknown {
            // A name that is no word may be data.
            if !infer::is_name(name) {
                continue;
            }
            if seen.inferred.is_only_null() {
                let drifted = Drifted::AlwaysNull {
                    schema: schema.clone(),
                    name: name.clone(),
                };
                found.push(sighting(drifted, &seen.counted));
                continue;
            }
            let (inferred, components) = seen.inferred.schema(schema, name, &mut names, self.payloads);
            let drifted = Drifted::Property {
                schema: schema.clone(),
                name: name.clone(),
                inferred,
                components,
            };
            found.push(sighting(drifted, &seen.counted));
        }
        for ((list, value, shown), seen) in &self.values {
            let drifted = Drifted::Value {
                list: list.clone(),
                value: value.clone(),
                shown: *shown,
            };
            found.push(sighting(drifted, seen));
        }
        for ((schema, name), seen) in &self.absent {
            let needed = self
                .document
                .get(&pointer::join(schema, "x-needed"))
                .and_then(|names| names.as_array());
            let drifted = Drifted::Absent {
                schema: schema.clone(),
                name: name.clone(),
                needed: needed.is_some_and(|names| names.iter().any(|needed| needed == name)),
            };
            found.push(sighting(drifted, seen));
        }
        for (schema, seen) in &self.null {
            let drifted = Drifted::Null { schema: schema.clone() };
            found.push(sighting(drifted, seen));
        }
        for (schema, (seen, others)) in self.times.iter().filter(|(_, (seen, _))| seen.count > 0) {
            let drifted = Drifted::LocalTime {
                schema: schema.clone(),
                others: *others,
            };
            found.push(sighting(drifted, seen));
        }
        for (schema, seen) in &self.texts {
            if let Some(format) = seen.format(ENOUGH) {
                found.push(Sighting {
                    drifted: Drifted::Format {
                        schema: schema.clone(),
                        format,
                    },
                    count: seen.count(),
                    payloads: 0,
                    of: self.payloads,
                    sample: seen.sample().to_owned(),
                });
            }
        }
        found.sort_by_key(|one| self.document.place(one.drifted.pointer()));
        found
    }
}

impl Drifted {
    /// JSON pointer to the place in the document that would be edited.
    #[must_use]
    pub fn pointer(&self) -> &str {
        match self {
            Self::Value { list, .. } => list,
            Self::Property { schema, .. }
            | Self::AlwaysNull { schema, .. }
            | Self::LocalTime { schema, .. }
            | Self::Absent { schema, .. }
            | Self::Null { schema }
            | Self::Format { schema, .. } => schema,
        }
    }
}

/// A value as it may be shown: its shape, and not too much of it.
fn sample(source: &str) -> String {
    const LONGEST: usize = 60;
    let line: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = mask(&line).chars().take(LONGEST).collect();
    if line.chars().count() > LONGEST {
        shown.push('…');
    }
    match source {
        "true" | "false" | "null" => source.to_owned(),
        _ => shown,
    }
}
