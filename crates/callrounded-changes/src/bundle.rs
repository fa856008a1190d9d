//! A document of several files as one: what it refers to in other files stands among its own components then.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
};

use callrounded_document::{
    Diagnostic, Diagnostics, Document, pointer,
    structure::{self, Object},
};
use serde_json::{Map, Value};

/// Gives the text of a file, or why it can't be read.
pub type Load<'l> = dyn FnMut(&Path) -> Result<String, String> + 'l;

/// A document with what it refers to in other files.
#[derive(Clone, Debug)]
pub struct Bundled {
    /// References that are not usable stand in it as they are.
    pub document: Document,
    /// The references whose file can't be read, or has nothing at the place that is referred to.
    pub unusable: Vec<Diagnostic>,
}

impl Bundled {
    /// The document, where it lacks nothing.
    ///
    /// # Errors
    /// Where a reference is not usable.
    pub fn complete(self) -> Result<Document, Diagnostics> {
        Diagnostics::none_or(self.unusable)?;
        Ok(self.document)
    }
}

/// Reads the files that a document refers to, and brings what it takes from them into it. References are relative to `path`,
/// which is where the document itself is.
pub fn bundle(document: &Document, path: &Path, load: &mut Load<'_>) -> Bundled {
    let mut value = document.value().clone();
    let mut bundler = Bundler {
        own: plain(path),
        document,
        load,
        files: HashMap::new(),
        taken: HashMap::new(),
        components: Vec::new(),
        unusable: Vec::new(),
    };
    bundler.walk(&mut value, Object::Document, None);
    let Bundler {
        components, unusable, ..
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
    unmark(&mut value);
    Bundled {
        document: document.with_value(value),
        unusable,
    }
}

fn object<'m>(members: &'m mut Map<String, Value>, name: &str) -> Option<&'m mut Map<String, Value>> {
    let member = members
        .entry(name.to_owned())
        .or_insert_with(|| Value::Object(Map::new()));
    member.as_object_mut()
}

/// Before a reference that is done, since in a file of its own it would lead elsewhere.
const DONE: char = '\u{1}';

struct Bundler<'b, 'l> {
    /// Where the document itself is.
    own: PathBuf,
    document: &'b Document,
    load: &'b mut Load<'l>,
    /// `None` for those that can't be read.
    files: HashMap<PathBuf, Option<Document>>,
    /// What was taken from which file, and what it is called here.
    taken: HashMap<(PathBuf, String, Object), String>,
    /// Section, name and value of what was taken.
    components: Vec<(&'static str, String, Value)>,
    unusable: Vec<Diagnostic>,
}

impl Bundler<'_, '_> {
    /// Brings in what is referred to below a value, which is of a file of its own or of the document.
    fn walk(&mut self, value: &mut Value, object: Object, file: Option<&Path>) {
        let Some(members) = value.as_object_mut() else { return };
        if object == Object::Discriminator {
            let mapping = members.get_mut("mapping").and_then(Value::as_object_mut);
            for (_, target) in mapping.into_iter().flatten() {
                if let Value::String(reference) = target
                    && mapping_is_reference(reference, self.document)
                {
                    self.reference(reference, Object::Schema, file);
                }
            }
            return;
        }
        if let Some(Value::String(reference)) = members.get_mut("$ref")
            && !reference.starts_with(DONE)
        {
            match object.section() {
                Some(_) => self.reference(reference, object, file),
                None => {
                    if let Some((from, at)) = self.target(reference, file)
                        && let Some(mut item) = self.value(&from, &at, reference)
                    {
                        self.walk(&mut item, object, Some(&from));
                        members.shift_remove("$ref");
                        for (name, value) in item.as_object().into_iter().flatten() {
                            members.entry(name.clone()).or_insert_with(|| value.clone());
                        }
                    }
                }
            }
        }
        for (_, object, inner) in structure::inside(value, object) {
            self.walk(inner, object, file);
        }
    }

    /// The file and the place in it that a reference leads to; `None` where that is in the document itself.
    fn target(&self, reference: &str, file: Option<&Path>) -> Option<(PathBuf, String)> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let folder = file.unwrap_or(&self.own).parent().unwrap_or_else(|| Path::new(""));
        let from = match (path.is_empty(), file) {
            (true, None) => return None,
            (true, Some(file)) => file.to_owned(),
            // An address is no path; it is kept, and can't be read.
            (false, _) if path.contains("://") => PathBuf::from(path),
            (false, _) => plain(&folder.join(path)),
        };
        let at = pointer::of_reference(&format!("#{fragment}")).unwrap_or_default();
        (from != self.own).then_some((from, at))
    }

