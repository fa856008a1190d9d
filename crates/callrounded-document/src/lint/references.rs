//! Every `$ref` resolves inside this document to an object of the expected kind.

use crate::{diagnostic::Diagnostic, document::Document, pointer, walk::Node};

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes {
        let at = pointer::join(&node.pointer, "$ref");
        let Some(reference) = document.get(&at) else { continue };
        if let Some((problem, remedy)) = wrong(document, node, reference.as_str()) {
            found.push(document.diagnostic(&at, problem, remedy));
        }
    }
}

fn wrong(document: &Document, node: &Node, reference: Option<&str>) -> Option<(String, String)> {
    let Some(reference) = reference else {
        return Some((
            "a `$ref` is a text".to_owned(),
            "write it in quotes: '#/components/…'".to_owned(),
        ));
    };
    let Some(section) = node.kind.section() else {
        return Some((
            format!("the path item refers to `{reference}`: references of path items are not supported"),
            "write the operations of the path here".to_owned(),
        ));
    };
    let wanted = format!("#/components/{section}/");
    let Some(target) = reference.strip_prefix('#') else {
        return Some((
            format!("`{reference}` leads out of the document"),
            format!("copy what it means into this document and refer to it as `{wanted}…`"),
        ));
    };
    if document.get(target).is_none() {
        let known: Vec<String> = document
            .members(&format!("/components/{section}"))
            .map(|(name, _)| name.to_owned())
            .collect();
        let remedy = match nearest(&pointer::last(target), &known) {
            Some(name) => format!("did you mean `{wanted}{name}`?"),
            None => format!("add it, or refer to something that stands under `{wanted}`"),
        };
        return Some((format!("`{reference}` leads nowhere"), remedy));
    }
    if target.starts_with("/components/") && !reference.starts_with(&wanted) {
        return Some((
            format!("`{reference}` is another kind of component than is wanted here"),
            format!("refer to something that stands directly under `{wanted}`"),
        ));
    }
    // A schema may contain itself; a reference that is nothing but a reference to itself means nothing.
    if document.resolve(&node.pointer).is_none() {
        return Some((
            format!("`{reference}` leads in a circle"),
            "let one of the references be a definition".to_owned(),
        ));
    }
    None
}

/// The known name that differs least from `name`, if it is near enough to be a slip of the pen.
fn nearest<'a>(name: &str, known: &'a [String]) -> Option<&'a str> {
    let distance = |other: &str| strsim::levenshtein(&name.to_lowercase(), &other.to_lowercase());
    let best = known.iter().min_by_key(|other| distance(other))?;
    (distance(best) <= name.chars().count().div_ceil(3)).then_some(best)
}
