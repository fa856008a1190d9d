//! Where the two documents come from: files, or what git has of them.

use std::{path::Path, process::Command};

use callrounded_document::Document;

use crate::{
    context::{Context, DefaultDocument},
    documents,
};

/// Both documents; an error is a text for the user.
pub(super) fn documents(
    old: Option<&str>,
    new: Option<&str>,
    context: &Context<'_>,
) -> Result<(Document, Document), String> {
    let old = match (old, &context.document) {
        (Some(source), _) => read(source, context)?,
        (None, DefaultDocument::File { name, root }) => {
            let base = merge_base(root, name, context)?;
            let shown = format!("{}:{name}", base.get(..12).unwrap_or(&base));
            of_revision(root, &shown, &base, name)?
        }
        (None, DefaultDocument::BuiltIn { .. }) => {
            return Err("error: name the document to compare with".to_owned());
        }
        (None, DefaultDocument::None(why)) => return Err(format!("error: {why}")),
    };
    let new = match (new, &context.document) {
        (Some(source), _) => read(source, context)?,
        (None, DefaultDocument::File { name, root }) => documents::file(name, &root.join(name))?,
        (None, DefaultDocument::BuiltIn { name, text }) => {
            Document::parse(name, text).map_err(|found| found.to_string())?
        }
        (None, DefaultDocument::None(why)) => return Err(format!("error: {why}")),
    };
    for document in [&old, &new] {
        callrounded_changes::diff::check(document).map_err(|found| found.to_string())?;
    }
    Ok((old, new))
}

fn read(source: &str, context: &Context<'_>) -> Result<Document, String> {
    let path = context.here.join(source);
    // A file goes before a revision: it may have a colon in its path.
    match source.split_once(':') {
        Some((revision, file)) if !path.exists() => {
            of_revision(context.root().unwrap_or(context.here), source, revision, file)
        }
        _ => documents::file(source, &path),
    }
}

/// A document as git has it, with the other files of the same revision.
fn of_revision(root: &Path, name: &str, revision: &str, file: &str) -> Result<Document, String> {
    let text = git(root, &["show", &format!("{revision}:{file}")])?;
    documents::whole(name, &text, Path::new(file), &mut |path| {
        git(root, &["show", &format!("{revision}:{}", path.display())])
    })
}

/// The commit that this branch left main at.
fn merge_base(root: &Path, name: &str, context: &Context<'_>) -> Result<String, String> {
    let bases = ["origin/main", "main"].map(|main| git(root, &["merge-base", "HEAD", main]));
    let found = bases
        .into_iter()
        .find_map(Result::ok)
        .map(|base| base.trim().to_owned());
    found.ok_or_else(|| {
        format!(
            "error: there is no branch main that this one could have left\n\
             = help: say what to compare with: {} diff REVISION:{name}",
            context.program
        )
    })
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.map_err(|error| format!("error: git can't be started: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "error: git {} failed: {}",
            arguments.join(" "),
            said.trim().trim_start_matches("fatal: ")
        ));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("error: git {} gave no text", arguments.join(" ")))
}
