//! Imports documents of FastAPI and other frameworks, and checks that everything is either in the output or reported as
//! a loss. The check traverses the documents with code of its own, independent of the import.

use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::LazyLock, thread};

use crate::support::{self, import};
use callrounded_changes::{
    import::{Imported, LossKind, Select},
    yaml,
};
use callrounded_test_support::skip_without_tool;
use serde_json::{Value, json};

/// The generator, name and number of operations of each document.
const DOCUMENTS: [(&str, &str, usize); 9] = [
    ("fastapi", "clinic", 60),
    ("fastapi", "fleet", 200),
    ("fastapi", "metrics", 103),
    ("fastapi", "shop", 40),
    ("fastapi", "tickets", 20),
    ("fastapi", "voice", 26),
    ("spectacular", "appointments", 19),
    ("tsoa", "campaigns", 14),
    ("utoipa", "recordings", 14),
];
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn text(generator: &str, name: &str) -> String {
    fs::read_to_string(root().join(format!("tests/generators/{generator}/documents/{name}.json"))).unwrap()
}

/// The documents and their imports. All tests share them; they are imported in parallel.
static IMPORTED: LazyLock<BTreeMap<&str, (Value, Imported)>> = LazyLock::new(|| {
    let import_document = |generator, name: &'static str| {
        let text = text(generator, name);
        let imported = import(name, &text, &Select::default()).unwrap_or_else(|found| panic!("{name}: {found}"));
        (name, (serde_json::from_str(&text).unwrap(), imported))
    };
    thread::scope(|scope| {
        let running = DOCUMENTS.map(|(generator, name, _)| scope.spawn(move || import_document(generator, name)));
        running.into_iter().map(|import| import.join().unwrap()).collect()
    })
});

fn imported(name: &str) -> &'static (Value, Imported) {
    &IMPORTED[name]
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn items(value: Option<&Value>) -> impl Iterator<Item = (usize, &Value)> {
    value.and_then(Value::as_array).into_iter().flatten().enumerate()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)).filter(|(name, _)| METHODS.contains(&name.as_str())) {
            found.push((format!("/paths/{}/{method}", escaped(path)), operation));
        }
    }
    found
}

/// A search for parts of the source that are neither in the output nor reported as a loss.
struct Missing<'c> {
    source: &'c Value,
    output: &'c Value,
    /// The kind, construct and pointer of each loss.
    losses: Vec<(LossKind, &'c str, &'c str)>,
    /// The new names of renamed schemas.
    renamed: BTreeMap<String, String>,
    found: Vec<String>,
}

impl<'c> Missing<'c> {
    fn of(source: &'c Value, imported: &'c Imported) -> Vec<String> {
        let losses = imported.losses.iter();
        let mut missing = Self {
            source,
            output: &imported.document,
            losses: losses
                .map(|loss| (loss.kind, loss.construct.as_str(), loss.pointer.as_str()))
                .collect(),
            renamed: BTreeMap::new(),
            found: Vec::new(),
        };
        for loss in imported.losses.iter().filter(|loss| loss.construct == "schema name") {
            let new = loss.reason.split('`').nth(1).unwrap();
            let old = loss.pointer.rsplit('/').next().unwrap();
            missing.renamed.insert(old.to_owned(), new.to_owned());
        }
        missing.document();
        missing.found
    }

    /// Checks whether one of these constructs is reported as refused or lost at this pointer.
    fn is_reported(&self, at: &str, constructs: &[&str]) -> bool {
        self.losses.iter().any(|(kind, construct, pointer)| {
            *kind != LossKind::Lowered && *pointer == at && constructs.contains(construct)
        })
    }

    fn is_lowered(&self, at: &str, construct: &str) -> bool {
        self.losses.contains(&(LossKind::Lowered, construct, at))
    }

    fn report(&mut self, at: &str, what: &str) {
        self.found.push(format!("{at}: {what}"));
    }

