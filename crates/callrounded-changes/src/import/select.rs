//! Selects a part of a document: operations by tag or path, and the components that they refer to.

use std::collections::BTreeSet;

use callrounded_document::{Diagnostics, Document, Method, pointer, traverse::Kind};
use serde_json::{Map, Value};

use super::{loss::Losses, nodes};

/// A selection of operations: those with one of the tags or on one of the paths. All operations by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// The tags of the operations.
    pub tags: Vec<String>,
    /// The paths of the operations. `*` matches any characters, including `/`.
    pub paths: Vec<String>,
}

impl Select {
    pub(super) fn is_everything(&self) -> bool {
        self.tags.is_empty() && self.paths.is_empty()
    }

    pub(super) fn includes(&self, path: &str, operation: &Value) -> bool {
        let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
        let mut tags = tags.filter_map(Value::as_str);
        self.is_everything()
            || tags.any(|tag| self.tags.iter().any(|wanted| wanted == tag))
            || self.paths.iter().any(|pattern| matches_pattern(pattern, path))
    }

    /// Returns the document with the selected operations only.
    pub(super) fn apply(&self, source: &Document, losses: &mut Losses<'_>) -> Result<Value, Diagnostics> {
        let mut document = source.value().clone();
        let mut no_paths = Map::new();
        let paths = document
            .get_mut("paths")
            .and_then(Value::as_object_mut)
            .unwrap_or(&mut no_paths);
        inline_path_items(source, paths, losses);
        let mut selected = 0;
        for (path, item) in paths.iter_mut() {
            let Some(item) = item.as_object_mut() else { continue };
            item.retain(|name, operation| {
                let kept = Method::from_name(name).is_none() || self.includes(path, operation);
                selected += usize::from(kept && Method::from_name(name).is_some());
                kept
            });
        }
        paths.retain(|path, item| path.starts_with("x-") || has_operation(item));
        if selected == 0 && !self.is_everything() {
            let tags: BTreeSet<&str> = source
                .operations()
                .iter()
                .filter_map(|operation| source.get(&pointer::join(&operation.pointer, "tags"))?.as_array())
                .flatten()
                .filter_map(Value::as_str)
                .collect();
            let known: Vec<&str> = tags.into_iter().collect();
            return Err(source
                .diagnostic(
                    "/paths",
                    "no operation matches the selection",
                    format!("select one of the tags of the document: {}", known.join(", ")),
                )
                .into());
        }
        Ok(document)
    }
}

fn has_operation(item: &Value) -> bool {
    item.as_object()
        .is_some_and(|item| item.keys().any(|name| Method::from_name(name).is_some()))
}

/// Inlines path items that are references: OpenAPI 3.0 has no components for them.
pub(super) fn inline_path_items(source: &Document, paths: &mut Map<String, Value>, losses: &mut Losses<'_>) {
    for (path, item) in paths.iter_mut() {
        if item.get("$ref").is_none() {
            continue;
        }
        let at = pointer::join("/paths", path);
        let target = source.resolve(&at);
        match target.and_then(|target| source.get(&target)) {
            Some(target) => {
                losses.lowered(&at, "$ref", "the path item is inlined");
                let mut merged = target.as_object().cloned().unwrap_or_default();
                // Siblings of the reference take precedence.
                let own = item.as_object().cloned().unwrap_or_default();
                merged.extend(own.into_iter().filter(|(name, _)| name != "$ref"));
                *item = Value::Object(merged);
            }
            None => losses.lost(&at, "$ref", "the path item does not exist in the document"),
        }
    }
}

