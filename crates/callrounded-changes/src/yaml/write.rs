//! Writes a value as YAML. Equal values give equal texts, and a text parses to the value that it was written from.

use serde_json::{Map, Value};

/// The maximum width of a line, if the line can be broken.
const WIDTH: usize = 120;
/// The maximum length of an implicit key. YAML 1.2 allows 1,024 characters (7.4.2 and 8.2.2); a longer key needs a `?`.
const MAX_IMPLICIT_KEY: usize = 1000;

/// Writes a whole document, with a final newline.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut out = match value {
        Value::Object(members) if !members.is_empty() => block(value, 0),
        Value::Array(items) if !items.is_empty() => block(value, 0),
        Value::String(text) => scalar(text, 2, 0),
        other => flow(other),
    };
    if !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Writes the value after `key:` or `-`: on the same line if it is short, otherwise on lines of its own. Ends with a
/// newline.
fn after(value: &Value, indent: usize, column: usize) -> String {
    match value {
        Value::Object(members) if !members.is_empty() => format!("\n{}", block(value, indent)),
        Value::Array(items) if !items.is_empty() => {
            let scalar = items.iter().all(|item| !item.is_object() && !item.is_array());
            let line = flow(value);
            if scalar && column + line.len() < WIDTH && !line.contains('\n') {
                format!(" {line}\n")
            } else {
                format!("\n{}", block(value, indent))
            }
        }
        Value::String(text) => format!(" {}\n", scalar(text, indent, column)),
        other => format!(" {}\n", flow(other)),
    }
}

/// Writes the members or items of a value in block style.
pub(super) fn block(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut out = String::new();
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = key(name);
                if name.len() > MAX_IMPLICIT_KEY {
                    out.push_str(&format!(
                        "{pad}? {name}\n{pad}:{}",
                        after(value, indent + 2, indent + 2)
                    ));
                    continue;
                }
                let column = indent + name.len() + 2;
                out.push_str(&format!("{pad}{name}:{}", after(value, indent + 2, column)));
            }
        }
        Value::Array(items) => {
            for item in items {
                match item {
                    // The first member is on the line of the dash.
                    Value::Object(members) if !members.is_empty() => {
                        let inner = block(item, indent + 2);
                        out.push_str(&format!("{pad}- {}", inner.get(indent + 2..).unwrap_or_default()));
                    }
                    _ => out.push_str(&format!("{pad}-{}", after(item, indent + 2, indent + 2))),
                }
            }
        }
        other => out.push_str(&format!("{pad}{}\n", flow(other))),
    }
    out
}

/// Writes a key, in quotes if necessary.
fn key(name: &str) -> String {
    if name == "$ref" || is_plain(name) && !name.contains(['{', '}', '[', ']', ',']) || is_path(name) {
        name.to_owned()
    } else {
        quoted(name)
    }
}

/// Checks whether a key is a path of the API, which needs no quotes.
fn is_path(name: &str) -> bool {
    name.starts_with('/')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'{' | b'}' | b'_' | b'-' | b'.'))
}

/// Writes a value on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) && !text.contains(['{', '}', '[', ']', ',']) => text.clone(),
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => flow_object(members),
        other => other.to_string(),
    }
}

fn flow_object(members: &Map<String, Value>) -> String {
    let members: Vec<String> = members
        .iter()
        .map(|(name, value)| {
            let name = if is_plain(name) && !name.contains(['{', '}', '[', ']', ',']) {
                name.clone()
            } else {
                quoted(name)
            };
            format!("{name}: {}", flow(value))
        })
        .collect();
    format!("{{{}}}", members.join(", "))
}

/// Writes a string after a key: plain, in double quotes, folded (`>-`) if it is long, or as a literal (`|-`) if it has
/// several lines.
fn scalar(text: &str, indent: usize, column: usize) -> String {
    let pad = " ".repeat(indent);
    if column + text.chars().count() <= WIDTH && is_plain(text) {
        return text.to_owned();
    }
    let printable = text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{feff}');
    let tidy = !text.is_empty() && !text.starts_with([' ', '\n', '\t']) && !text.ends_with([' ', '\n', '\t']);
    if printable && tidy && text.contains('\n') {
        let lines: Vec<&str> = text.split('\n').collect();
        // Some parsers change lines that end with whitespace, and empty lines with whitespace.
        if lines.iter().all(|line| line.trim_end() == *line) {
            let lines: Vec<String> = lines
                .iter()
                .map(|line| {
                    if line.is_empty() {
                        String::new()
                    } else {
                        format!("{pad}{line}")
                    }
                })
                .collect();
            return format!("|-\n{}", lines.join("\n"));
        }
    }
    let one_line = printable && tidy && !text.contains('\n') && !text.contains("  ");
    let quotes = quoted(text);
    if one_line && column + quotes.chars().count() > WIDTH && text.contains(' ') {
        let lines = folded(text, WIDTH.saturating_sub(indent).max(20));
        let lines: Vec<String> = lines.iter().map(|line| format!("{pad}{line}")).collect();
        return format!(">-\n{}", lines.join("\n"));
    }
    quotes
}

fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Checks whether every version of YAML parses a string without quotes as that string.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    let known = |c: char| c.is_alphanumeric() || " _-./()+=$;'\"`<>|,{}[]?!&*%@~:#".contains(c);
    starts
        && text.chars().all(known)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !WORDS.contains(&text.to_lowercase().as_str())
}

/// Writes a string in double quotes, which can hold any character. YAML has the escapes of JSON.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    json.chars()
        .map(|c| match c {
            // JSON allows these characters unescaped. YAML treats them as line breaks or ignores them.
            '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => format!("\\u{:04x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect()
}
