//! Edits YAML in place. The rest of the text keeps its comments, quotes and line breaks.

use callrounded_document::{Diagnostics, Document, Location, pointer};
use serde_json::{Map, Value};

use super::write;

/// An editor of a YAML text.
#[derive(Clone, Debug)]
pub struct Editor {
    name: String,
    text: String,
    document: Document,
}

/// The lines of a member or item.
struct Block {
    /// The first line, counted from 0.
    first: usize,
    /// The line after the last one.
    end: usize,
    /// The column of its key or its dash, counted from 0.
    indent: usize,
    /// The text before the key on its line, such as the dash of an item. Empty if it is only whitespace.
    before: String,
}

impl Editor {
    /// Creates an editor of a text. `name` is the name of the file in diagnostics.
    ///
    /// # Errors
    /// Returns diagnostics if the text is not valid YAML.
    pub fn new(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Ok(Self {
            name: name.to_owned(),
            text: text.to_owned(),
            document: Document::parse(name, text)?,
        })
    }

    /// Returns the current text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the current document.
    #[must_use]
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Sets the value at a JSON pointer. An existing value is replaced; a new one is added after its last sibling.
    pub fn set(&mut self, at: &str, value: &Value) {
        if self.document.get(at) == Some(value) {
            return;
        }
        let mut wanted = self.document.value().clone();
        set_value(&mut wanted, at, Some(value));
        self.change(at, &wanted, false);
    }

    /// Removes the value at a JSON pointer, if there is one.
    pub fn remove(&mut self, at: &str) {
        if self.document.get(at).is_none() {
            return;
        }
        let mut wanted = self.document.value().clone();
        set_value(&mut wanted, at, None);
        self.change(at, &wanted, true);
    }

    /// Edits the text so that its value becomes `wanted`, which differs from the current one only at `at`. If the text
    /// at `at` cannot be edited alone, the enclosing value is rewritten, and in the end the whole document.
    fn change(&mut self, at: &str, wanted: &Value, removes: bool) {
        let mut at = at.to_owned();
        // After a removal from a list, `at` points to the next item.
        let mut value = if removes { None } else { wanted.pointer(&at) };
        loop {
            // A comment at the end of the line is kept if the result is still valid.
            for comments in [true, false] {
                let changed = self.try_edit(&at, value, comments);
                if let Some(text) = changed
                    && let Ok(document) = Document::parse(&self.name, &text)
                    && document.value() == wanted
                {
                    self.text = text;
                    self.document = document;
                    return;
                }
            }
            match pointer::split(&at) {
                Some((parent, _)) => {
                    at = parent.to_owned();
                    value = wanted.pointer(&at);
                }
                None => break,
            }
        }
        let text = write::write(wanted);
        if let Ok(document) = Document::parse(&self.name, &text) {
            self.text = text;
            self.document = document;
        }
    }

    /// Returns the text with the value at `at` set or removed. `None` if this needs a larger edit.
    fn try_edit(&self, at: &str, value: Option<&Value>, comments: bool) -> Option<String> {
        let (parent, name) = pointer::split(at)?;
        let lines: Vec<&str> = self.text.lines().collect();
        let is_item = self.document.get(parent)?.is_array();
        match (self.block(at, &lines), value) {
            (Some(block), Some(value)) => {
                let text = if is_item {
                    item(value, block.indent)
                } else {
                    member(&name, value, block.indent)
                };
                let text = if block.before.is_empty() {
                    text
                } else {
                    // Keeps the dash.
                    format!("{}{}", block.before, text.get(block.indent..)?)
                };
                let comment = lines
                    .get(block.first)
                    .and_then(|line| comment(line))
                    .filter(|_| comments);
                let text = match (comment, text.split_once('\n')) {
                    (Some(comment), Some((first, rest))) => format!("{first}{comment}\n{rest}"),
                    (Some(comment), None) => format!("{text}{comment}"),
                    (None, _) => text,
                };
                Some(self.replace_lines(&lines, block.first, block.end, &text))
            }
            // Without `before`, this is not the first member of an item, whose removal would move the dash.
            (Some(block), None) if block.before.is_empty() => {
                Some(self.replace_lines(&lines, block.first, block.end, ""))
            }
            (None, Some(value)) => {
                let (line, indent) = self.after_last(parent, is_item, &lines)?;
                let text = if is_item {
                    item(value, indent)
                } else {
                    member(&name, value, indent)
                };
                Some(self.replace_lines(&lines, line, line, &text))
            }
            _ => None,
        }
    }

