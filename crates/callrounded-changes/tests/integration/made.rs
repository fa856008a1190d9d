//! Random documents, equivalent rewrites of them, and changes with a known effect.

use callrounded_changes::diff::Effect::{self, Breaking, Compatible, None as Nothing};
use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Returns a document with the request schema `Change`, the response schema `Item`, and `Shared`, which both use.
pub struct Made {
    pub value: Value,
}

type Rewrite = fn(&mut Value, &mut Rng) -> bool;
type Mutation = fn(&mut Value, &Made, &mut Rng) -> bool;

const ITEM: &str = "/components/schemas/Item";
const CHANGE: &str = "/components/schemas/Change";
const LIST: &str = "/paths/~1items/get";
const PUT: &str = "/paths/~1items~1{id}/put";
const GET: &str = "/paths/~1items~1{id}/get";

impl Made {
    pub fn new(rng: &mut Rng) -> Self {
        let later = rng.bool();
        let text = json!({ "type": "string" });
        let (shared, item, change) = (object(rng, "shared"), object(rng, "item"), object(rng, "change"));
        let property = |mut object: Value, name: &str, schema: Value, required: bool| {
            object["properties"][name] = schema;
            if required {
                object["required"].as_array_mut().unwrap().push(json!(name));
            }
            object
        };
        let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let body = |schema: Value| json!({ "application/json": { "schema": schema } });
        let mut item = property(item, "id", text.clone(), true);
        item = property(item, "note", json!({ "type": "string", "maxLength": 100 }), true);
        item = property(item, "extra", json!({ "type": "integer" }), false);
        item = property(item, "kind", to("Kind"), true);
        item = property(item, "shared", to("Shared"), rng.bool());
        item = property(
            item,
            "tags",
            json!({ "type": "array", "items": { "type": "string" } }),
            rng.bool(),
        );
        item = property(item, "perhaps", maybe(later, "string"), true);
        let mut change = property(change, "name", json!({ "type": "string", "maxLength": 50 }), true);
        change = property(
            change,
            "count",
            json!({ "type": "integer", "minimum": 0, "maximum": 10 }),
            false,
        );
        change = property(
            change,
            "kind",
            json!({ "type": "string", "enum": ["one", "two", "three"] }),
            false,
        );
        change = property(
            change,
            "list",
            json!({ "type": "array", "minItems": 1, "items": { "type": "integer" } }),
            false,
        );
        change = property(change, "shared", to("Shared"), false);
        change = property(change, "perhaps", maybe(later, "integer"), false);
        let value = json!({
            "openapi": if later { "3.1.0" } else { "3.0.3" },
            "info": { "title": "Items", "version": "1" },
            "servers": [{ "url": "https://items.test" }],
            "security": [{ "key": [] }],
            "paths": {
                "/items": { "get": {
                    "operationId": "list_items",
                    "summary": "List",
                    "parameters": [
                        { "name": "page", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 500, "default": 1 } },
                        { "name": "search", "in": "query", "schema": { "type": "string", "maxLength": 20 } },
                        { "name": "sort", "in": "query", "schema": { "type": "string", "enum": ["asc", "desc"] } },
                        { "name": "ids", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } },
                        { "name": "X-Trace", "in": "header", "required": true, "schema": text.clone() }
                    ],
                    "responses": {
                        "200": {
                            "description": "All.",
                            "headers": { "X-Total": { "required": true, "schema": { "type": "integer" } } },
                            "content": body(json!({ "type": "array", "items": to("Item") }))
                        },
                        "404": { "description": "None." }
                    }
                } },
                "/items/{id}": {
                    "get": {
                        "operationId": "get_item",
                        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": text.clone() }],
                        "responses": { "200": { "description": "It.", "content": body(to("Item")) } }
                    },
                    "put": {
                        "operationId": "put_item",
                        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": text }],
                        "requestBody": { "required": true, "content": body(to("Change")) },
                        "responses": { "204": { "description": "Done." } }
                    }
                }
            },
            "components": {
                "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Key" } },
                "schemas": {
                    "Item": item,
                    "Change": change,
                    "Shared": shared,
                    "Kind": { "type": "string", "enum": ["small", "large"] }
                }
            }
        });
        Self { value }
    }
}

