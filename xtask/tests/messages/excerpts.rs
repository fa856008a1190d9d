//! Excerpts of payloads in messages: how they are shortened and masked, and that they contain no control characters.

use callrounded_doc::Exit;

use crate::{Console, THING, document};

#[test]
fn excerpts_match_golden_file() {
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              long: {externalValue: long.json}
              tabs: {externalValue: tabs.json}
              letters: {externalValue: letters.json}
              spread: {externalValue: spread.json}
              crlf: {externalValue: crlf.json}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    let filler = |count: usize| "lorem ipsum ".repeat(count);
    console.file(
        "openapi/long.json",
        format!(
            "{{\"count\": \"begins\", \"name\": \"{}\", \"metadata\": {{\"m\": 1}}, \"secret\": \"{}\", \"id\": true}}",
            filler(20),
            filler(20)
        ),
    );
    console.file(
        "openapi/tabs.json",
        "{\n\t\"name\":\t\"x\",\t\"secret\": \"s\",\n\t\t\"count\":\t\"tabs\"\n}\n",
    );
    console.file(
        "openapi/letters.json",
        "{\n  \"name\": \"Ünïcödé — größer\", \"secret\": 1,\n  \"metadata\": {\"héé\": 12}\n}\n",
    );
    console.file(
        "openapi/spread.json",
        "{\"name\": \"x\", \"secret\": \"s\", \"metadata\": [\n  \"over\",\n  \"lines\"\n]}\n",
    );
    console.file(
        "openapi/crlf.json",
        "{\r\n  \"name\": \"x\",\r\n  \"secret\": 12\r\n}\r\n",
    );
    let printed = console.run("", Exit::Findings);
    for line in printed.lines().filter(|line| line.contains(" | ")) {
        assert!(line.chars().count() <= 120, "{line}");
    }
    console.assert_golden("excerpts");
}

#[test]
fn excerpt_of_recorded_payload_is_masked_and_of_example_is_shown() {
    let text = "{\n  \"name\": \"Nordlicht 7\", \"secret\": \"s-42\", \"count\": \"12,5\",\n  \
                \"metadata\": {\"Straße 9\": \"ok\", \"+49 30 1234\": -12.5e3, \"flag\": true, \"none\": null, \"name\": 1}\n}\n";
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              shown: {externalValue: shown.json}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    console.file("openapi/shown.json", text);
    console.file("recorded.json", text);
    console.run("", Exit::Findings);
    let printed = console.run("--operation add_thing --request recorded.json", Exit::Findings);
    for private in ["Nordlicht", "7", "42", "12,5", "Straße", "+49", "-12"] {
        let shown = printed
            .lines()
            .filter(|line| line.contains(" | ") || line.contains("= at: "));
        assert!(
            shown.clone().all(|line| !line.contains(private)),
            "{private}: {printed}"
        );
    }
    console.assert_golden("masking");
}

/// A terminal would interpret control characters as commands.
#[test]
fn control_characters_of_payload_are_never_printed() {
    let mut console = Console::new(&document(
        "
  /things:
    post:
      operationId: add_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples: {odd: {externalValue: odd.json}, raw: {externalValue: raw.json}}
      responses: {\"200\": {description: Added}}",
        THING,
    ));
    console.file(
        "openapi/odd.json",
        "{\"name\": \"x\", \"secret\": 1, \"count\": \"\u{7f}\u{9b}31m\u{202e}\"}",
    );
    console.file("openapi/raw.json", "{\"name\": \"\u{1b}[31m\"}");
    console.file("recorded.json", "{\"name\":\r \"\u{1b}[31m\u{8}\"}");
    for arguments in ["", "--schema Thing recorded.json"] {
        let printed = console.run(arguments, Exit::Findings);
        let odd = printed
            .chars()
            .find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
        assert_eq!(odd, None, "{printed:?}");
    }
}
