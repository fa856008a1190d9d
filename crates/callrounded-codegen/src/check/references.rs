//! Checks that references point to components: types are named after these.

use callrounded_document::{Diagnostic, Document, pointer, traverse::Node};

pub(super) fn check(document: &Document, nodes: &[Node], found: &mut Vec<Diagnostic>) {
    for node in nodes {
        let at = pointer::join(&node.pointer, "$ref");
        let (Some(reference), Some(section)) = (document.get_str(&at), node.kind.section()) else {
            continue;
        };
        // Dangling references, and those to another kind of component, are reported by the lint.
        let Some(target) = reference.strip_prefix('#') else {
            continue;
        };
        let expected = format!("/components/{section}/");
        let is_component = |name: &str| !name.is_empty() && !name.contains('/');
        let is_reported =
            document.get(target).is_none() || target.starts_with("/components/") && !target.starts_with(&expected);
        if !is_reported && !target.strip_prefix(&expected).is_some_and(is_component) {
            found.push(document.diagnostic(
                &at,
                format!("`{reference}` does not point to a component, so its type would have no name"),
                format!("move the target directly under `#{expected}` and reference it there"),
            ));
        }
    }
}
