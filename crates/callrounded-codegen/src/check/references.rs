//! A reference of a schema leads to what a type can be named after.

use callrounded_document::{Diagnostic, Document, pointer, walk::Node};

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes {
        let at = pointer::join(&node.pointer, "$ref");
        let (Some(reference), Some(section)) = (document.text(&at), node.kind.section()) else {
            continue;
        };
        // Those that lead nowhere, or to another kind of component, are reported as such.
        let Some(target) = reference.strip_prefix('#') else {
            continue;
        };
        let wanted = format!("/components/{section}/");
        let is_component = |name: &str| !name.is_empty() && !name.contains('/');
        let is_said =
            document.get(target).is_none() || target.starts_with("/components/") && !target.starts_with(&wanted);
        if !is_said && !target.strip_prefix(&wanted).is_some_and(is_component) {
            found.push(document.diagnostic(
                &at,
                format!("`{reference}` leads to a place that the generator can't name a type after"),
                format!("refer to something that stands directly under `#{wanted}`"),
            ));
        }
    }
}
