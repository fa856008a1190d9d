//! Supports other media types of JSON, such as `application/merge-patch+json` and `application/vnd.api+json`.
//! progenitor only supports `application/json`, so the others are replaced by it before generation. The requests send
//! and accept the documented type: a service may reject a body of another type, or respond with 406 to a client that
//! accepts another type.
//!
//! Any other body that is not a form or text is bytes, sent with their documented type.

use callrounded_document::{Document, Operation, essence, is_json, pointer};
use heck::ToPascalCase;
use quote::ToTokens;
use serde_json::{Value, json};
use syn::{Expr, ExprMethodCall, File, ImplItem, Item, Stmt, parse_quote};

use super::find;

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
/// Other media types of requests that progenitor supports.
const FORM: &str = "application/x-www-form-urlencoded";
const TEXTS: [&str; 2] = ["text/plain", "text/x-markdown"];

/// Replaces media types by those that progenitor supports.
pub(super) fn replace(document: &Document, value: &mut Value) {
    for operation in document.operations() {
        for (content, status) in contents(document, &operation) {
            let Some(content) = value.pointer_mut(&content).and_then(Value::as_object_mut) else {
                continue;
            };
            let renamed = std::mem::take(content).into_iter().map(|(name, media)| {
                let essence = essence(&name);
                if is_json(&name) {
                    (JSON.to_owned(), media)
                } else if status.is_some() {
                    (name, media)
                } else if essence == FORM {
                    (essence, media)
                } else if TEXTS.contains(&essence.as_str()) {
                    (essence, json!({ "schema": { "type": "string" } }))
                } else {
                    (
                        BYTES.to_owned(),
                        json!({ "schema": { "type": "string", "format": "binary" } }),
                    )
                }
            });
            *content = renamed.collect();
        }
    }
}

/// Returns the pointers to the `content` of the request and of the responses of an operation. Those of responses have
/// their status.
fn contents(document: &Document, operation: &Operation<'_>) -> Vec<(String, Option<String>)> {
    let request = pointer::join(&operation.pointer, "requestBody");
    let responses = pointer::join(&operation.pointer, "responses");
    let responses: Vec<(Option<String>, String)> = document
        .members(&responses)
        .map(|(status, at)| (Some(status.to_owned()), at))
        .collect();
    let all = std::iter::once((None, request)).chain(responses);
    let resolved = all.filter_map(|(status, at)| Some((pointer::join(&document.resolve(&at)?, "content"), status)));
    resolved
        .filter(|(content, _)| document.get(content).is_some())
        .collect()
}

/// Returns the documented media type of bytes or text, unless it is a range such as `*/*`.
fn raw(document: &Document, content: &str) -> Option<String> {
    let is_raw = |name: &str| !is_json(name) && essence(name) != FORM && !name.contains('*');
    let (name, _) = document.members(content).find(|(name, _)| is_raw(name))?;
    Some(name.to_owned())
}

/// Returns the documented media type of the JSON of a `content`.
fn json(document: &Document, content: &str) -> Option<String> {
    let (name, _) = document.members(content).find(|(name, _)| is_json(name))?;
    Some(name.to_owned())
}

/// The media types in the headers of an operation's requests, where they differ from progenitor's.
struct MediaTypes {
    /// The name of the operation's builder.
    operation: String,
    /// The media type of a JSON body.
    request: Option<String>,
    /// The media type of any other body.
    raw: Option<String>,
    /// The media type of JSON that is accepted.
    response: Option<String>,
}

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let mut changes: Vec<MediaTypes> = Vec::new();
    for operation in document.operations() {
        let contents = contents(document, &operation);
        let of_response = |has_status: &dyn Fn(&str) -> bool| {
            let mut found = contents
                .iter()
                .filter(|(_, status)| status.as_deref().is_some_and(has_status));
            found.find_map(|(content, _)| json(document, content))
        };
        let is_success = |status: &str| status.starts_with('2');
        let responses = pointer::join(&operation.pointer, "responses");
        let has_success = document.members(&responses).any(|(status, _)| is_success(status));
        // If there is a success status, `default` describes errors.
        let response = if has_success {
            of_response(&is_success)
        } else {
            of_response(&|status| status == "default")
        };
        let request = contents.iter().find(|(_, status)| status.is_none());
        let of_request =
            |read: fn(&Document, &str) -> Option<String>| request.and_then(|(content, _)| read(document, content));
        let is_other = |name: &String| name != JSON;
        let media_types = MediaTypes {
            operation: operation.id.unwrap_or_default().to_pascal_case(),
            request: of_request(json).filter(is_other),
            raw: of_request(raw),
            response: response.filter(is_other),
        };
        if media_types.request.is_some() || media_types.raw.is_some() || media_types.response.is_some() {
            changes.push(media_types);
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    for item in find::module(source, &["builder"])? {
        let Item::Impl(item) = item else { continue };
        let Some(name) = find::implemented(item).map(ToString::to_string) else {
            continue;
        };
        let Some(media_types) = changes.iter().find(|media_types| media_types.operation == name) else {
            continue;
        };
        let statements = item.items.iter_mut().filter_map(|member| match member {
            ImplItem::Fn(function) => Some(&mut function.block.stmts),
            _ => None,
        });
        let mut has_body = media_types.request.is_none();
        for statement in statements.flatten() {
            if let Stmt::Local(syn::Local { init: Some(init), .. }) = statement {
                has_body |= set_headers(&mut init.expr, media_types);
            }
        }
        if !has_body {
            return Err(format!("the request of `{name}` has no JSON body"));
        }
    }
    Ok(())
}

/// Sets the headers in a chain of calls that builds a request. Returns whether the request has a JSON body.
fn set_headers(expression: &mut Expr, media_types: &MediaTypes) -> bool {
    match expression {
        Expr::Try(tried) => set_headers(&mut tried.expr, media_types),
        Expr::MethodCall(call) => {
            if call.method == "header" {
                let arguments = call.args.to_token_stream().to_string();
                if arguments.contains(":: ACCEPT ,") {
                    set_value(call, media_types.response.as_deref());
                } else if arguments.contains(":: CONTENT_TYPE ,") {
                    set_value(call, media_types.raw.as_deref());
                }
            }
            let has_body = call.method == "json";
            if let (true, Some(media_type)) = (has_body, &media_types.request) {
                // reqwest sets the type of a JSON body only if none is set.
                let receiver = &call.receiver;
                call.receiver = parse_quote! {
                    #receiver.header(
                        ::reqwest::header::CONTENT_TYPE,
                        ::reqwest::header::HeaderValue::from_static(#media_type),
                    )
                };
            }
            let receiver = match (&mut *call.receiver, has_body) {
                // Skips the call that was inserted.
                (Expr::MethodCall(added), true) if media_types.request.is_some() => &mut *added.receiver,
                (receiver, _) => receiver,
            };
            set_headers(receiver, media_types) || has_body
        }
        _ => false,
    }
}

/// Sets the value of a header.
fn set_value(call: &mut ExprMethodCall, media_type: Option<&str>) {
    if let (Some(media_type), Some(value)) = (media_type, call.args.last_mut()) {
        *value = parse_quote!(::reqwest::header::HeaderValue::from_static(#media_type));
    }
}