    fn document(&mut self) {
        let (source, output) = (self.source, self.output);
        for (name, value) in members(Some(source)) {
            let known = ["openapi", "paths", "components", "info", "servers"].contains(&name.as_str());
            if !known && output.get(name) != Some(value) && !self.is_reported(&format!("/{name}"), &[name]) {
                self.report(&format!("/{name}"), "is missing");
            }
        }
        for (name, value) in members(source.get("info")) {
            let at = format!("/info/{name}");
            if output["info"].get(name) != Some(value) {
                let inner = value.get("identifier").map(|_| format!("{at}/identifier"));
                if !self.is_reported(
                    inner.as_deref().unwrap_or(&at),
                    &[&format!("info.{name}"), &format!("{name}.identifier")],
                ) {
                    self.report(&at, "is missing");
                }
            }
        }
        for (index, server) in items(source.get("servers")) {
            let at = format!("/servers/{index}");
            let is_kept = items(output.get("servers")).any(|(_, other)| other == server);
            if !is_kept && !self.is_reported(&at, &["relative server", "server variables"]) {
                self.report(&at, "is missing");
            }
        }
        for (at, operation) in operations(source) {
            self.operation(&at, operation);
        }
        for (section, content) in members(source.get("components")) {
            if section == "responses" {
                self.responses(
                    &format!("/components/{section}"),
                    content,
                    output["components"].get(section),
                );
                continue;
            }
            for (name, value) in members(Some(content)) {
                let at = format!("/components/{section}/{}", escaped(name));
                if section == "schemas" {
                    let new_name = self.renamed.get(name).unwrap_or(name);
                    match output["components"]["schemas"].get(new_name) {
                        Some(other) => {
                            self.schema(&at, value, other);
                            if value.get("title") != other.get("title") {
                                self.report(&at, "has another title");
                            }
                        }
                        None => self.report(&at, "is missing"),
                    }
                } else if output["components"][section].get(name) != Some(value) {
                    self.report(&at, "is missing or changed");
                }
            }
        }
    }

    fn operation(&mut self, at: &str, operation: &'c Value) {
        let Some(now) = self.output.pointer(at) else {
            let inside = format!("{at}/");
            let is_refused = self.losses.iter().any(|(kind, _, pointer)| {
                *kind == LossKind::Refused && (*pointer == at || pointer.starts_with(&inside))
            });
            if !is_refused {
                self.report(at, "is missing");
            }
            return;
        };
        for (name, value) in members(Some(operation)) {
            let at = format!("{at}/{name}");
            match name.as_str() {
                "parameters" => self.parameters(&at, value, now.get("parameters")),
                "requestBody" => {
                    let Some(now) = now.get("requestBody") else {
                        self.report(&at, "is missing");
                        continue;
                    };
                    for (field, value) in members(Some(value)) {
                        match field.as_str() {
                            "content" => self.content(&format!("{at}/content"), value, now.get("content")),
                            _ if now.get(field) == Some(value) => {}
                            _ => self.report(&at, field),
                        }
                    }
                }
                "responses" => self.responses(&at, value, now.get("responses")),
                "callbacks" if self.is_reported(&at, &["callbacks"]) => {}
                "operationId" if self.is_lowered(&at, "operationId") => {}
                _ if now.get(name) == Some(value) => {}
                _ => self.report(&at, "is changed"),
            }
        }
    }

    fn parameters(&mut self, at: &str, list: &'c Value, now: Option<&'c Value>) {
        for (index, parameter) in items(Some(list)) {
            let at = format!("{at}/{index}");
            let same = |other: &Value| ["name", "in"].iter().all(|key| other.get(key) == parameter.get(key));
            let Some((_, other)) = items(now).find(|(_, other)| same(other)) else {
                if !self.is_reported(&at, &["cookie parameter"]) {
                    self.report(&at, "is missing");
                }
                continue;
            };
            for (field, value) in members(Some(parameter)) {
                if field == "schema" {
                    self.parameter_schema(&format!("{at}/schema"), value, &other["schema"]);
                } else if other.get(field) != Some(value) && !(field == "example" && value.is_null()) {
                    self.report(&at, field);
                }
            }
        }
    }

    /// Checks the schema of a parameter or header, in which null is removed.
    fn parameter_schema(&mut self, at: &str, schema: &'c Value, now: &'c Value) {
        let null = json!({ "type": "null" });
        let branches: Vec<_> = items(schema.get("anyOf")).filter(|(_, one)| **one != null).collect();
        let Some((index, only)) = branches.first() else {
            return self.schema(at, schema, now);
        };
        let had_null = items(schema.get("anyOf")).count() > branches.len();
        if had_null && !self.is_lowered(at, "null in a parameter") {
            self.report(at, "null is missing");
        }
        if branches.len() > 1 {
            let others: Vec<_> = items(now.get("anyOf")).collect();
            assert_eq!(branches.len(), others.len(), "{at}");
            for ((index, branch), (_, other)) in branches.iter().zip(others) {
                self.schema(&format!("{at}/anyOf/{index}"), branch, other);
            }
        } else {
            self.schema(&format!("{at}/anyOf/{index}"), only, now);
        }
        let mut siblings = schema.clone();
        siblings.as_object_mut().unwrap().shift_remove("anyOf");
        for (keyword, value) in members(Some(&siblings)) {
            let is_null_default = keyword == "default" && value.is_null();
            let is_first = keyword == "examples" && now.get("example") == value.get(0);
            if is_first && self.is_lowered(&format!("{at}/examples"), "examples") {
                continue;
            }
            if keyword != "title"
                && now.get(keyword) != Some(value)
                && !is_null_default
                && !self.is_reported(at, &[keyword])
            {
                self.report(at, &format!("{keyword} is missing"));
            }
        }
    }

