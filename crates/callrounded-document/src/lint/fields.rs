//! Objects have only the fields that OpenAPI 3.0 defines. A misspelled field is ignored by every tool.

use super::schemas;
use crate::{
    diagnostic::Diagnostic,
    document::Document,
    pointer,
    structure::{self, Object},
};

/// Two names as much alike as this are taken for one, misspelled.
const ALIKE: f64 = 0.7;

pub(super) fn check(document: &Document, found: &mut Vec<Diagnostic>) {
    for (at, object) in structure::objects(document) {
        let Some(fields) = object.fields() else { continue };
        let is_reference = object != Object::PathItem && document.get(&pointer::join(&at, "$ref")).is_some();
        // Beside a reference nothing counts.
        if is_reference {
            continue;
        }
        for (name, at) in document.members(&at) {
            let is_known = name.starts_with("x-") || fields.contains(&name);
            // Of these there is more to say.
            let is_said = object == Object::Schema && schemas::is_later(name);
            if is_known || is_said {
                continue;
            }
            let remedy = match nearest(name, fields) {
                Some(field) => format!("did you mean `{field}`?"),
                None => "remove it; what is not in OpenAPI has a name that begins with `x-`".to_owned(),
            };
            let article = if object.name().starts_with(['a', 'e', 'i', 'o']) {
                "an"
            } else {
                "a"
            };
            found.push(document.diagnostic(&at, format!("{article} {} has no `{name}`", object.name()), remedy));
        }
    }
}

fn nearest<'f>(name: &str, fields: &[&'f str]) -> Option<&'f str> {
    let lower = name.to_lowercase();
    let likeness = |field: &&str| strsim::normalized_damerau_levenshtein(&lower, &field.to_lowercase());
    let best = fields.iter().copied().map(|field| (likeness(&field), field));
    best.filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, field)| field)
}