/// Returns properties of all types, some required, some objects.
fn object(rng: &mut Rng, prefix: &str) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for index in 0..rng.usize(1..4) {
        let name = format!("{prefix}_{index}");
        let schema = match rng.u8(..6) {
            0 => json!({ "type": "string", "format": "date-time" }),
            1 => json!({ "type": "number", "minimum": rng.u8(..50) }),
            2 => json!({ "type": "boolean" }),
            3 => json!({ "type": "array", "items": { "type": "integer" } }),
            4 => json!({ "type": "object", "required": ["a"], "properties": { "a": { "type": "string" } } }),
            _ => json!({ "type": "string", "description": "A text." }),
        };
        if rng.bool() {
            required.push(json!(name));
        }
        properties.insert(name, schema);
    }
    json!({ "type": "object", "required": required, "properties": properties })
}

fn maybe(later: bool, kind: &str) -> Value {
    if later {
        json!({ "type": [kind, "null"] })
    } else {
        json!({ "type": kind, "nullable": true })
    }
}

/// Rewrites a schema without changing its meaning. Returns whether there was anything to rewrite.
pub fn rewrites() -> Vec<(&'static str, Rewrite)> {
    vec![
        ("rename a component", |value, _| {
            let text = value.to_string();
            let renamed = text
                .replace("#/components/schemas/Shared\"", "#/components/schemas/Common\"")
                .replace("\"Shared\":", "\"Common\":");
            *value = serde_json::from_str(&renamed).unwrap();
            renamed != text
        }),
        ("write a component out", |value, rng| {
            let name = if rng.bool() { "Shared" } else { "Kind" };
            let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
            let Some(schema) = value.pointer(&format!("/components/schemas/{name}")).cloned() else {
                return false;
            };
            replace(value, &reference, &schema)
        }),
        ("make a component of what is inside", |value, _| {
            let at = format!("{ITEM}/properties/note");
            let Some(schema) = value.pointer(&at).cloned() else {
                return false;
            };
            if schema.get("$ref").is_some() {
                return false;
            }
            value["components"]["schemas"]["Note"] = schema;
            *value.pointer_mut(&at).unwrap() = json!({ "$ref": "#/components/schemas/Note" });
            true
        }),
        ("split with allOf", |value, rng| {
            let at = if rng.bool() { ITEM } else { CHANGE };
            let Some(schema) = value.pointer(at).filter(|schema| schema.get("properties").is_some()) else {
                return false;
            };
            let properties = schema["properties"].as_object().unwrap().clone();
            let required: Vec<&str> = schema["required"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            let part = |wanted: bool| {
                let is_in = |name: &str| name.len().is_multiple_of(2) == wanted;
                let own: Map<String, Value> = properties
                    .iter()
                    .filter(|(name, _)| is_in(name))
                    .map(|(name, one)| (name.clone(), one.clone()))
                    .collect();
                let names: Vec<&str> = required.iter().copied().filter(|name| is_in(name)).collect();
                if names.is_empty() {
                    json!({ "type": "object", "properties": own })
                } else {
                    json!({ "type": "object", "properties": own, "required": names })
                }
            };
            let split = json!({ "allOf": [part(true), part(false)] });
            *value.pointer_mut(at).unwrap() = split;
            true
        }),
        ("another order", |value, rng| {
            shuffle(value, rng);
            true
        }),
        ("move a parameter to its path", |value, _| {
            if value.pointer("/paths/~1items/parameters").is_some() {
                return false;
            }
            let Some(parameters) = value
                .pointer_mut(&format!("{LIST}/parameters"))
                .and_then(Value::as_array_mut)
            else {
                return false;
            };
            let moved = parameters.remove(0);
            value["paths"]["/items"]["parameters"] = json!([moved]);
            true
        }),
        ("move a parameter to the components", |value, _| {
            let at = format!("{LIST}/parameters/1");
            let Some(parameter) = value.pointer(&at).cloned() else {
                return false;
            };
            if parameter.get("$ref").is_some() {
                return false;
            }
            value["components"]["parameters"] = json!({ "Moved": parameter });
            *value.pointer_mut(&at).unwrap() = json!({ "$ref": "#/components/parameters/Moved" });
            true
        }),
        ("move a response to the components", |value, _| {
            let at = format!("{LIST}/responses/404");
            let Some(response) = value.pointer(&at).cloned() else {
                return false;
            };
            if response.get("$ref").is_some() {
                return false;
            }
            value["components"]["responses"] = json!({ "Missing": response });
            *value.pointer_mut(&at).unwrap() = json!({ "$ref": "#/components/responses/Missing" });
            true
        }),
        ("say what holds anyway", |value, _| {
            let Some(schema) = value.pointer_mut(CHANGE).and_then(Value::as_object_mut) else {
                return false;
            };
            schema.insert("additionalProperties".to_owned(), json!(true));
            schema.insert("deprecated".to_owned(), json!(false));
            schema.insert("minProperties".to_owned(), json!(0));
            true
        }),
        ("spell out the style", |value, _| {
            let Some(parameter) = value
                .pointer_mut(&format!("{LIST}/parameters/2"))
                .and_then(Value::as_object_mut)
            else {
                return false;
            };
            if parameter.contains_key("$ref") {
                return false;
            }
            parameter.insert("style".to_owned(), json!("form"));
            parameter.insert("explode".to_owned(), json!(true));
            true
        }),
        ("a choice of one", |value, _| {
            let at = format!("{ITEM}/properties/kind");
            let Some(schema) = value.pointer(&at).cloned() else {
                return false;
            };
            *value.pointer_mut(&at).unwrap() = json!({ "oneOf": [schema] });
            true
        }),
        ("null as a branch", |value, _| {
            let at = format!("{ITEM}/properties/perhaps");
            let is_later = value["openapi"] == "3.1.0";
            let Some(place) = value.pointer_mut(&at) else {
                return false;
            };
            let nothing = if is_later {
                json!({ "type": "null" })
            } else {
                json!({ "enum": [null] })
            };
            *place = json!({ "oneOf": [{ "type": "string" }, nothing] });
            true
        }),
        ("security of each operation", |value, _| {
            let Some(security) = value.as_object_mut().unwrap().shift_remove("security") else {
                return false;
            };
            for at in [LIST, GET, PUT] {
                value.pointer_mut(at).unwrap()["security"] = security.clone();
            }
            true
        }),
        ("rename the security scheme", |value, _| {
            let text = value.to_string();
            *value = serde_json::from_str(&text.replace("\"key\":", "\"other\":")).unwrap();
            true
        }),
        ("another media type of the same meaning", |value, _| {
            let Some(content) = value
                .pointer_mut(&format!("{GET}/responses/200/content"))
                .and_then(Value::as_object_mut)
            else {
                return false;
            };
            let Some(media) = content.shift_remove("application/json") else {
                return false;
            };
            content.insert("application/json; charset=utf-8".to_owned(), media);
            true
        }),
    ]
}

/// Replaces a value everywhere.
fn replace(value: &mut Value, from: &Value, to: &Value) -> bool {
    if value == from {
        *value = to.clone();
        return true;
    }
    let mut done = false;
    match value {
        Value::Object(members) => members
            .iter_mut()
            .for_each(|(_, value)| done |= replace(value, from, to)),
        Value::Array(items) => items.iter_mut().for_each(|value| done |= replace(value, from, to)),
        _ => {}
    }
    done
}

/// Reorders all keys, and items of lists whose order has no meaning.
fn shuffle(value: &mut Value, rng: &mut Rng) {
    match value {
        Value::Object(members) => {
            let mut all: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            rng.shuffle(&mut all);
            for (name, mut value) in all {
                if let ("required" | "enum" | "type" | "allOf" | "oneOf", Value::Array(items)) =
                    (name.as_str(), &mut value)
                {
                    rng.shuffle(items);
                }
                shuffle(&mut value, rng);
                members.insert(name, value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| shuffle(value, rng)),
        _ => {}
    }
}

fn set(value: &mut Value, at: &str, new: Value) -> bool {
    let (holder, name) = callrounded_document::pointer::split(at).unwrap();
    match value.pointer_mut(holder) {
        Some(Value::Object(members)) => members.insert(name, new.clone()) != Some(new),
        Some(Value::Array(items)) => {
            items[name.parse::<usize>().unwrap()] = new;
            true
        }
        _ => false,
    }
}

fn remove(value: &mut Value, at: &str) -> bool {
    let (holder, name) = callrounded_document::pointer::split(at).unwrap();
    match value.pointer_mut(holder) {
        Some(Value::Object(members)) => members.shift_remove(&name).is_some(),
        Some(Value::Array(items)) => {
            items.remove(name.parse().unwrap());
            true
        }
        _ => false,
    }
}

fn require(value: &mut Value, schema: &str, name: &str, required: bool) -> bool {
    let names = value
        .pointer_mut(&format!("{schema}/required"))
        .and_then(Value::as_array_mut)
        .unwrap();
    let before = names.len();
    names.retain(|one| one != name);
    if required {
        names.push(json!(name));
    }
    names.len() != before
}

fn add(value: &mut Value, schema: &str, name: &str, of: Value, required: bool) -> bool {
    set(value, &format!("{schema}/properties/{name}"), of) && (!required || require(value, schema, name, true))
}

/// Returns a random property of a random schema.
fn any(value: &Value, schema: &str, rng: &mut Rng, wanted: impl Fn(&str, &Value) -> bool) -> Option<String> {
    let required = value.pointer(schema)?["required"].as_array()?.clone();
    let properties = value.pointer(schema)?["properties"].as_object()?;
    let names: Vec<&String> = properties
        .keys()
        .filter(|name| wanted(name, &json!(required.contains(&json!(name)))))
        .collect();
    (!names.is_empty()).then(|| names[rng.usize(..names.len())].clone())
}

/// Removes a property and its entry in `required`.
fn without(value: &mut Value, schema: &str, name: &str) -> bool {
    require(value, schema, name, false);
    remove(value, &format!("{schema}/properties/{name}"))
}

/// Changes with a known effect on the wire.
pub fn mutations() -> Vec<(&'static str, Effect, Mutation)> {
    fn is_required(_: &str, required: &Value) -> bool {
        *required == true
    }
    fn is_optional(_: &str, required: &Value) -> bool {
        *required == false
    }
    vec![
        // Operations.
        ("operation removed", Breaking, |v, _, _| remove(v, GET)),
        ("operation added", Compatible, |v, _, _| {
            set(
                v,
                "/paths/~1others",
                json!({ "get": { "operationId": "list_others", "responses": { "204": { "description": "D" } } } }),
            )
        }),
        ("path changed", Breaking, |v, _, _| {
            let item = v.pointer("/paths/~1items").cloned().unwrap();
            remove(v, "/paths/~1items") && set(v, "/paths/~1things", item)
        }),
        ("method changed", Breaking, |v, _, _| {
            let operation = v.pointer(PUT).cloned().unwrap();
            remove(v, PUT) && set(v, "/paths/~1items~1{id}/post", operation)
        }),
        ("operationId changed", Nothing, |v, _, _| {
            set(v, &format!("{GET}/operationId"), json!("fetch_item"))
        }),
        // Parameters.
        ("parameter removed", Breaking, |v, _, rng| {
            remove(v, &format!("{LIST}/parameters/{}", rng.u8(..4)))
        }),
        ("optional parameter added", Compatible, |v, _, _| {
            let list = v
                .pointer_mut(&format!("{LIST}/parameters"))
                .and_then(Value::as_array_mut)
                .unwrap();
            list.push(json!({ "name": "more", "in": "query", "schema": { "type": "string" } }));
            true
        }),
        ("required parameter added", Breaking, |v, _, _| {
            let list = v
                .pointer_mut(&format!("{LIST}/parameters"))
                .and_then(Value::as_array_mut)
                .unwrap();
            list.push(json!({ "name": "more", "in": "query", "required": true, "schema": { "type": "string" } }));
            true
        }),
        ("parameter becomes required", Breaking, |v, _, rng| {
            set(v, &format!("{LIST}/parameters/{}/required", rng.u8(..4)), json!(true))
        }),
        ("parameter becomes optional", Compatible, |v, _, _| {
            remove(v, &format!("{LIST}/parameters/4/required"))
        }),
        ("parameter renamed", Breaking, |v, _, rng| {
            set(v, &format!("{LIST}/parameters/{}/name", rng.u8(..4)), json!("renamed"))
        }),
        ("parameter sent elsewhere", Breaking, |v, _, rng| {
            set(v, &format!("{LIST}/parameters/{}/in", rng.u8(..3)), json!("header"))
        }),
        ("number of a parameter becomes any text", Compatible, |v, _, _| {
            set(
                v,
                &format!("{LIST}/parameters/0/schema"),
                json!({ "type": "string", "default": "1" }),
            )
        }),
        ("text of a parameter becomes a number", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/1/schema"), json!({ "type": "integer" }))
        }),
        ("bound of a parameter narrowed", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/0/schema/maximum"), json!(100))
        }),
        ("bound of a parameter widened", Compatible, |v, _, _| {
            set(v, &format!("{LIST}/parameters/0/schema/maximum"), json!(1000))
        }),
        ("value of a parameter removed", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/2/schema/enum"), json!(["asc"]))
        }),
        ("value of a parameter added", Compatible, |v, _, _| {
            set(
                v,
                &format!("{LIST}/parameters/2/schema/enum"),
                json!(["asc", "desc", "none"]),
            )
        }),
        ("pattern of a parameter added", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/1/schema/pattern"), json!("^[a-z]+$"))
        }),
        ("length of a parameter unlimited", Compatible, |v, _, _| {
            remove(v, &format!("{LIST}/parameters/1/schema/maxLength"))
        }),
        ("list of a parameter written otherwise", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/3/explode"), json!(false))
        }),
        ("default of a parameter changed", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/0/schema/default"), json!(2))
        }),
        ("default of a parameter documented", Nothing, |v, _, _| {
            set(v, &format!("{LIST}/parameters/2/schema/default"), json!("asc"))
        }),
        ("reserved characters of a parameter", Breaking, |v, _, _| {
            set(v, &format!("{LIST}/parameters/1/allowReserved"), json!(true))
        }),
        // Requests.
        ("body becomes optional", Compatible, |v, _, _| {
            remove(v, &format!("{PUT}/requestBody/required"))
        }),
        ("body removed", Breaking, |v, _, _| {
            remove(v, &format!("{PUT}/requestBody"))
        }),
        ("body of another media type", Breaking, |v, _, _| {
            let content = format!("{PUT}/requestBody/content");
            let media = v.pointer(&format!("{content}/application~1json")).cloned().unwrap();
            set(v, &content, json!({ "application/xml": media }))
        }),
        ("sent property removed", Breaking, |v, _, rng| {
            any(v, CHANGE, rng, |_, _| true).is_some_and(|name| without(v, CHANGE, &name))
        }),
        ("sent property added", Compatible, |v, _, _| {
            add(v, CHANGE, "added", json!({ "type": "string" }), false)
        }),
        ("required property added to what is sent", Breaking, |v, _, _| {
            add(v, CHANGE, "added", json!({ "type": "string" }), true)
        }),
        ("sent property becomes required", Breaking, |v, _, rng| {
            any(v, CHANGE, rng, is_optional).is_some_and(|name| require(v, CHANGE, &name, true))
        }),
        ("sent property becomes optional", Compatible, |v, _, rng| {
            any(v, CHANGE, rng, is_required).is_some_and(|name| require(v, CHANGE, &name, false))
        }),
        ("sent property of another type", Breaking, |v, _, rng| {
            let name = any(v, CHANGE, rng, |_, _| true).unwrap();
            set(
                v,
                &format!("{CHANGE}/properties/{name}"),
                json!({ "type": "string", "format": "ipv6" }),
            )
        }),
        ("sent text limited", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/name/maxLength"), json!(5))
        }),
        ("sent text unlimited", Compatible, |v, _, _| {
            remove(v, &format!("{CHANGE}/properties/name/maxLength"))
        }),
        ("sent text with a least length", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/name/minLength"), json!(3))
        }),
        ("sent text of a pattern", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/name/pattern"), json!("^a"))
        }),
        ("sent text of a format", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/name/format"), json!("uuid"))
        }),
        ("sent number limited", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/count/maximum"), json!(5))
        }),
        ("sent number may be more", Compatible, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/count/maximum"), json!(50))
        }),
        ("sent number of a multiple", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/count/multipleOf"), json!(2))
        }),
        ("sent list of more items", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/list/minItems"), json!(3))
        }),
        ("sent list of different items", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/list/uniqueItems"), json!(true))
        }),
        ("sent list of other items", Breaking, |v, _, _| {
            set(
                v,
                &format!("{CHANGE}/properties/list/items"),
                json!({ "type": "boolean" }),
            )
        }),
        ("sent value removed", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/kind/enum"), json!(["one", "two"]))
        }),
        ("sent value added", Compatible, |v, _, _| {
            set(
                v,
                &format!("{CHANGE}/properties/kind/enum"),
                json!(["one", "two", "three", "four"]),
            )
        }),
        ("sent object closed", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/additionalProperties"), json!(false))
        }),
        ("sent null refused", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/perhaps"), json!({ "type": "integer" }))
        }),
        ("sent property becomes readOnly", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/properties/count/readOnly"), json!(true))
        }),
        ("sent object with few properties", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/maxProperties"), json!(1))
        }),
        ("a keyword that nobody knows", Breaking, |v, _, _| {
            set(v, &format!("{CHANGE}/mystery"), json!(1))
        }),
        ("a condition of what is sent", Breaking, |v, _, _| {
            v["openapi"] == "3.1.0" && set(v, &format!("{CHANGE}/dependentRequired"), json!({ "name": ["count"] }))
        }),
        ("names of what is sent", Breaking, |v, _, _| {
            v["openapi"] == "3.1.0" && set(v, &format!("{CHANGE}/propertyNames"), json!({ "maxLength": 3 }))
        }),
        // Responses.
        ("required property no longer comes", Breaking, |v, _, rng| {
            any(v, ITEM, rng, is_required).is_some_and(|name| without(v, ITEM, &name))
        }),
        ("optional property no longer comes", Compatible, |v, _, rng| {
            any(v, ITEM, rng, is_optional).is_some_and(|name| without(v, ITEM, &name))
        }),
        ("property comes too", Compatible, |v, _, rng| {
            let required = rng.bool();
            add(v, ITEM, "added", json!({ "type": "string" }), required)
        }),
        ("property may be missing", Breaking, |v, _, rng| {
            any(v, ITEM, rng, is_required).is_some_and(|name| require(v, ITEM, &name, false))
        }),
        ("property always comes", Compatible, |v, _, rng| {
            any(v, ITEM, rng, is_optional).is_some_and(|name| require(v, ITEM, &name, true))
        }),
        ("property comes as another type", Breaking, |v, _, rng| {
            let name = any(v, ITEM, rng, |_, _| true).unwrap();
            set(
                v,
                &format!("{ITEM}/properties/{name}"),
                json!({ "type": "array", "items": { "type": "object" } }),
            )
        }),
        ("longer text comes", Breaking, |v, _, _| {
            remove(v, &format!("{ITEM}/properties/note/maxLength"))
        }),
        ("shorter text comes", Compatible, |v, _, _| {
            set(v, &format!("{ITEM}/properties/note/maxLength"), json!(10))
        }),
        ("null comes", Breaking, |v, _, _| {
            let later = v["openapi"] == "3.1.0";
            set(v, &format!("{ITEM}/properties/extra"), maybe(later, "integer"))
        }),
        ("null no longer comes", Compatible, |v, _, _| {
            set(v, &format!("{ITEM}/properties/perhaps"), json!({ "type": "string" }))
        }),
        ("new value comes", Compatible, |v, _, _| {
            set(v, "/components/schemas/Kind/enum", json!(["small", "large", "huge"]))
        }),
        ("value no longer comes", Compatible, |v, _, _| {
            set(v, "/components/schemas/Kind/enum", json!(["small"]))
        }),
        ("other items come", Breaking, |v, _, _| {
            set(
                v,
                &format!("{ITEM}/properties/tags/items"),
                json!({ "type": "integer" }),
            )
        }),
        ("another success", Breaking, |v, _, _| {
            set(v, &format!("{PUT}/responses/202"), json!({ "description": "Later." }))
        }),
        ("success of another status", Breaking, |v, _, _| {
            remove(v, &format!("{PUT}/responses/204"))
                && set(v, &format!("{PUT}/responses/200"), json!({ "description": "D" }))
        }),
        ("error documented", Compatible, |v, _, _| {
            set(v, &format!("{PUT}/responses/422"), json!({ "description": "No." }))
        }),
        ("error no longer documented", Compatible, |v, _, _| {
            remove(v, &format!("{LIST}/responses/404"))
        }),
        ("response without content", Breaking, |v, _, _| {
            remove(v, &format!("{GET}/responses/200/content"))
        }),
        ("required header no longer comes", Breaking, |v, _, _| {
            remove(v, &format!("{LIST}/responses/200/headers/X-Total"))
        }),
        ("header may be missing", Breaking, |v, _, _| {
            remove(v, &format!("{LIST}/responses/200/headers/X-Total/required"))
        }),
        ("header comes too", Compatible, |v, _, _| {
            set(
                v,
                &format!("{LIST}/responses/200/headers/X-More"),
                json!({ "schema": { "type": "string" } }),
            )
        }),
        ("header of another type", Breaking, |v, _, _| {
            set(
                v,
                &format!("{LIST}/responses/200/headers/X-Total/schema/type"),
                json!("boolean"),
            )
        }),
        // The rest of the document.
        ("key in another header", Breaking, |v, _, _| {
            set(v, "/components/securitySchemes/key/name", json!("X-Other"))
        }),
        ("key in the query", Breaking, |v, _, _| {
            set(v, "/components/securitySchemes/key/in", json!("query"))
        }),
        ("no key any more", Compatible, |v, _, _| remove(v, "/security")),
        ("another way to authenticate", Compatible, |v, _, _| {
            set(
                v,
                "/components/securitySchemes/token",
                json!({ "type": "http", "scheme": "bearer" }),
            ) && set(v, "/security", json!([{ "key": [] }, { "token": [] }]))
        }),
        ("two schemes at once", Breaking, |v, _, _| {
            set(
                v,
                "/components/securitySchemes/token",
                json!({ "type": "http", "scheme": "bearer" }),
            ) && set(v, "/security", json!([{ "key": [], "token": [] }]))
        }),
        ("another server", Breaking, |v, _, _| {
            set(v, "/servers/0/url", json!("https://other.test"))
        }),
        ("second server", Compatible, |v, _, _| {
            set(
                v,
                "/servers",
                json!([{ "url": "https://items.test" }, { "url": "https://eu.items.test" }]),
            )
        }),
        ("text of an operation", Nothing, |v, _, _| {
            set(v, &format!("{LIST}/summary"), json!("List all"))
        }),
        ("text of a schema", Nothing, |v, _, _| {
            set(v, &format!("{ITEM}/description"), json!("An item."))
        }),
        ("operation deprecated", Nothing, |v, _, _| {
            set(v, &format!("{GET}/deprecated"), json!(true))
        }),
        ("extension", Nothing, |v, _, _| {
            set(v, &format!("{GET}/x-since"), json!("2"))
        }),
        ("tag", Nothing, |v, _, _| {
            set(v, &format!("{GET}/tags"), json!(["items"]))
        }),
    ]
}