    fn responses(&mut self, at: &str, list: &'c Value, now: Option<&'c Value>) {
        let union = self.is_reported(at, &["several types"]);
        for (status, response) in members(Some(list)) {
            let at = format!("{at}/{status}");
            let is_default = status == "default" && self.is_lowered(&at, "default response");
            let now = now.and_then(|now| now.get(if is_default { "4XX" } else { status }));
            let Some(now) = now else {
                if !self.is_reported(&at, &["response"]) {
                    self.report(&at, "is missing");
                }
                continue;
            };
            if now["description"] != response["description"] {
                self.report(&at, "has another description");
            }
            for (name, header) in members(response.get("headers")) {
                let at = format!("{at}/headers/{name}");
                match now["headers"].get(name) {
                    Some(now) => self.parameter_schema(&format!("{at}/schema"), &header["schema"], &now["schema"]),
                    None => self.report(&at, "is missing"),
                }
            }
            for (name, media) in members(response.get("content")) {
                let at = format!("{at}/content/{}", escaped(name));
                let media_type = if self.is_lowered(&at, name) {
                    "application/json"
                } else {
                    name
                };
                let Some(other) = now["content"].get(media_type) else {
                    if !self.is_reported(&at, &[name]) {
                        self.report(&at, "is missing");
                    }
                    continue;
                };
                for (field, value) in members(Some(media)) {
                    match (field.as_str(), other.get(field)) {
                        ("schema", Some(now)) => self.response_schema(&format!("{at}/schema"), value, now, union),
                        (_, now) if now == Some(value) => {}
                        _ => self.report(&at, field),
                    }
                }
            }
        }
    }

    /// Checks the schema of a response, which may be a branch of a union in the output.
    fn response_schema(&mut self, at: &str, schema: &'c Value, now: &'c Value, union: bool) {
        let target = |value: &Value| value.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let direct = self.differences(at, schema, now);
        if direct.is_empty() {
            return;
        }
        let Some(target) = target(now).filter(|_| union) else {
            // The output may accept anything.
            if !union || *now != json!({}) {
                self.found.extend(direct);
            }
            return;
        };
        let component = self.output.pointer(target.strip_prefix('#').unwrap()).unwrap();
        let is_branch =
            items(component.get("oneOf")).any(|(_, branch)| self.differences(at, schema, branch).is_empty());
        if !is_branch {
            self.report(at, "is not a branch of the union");
        }
    }

    /// Returns the differences between two schemas, without recording them.
    fn differences(&mut self, at: &str, schema: &'c Value, now: &'c Value) -> Vec<String> {
        let before = std::mem::take(&mut self.found);
        self.schema(at, schema, now);
        std::mem::replace(&mut self.found, before)
    }

    fn content(&mut self, at: &str, content: &'c Value, now: Option<&'c Value>) {
        for (name, media) in members(Some(content)) {
            let at = format!("{at}/{}", escaped(name));
            let Some(other) = now.and_then(|now| now.get(name)) else {
                if !self.is_reported(&at, &[name]) {
                    self.report(&at, "is missing");
                }
                continue;
            };
            for (field, value) in members(Some(media)) {
                match (field.as_str(), other.get(field)) {
                    ("schema", Some(now)) => self.schema(&format!("{at}/schema"), value, now),
                    (_, now) if now == Some(value) => {}
                    _ => self.report(&at, field),
                }
            }
        }
    }

    /// Checks that the output has all keywords of a schema: properties, values, required names and limits.
    fn schema(&mut self, at: &str, schema: &'c Value, now: &'c Value) {
        if self.is_reported(at, &["schema"]) {
            return;
        }
        // An inline schema may have become a component.
        if schema.get("$ref").is_none()
            && self.is_lowered(at, "inline schema")
            && let Some(target) = now.get("$ref").and_then(Value::as_str)
        {
            let target = self.output.pointer(target.strip_prefix('#').unwrap()).unwrap();
            return self.keywords(at, schema, target);
        }
        self.keywords(at, schema, now);
    }

