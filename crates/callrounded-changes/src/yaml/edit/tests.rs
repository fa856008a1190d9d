use serde_json::json;

use super::*;

const TEXT: &str = "\
# At the top.
openapi: 3.0.3

info: {title: T, version: '1'}   # in flow

list:
  # Before the first.
  - name: a
    in: query  # beside
  - name: b
    in: path
tags: [x, y]
schemas:
  One:
    type: object
    # Why.
    required: [id]
    properties:
      id:
        type: string
        description: >-
          Long
          text.
      # Of the next.
      other: {type: integer}

  # Before Two.
  Two:
    enum: [a]
";

fn edit(change: impl Fn(&mut Editor)) -> String {
    let mut editor = Editor::new("t.yaml", TEXT).unwrap_or_else(|found| panic!("{found}"));
    change(&mut editor);
    editor.text().to_owned()
}

#[test]
fn editor_edit_keeps_other_lines() {
    let text = edit(|text| {
        text.set(
            "/schemas/One/properties/new",
            &json!({"type": "string", "nullable": true}),
        )
    });
    assert_eq!(
        text,
        TEXT.replace(
            "      other: {type: integer}\n",
            "      other: {type: integer}\n      new:\n        type: string\n        nullable: true\n"
        )
    );
    let text = edit(|text| text.set("/schemas/Two/enum", &json!(["a", "b"])));
    assert_eq!(text, TEXT.replace("enum: [a]", "enum: [a, b]"));
    let text = edit(|text| text.set("/schemas/One/properties/id/nullable", &json!(true)));
    assert_eq!(
        text,
        TEXT.replace("          text.\n", "          text.\n        nullable: true\n")
    );
    let text = edit(|text| text.set("/list/0/in", &json!("header")));
    assert_eq!(text, TEXT.replace("in: query  # beside", "in: header  # beside"));
    let text = edit(|text| text.set("/list/0/name", &json!("z")));
    assert_eq!(text, TEXT.replace("- name: a", "- name: z"));
    let text = edit(|text| text.set("/list/2", &json!({"name": "c", "in": "query"})));
    assert_eq!(
        text,
        TEXT.replace("    in: path\n", "    in: path\n  - name: c\n    in: query\n")
    );
    let text = edit(|text| text.remove("/schemas/One/required"));
    assert_eq!(text, TEXT.replace("    required: [id]\n", ""));
    let text = edit(|text| text.remove("/list/1"));
    assert_eq!(text, TEXT.replace("  - name: b\n    in: path\n", ""));
    let text = edit(|text| text.set("/paths/~1a", &json!({"get": {}})));
    assert!(
        text.starts_with(TEXT) && text.ends_with("paths:\n  /a:\n    get: {}\n"),
        "{text}"
    );
}

#[test]
fn editor_edit_of_shared_lines_rewrites_enclosing_value() {
    let text = edit(|text| text.set("/info/title", &json!("U")));
    assert_eq!(
        text,
        TEXT.replace(
            "info: {title: T, version: '1'}   # in flow",
            "info:   # in flow\n  title: U\n  version: \"1\""
        )
    );
    let text = edit(|text| text.set("/schemas/One/properties/other/format", &json!("int64")));
    assert!(
        text.contains("      # Of the next.\n      other:\n        type: integer\n        format: int64\n"),
        "{text}"
    );
    let text = edit(|text| text.remove("/list/0/name"));
    assert!(
        text.contains("  # Before the first.\n  - in: query\n  - name: b\n"),
        "{text}"
    );
}
