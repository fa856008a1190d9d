//! Finds where recorded payloads differ from the document, and proposes edits of the document.
//!
//! Findings come from the validator. A mismatch that an edit of the document can resolve, such as an unknown property,
//! is drift; every other one is counted as a contradiction. No values of payloads are kept, except values of
//! enumerations that the document marks as not personal data.

mod apply;
mod formats;
mod infer;
mod lookup;

use std::collections::{BTreeMap, BTreeSet};

use callrounded_document::{
    Diagnostics, Document, Mismatch,
    check::{Check, Subject, mask, matches_format},
    json::{Json, Kind},
    pointer,
};

pub use apply::apply;
use infer::Inferred;

/// The minimum number of distinct strings from which a format is inferred.
const MIN_DISTINCT_STRINGS: usize = 3;

/// A detector of drift in payloads of one kind.
#[derive(Debug)]
pub struct Detector<'d> {
    document: &'d Document,
    check: Check<'d>,
    payloads: u64,
    /// The number of payloads with a mismatch that no proposed edit resolves.
    contradictions: u64,
    /// Unknown properties, by pointer to the object schema and key.
    unknown: BTreeMap<(String, String), UnknownProperty>,
    /// By list and value, and whether the value may be shown.
    values: BTreeMap<(String, String, bool), Occurrences>,
    absent: BTreeMap<(String, String), Occurrences>,
    null: BTreeMap<String, Occurrences>,
    strings: BTreeMap<String, formats::Strings>,
    /// Date-times by schema: those without an offset, and the number of those with one.
    date_times: BTreeMap<String, (Occurrences, u64)>,
}

#[derive(Debug, Default)]
struct UnknownProperty {
    inferred: Inferred,
    occurrences: Occurrences,
}

/// How often something was observed.
#[derive(Debug, Default)]
struct Occurrences {
    count: u64,
    payloads: u64,
    sample: String,
    /// The number of the payload that was counted last.
    last: u64,
}

impl Occurrences {
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

/// A difference between the payloads and the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drift {
    /// A property that the document does not describe.
    Property {
        /// JSON pointer to the object schema.
        schema: String,
        /// The key of the property.
        name: String,
        /// The schema inferred from its values. The component schemas that it refers to are in `components`.
        inferred: serde_json::Value,
        /// The component schemas to add, by name.
        components: Vec<(String, serde_json::Value)>,
    },
    /// A value that an enumeration does not list.
    Value {
        /// JSON pointer to the list.
        list: String,
        /// The value; masked unless the document marks it as not personal data.
        value: String,
        /// Whether the value may be shown, and thus written into the document.
        shown: bool,
    },
    /// A required property that was absent.
    Absent {
        /// JSON pointer to the object schema that requires it.
        schema: String,
        /// The key of the property.
        name: String,
        /// Whether `x-needed` lists the property, so that it stays required.
        needed: bool,
    },
    /// A value that was null although its schema does not allow null.
    Null {
        /// JSON pointer to the schema of the value, where it is used.
        schema: String,
    },
    /// A property that the document does not describe and that was always null. Its type is unknown.
    AlwaysNull {
        /// JSON pointer to the object schema.
        schema: String,
        /// The key of the property.
        name: String,
    },
    /// A date-time without an offset.
    LocalTime {
        /// JSON pointer to the schema of the string.
        schema: String,
        /// The number of date-times at the same location that had an offset.
        others: u64,
    },
    /// A format that all observed strings had.
    Format {
        /// JSON pointer to the schema of the string.
        schema: String,
        /// The format.
        format: &'static str,
    },
}

/// A drift, and how often it was observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The drift.
    pub drift: Drift,
    /// The number of occurrences.
    pub count: u64,
    /// The number of payloads with at least one occurrence.
    pub payloads: u64,
    /// The number of payloads that were checked.
    pub of: u64,
    /// The first occurrence, with letters masked as `a` and digits as `0`.
    pub sample: String,
}

