//! What a change means to source: both clients are generated, and their public items compared.

use std::{panic, thread};

use callrounded_document::{Diagnostics, Document};
use quote::ToTokens;

use super::{Bump, Change, Effect, items};
use crate::{RustApi, import};

/// Compares the clients that are generated from both, and gives what changed to the changes that explain it.
pub(super) fn compare(old: &Document, new: &Document, changes: &mut Vec<Change>) -> Result<Bump, String> {
    let cannot = |document: &Document, found: &Diagnostics| {
        format!("no client can be generated from {}: {}", document.name(), first(found))
    };
    // As text: maps are equal in any order, but the order of paths decides the order of the generated items.
    let text = |document: &Document| document.value().to_string();
    let both = |was: &Document, is: &Document| -> Result<(Client, Client), String> {
        if text(was) == text(is) {
            let one = generated(was).map_err(|found| cannot(old, &found))?;
            return Ok((one.clone(), one));
        }
        at_once(
            || generated(was).map_err(|found| cannot(old, &found)),
            || generated(is).map_err(|found| cannot(new, &found)),
        )
    };
    let as_they_are = match import::is_3_0(old) && import::is_3_0(new) {
        true => both(old, new).ok(),
        false => None,
    };
    // One that has to be imported is compared with what an import makes of the other.
    let imported = |document: &Document| import::imported_whole(document).map_err(|found| cannot(document, &found));
    let (was, is, (before, after)) = match as_they_are {
        Some(clients) => (old.clone(), new.clone(), clients),
        None => {
            let (was, is) = at_once(|| imported(old), || imported(new))?;
            let clients = both(&was, &is)?;
            (was, is, clients)
        }
    };
    if before != after {
        items::attribute(&was, &is, before.api.changes(&after.api), changes);
    }
    Ok(bump(changes, before != after))
}

/// Both at the same time: a large document takes seconds.
fn at_once<T: Send>(
    one: impl FnOnce() -> Result<T, String> + Send,
    other: impl FnOnce() -> Result<T, String>,
) -> Result<(T, T), String> {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        match one.join() {
            Ok(one) => Ok((one?, other?)),
            Err(panicked) => panic::resume_unwind(panicked),
        }
    })
}

/// A generated client, without what says how its source is laid out.
#[derive(Clone, PartialEq)]
struct Client {
    api: RustApi,
    tokens: String,
}

fn generated(document: &Document) -> Result<Client, Diagnostics> {
    callrounded_codegen::source(document, |source| Client {
        api: RustApi::of(source),
        tokens: source.to_token_stream().to_string(),
    })
}

fn first(found: &Diagnostics) -> String {
    let first = found.iter().next();
    first
        .map(|one| format!("{} (#{})", one.problem, one.pointer))
        .unwrap_or_default()
}

fn bump(changes: &[Change], differs: bool) -> Bump {
    match changes.iter().map(|change| change.source).max().unwrap_or_default() {
        Effect::Breaking => Bump::Major,
        Effect::Compatible => Bump::Minor,
        Effect::None if differs => Bump::Patch,
        Effect::None => Bump::None,
    }
}
