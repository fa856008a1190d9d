//! Rule: objects have only the fields that OpenAPI 3.0 defines, and extensions. Tools ignore a misspelled field.

use super::schemas;
use crate::{
    diagnostic::Diagnostic,
    document::Document,
    pointer,
    structure::{self, Object},
};

/// The minimum similarity, from 0 to 1, at which a field is suggested for an unknown one.
const MIN_SIMILARITY: f64 = 0.7;

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    for (at, object) in structure::objects(document) {
        let Some(fields) = object.fields() else { continue };
        let is_reference = object != Object::PathItem && document.get(&pointer::join(&at, "$ref")).is_some();
        // Fields beside a reference are ignored.
        if is_reference {
            continue;
        }
        for (name, at) in document.members(&at) {
            let is_known = name.starts_with("x-") || fields.contains(&name);
            // The rule for schemas reports these, with a better remedy.
            let is_reported = object == Object::Schema && schemas::is_unsupported(name);
            if is_known || is_reported {
                continue;
            }
            let remedy = match nearest(name, fields) {
                Some(field) => format!("did you mean `{field}`?"),
                None => "remove it, or start its name with `x-` if it is an extension".to_owned(),
            };
            let article = if object.name().starts_with(['a', 'e', 'i', 'o']) {
                "an"
            } else {
                "a"
            };
            let problem = format!("unknown field `{name}` in {article} {}", object.name());
            found.push(document.diagnostic(&at, problem, remedy));
        }
    }
}

fn nearest<'f>(name: &str, fields: &[&'f str]) -> Option<&'f str> {
    let lower = name.to_lowercase();
    let similarity = |field: &&str| strsim::normalized_damerau_levenshtein(&lower, &field.to_lowercase());
    let best = fields.iter().copied().map(|field| (similarity(&field), field));
    best.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, field)| field)
}
