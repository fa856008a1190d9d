//! JSON goes by many media types, such as `application/merge-patch+json` and `application/vnd.api+json`. Progenitor knows
//! `application/json`, so it is shown that. A service may refuse a body of another type than it documents, or answer 406
//! to a client that accepts another, so the documented type is what is sent.
//!
//! Any other body that is no form is bytes, sent under their documented type.

use callrounded_document::{Document, Operation, essence, is_json, pointer};
use heck::ToPascalCase;
use quote::ToTokens;
use serde_json::{Value, json};
use syn::{Expr, ExprMethodCall, File, ImplItem, Item, Stmt, parse_quote};

use super::find;

const KNOWN: &str = "application/json";

const BYTES: &str = "application/octet-stream";
/// The other media types of requests that progenitor knows.
const FORM: &str = "application/x-www-form-urlencoded";
const TEXTS: [&str; 2] = ["text/plain", "text/x-markdown"];

/// Shows progenitor the media types that it knows.
pub(super) fn hide(document: &Document, value: &mut Value) {
    for operation in document.operations() {
        for (content, status) in contents(document, &operation) {
            let Some(content) = value.pointer_mut(&content).and_then(Value::as_object_mut) else {
                continue;
            };
            let renamed = std::mem::take(content).into_iter().map(|(name, media)| {
                let essence = essence(&name);
                if is_json(&name) {
                    (KNOWN.to_owned(), media)
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

/// The pointers to the `content` of the request and of the responses of an operation; the latter with their status.
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

/// The documented media type of bytes or a text, where that is one: `*/*` is any.
fn raw(document: &Document, content: &str) -> Option<String> {
    let is_raw = |name: &str| !is_json(name) && essence(name) != FORM && !name.contains('*');
    let (name, _) = document.members(content).find(|(name, _)| is_raw(name))?;
    Some(name.to_owned())
}

/// The documented media type of the JSON of a content.
fn json(document: &Document, content: &str) -> Option<String> {
    let (name, _) = document.members(content).find(|(name, _)| is_json(name))?;
    Some(name.to_owned())
}

/// What the requests of an operation are to say.
struct Wanted {
    operation: String,
    /// The media type of a JSON body.
    request: Option<String>,
    /// The media type of any other body.
    raw: Option<String>,
    /// The media type of JSON that is accepted.
    response: Option<String>,
}

pub(super) fn change(document: &Document, source: &mut File) -> Result<(), String> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for operation in document.operations() {
        let contents = contents(document, &operation);
        let of = |is: &dyn Fn(&str) -> bool| {
            let mut found = contents.iter().filter(|(_, status)| status.as_deref().is_some_and(is));
            found.find_map(|(content, _)| json(document, content))
        };
        let is_success = |status: &str| status.starts_with('2');
        let responses = pointer::join(&operation.pointer, "responses");
        let has_success = document.members(&responses).any(|(status, _)| is_success(status));
        // Beside a success the default describes errors.
        let response = match has_success {
            true => of(&is_success),
            false => of(&|status| status == "default"),
        };
        let request = contents.iter().find(|(_, status)| status.is_none());
        let of_request =
            |read: fn(&Document, &str) -> Option<String>| request.and_then(|(content, _)| read(document, content));
        let is_json = |name: &String| name != KNOWN;
        let one = Wanted {
            operation: operation.id.unwrap_or_default().to_pascal_case(),
            request: of_request(json).filter(is_json),
            raw: of_request(raw),
            response: response.filter(is_json),
        };
        if one.request.is_some() || one.raw.is_some() || one.response.is_some() {
            wanted.push(one);
        }
    }
    if wanted.is_empty() {
        return Ok(());
    }
    for item in find::module(source, &["builder"])? {
        let Item::Impl(item) = item else { continue };
        let Some(name) = find::implemented(item).map(ToString::to_string) else {
            continue;
        };
        let Some(wanted) = wanted.iter().find(|wanted| wanted.operation == name) else {
            continue;
        };
        let statements = item.items.iter_mut().filter_map(|member| match member {
            ImplItem::Fn(function) => Some(&mut function.block.stmts),
            _ => None,
        });
        let mut sent = wanted.request.is_none();
        for statement in statements.flatten() {
            if let Stmt::Local(syn::Local { init: Some(init), .. }) = statement {
                sent |= in_chain(&mut init.expr, wanted);
            }
        }
        if !sent {
            return Err(format!("the request of `{name}` has no JSON body"));
        }
    }
    Ok(())
}

/// Sets the headers in a chain of calls that makes a request; whether it has a JSON body.
fn in_chain(expression: &mut Expr, wanted: &Wanted) -> bool {
    match expression {
        Expr::Try(tried) => in_chain(&mut tried.expr, wanted),
        Expr::MethodCall(call) => {
            if call.method == "header" {
                let arguments = call.args.to_token_stream().to_string();
                if arguments.contains(":: ACCEPT ,") {
                    set(call, wanted.response.as_deref());
                } else if arguments.contains(":: CONTENT_TYPE ,") {
                    set(call, wanted.raw.as_deref());
                }
            }
            let has_body = call.method == "json";
            if let (true, Some(media_type)) = (has_body, &wanted.request) {
                // reqwest sets the type of a JSON body only where none is set.
                let receiver = &call.receiver;
                call.receiver = parse_quote! {
                    #receiver.header(
                        ::reqwest::header::CONTENT_TYPE,
                        ::reqwest::header::HeaderValue::from_static(#media_type),
                    )
                };
            }
            let receiver = match (&mut *call.receiver, has_body) {
                // The call that was put in between.
                (Expr::MethodCall(added), true) if wanted.request.is_some() => &mut *added.receiver,
                (receiver, _) => receiver,
            };
            in_chain(receiver, wanted) || has_body
        }
        _ => false,
    }
}

/// Sets the value of a header.
fn set(call: &mut ExprMethodCall, media_type: Option<&str>) {
    if let (Some(media_type), Some(value)) = (media_type, call.args.last_mut()) {
        *value = parse_quote!(::reqwest::header::HeaderValue::from_static(#media_type));
    }
}