    /// Returns the lines of the member or item at `at`. `None` if it shares them with others.
    fn block(&self, at: &str, lines: &[&str]) -> Option<Block> {
        let Location { line, column } = self.document.key_location(at)?;
        let (parent, _) = pointer::split(at)?;
        let first = line - 1;
        let text = lines.get(first)?;
        let before: String = text.chars().take(column - 1).collect();
        let is_item = self.document.get(parent)?.is_array();
        let (indent, before) = match is_item {
            true => {
                let blank = before.trim_end().strip_suffix('-')?;
                blank.trim().is_empty().then_some((blank.len(), String::new()))?
            }
            false if before.trim().is_empty() => (column - 1, String::new()),
            false if before.trim().chars().all(|c| c == '-' || c == ' ') => (column - 1, before),
            false => return None,
        };
        Some(Block {
            first,
            end: end_of(lines, first, indent, self.document.get(at)?.is_array()),
            indent,
            before,
        })
    }

    /// Returns the text with the lines from `first` to `end` replaced. Line endings stay as they are.
    fn replace_lines(&self, lines: &[&str], first: usize, end: usize, text: &str) -> String {
        let ending = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let before = lines.iter().take(first).copied();
        let after = lines.iter().skip(end).copied();
        let all = before.chain(text.lines()).chain(after);
        all.flat_map(|line| [line, ending]).collect()
    }

    /// Returns the line after the last member or item of the value at `at`, and the indentation of a new one. `None`
    /// for an empty value and a flow collection.
    fn after_last(&self, at: &str, is_list: bool, lines: &[&str]) -> Option<(usize, usize)> {
        let last = match self.document.get(at)? {
            Value::Object(members) => members.keys().next_back()?.clone(),
            Value::Array(items) => items.len().checked_sub(1)?.to_string(),
            _ => return None,
        };
        let block = self.block(&pointer::join(at, &last), lines)?;
        // A block of lines cannot be added to a flow collection.
        let indent = block.indent;
        let fits = lines
            .get(block.first)?
            .chars()
            .nth(indent)
            .is_some_and(|c| !is_list || c == '-');
        fits.then_some((block.end, indent))
    }
}

/// Returns the line after the end of the block that begins at the line `first` and is indented by `indent`.
fn end_of(lines: &[&str], first: usize, indent: usize, is_list: bool) -> usize {
    let mut end = first + 1;
    for (index, line) in lines.iter().enumerate().skip(first + 1) {
        let own = line.len() - line.trim_start().len();
        let text = line.trim_start();
        if text.is_empty() {
            continue;
        }
        // The items of a list may have the indentation of its key.
        let inside =
            own > indent || own == indent && (is_list && text.starts_with("- ") || text.starts_with([']', '}']));
        if !inside {
            break;
        }
        end = index + 1;
    }
    end
}

/// Returns the comment at the end of a line, with the whitespace before it.
fn comment(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    let mut blanks = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open && !(open == '"' && before == '\\') => quote = None,
            (Some(_), _) => {}
            // A quote opens only at the start of a value.
            (None, '"' | '\'') if " :[{,-".contains(before) => quote = Some(c),
            (None, '#') if before.is_whitespace() => return line.get(blanks.unwrap_or(at)..),
            _ => {}
        }
        if !c.is_whitespace() {
            blanks = None;
        } else if blanks.is_none() {
            blanks = Some(at);
        }
        before = c;
    }
    None
}

fn member(name: &str, value: &Value, indent: usize) -> String {
    write::block(
        &Value::Object(Map::from_iter([(name.to_owned(), value.clone())])),
        indent,
    )
}

fn item(value: &Value, indent: usize) -> String {
    write::block(&Value::Array(vec![value.clone()]), indent)
}

/// Sets the value at a JSON pointer of `document`, or removes it. Missing parents are created.
fn set_value(document: &mut Value, at: &str, value: Option<&Value>) {
    let Some((parent, name)) = pointer::split(at) else {
        if let Some(value) = value {
            *document = value.clone();
        }
        return;
    };
    if document.pointer(parent).is_none() {
        set_value(document, parent, Some(&Value::Object(Map::new())));
    }
    match (document.pointer_mut(parent), value) {
        (Some(Value::Object(members)), Some(value)) => {
            members.insert(name, value.clone());
        }
        (Some(Value::Object(members)), None) => {
            members.shift_remove(&name);
        }
        (Some(Value::Array(items)), value) => match (name.parse::<usize>(), value) {
            (Ok(index), Some(value)) if index < items.len() => {
                if let Some(item) = items.get_mut(index) {
                    *item = value.clone();
                }
            }
            (_, Some(value)) => items.push(value.clone()),
            (Ok(index), None) if index < items.len() => {
                items.remove(index);
            }
            _ => {}
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests;
