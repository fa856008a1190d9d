//! Bundles a document of several files into one: referenced parts of other files become components of the document.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use callrounded_document::{
    Diagnostic, Diagnostics, Document, pointer,
    structure::{self, Object},
};
use serde_json::{Map, Value};

/// A function that returns the text of a file, or the reason why it cannot be read.
pub type Load<'l> = dyn FnMut(&Path) -> Result<String, String> + 'l;

/// A document that includes the parts of other files that it references.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// The document. References that cannot be resolved are unchanged in it.
    pub document: Document,
    /// The references that cannot be resolved: their file cannot be read, or has no value at the referenced location.
    pub unresolved: Vec<Diagnostic>,
}

impl Bundled {
    /// Returns the document if all references were resolved.
    ///
    /// # Errors
    /// The unresolved references, if there are any.
    pub fn into_document(self) -> Result<Document, Diagnostics> {
        Diagnostics::ok_if_empty(self.unresolved)?;
        Ok(self.document)
    }
}

/// Loads the files that a document references with `load`, and copies the referenced parts into the document. References
/// are relative to `path`, the path of the document itself.
pub fn bundle(document: &Document, path: &Path, load: &mut Load<'_>) -> Bundled {
    let mut value = document.value().clone();
    let mut bundler = Bundler {
        path: normalize(path),
        document,
        load,
        files: HashMap::new(),
        imported: HashMap::new(),
        components: Vec::new(),
        unresolved: Vec::new(),
    };
    bundler.resolve_all(&mut value, Object::Document, None);
    let Bundler {
        components, unresolved, ..
    } = bundler;
    for (section, name, component) in components {
        let root = value.as_object_mut();
        let section = root
            .and_then(|root| object(root, "components"))
            .and_then(|components| object(components, section));
        if let Some(section) = section {
            section.insert(name, component);
        }
    }
    remove_marks(&mut value);
    Bundled {
        document: document.with_value(value),
        unresolved,
    }
}

/// Returns the object with this key, which is created if it does not exist. Returns `None` for a value of another type.
fn object<'m>(members: &'m mut Map<String, Value>, name: &str) -> Option<&'m mut Map<String, Value>> {
    let member = members
        .entry(name.to_owned())
        .or_insert_with(|| Value::Object(Map::new()));
    member.as_object_mut()
}

/// Marks a resolved reference. In a value from another file, it would otherwise be resolved again, relative to that
/// file.
const RESOLVED_MARK: char = '\u{1}';

struct Bundler<'b, 'l> {
    /// The path of the document itself.
    path: PathBuf,
    document: &'b Document,
    load: &'b mut Load<'l>,
    /// The files that were read. `None` if a file cannot be read.
    files: HashMap<PathBuf, Option<Document>>,
    /// The name of each imported component, by its file, pointer and kind.
    imported: HashMap<(PathBuf, String, Object), String>,
    /// Section, name and value of each imported component.
    components: Vec<(&'static str, String, Value)>,
    unresolved: Vec<Diagnostic>,
}

impl Bundler<'_, '_> {
    /// Resolves all references in a value. `file` is the file of the value, or `None` for the document itself.
    fn resolve_all(&mut self, value: &mut Value, object: Object, file: Option<&Path>) {
        let Some(members) = value.as_object_mut() else { return };
        if object == Object::Discriminator {
            let mapping = members.get_mut("mapping").and_then(Value::as_object_mut);
            for (_, target) in mapping.into_iter().flatten() {
                if let Value::String(reference) = target
                    && mapping_is_reference(reference, self.document)
                {
                    self.resolve_reference(reference, Object::Schema, file);
                }
            }
            return;
        }
        if let Some(Value::String(reference)) = members.get_mut("$ref")
            && !reference.starts_with(RESOLVED_MARK)
        {
            match object.section() {
                Some(_) => self.resolve_reference(reference, object, file),
                None => {
                    if let Some((from, at)) = self.target(reference, file)
                        && let Some(mut item) = self.load_value(&from, &at, reference)
                    {
                        self.resolve_all(&mut item, object, Some(&from));
                        members.shift_remove("$ref");
                        for (name, value) in item.as_object().into_iter().flatten() {
                            members.entry(name.clone()).or_insert_with(|| value.clone());
                        }
                    }
                }
            }
        }
        for (_, object, inner) in structure::children_mut(value, object) {
            self.resolve_all(inner, object, file);
        }
    }

    /// Returns the file and the pointer that a reference leads to. Returns `None` if that is in the document itself.
    fn target(&self, reference: &str, file: Option<&Path>) -> Option<(PathBuf, String)> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let directory = file.unwrap_or(&self.path).parent().unwrap_or_else(|| Path::new(""));
        let from = match (path.is_empty(), file) {
            (true, None) => return None,
            (true, Some(file)) => file.to_owned(),
            // A URL is not a path. It is kept as it is, and cannot be read.
            (false, _) if path.contains("://") => PathBuf::from(path),
            (false, _) => normalize(&directory.join(path)),
        };
        let at = pointer::of_reference(&format!("#{fragment}")).unwrap_or_default();
        (from != self.path).then_some((from, at))
    }

