//! Rule: every `$ref` resolves to an object of the expected kind in the same document.

use crate::{diagnostic::Diagnostic, document::Document, pointer, traverse::Node};

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes {
        let at = pointer::join(&node.pointer, "$ref");
        let Some(reference) = document.get(&at) else { continue };
        if let Some((problem, remedy)) = error(document, node, reference.as_str()) {
            found.push(document.diagnostic(&at, problem, remedy));
        }
    }
}

fn error(document: &Document, node: &Node, reference: Option<&str>) -> Option<(String, String)> {
    let Some(reference) = reference else {
        return Some((
            "invalid `$ref`: expected a string".to_owned(),
            "write it in quotes: '#/components/…'".to_owned(),
        ));
    };
    let Some(section) = node.kind.section() else {
        return Some((
            format!("unsupported reference `{reference}`: a path item cannot be a reference here"),
            "write the operations of the path here".to_owned(),
        ));
    };
    let expected = format!("#/components/{section}/");
    let Some(target) = reference.strip_prefix('#') else {
        return Some((
            format!("external reference `{reference}`: expected one in this document"),
            format!("copy its target into this document, and refer to it as `{expected}…`"),
        ));
    };
    if document.get(target).is_none() {
        let known: Vec<String> = document
            .members(&format!("/components/{section}"))
            .map(|(name, _)| name.to_owned())
            .collect();
        let remedy = match nearest(&pointer::last(target), &known) {
            Some(name) => format!("did you mean `{expected}{name}`?"),
            None => format!("add its target, or refer to a component under `{expected}`"),
        };
        return Some((format!("unresolved reference `{reference}`"), remedy));
    }
    if target.starts_with("/components/") && !reference.starts_with(&expected) {
        return Some((
            format!("invalid reference `{reference}`: expected another kind of component"),
            format!("refer to a component directly under `{expected}`"),
        ));
    }
    // A schema may contain itself, but a reference must not lead back to itself through references only.
    if document.resolve(&node.pointer).is_none() {
        return Some((
            format!("circular reference `{reference}`"),
            "replace one of the references by a definition".to_owned(),
        ));
    }
    None
}

/// Returns the known name that is most similar to `name`, if it is similar enough to be a typing error.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let distance = |other: &str| strsim::levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let best = known.iter().min_by_key(|other| distance(other))?;
    (distance(best) <= name.chars().count().div_ceil(3)).then_some(best)
}
