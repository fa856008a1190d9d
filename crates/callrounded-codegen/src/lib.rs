//! An OpenAPI document in, the formatted Rust source of its client out.
//!
//! `build.rs` of `callrounded-api` and `cargo xtask regenerate` both call [`generate`], so that the reviewed snapshot is
//! what gets compiled. Nothing here reads or writes a file, and the same text gives the same bytes on every run.
//!
//! The work is done by progenitor. Around it stand: the checks that refuse what it can't take, with a place in
//! the document (`check`); the guard that turns its panics into diagnostics (`generator`); and the list
//! of steps in which the source differs from what it makes of the document (`steps`).

mod check;
mod descriptions;
mod distinct;
mod expectations;
mod generator;
mod guard;
mod operations;
mod steps;

use std::thread;

use callrounded_document::{Diagnostics, Document, Operation};

/// The version of the generator, which is also that of the runtime the generated source needs.
pub const PROGENITOR: &str = "0.15.1";

/// Generates the client for the document with the given text. `name` is the file name that diagnostics show.
///
/// The source is included in a crate that depends on `callrounded-runtime`, `progenitor-client`, `reqwest`, `bytes`, `chrono`,
/// `serde` and `serde_json`, and has the features `client`, `blocking` and `schemars`.
///
/// # Errors
/// Everything that keeps the document from being generated from, each with its place and a remedy: text that is no
/// YAML, a version other than 3.0.x, an operation without an `operationId`, a reference that leads nowhere, a construct
/// that progenitor can't take.
pub fn generate(name: &str, text: &str) -> Result<String, Diagnostics> {
    with_room(|| {
        let document = Document::parse(name, text)?;
        let source = client(&document).map_err(|obstacle| obstacle.diagnostics(&document))?;
        Ok(format!("{}\n{}", header(&document), prettyplease::unparse(&source)))
    })
}

/// Whether a client can be generated from the document.
///
/// # Errors
/// As [`generate`].
pub fn check(document: &Document) -> Result<(), Diagnostics> {
    source(document, |_| ())
}

/// Whether the document follows the rules that are known without generating anything: those of OpenAPI 3.0, and those of the
/// generator. Takes a small part of the time of [`check`], which may find more.
///
/// # Errors
/// Every rule that is broken, with its location and a remedy.
pub fn rules(document: &Document) -> Result<(), Diagnostics> {
    check::check(document)
}

/// What keeps a client from being generated.
#[derive(Debug)]
pub enum Obstacle {
    /// A rule that is known without generating anything, or a step that does not fit.
    Rules(Diagnostics),
    /// These types would be there twice: a schema without a name is named after where it stands.
    Types(Vec<String>),
    /// Schemas or operations that progenitor can't take.
    Parts(Diagnostics),
}

impl Obstacle {
    /// All of it in words.
    #[must_use]
    pub fn diagnostics(self, document: &Document) -> Diagnostics {
        let types = match self {
            Self::Rules(found) | Self::Parts(found) => return found,
            Self::Types(types) => types,
        };
        let schemas = steps::find::Schemas::of(document);
        let found = types.iter().map(|name| {
            document.diagnostic(
                schemas.get(&quote::format_ident!("{name}")).unwrap_or_default(),
                format!("another schema, one inside a schema, makes the type `{name}` too"),
                "move that one under components/schemas, with a name of its own",
            )
        });
        let whole = || {
            document
                .diagnostic("", "a type is there twice", "give each schema a name of its own")
                .into()
        };
        Diagnostics::none_or(found.collect()).err().unwrap_or_else(whole)
    }
}

/// The first thing that keeps a client from being generated from the document, if anything does. What progenitor writes is not looked
/// at, which takes most of the time of [`check`], and holds for whatever document.
#[must_use]
pub fn obstacle(document: &Document) -> Option<Obstacle> {
    let look = || {
        check::check(document).map_err(Obstacle::Rules)?;
        generator::probe(&prepared(document))
    };
    with_room(look).err()
}

/// What `read` makes of the source that [`generate`] formats.
///
/// # Errors
/// As [`generate`].
pub fn source<T: Send>(document: &Document, read: impl Fn(&syn::File) -> T + Sync) -> Result<T, Diagnostics> {
    with_room(|| client(document).map(|source| read(&source))).map_err(|obstacle| obstacle.diagnostics(document))
}

/// Generates, for the document with the given text, what a mock server can be told to expect of each operation.
///
/// The source is included where `types` is that module of the client's crate, in a crate that has, at its root: `MockServer`,
/// `When<'_, O>` with `new` and `parameter`, and the trait `Operation`.
///
/// # Errors
/// As [`generate`].
pub fn expectations(name: &str, text: &str) -> Result<String, Diagnostics> {
    with_room(|| {
        let document = Document::parse(name, text)?;
        check::check(&document)?;
        let document = prepared(&document);
        let mut source = generator::run(&document).map_err(|obstacle| obstacle.diagnostics(&document))?;
        let expectations = steps::model(&document, &mut source)?;
        let expectations = expectations::source(&expectations);
        Ok(prettyplease::unparse(&expectations))
    })
}

/// The group of an operation on the client and the method of the group: the names that [`generate`] gives them.
#[must_use]
pub fn method(document: &Document, operation: &Operation<'_>) -> (Option<String>, String) {
    let group = operations::names::group(document, operation);
    (group, operations::names::method(document, operation))
}

/// Progenitor goes as deep as the document does; a thread of its own has room for that.
fn with_room<T: Send, E: Send>(work: impl Fn() -> Result<T, E> + Sync) -> Result<T, E> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work);
        match worker.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread to be had: the caller's own stack does for all but the deepest documents.
            Err(_) => work(),
        }
    })
}

const STACK: usize = 64 * 1024 * 1024;

fn client(document: &Document) -> Result<syn::File, Obstacle> {
    check::check(document).map_err(Obstacle::Rules)?;
    let document = &prepared(document);
    let mut source = generator::run(document)?;
    steps::apply(document, &mut source).map_err(Obstacle::Rules)?;
    Ok(source)
}

/// The document as the generator takes it: the branches of unions have names, and no description has code in it.
fn prepared(document: &Document) -> Document {
    let named = steps::with_named_branches(document);
    let mut value = named.unwrap_or_else(|| document.value().clone());
    descriptions::mark(&mut value);
    document.with_value(value)
}

fn header(document: &Document) -> String {
    let mut header = format!(
        "// Generated from {} by callrounded-codegen with progenitor {PROGENITOR}. Not to be edited: change the\n\
         // document, then `cargo xtask regenerate` refreshes the reviewed copy of this file.\n\
         // It differs from progenitor's own output in these steps (crates/callrounded-codegen/src/steps):\n",
        document.name()
    );
    for step in steps::all() {
        header.push_str(&format!("//   {}: {}\n", step.name, step.why));
    }
    header
}