    /// Imports the target of a reference as a component, and makes the reference lead to that.
    fn resolve_reference(&mut self, reference: &mut String, object: Object, file: Option<&Path>) {
        let Some((from, at)) = self.target(reference, file) else {
            // The target is in the document itself, whichever file refers to it.
            if file.is_some()
                && let Some((_, fragment)) = reference.split_once('#')
            {
                *reference = format!("{RESOLVED_MARK}#{fragment}");
            }
            return;
        };
        let section = object.section().unwrap_or_default();
        let key = (from.clone(), at.clone(), object);
        let name = match self.imported.get(&key) {
            Some(name) => name.clone(),
            None => {
                let Some(mut value) = self.load_value(&from, &at, reference) else {
                    if file.is_some() {
                        // The reference moves into the document, which may be in another directory.
                        *reference = format!("{}#{at}", from.display());
                    }
                    return;
                };
                let name = self.unused_name(section, &from, &at);
                // Recorded before its own references are resolved, since they may refer to it.
                self.imported.insert(key, name.clone());
                self.resolve_all(&mut value, object, Some(&from));
                self.components.push((section, name.clone(), value));
                name
            }
        };
        *reference = format!(
            "{RESOLVED_MARK}#{}",
            pointer::join(&pointer::join("/components", section), &name)
        );
    }

    fn load_value(&mut self, from: &Path, at: &str, reference: &str) -> Option<Value> {
        if !self.files.contains_key(from) {
            let name = from.display().to_string();
            let text = (self.load)(from);
            let read = text.and_then(|text| {
                Document::parse(&name, &text).map_err(|found| {
                    let first = found.iter().next();
                    let first = first.map(|one| format!("line {}: {}", one.location.line, one.problem));
                    first.unwrap_or_default()
                })
            });
            let file = match read {
                Ok(file) => Some(file),
                Err(error) => {
                    self.report_unresolved(reference, format!("cannot read the referenced file `{name}`: {error}"));
                    None
                }
            };
            self.files.insert(from.to_owned(), file);
        }
        let file = self.files.get(from)?.as_ref()?;
        let found = file.get(at).cloned();
        if found.is_none() {
            self.report_unresolved(
                reference,
                format!(
                    "the reference leads nowhere: `{}` has no value at `{at}`",
                    from.display()
                ),
            );
        }
        found
    }

    /// Returns a name that no component of the section has.
    fn unused_name(&self, section: &str, from: &Path, at: &str) -> String {
        let stem = from.file_stem().and_then(|stem| stem.to_str()).unwrap_or("file");
        let preferred = if at.is_empty() {
            stem.to_owned()
        } else {
            pointer::last(at)
        };
        let components = pointer::join("/components", section);
        let is_used = |name: &str| {
            let names = self
                .imported
                .iter()
                .filter(|((_, _, object), _)| object.section() == Some(section));
            self.document.get(&pointer::join(&components, name)).is_some()
                || names.into_iter().any(|(_, used)| used == name)
        };
        let others = (2..).map(|count: u32| format!("{preferred}{count}"));
        let mut names = std::iter::once(preferred.clone())
            .chain([format!("{stem}_{preferred}")])
            .chain(others);
        names.find(|name| !is_used(name)).unwrap_or(preferred)
    }

    /// Reports a problem at the first occurrence of a reference.
    fn report_unresolved(&mut self, reference: &str, problem: String) {
        const REMEDY: &str = "correct the reference, put the file at its path, or pass the document as a single file";
        let at = pointer_to_string(self.document.value(), reference).unwrap_or_default();
        self.unresolved.push(self.document.diagnostic(&at, problem, REMEDY));
    }
}

/// Checks whether the target in a discriminator mapping is a reference. It may also be the name of a schema.
pub(crate) fn mapping_is_reference(target: &str, document: &Document) -> bool {
    let is_name = document.get(&pointer::join("/components/schemas", target)).is_some();
    !is_name && target.contains(['#', '/', '.'])
}

/// Removes `.` and resolvable `..` components from a path.
fn normalize(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normalized.file_name().is_some_and(|name| name != "..") => {
                normalized.pop();
            }
            part => normalized.push(part),
        }
    }
    normalized
}

/// Returns the JSON pointer to the first string that equals `text`.
fn pointer_to_string(value: &Value, text: &str) -> Option<String> {
    let inside = |name: &str, value: &Value| {
        let rest = pointer_to_string(value, text)?;
        Some(format!("{}{rest}", pointer::join("", name)))
    };
    match value {
        Value::String(other) if other == text => Some(String::new()),
        Value::Object(members) => members.iter().find_map(|(name, value)| inside(name, value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, value)| inside(&index.to_string(), value)),
        _ => None,
    }
}

fn remove_marks(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(reference) = text.strip_prefix(RESOLVED_MARK) {
                *text = reference.to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(remove_marks),
        Value::Object(members) => members.iter_mut().for_each(|(_, value)| remove_marks(value)),
        _ => {}
    }
}