    fn keywords(&mut self, at: &str, schema: &'c Value, now: &'c Value) {
        let Some(keywords) = schema.as_object() else {
            let lowered = match schema {
                Value::Bool(true) => json!({}),
                _ => json!({ "not": {} }),
            };
            if *now != lowered && now != schema {
                self.report(at, "is changed");
            }
            return;
        };
        if let Some(reference) = keywords.get("$ref") {
            let name = reference.as_str().unwrap().rsplit('/').next().unwrap();
            let expected = format!(
                "#/components/schemas/{}",
                self.renamed.get(name).map_or(name, String::as_str)
            );
            let actual = now.get("$ref").or_else(|| now.get("allOf")?.get(0)?.get("$ref"));
            if actual.and_then(Value::as_str) != Some(&expected) {
                self.report(at, "refers to another schema");
            }
            for (keyword, value) in keywords
                .iter()
                .filter(|(keyword, _)| !["$ref", "title"].contains(&keyword.as_str()))
            {
                if now.get(keyword) != Some(value)
                    && !self.is_reported(at, &[keyword])
                    && !self.is_reported(&format!("{at}/{keyword}"), &[keyword])
                {
                    let example = now.get("example").filter(|_| keyword == "examples");
                    if example.is_none() {
                        self.report(at, &format!("{keyword}, a sibling of the reference, is missing"));
                    }
                }
            }
            return;
        }
        for (keyword, value) in keywords {
            let inner = format!("{at}/{keyword}");
            let is_reported = self.is_reported(&inner, &[keyword]) || self.is_reported(at, &[keyword]);
            match keyword.as_str() {
                "title" => {}
                "properties" => {
                    for (name, property) in members(Some(value)) {
                        let at = format!("{inner}/{}", escaped(name));
                        match now.get("properties").and_then(|now| now.get(name)) {
                            Some(now) => self.schema(&at, property, now),
                            None => self.report(&at, "is missing"),
                        }
                    }
                }
                "propertyNames" if *value == json!({ "type": "string" }) => {}
                "items" if *value == json!(false) && keywords.contains_key("prefixItems") => {
                    let count = items(keywords.get("prefixItems")).count();
                    if now.get("maxItems") != Some(&json!(count)) {
                        self.report(&inner, "is missing");
                    }
                }
                "items" | "not" => match now.get(keyword) {
                    Some(now) => self.schema(&inner, value, now),
                    None => self.report(&inner, "is missing"),
                },
                "additionalProperties" if value.is_object() => match now.get(keyword) {
                    Some(now) => self.schema(&inner, value, now),
                    None => self.report(&inner, "is missing"),
                },
                "anyOf" | "oneOf" | "allOf" => self.union(at, keyword, value, now),
                "prefixItems" => {
                    for (index, one) in items(Some(value)) {
                        let at = format!("{inner}/{index}");
                        let items_now = now.get("items").unwrap_or(&Value::Null);
                        let mut several = vec![items_now];
                        several.extend(items(items_now.get("anyOf")).map(|(_, one)| one));
                        if !several.iter().any(|now| self.differences(&at, one, now).is_empty()) {
                            self.report(&at, "is missing");
                        }
                    }
                }
                "const" => {
                    if now.get("enum") != Some(&json!([value])) && now.get("enum") != Some(&json!([value, null])) {
                        self.report(&inner, "is missing");
                    }
                }
                "enum" => {
                    for (_, one) in items(Some(value)) {
                        if !items(now.get("enum")).any(|(_, other)| other == one) && !is_reported {
                            self.report(&inner, &format!("{one} is missing"));
                        }
                    }
                    let (before, after) = (value.as_array().unwrap().len(), items(now.get("enum")).count());
                    let null =
                        usize::from(now.get("nullable") == Some(&json!(true)) && !value.to_string().contains("null"));
                    if !is_reported && after != before + null {
                        self.report(&inner, "has other values");
                    }
                }
                "exclusiveMinimum" | "exclusiveMaximum" => {
                    let bound = keyword.replace("exclusiveM", "m");
                    if now.get(&bound) != Some(value) || now.get(keyword) != Some(&json!(true)) {
                        self.report(&inner, "is missing");
                    }
                }
                "examples" => {
                    let several = value.as_array().unwrap().len() > 1;
                    if now.get("example") != value.get(0) || several && !is_reported {
                        self.report(&inner, "is missing");
                    }
                }
                "contentMediaType" => {
                    let base64 = ["contentEncoding", "format"]
                        .iter()
                        .any(|key| keywords.get(*key) == Some(&json!("base64")));
                    if now.get("format") != Some(&json!(if base64 { "byte" } else { "binary" })) && !is_reported {
                        self.report(&inner, "is missing");
                    }
                }
                "patternProperties" if is_reported => {}
                // The format `byte` of OpenAPI 3.0.
                "format" if value == "base64" => {
                    if now.get("format") != Some(&json!("byte")) && !is_reported {
                        self.report(&inner, "is missing");
                    }
                }
                "contentEncoding" if value == "base64" => {}
                "type" if value == "null" => {
                    if now.get("enum") != Some(&json!([null])) {
                        self.report(&inner, "is missing");
                    }
                }
                "type" if value.is_array() => {
                    let others: Vec<&Value> = items(Some(value))
                        .map(|(_, one)| one)
                        .filter(|one| *one != "null")
                        .collect();
                    let one = matches!(others[..], [one] if now.get("type") == Some(one));
                    let null = now.get("nullable") == Some(&json!(true)) || self.is_lowered(at, "null in a parameter");
                    let is_lowered = self.is_lowered(&inner, "type") || self.is_lowered(at, "null in a parameter");
                    if !(one && null && is_lowered) {
                        self.report(&inner, "is missing");
                    }
                }
                "discriminator" => {
                    for (tag, target) in members(value.get("mapping")) {
                        let target = target.as_str().unwrap();
                        let name = target.rsplit('/').next().unwrap();
                        let name = self.renamed.get(name).map_or(name, String::as_str);
                        let actual = now["discriminator"]["mapping"].get(tag).and_then(Value::as_str);
                        if actual != Some(&format!("#/components/schemas/{name}")) {
                            self.report(&inner, &format!("{tag} is missing"));
                        }
                    }
                    if now["discriminator"]["propertyName"] != value["propertyName"] {
                        self.report(&inner, "has another property name");
                    }
                }
                _ => {
                    if now.get(keyword) != Some(value) && !is_reported {
                        self.report(&inner, "is missing");
                    }
                }
            }
        }
    }

