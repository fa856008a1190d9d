//! Generates the formatted Rust source of a client from an OpenAPI document.
//!
//! `build.rs` of `callrounded-api` and `cargo xtask regenerate` both call [`generate`], so that the checked-in snapshot
//! is what gets compiled. This crate reads and writes no files. The same text gives the same bytes on every run.
//!
//! progenitor generates the code. This crate checks the document first, and reports what progenitor does not support with
//! its location. It turns panics of progenitor into diagnostics, and changes the generated source in steps, which the
//! header of the source lists.
//!
//! ```no_run
//! let text = std::fs::read_to_string("openapi.yaml")?;
//! let source = callrounded_codegen::generate("openapi.yaml", &text)?;
//! std::fs::write("client.rs", source)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod descriptions;
mod expectations;
mod generator;
mod guard;
mod operations;
mod steps;
mod unique_names;

use std::thread;

use callrounded_document::{Diagnostics, Document, Operation};

/// The version of progenitor: of the generator, and of the `progenitor-client` that the generated source requires.
pub const PROGENITOR: &str = "0.15.1";

/// Generates the client for a document. `name` is the file name that diagnostics show, `text` the YAML or JSON of the
/// document.
///
/// The source is included in a crate that depends on `callrounded-runtime`, `progenitor-client`, `reqwest`, `bytes`,
/// `chrono`, `serde` and `serde_json`, and has the features `client`, `blocking` and `schemars`.
///
/// # Errors
/// Returns every problem found that prevents generation, each with its location and a remedy: invalid YAML, a version
/// other than 3.0.x, an operation without an `operationId`, a dangling reference, a construct that progenitor does not
/// support.
pub fn generate(name: &str, text: &str) -> Result<String, Diagnostics> {
    with_large_stack(|| {
        let document = Document::parse(name, text)?;
        let source = client(&document).map_err(|error| error.diagnostics(&document))?;
        Ok(format!("{}\n{}", header(&document), prettyplease::unparse(&source)))
    })
}

/// Checks whether a client can be generated from the document.
///
/// # Errors
/// The same as [`generate`].
pub fn check(document: &Document) -> Result<(), Diagnostics> {
    with_source(document, |_| ())
}

/// Checks the rules that can be checked without generating anything: those of OpenAPI 3.0, and those of the generator.
/// It is much faster than [`check`], which may find more.
///
/// # Errors
/// Returns every violation, with its location and a remedy.
pub fn check_rules(document: &Document) -> Result<(), Diagnostics> {
    check::check(document)
}

/// The reason why a client cannot be generated.
#[derive(Debug)]
pub enum GenerationError {
    /// The document violates a rule that is checked before generation, or a step does not match progenitor's output.
    Rules(Diagnostics),
    /// The names of types that would be defined twice. progenitor names an inline schema after its location, which may
    /// result in the name of another schema.
    DuplicateTypes(Vec<String>),
    /// Schemas or operations that progenitor does not support.
    Unsupported(Diagnostics),
}

impl GenerationError {
    /// Converts the error to diagnostics, with locations in `document`.
    #[must_use]
    pub fn diagnostics(self, document: &Document) -> Diagnostics {
        let types = match self {
            Self::Rules(found) | Self::Unsupported(found) => return found,
            Self::DuplicateTypes(types) => types,
        };
        let schemas = steps::find::Schemas::of(document);
        let found = types.iter().map(|name| {
            document.diagnostic(
                schemas.get(&quote::format_ident!("{name}")).unwrap_or_default(),
                format!("an inline schema generates a type with the same name, `{name}`"),
                "move the inline schema to components/schemas under a unique name",
            )
        });
        let whole = || {
            document
                .diagnostic(
                    "",
                    "two schemas generate the same type",
                    "give each schema a unique name",
                )
                .into()
        };
        Diagnostics::ok_if_empty(found.collect()).err().unwrap_or_else(whole)
    }
}

/// Returns the first reason why a client cannot be generated from the document, if there is one. It does not parse the
/// source that progenitor writes: parsing takes most of the time of [`check`] and succeeds for every document.
#[must_use]
pub fn first_error(document: &Document) -> Option<GenerationError> {
    let probe = || {
        check::check(document).map_err(GenerationError::Rules)?;
        generator::probe(&prepared(document))
    };
    with_large_stack(probe).err()
}

/// Passes the source that [`generate`] formats to `read`, and returns its result.
///
/// # Errors
/// The same as [`generate`].
pub fn with_source<T: Send>(document: &Document, read: impl Fn(&syn::File) -> T + Sync) -> Result<T, Diagnostics> {
    with_large_stack(|| client(document).map(|source| read(&source))).map_err(|error| error.diagnostics(document))
}

/// Generates the expectations of a mock server: for each operation a type, and a method that specifies the response to
/// its requests. `name` is the file name that diagnostics show, `text` the YAML or JSON of the document.
///
/// Include the source where `types` is the module of that name in the client's crate, in a crate that defines at its
/// root: `MockServer`, `When<'_, O>` with `new` and `parameter`, and the trait `Operation`.
///
/// # Errors
/// The same as [`generate`].
pub fn expectations(name: &str, text: &str) -> Result<String, Diagnostics> {
    with_large_stack(|| {
        let document = Document::parse(name, text)?;
        check::check(&document)?;
        let document = prepared(&document);
        let mut source = generator::run(&document).map_err(|error| error.diagnostics(&document))?;
        let expectations = steps::model(&document, &mut source)?;
        let expectations = expectations::source(&expectations);
        Ok(prettyplease::unparse(&expectations))
    })
}

/// Returns the names that [`generate`] gives to the group of an operation, if it has one, and to its method.
#[must_use]
pub fn group_and_method(document: &Document, operation: &Operation<'_>) -> (Option<String>, String) {
    let group = operations::names::group(document, operation);
    (group, operations::names::method(document, operation))
}

/// Runs `work` in a thread with a large stack, since progenitor recurses as deep as the document is nested.
fn with_large_stack<T: Send, E: Send>(work: impl Fn() -> Result<T, E> + Sync) -> Result<T, E> {
    thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, &work);
        match worker.map(thread::ScopedJoinHandle::join) {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // No thread can be started. The caller's stack is large enough for all but the deepest documents.
            Err(_) => work(),
        }
    })
}

/// The size of that stack, in bytes.
const STACK_SIZE: usize = 64 * 1024 * 1024;

fn client(document: &Document) -> Result<syn::File, GenerationError> {
    check::check(document).map_err(GenerationError::Rules)?;
    let document = &prepared(document);
    let mut source = generator::run(document)?;
    steps::apply(document, &mut source).map_err(GenerationError::Rules)?;
    Ok(source)
}

/// Prepares the document for progenitor: names the branches of unions, and marks code in descriptions as text.
fn prepared(document: &Document) -> Document {
    let named = steps::with_named_branches(document);
    let mut value = named.unwrap_or_else(|| document.value().clone());
    descriptions::mark_code(&mut value);
    document.with_value(value)
}

fn header(document: &Document) -> String {
    let mut header = format!(
        "// Generated from {} by callrounded-codegen with progenitor {PROGENITOR}. Do not edit: change the\n\
         // document, then run `cargo xtask regenerate` to update the checked-in snapshot.\n\
         // These steps change progenitor's output (crates/callrounded-codegen/src/steps):\n",
        document.name()
    );
    for step in steps::all() {
        header.push_str(&format!("//   {}: {}\n", step.name, step.why));
    }
    header
}
