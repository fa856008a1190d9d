//! A document of OpenAPI 3.1, as FastAPI and Pydantic 2 write it, or of 3.0, as one of 3.0.3 that a client can be
//! generated from.
//!
//! What 3.1 says and 3.0 can say in other words is said in other words. What it can't say, and what the generator can't
//! take, is left out and reported, with its place and the reason: nothing is lost in silence.

mod bodies;
mod defaults;
mod frame;
mod limits;
mod loss;
mod merge;
mod names;
mod nodes;
mod operations;
mod parameters;
mod schemas;
mod select;
mod type_names;

use callrounded_document::{Diagnostics, Document};
use serde_json::Value;

pub(crate) use frame::version_3;
use loss::Losses;
pub use loss::{Loss, LossKind};
pub use merge::{Merged, Outcome};
pub use select::Select;

use crate::yaml::Edited;

/// What came of an import.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The document, in 3.0.3.
    pub document: Value,
    /// What is not in it any more, or not as it was.
    pub losses: Vec<Loss>,
}

/// Imports what is selected of a document.
///
/// # Errors
/// Where the document is of another version than 3.0 and 3.1, where nothing is selected, and
/// where no client can be generated from what is, even without the operations that can't be generated.
pub fn import(source: &Document, select: &Select) -> Result<Imported, Diagnostics> {
    frame::version(source)?;
    let mut losses = Losses::new(source);
    for number in source.rounded() {
        losses.lost(
            &number.pointer,
            "number",
            format!(
                "{} has more than 64 bits; it is the nearest number of a double",
                number.digits
            ),
        );
    }
    let selected = select.apply(source, &mut losses)?;
    let mut lowered = select::pruned(frame::lower(&selected, &mut losses), select.is_everything());
    operations::one_id_each(&mut lowered, &mut losses);
    losses.forget_what_is_not_in(&lowered);
    let mut named = names::settle(lowered, &mut losses);
    operations::one_type_each(&mut named, &mut losses);
    operations::one_method_each(&mut named, &mut losses);
    defaults::fitting(&mut named, &mut losses);
    let document = limits::generatable(named, &mut losses)?;
    Ok(Imported {
        document: select::pruned(document, select.is_everything()),
        losses: losses.into_list(),
    })
}

/// Brings an import into the text of a document that is there already: what the service says is taken over, what is our
/// own stays, and what means the same is not touched.
///
/// # Errors
/// Where the text is no YAML, and where no client can be generated from what comes of the two.
pub fn merge(
    name: &str,
    text: &str,
    imported: &Imported,
    select: &Select,
) -> Result<(String, Vec<Merged>), Diagnostics> {
    let mut ours = Edited::new(name, text)?;
    let merged = merge::merge(&mut ours, &imported.document, select);
    if let Some(obstacle) = callrounded_codegen::obstacle(ours.document()) {
        return Err(obstacle.diagnostics(ours.document()));
    }
    Ok((ours.text().to_owned(), merged))
}

/// A document whose path items all stand where they are used.
pub(crate) fn whole(source: &Document) -> Document {
    let mut value = source.value().clone();
    if let Some(paths) = value.get_mut("paths").and_then(Value::as_object_mut) {
        select::inline_path_items(source, paths, &mut Losses::new(source));
    }
    source.with_value(value)
}

/// A document to compare: one of 3.0 as it is, a later one in the words of 3.0, with all of its operations and whatever 3.0
/// has a place for.
pub(crate) fn comparable(source: &Document) -> Document {
    if is_3_0(source) {
        return source.clone();
    }
    let lowered = frame::lower(source.value(), &mut Losses::of_comparison(source));
    // The places are those of the source, as far as it is built alike.
    source.with_value(lowered)
}

/// What an import makes of a document.
///
/// # Errors
/// Where no client can be generated from it.
pub(crate) fn imported_whole(source: &Document) -> Result<Document, Diagnostics> {
    import(source, &Select::default()).map(|imported| source.with_value(imported.document))
}

/// Whether a document is of 3.0, which the generator takes as it is.
pub(crate) fn is_3_0(source: &Document) -> bool {
    let version = source.text("/openapi");
    version.is_none_or(|version| version.starts_with("3.0"))
}
