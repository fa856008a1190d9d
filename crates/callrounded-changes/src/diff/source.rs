//! Determines the effect of changes on source code: both clients are generated, and their public items are compared.

use std::{panic, thread};

use callrounded_document::{Diagnostics, Document};
use quote::ToTokens;

use super::{Bump, Change, Effect, items};
use crate::{RustApi, import};

/// Compares the clients that are generated from both documents, and attributes the changed items to the changes that
/// explain them.
pub(super) fn compare(old: &Document, new: &Document, changes: &mut Vec<Change>) -> Result<Bump, String> {
    let generation_error = |document: &Document, found: &Diagnostics| {
        format!(
            "cannot generate a client from {}: {}",
            document.name(),
            first_problem(found)
        )
    };
    let generate_both = |before: &Document, after: &Document| {
        in_parallel(
            || generate(before).map_err(|found| generation_error(old, &found)),
            || generate(after).map_err(|found| generation_error(new, &found)),
        )
    };
    if is_same_text(old, new) {
        return Ok(bump(changes, false));
    }
    let direct = if import::is_3_0(old) && import::is_3_0(new) {
        generate_both(old, new).ok()
    } else {
        None
    };
    // If one of the documents has to be imported, both are, so that like is compared with like.
    let import_whole =
        |document: &Document| import::import_all(document).map_err(|found| generation_error(document, &found));
    let (before, after, (old_client, new_client)) = match direct {
        Some(clients) => (old.clone(), new.clone(), clients),
        None => {
            let (before, after) = in_parallel(|| import_whole(old), || import_whole(new))?;
            if is_same_text(&before, &after) {
                return Ok(bump(changes, false));
            }
            let clients = generate_both(&before, &after)?;
            (before, after, clients)
        }
    };
    if old_client != new_client {
        items::attribute(&before, &after, old_client.api.changes(&new_client.api), changes);
    }
    Ok(bump(changes, old_client != new_client))
}

/// Checks whether the clients of two documents must be equal. Maps are equal in any order, but the order of paths determines that
/// of the generated items, so the texts are compared.
fn is_same_text(one: &Document, other: &Document) -> bool {
    let [one, other] = [one, other].map(|document| document.value().to_string());
    one == other
}

/// Runs both functions at the same time, because a large document takes seconds.
fn in_parallel<T: Send>(
    one: impl FnOnce() -> Result<T, String> + Send,
    other: impl FnOnce() -> Result<T, String>,
) -> Result<(T, T), String> {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => Ok((one?, other?)),
            Err(payload) => panic::resume_unwind(payload),
        }
    })
}

/// A generated client, without the formatting of its source.
#[derive(PartialEq)]
struct Client {
    api: RustApi,
    tokens: String,
}

fn generate(document: &Document) -> Result<Client, Diagnostics> {
    callrounded_codegen::with_source(document, |source| Client {
        api: RustApi::of(source),
        tokens: source.to_token_stream().to_string(),
    })
}

fn first_problem(found: &Diagnostics) -> String {
    let first = found.iter().next();
    first
        .map(|one| format!("{} (#{})", one.problem, one.pointer))
        .unwrap_or_default()
}

fn bump(changes: &[Change], client_changed: bool) -> Bump {
    match changes.iter().map(|change| change.source).max().unwrap_or_default() {
        Effect::Breaking => Bump::Major,
        Effect::Compatible => Bump::Minor,
        Effect::None if client_changed => Bump::Patch,
        Effect::None => Bump::None,
    }
}