    /// Makes a reference lead to a component of the document.
    fn reference(&mut self, reference: &mut String, object: Object, file: Option<&Path>) {
        let Some((from, at)) = self.target(reference, file) else {
            // Of the document itself, from wherever.
            if file.is_some()
                && let Some((_, fragment)) = reference.split_once('#')
            {
                *reference = format!("{DONE}#{fragment}");
            }
            return;
        };
        let section = object.section().unwrap_or_default();
        let key = (from.clone(), at.clone(), object);
        let name = match self.taken.get(&key) {
            Some(name) => name.clone(),
            None => {
                let Some(mut value) = self.value(&from, &at, reference) else {
                    if file.is_some() {
                        // The reference moves into the document, which may be in another folder.
                        *reference = format!("{}#{at}", from.display());
                    }
                    return;
                };
                let name = self.free_name(section, &from, &at);
                // Before what is inside is looked at, which may refer to it.
                self.taken.insert(key, name.clone());
                self.walk(&mut value, object, Some(&from));
                self.components.push((section, name.clone(), value));
                name
            }
        };
        *reference = format!(
            "{DONE}#{}",
            pointer::join(&pointer::join("/components", section), &name)
        );
    }

    fn value(&mut self, from: &Path, at: &str, reference: &str) -> Option<Value> {
        if !self.files.contains_key(from) {
            let name = from.display().to_string();
            let text = (self.load)(from);
            let read = text.and_then(|text| {
                Document::parse(&name, &text).map_err(|found| {
                    let first = found.iter().next();
                    let first = first.map(|one| format!("line {}: {}", one.place.line, one.problem));
                    first.unwrap_or_default()
                })
            });
            let file = match read {
                Ok(file) => Some(file),
                Err(error) => {
                    self.unusable(
                        reference,
                        format!("`{name}`, which it refers to, can't be read: {error}"),
                    );
                    None
                }
            };
            self.files.insert(from.to_owned(), file);
        }
        let file = self.files.get(from)?.as_ref()?;
        let found = file.get(at).cloned();
        if found.is_none() {
            self.unusable(reference, format!("there is nothing at `{at}` of `{}`", from.display()));
        }
        found
    }

    /// A name that no component of the section has.
    fn free_name(&self, section: &str, from: &Path, at: &str) -> String {
        let stem = from.file_stem().and_then(|stem| stem.to_str()).unwrap_or("file");
        let wanted = match at.is_empty() {
            true => stem.to_owned(),
            false => pointer::last(at),
        };
        let own = pointer::join("/components", section);
        let is_taken = |name: &str| {
            let names = self
                .taken
                .iter()
                .filter(|((_, _, object), _)| object.section() == Some(section));
            self.document.get(&pointer::join(&own, name)).is_some() || names.into_iter().any(|(_, taken)| taken == name)
        };
        let others = (2..).map(|count: u32| format!("{wanted}{count}"));
        let mut names = std::iter::once(wanted.clone())
            .chain([format!("{stem}_{wanted}")])
            .chain(others);
        names.find(|name| !is_taken(name)).unwrap_or(wanted)
    }

    /// Says what is wrong with a reference, where that first stands.
    fn unusable(&mut self, reference: &str, problem: String) {
        const REMEDY: &str = "put the file where the reference says, or give the document as one file";
        let at = place_of(self.document.value(), reference).unwrap_or_default();
        self.unusable.push(self.document.diagnostic(&at, problem, REMEDY));
    }
}

/// Whether the target in a discriminator mapping is a reference. It may also be the name of a schema.
pub(crate) fn mapping_is_reference(target: &str, document: &Document) -> bool {
    let is_name = document.get(&pointer::join("/components/schemas", target)).is_some();
    !is_name && target.contains(['#', '/', '.'])
}

/// A path without steps up and down again.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some_and(|name| name != "..") => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// JSON pointer to the first text that is this one.
fn place_of(value: &Value, text: &str) -> Option<String> {
    let inside = |name: &str, value: &Value| {
        let rest = place_of(value, text)?;
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

fn unmark(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(reference) = text.strip_prefix(DONE) {
                *text = reference.to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(unmark),
        Value::Object(members) => members.iter_mut().for_each(|(_, value)| unmark(value)),
        _ => {}
    }
}