    fn union(&mut self, at: &str, keyword: &str, branches: &'c Value, now: &'c Value) {
        let null = json!({ "type": "null" });
        let has_null = items(Some(branches)).any(|(_, one)| *one == null);
        let nulls_now = now.get("nullable") == Some(&json!(true))
            || ["anyOf", "oneOf"]
                .iter()
                .any(|list| items(now.get(list)).any(|(_, one)| *one == json!({ "enum": [null] })))
            || now.get("type").is_none() && now.get("anyOf").is_none() && now.get("oneOf").is_none();
        if has_null && !nulls_now {
            self.report(at, "null is missing");
        }
        let others: Vec<_> = items(Some(branches)).filter(|(_, one)| **one != null).collect();
        let lists: Vec<&Value> = [keyword, "oneOf"].iter().filter_map(|list| now.get(list)).collect();
        for (index, one) in &others {
            let at = format!("{at}/{keyword}/{index}");
            let mut candidates: Vec<&Value> = lists.iter().flat_map(|list| list.as_array().unwrap()).collect();
            if others.len() == 1 {
                candidates.push(now);
            }
            if !candidates.iter().any(|now| self.differences(&at, one, now).is_empty()) {
                self.report(&at, "is missing");
            }
        }
    }
}

#[test]
fn import_operations_are_kept_or_refused() {
    for (_, name, count) in DOCUMENTS {
        let (source, imported) = imported(name);
        let refused = imported
            .losses
            .iter()
            .filter(|loss| loss.kind == LossKind::Refused)
            .count();
        let expected_refused = match name {
            // Two uploads.
            "tickets" => 2,
            // One upload each.
            "clinic" | "fleet" | "appointments" | "campaigns" | "recordings" => 1,
            _ => 0,
        };
        assert_eq!(operations(source).len(), count, "{name}");
        assert_eq!(refused, expected_refused, "{name}: {:#?}", support::lines(imported));
        assert_eq!(operations(&imported.document).len(), count - refused, "{name}");
    }
}

