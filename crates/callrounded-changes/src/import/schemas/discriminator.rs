//! Lowers discriminators.

use callrounded_document::pointer;
use serde_json::{Map, Value, json};

use crate::{bundle::mapping_is_reference, import::loss::Losses};

/// Completes the mapping of a discriminator. An implicit mapping is written out, so that no consumer has to derive it.
pub(super) fn complete_mapping(schema: &mut Value, at: &str, losses: &mut Losses<'_>) {
    let Some(out) = schema.as_object_mut() else { return };
    let Some(Value::Object(mut discriminator)) = out.get("discriminator").cloned() else {
        return;
    };
    let at = pointer::join(at, "discriminator");
    if let Some(mapping) = discriminator.get_mut("mapping").and_then(Value::as_object_mut) {
        remove_external(mapping, &pointer::join(&at, "mapping"), losses);
        out.insert("discriminator".to_owned(), Value::Object(discriminator.clone()));
    }
    let Some(property) = discriminator
        .get("propertyName")
        .and_then(Value::as_str)
        .map(str::to_owned)
    else {
        losses.lost(&at, "discriminator", "missing field `propertyName`");
        out.shift_remove("discriminator");
        return;
    };
    let branches: Vec<String> = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| out.get(*keyword)?.as_array())
        .flatten()
        .filter_map(|branch| branch.get("$ref")?.as_str().map(str::to_owned))
        .collect();
    if discriminator.contains_key("mapping") || branches.is_empty() {
        return;
    }
    losses.lowered(&at, "discriminator", "the implicit mapping is written out");
    let mut mapping = Map::new();
    for reference in branches {
        let target = pointer::of_reference(&reference).unwrap_or_default();
        let tag = losses
            .source
            .get(&pointer::join(&pointer::join(&target, "properties"), &property));
        let listed = tag
            .and_then(|tag| tag.get("enum"))
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let constant = tag.and_then(|tag| tag.get("const")).into_iter();
        let mut values: Vec<String> = constant
            .chain(listed)
            .filter_map(|value| Some(value.as_str()?.to_owned()))
            .collect();
        if values.is_empty() {
            values.push(pointer::last(&target));
        }
        for value in values {
            mapping.entry(value).or_insert_with(|| json!(reference));
        }
    }
    discriminator.insert("mapping".to_owned(), Value::Object(mapping));
    out.insert("discriminator".to_owned(), Value::Object(discriminator));
}

/// Removes the values of a mapping that refer to another file.
fn remove_external(mapping: &mut Map<String, Value>, at: &str, losses: &mut Losses<'_>) {
    mapping.retain(|value, target| {
        let target = target.as_str().unwrap_or_default();
        let is_external = !target.starts_with('#') && mapping_is_reference(target, losses.source);
        if is_external && !losses.comparison_only {
            let reason = format!("`{target}` refers to another file; the value is removed");
            losses.lost(&pointer::join(at, value), "mapping", reason);
        }
        !is_external || losses.comparison_only
    });
}