/// Checks whether a path matches a pattern, in which `*` matches any characters.
fn matches_pattern(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Returns the document without components and tags that are not used. With `all`, everything is kept.
pub(super) fn pruned(mut document: Value, all: bool) -> Value {
    if all {
        return document;
    }
    loop {
        let mut used = BTreeSet::new();
        references(&document, &mut used);
        if let Some(schemes) = document
            .pointer("/components/securitySchemes")
            .and_then(Value::as_object)
        {
            let required = required_schemes(&document);
            used.extend(
                schemes
                    .keys()
                    .filter(|name| required.contains(*name))
                    .map(|name| pointer::join("/components/securitySchemes", name)),
            );
        }
        let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) else {
            return document;
        };
        let mut removed = false;
        for (section, members) in components.iter_mut() {
            let Some(members) = members.as_object_mut() else {
                continue;
            };
            let holder = pointer::join("/components", section);
            let before = members.len();
            // A component that only refers to itself is not used.
            members.retain(|name, _| used.contains(&pointer::join(&holder, name)));
            removed |= members.len() != before;
        }
        components.retain(|_, members| members.as_object().is_none_or(|members| !members.is_empty()));
        if !removed {
            break;
        }
    }
    if document
        .get("components")
        .and_then(Value::as_object)
        .is_some_and(Map::is_empty)
        && let Some(document) = document.as_object_mut()
    {
        document.shift_remove("components");
    }
    remove_unused_tags(&mut document);
    document
}

/// Collects the pointers to the components that are used by the paths, directly or indirectly.
pub(super) fn references(document: &Value, used: &mut BTreeSet<String>) {
    let mut document = document.clone();
    let mut waiting: Vec<String> = Vec::new();
    nodes::paths(&mut document, &mut |_, value| {
        waiting.extend(
            nodes::references(value)
                .into_iter()
                .map(|reference| nodes::target(reference)),
        );
    });
    while let Some(target) = waiting.pop() {
        // A reference into a component uses the whole component.
        let component: Vec<&str> = target.split('/').take(4).collect();
        let component = component.join("/");
        let kind = match component.split('/').nth(2) {
            Some("schemas") => Kind::Schema,
            Some("parameters") => Kind::Parameter,
            Some("requestBodies") => Kind::RequestBody,
            Some("responses") => Kind::Response,
            Some("headers") => Kind::Header,
            Some("examples") => Kind::Example,
            _ => continue,
        };
        if used.insert(component.clone())
            && let Some(value) = document.pointer_mut(&component)
        {
            nodes::one(value, kind, &mut |_, value| {
                waiting.extend(
                    nodes::references(value)
                        .into_iter()
                        .map(|reference| nodes::target(reference)),
                );
            });
        }
    }
}

/// Returns the names of all security schemes that operations require.
fn required_schemes(document: &Value) -> BTreeSet<String> {
    let operations = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = operations.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let operations = operations.filter(|(name, _)| Method::from_name(name).is_some());
    // The requirements of the document apply to operations without their own.
    let lists = operations.filter_map(|(_, operation)| operation.get("security").or_else(|| document.get("security")));
    lists
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|schemes| schemes.keys().cloned())
        .collect()
}

/// Removes tags that no operation has.
fn remove_unused_tags(document: &mut Value) {
    let operations = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = operations.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let used: BTreeSet<String> = operations
        .filter_map(|(_, operation)| operation.get("tags")?.as_array())
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(|tag| {
            tag.get("name")
                .and_then(Value::as_str)
                .is_some_and(|name| used.contains(name))
        });
        if tags.is_empty()
            && let Some(document) = document.as_object_mut()
        {
            document.shift_remove("tags");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn path_pattern_star_matches_any_characters() {
        for (pattern, path) in [
            ("/v1/calls", "/v1/calls"),
            ("/v1/calls*", "/v1/calls/{id}/end"),
            ("*/calls", "/v1/calls"),
            ("/v1/*/end", "/v1/calls/{id}/end"),
            ("*", "/"),
            ("/a*b*c", "/abbc"),
        ] {
            assert!(matches_pattern(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/v1/calls", "/v1/calls/{id}"),
            ("/v1/calls*", "/v2/calls"),
            ("/a*b", "/ab/c"),
            ("", "/"),
        ] {
            assert!(!matches_pattern(pattern, path), "{pattern} {path}");
        }
    }
}