#[test]
fn import_reports_every_loss() {
    for (_, name, _) in DOCUMENTS {
        let (source, imported) = imported(name);
        let missing = Missing::of(source, imported);
        assert!(
            missing.is_empty(),
            "{name}: {} losses are not reported\n{}",
            missing.len(),
            missing.join("\n")
        );
    }
}

/// Tests the search itself: it finds removed parts and losses that are not reported.
#[test]
fn missing_finds_removed_parts_and_unreported_losses() {
    let (source, imported) = imported("voice");
    let mut checked = 0;
    let remove = |at: &str| {
        let mut broken = imported.clone();
        let (parent, name) = at.rsplit_once('/').unwrap();
        let name = name.replace("~1", "/");
        match broken
            .document
            .pointer_mut(parent)
            .unwrap_or_else(|| panic!("{parent}"))
        {
            Value::Object(members) => drop(members.shift_remove(&name).unwrap_or_else(|| panic!("{at}"))),
            Value::Array(list) => drop(list.remove(name.parse().unwrap())),
            _ => panic!("{at}"),
        }
        broken
    };
    for at in [
        "/info/title",
        "/paths/~1agents/get",
        "/paths/~1agents/get/summary",
        "/paths/~1agents/get/parameters/0",
        "/paths/~1agents/post/requestBody",
        "/components/schemas/Agent-Output",
        "/components/schemas/Agent-Output/title",
        "/components/schemas/Agent-Output/properties/id",
        "/components/schemas/Agent-Output/properties/id/format",
        "/components/schemas/Agent-Output/required",
        "/components/schemas/CallStatus/enum/0",
        "/components/schemas/VoiceSettings/additionalProperties",
        "/components/schemas/VoiceSettings/properties/speed/minimum",
        "/components/schemas/VoiceSettings/properties/stability/nullable",
        "/components/schemas/Agent-Output/properties/tools/items/discriminator/mapping/voicemail",
        "/components/securitySchemes/HTTPBearer",
    ] {
        let broken = remove(at);
        assert!(!Missing::of(source, &broken).is_empty(), "without {at}");
        checked += 1;
    }
    for index in 0..imported.losses.len() {
        if imported.losses[index].kind == LossKind::Lowered {
            continue;
        }
        let mut unreported = imported.clone();
        let loss = unreported.losses.remove(index);
        let missing = Missing::of(source, &unreported);
        // Losses of these two constructs may be reported at another location as well.
        if missing.is_empty() && loss.construct != "prefixItems" && loss.construct != "several types" {
            panic!("the search does not notice that this loss is not reported: {loss:?}");
        }
        checked += 1;
    }
    assert!(checked > 20);
}

#[test]
fn import_satisfies_invariants() {
    thread::scope(|scope| {
        for (generator, name, _) in DOCUMENTS {
            scope.spawn(move || {
                let (_, imported) = imported(name);
                let violations =
                    support::invariant_violations(name, &text(generator, name), &Select::default(), imported);
                assert!(violations.is_empty(), "{name}: {violations:#?}");
            });
        }
    });
}

#[test]
fn import_losses_match_snapshot() {
    let mut report = String::new();
    for (_, name, _) in DOCUMENTS {
        let (_, imported) = imported(name);
        let mut counts: BTreeMap<(LossKind, &str), usize> = BTreeMap::new();
        for loss in &imported.losses {
            *counts.entry((loss.kind, &loss.construct)).or_default() += 1;
        }
        report.push_str(&format!("{name}\n"));
        for ((kind, construct), count) in counts {
            report.push_str(&format!("  {count:>4} {kind} {construct}\n"));
        }
        for loss in imported.losses.iter().filter(|loss| loss.kind == LossKind::Refused) {
            report.push_str(&format!("       {}\n", loss.pointer));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/generators.txt");
    expect_test::expect_file![path].assert_eq(&report);
}

#[test]
fn import_output_is_valid_openapi() {
    let validator = root().join("target/.venv/bin/openapi-spec-validator");
    if !validator.exists() {
        skip_without_tool(
            "imported documents against openapi-spec-validator: `.ci/run tests` installs it in target/.venv",
        );
        return;
    }
    let directory = tempfile::TempDir::new().unwrap();
    let mut paths = Vec::new();
    for (_, name, _) in DOCUMENTS {
        let (_, imported) = imported(name);
        let path = directory.path().join(format!("{name}.yaml"));
        fs::write(&path, yaml::write(&imported.document)).unwrap();
        paths.push(path);
    }
    let output = Command::new(validator)
        .args(["--schema", "3.0"])
        .args(paths)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
