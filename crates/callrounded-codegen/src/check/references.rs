//! Every `$ref` leads, inside this document, to something of the kind that is wanted there.

use callrounded_document::{Diagnostic, Document, pointer};

use callrounded_document::walk::Node;

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
            format!("the path item refers to `{reference}`, which the generator can't follow"),
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
    // With this, a chain of references stays among its own kind.
    let inside = reference
        .strip_prefix(&wanted)
        .filter(|name| !name.is_empty() && !name.contains('/'));
    if inside.is_none() {
        let problem = match target.starts_with("/components/") && !reference.starts_with(&wanted) {
            true => format!("`{reference}` is another kind of component than is wanted here"),
            false => format!("`{reference}` leads to a place that the generator can't name a type after"),
        };
        return Some((
            problem,
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
    let distance = |other: &str| edits(&name.to_lowercase(), &other.to_lowercase());
    let best = known.iter().min_by_key(|other| distance(other))?;
    (distance(best) <= name.chars().count().div_ceil(3)).then_some(best)
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = (diagonal + usize::from(from != *to)).min(above + 1).min(left + 1);
            diagonal = *above;
            left = cost;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
