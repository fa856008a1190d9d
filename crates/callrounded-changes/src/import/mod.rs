//! Converts an OpenAPI 3.0 or 3.1 document, such as those of FastAPI and Pydantic 2, to OpenAPI 3.0.3 from which a
//! client can be generated.
//!
//! Constructs of 3.1 are rewritten in terms of 3.0. The import removes what OpenAPI 3.0 cannot express or the generator
//! does not support. It reports each removal with its location and the reason.

mod bodies;
mod content;
mod defaults;
mod document;
mod fields;
mod loss;
mod merge;
mod names;
mod nodes;
mod operations;
mod parameters;
mod schemas;
mod select;
mod type_names;
mod unsupported;

use callrounded_document::{Diagnostics, Document};
use serde_json::Value;

pub(crate) use document::check_version_3;
use loss::Losses;
pub use loss::{Loss, LossKind};
pub use merge::{Merged, Outcome};
pub use select::Select;

use crate::yaml::Editor;

/// The result of an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The document, in OpenAPI 3.0.3.
    pub document: Value,
    /// The parts of the source that were removed or rewritten.
    pub losses: Vec<Loss>,
}

/// Imports the selected operations of a document, with the components that they use.
///
/// # Errors
/// Returns diagnostics if the version of the document is not 3.0 or 3.1, if no operation is selected, or if no client
/// can be generated even without the operations that are not supported.
pub fn import(source: &Document, select: &Select) -> Result<Imported, Diagnostics> {
    document::check_version(source)?;
    let mut losses = Losses::new(source);
    for number in source.rounded_numbers() {
        losses.lost(
            &number.pointer,
            "number",
            format!(
                "{} does not fit into 64 bits; rounded to the nearest double",
                number.digits
            ),
        );
    }
    let selected = select.apply(source, &mut losses)?;
    let mut lowered = select::pruned(document::lower(&selected, &mut losses), select.is_everything());
    operations::deduplicate_ids(&mut lowered, &mut losses);
    losses.retain_in(&lowered);
    let mut named = names::assign(lowered, &mut losses);
    operations::unify_success_types(&mut named, &mut losses);
    operations::deduplicate_methods(&mut named, &mut losses);
    defaults::remove_invalid(&mut named, &mut losses);
    let document = unsupported::remove(named, &mut losses)?;
    Ok(Imported {
        document: select::pruned(document, select.is_everything()),
        losses: losses.into_list(),
    })
}

/// Merges an import into the text of an existing document, and returns the new text and the outcome for each part.
///
/// Facts about the service are taken from the import. Descriptions, notes, names and comments of the existing document
/// are kept, and so is the text of every part that is semantically equivalent.
///
/// # Errors
/// Returns diagnostics if the text is not valid YAML, or if no client can be generated from the merged document.
pub fn merge(
    name: &str,
    text: &str,
    imported: &Imported,
    select: &Select,
) -> Result<(String, Vec<Merged>), Diagnostics> {
    let mut ours = Editor::new(name, text)?;
    let merged = merge::merge(&mut ours, &imported.document, select);
    if let Some(error) = callrounded_codegen::first_error(ours.document()) {
        return Err(error.diagnostics(ours.document()));
    }
    Ok((ours.text().to_owned(), merged))
}

/// Returns the document with all path items inlined.
pub(crate) fn with_inlined_path_items(source: &Document) -> Document {
    let mut value = source.value().clone();
    if let Some(paths) = value.get_mut("paths").and_then(Value::as_object_mut) {
        select::inline_path_items(source, paths, &mut Losses::new(source));
    }
    source.with_value(value)
}

/// Returns the document in a form that can be compared. A document of OpenAPI 3.0 stays as it is; a later one is
/// lowered to 3.0 with all of its operations and everything that 3.0 can express.
pub(crate) fn comparable(source: &Document) -> Document {
    if is_3_0(source) {
        return source.clone();
    }
    let lowered = document::lower(source.value(), &mut Losses::for_comparison(source));
    // Locations are those of the source, as far as both have the same structure.
    source.with_value(lowered)
}

/// Imports all operations of a document.
///
/// # Errors
/// Returns diagnostics if no client can be generated from it.
pub(crate) fn import_all(source: &Document) -> Result<Document, Diagnostics> {
    import(source, &Select::default()).map(|imported| source.with_value(imported.document))
}

/// Checks whether a document is OpenAPI 3.0, which the generator supports directly.
pub(crate) fn is_3_0(source: &Document) -> bool {
    let version = source.get_str("/openapi");
    version.is_none_or(|version| version.starts_with("3.0"))
}