impl<'d> Detector<'d> {
    /// Creates a detector for payloads of one kind.
    ///
    /// # Errors
    /// Returns diagnostics if the schema is invalid.
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
            strings: BTreeMap::new(),
            date_times: BTreeMap::new(),
        })
    }

    /// Returns the kind of payloads that is checked.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        self.check.subject()
    }

    /// Returns the number of payloads that were observed.
    #[must_use]
    pub fn payloads(&self) -> u64 {
        self.payloads
    }

    /// Returns the number of payloads with mismatches that are not drift. `validate` reports these.
    #[must_use]
    pub fn contradictions(&self) -> u64 {
        self.contradictions
    }

    /// Returns how well a payload fits the schema; higher is better. It is three times the number of values that the
    /// document describes, minus the number of mismatches. A schema that allows anything thus scores low: it describes
    /// no values.
    #[must_use]
    pub fn fit(&self, payload: &Json) -> i64 {
        let described = lookup::described(self.document, &self.check.subject().schema, payload.root());
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX / 4);
        3 * count(described) - count(self.check.mismatches(payload).len())
    }

    /// Observes a payload.
    pub fn observe(&mut self, payload: &Json) {
        self.payloads += 1;
        let found = self.check.mismatches(payload);
        let contradicted = found.into_iter().filter(|one| !self.record(payload, one)).count();
        self.contradictions += u64::from(contradicted > 0);
        lookup::strings(
            self.document,
            &self.check.subject().schema,
            payload,
            &mut |schema, text| match self.document.get_str(&pointer::join(&schema, "format")) {
                Some(_) => self.date_times.entry(schema).or_default().1 += u64::from(matches_format("date-time", text)),
                None => self.strings.entry(schema).or_default().observe(text),
            },
        );
    }

    /// Records a mismatch. Returns whether it is drift.
    fn record(&mut self, payload: &Json, found: &Mismatch) -> bool {
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
                seen.inferred.observe(node);
                seen.occurrences.add(count, || sample(node.source()));
                true
            }
            "enum" if node.kind() == Kind::String => {
                let value = node.as_str().unwrap_or_default().into_owned();
                let shown = lookup::is_shown(self.document, &self.check.subject().schema, found);
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
            "format"
                if node
                    .as_str()
                    .is_some_and(|text| matches_format("date-time-local", &text)) =>
            {
                let Some((schema, _)) = pointer::split(&found.schema) else {
                    return false;
                };
                if self.document.get_str(&found.schema) != Some("date-time") {
                    return false;
                }
                let (seen, _) = self.date_times.entry(schema.to_owned()).or_default();
                seen.add(count, || sample(node.source()));
                true
            }
            _ if node.kind() == Kind::Null => {
                let schema = &self.check.subject().schema;
                let Some(schema) = lookup::schema_of(self.document, schema, &found.pointer) else {
                    return false;
                };
                self.null.entry(schema).or_default().add(count, || "null".to_owned());
                true
            }
            _ => false,
        }
    }

    /// Returns all drift that was observed, in the order of the document.
    #[must_use]
    pub fn sightings(&self) -> Vec<Sighting> {
        let mut found = self.unknown_properties();
        found.extend(self.values.iter().map(|((list, value, shown), seen)| {
            let drift = Drift::Value {
                list: list.clone(),
                value: value.clone(),
                shown: *shown,
            };
            self.sighting(drift, seen)
        }));
        found.extend(self.absent.iter().map(|((schema, name), seen)| {
            let needed = self.document.get(&pointer::join(schema, "x-needed"));
            let needed = needed.and_then(|names| names.as_array());
            let drift = Drift::Absent {
                schema: schema.clone(),
                name: name.clone(),
                needed: needed.is_some_and(|names| names.iter().any(|needed| needed == name)),
            };
            self.sighting(drift, seen)
        }));
        found.extend(self.null.iter().map(|(schema, seen)| {
            let drift = Drift::Null { schema: schema.clone() };
            self.sighting(drift, seen)
        }));
        let date_times = self.date_times.iter().filter(|(_, (seen, _))| seen.count > 0);
        found.extend(date_times.map(|(schema, (seen, others))| {
            let drift = Drift::LocalTime {
                schema: schema.clone(),
                others: *others,
            };
            self.sighting(drift, seen)
        }));
        found.extend(self.strings.iter().filter_map(|(schema, seen)| {
            Some(Sighting {
                drift: Drift::Format {
                    schema: schema.clone(),
                    format: seen.format(MIN_DISTINCT_STRINGS)?,
                },
                count: seen.count(),
                payloads: 0,
                of: self.payloads,
                sample: seen.sample().to_owned(),
            })
        }));
        found.sort_by_key(|one| self.document.location(one.drift.pointer()));
        found
    }

    fn sighting(&self, drift: Drift, seen: &Occurrences) -> Sighting {
        Sighting {
            drift,
            count: seen.count,
            payloads: seen.payloads,
            of: self.payloads,
            sample: seen.sample.clone(),
        }
    }

    fn unknown_properties(&self) -> Vec<Sighting> {
        let components = self.document.members("/components/schemas");
        let mut names: BTreeSet<String> = components.map(|(name, _)| name.to_owned()).collect();
        // A key that is not an identifier may be data.
        let unknown = self.unknown.iter().filter(|((_, name), _)| infer::is_identifier(name));
        let found = unknown.map(|((schema, name), seen)| {
            let (schema, name) = (schema.clone(), name.clone());
            let drift = if seen.inferred.is_only_null() {
                Drift::AlwaysNull { schema, name }
            } else {
                let (inferred, components) = seen.inferred.schema(&schema, &name, &mut names, self.payloads);
                Drift::Property {
                    schema,
                    name,
                    inferred,
                    components,
                }
            };
            self.sighting(drift, &seen.occurrences)
        });
        found.collect()
    }
}

impl Drift {
    /// Returns the JSON pointer to the part of the document that an edit changes.
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

/// Masks a value for display, shortened to 60 characters. `true`, `false` and `null` stay as they are.
fn sample(source: &str) -> String {
    const MAX_CHARS: usize = 60;
    let line: String = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = mask(&line).chars().take(MAX_CHARS).collect();
    if line.chars().count() > MAX_CHARS {
        shown.push('…');
    }
    match source {
        "true" | "false" | "null" => source.to_owned(),
        _ => shown,
    }
}
