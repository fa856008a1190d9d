//! Reads the two documents, from files or from git.

use std::{path::Path, process::Command};

use callrounded_document::Document;

use crate::{
    context::{Context, DefaultDocument},
    documents,
};

/// Reads both documents. The error is a message for the user.
pub(super) fn documents(
    old: Option<&str>,
    new: Option<&str>,
    context: &Context<'_>,
) -> Result<(Document, Document), String> {
    let old = match (old, &context.document) {
        (Some(source), _) => read(source, context)?,
        (None, DefaultDocument::File { name, root }) => {
            let base = merge_base(root, name, context)?;
            let short_name = format!("{}:{name}", base.get(..12).unwrap_or(&base));
            read_revision(root, &short_name, &base, name)?
        }
        (None, DefaultDocument::BuiltIn { .. }) => {
            return Err("error: missing the document to compare with; specify OLD".to_owned());
        }
        (None, DefaultDocument::None(message)) => return Err(format!("error: {message}")),
    };
    let new = match (new, &context.document) {
        (Some(source), _) => read(source, context)?,
        (None, DefaultDocument::File { name, root }) => documents::read(name, &root.join(name))?,
        (None, DefaultDocument::BuiltIn { name, text }) => {
            Document::parse(name, text).map_err(|diagnostics| diagnostics.to_string())?
        }
        (None, DefaultDocument::None(message)) => return Err(format!("error: {message}")),
    };
    for document in [&old, &new] {
        callrounded_changes::diff::check(document).map_err(|diagnostics| diagnostics.to_string())?;
    }
    Ok((old, new))
}

fn read(source: &str, context: &Context<'_>) -> Result<Document, String> {
    let path = context.current_dir.join(source);
    // An existing file takes precedence over a revision, because its path may contain a colon.
    match source.split_once(':') {
        Some((revision, file)) if !path.exists() => {
            read_revision(context.root().unwrap_or(context.current_dir), source, revision, file)
        }
        _ => documents::read(source, &path),
    }
}

/// Reads a document and the files that it refers to from a git revision.
fn read_revision(root: &Path, name: &str, revision: &str, file: &str) -> Result<Document, String> {
    let text = git(root, &["show", &format!("{revision}:{file}")])?;
    documents::parse(name, &text, Path::new(file), &mut |path| {
        git(root, &["show", &format!("{revision}:{}", path.display())])
    })
}

/// Returns the merge base of the current branch and `main`.
fn merge_base(root: &Path, name: &str, context: &Context<'_>) -> Result<String, String> {
    let bases = ["origin/main", "main"].map(|main| git(root, &["merge-base", "HEAD", main]));
    let base = bases
        .into_iter()
        .find_map(Result::ok)
        .map(|base| base.trim().to_owned());
    base.ok_or_else(|| {
        format!(
            "error: the current branch has no merge base with `origin/main` or `main`\n\
             = help: specify the document to compare with: {} diff REVISION:{name}",
            context.program
        )
    })
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output();
    let output = output.map_err(|error| format!("error: git cannot be run: {error}"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "error: git {} failed: {}",
            arguments.join(" "),
            stderr.trim().trim_start_matches("fatal: ")
        ));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| format!("error: the output of git {} is not valid UTF-8", arguments.join(" ")))
}
