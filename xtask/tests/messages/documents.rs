//! Messages about the document: one other than the workspace's, its examples and defaults, and errors of generation.

use callrounded_doc::Exit;

use crate::{
    Console, PATHS, THING, document,
    support::{FakeOutcome, FakeTypes},
    without_os_errors,
};

#[test]
fn other_document_is_validated_without_types() {
    let mut console = Console::new(&document(PATHS, THING));
    console.file("other/api.yaml", document(PATHS, THING));
    console.file("thing.json", "{\"id\": 1, \"name\": \"x\", \"secret\": \"s\"}");
    // These types know no schema, which would be reported. They are not used for another document.
    let none = || FakeTypes(|_| FakeOutcome::Unknown);
    console.run_with(
        &mut none(),
        "--document other/api.yaml --schema Thing thing.json",
        Exit::Findings,
    );
    console.run_with(&mut none(), "--document other/api.yaml", Exit::Clean);
    console.file("thing.json", "{\"id\": \"1\", \"name\": \"x\", \"secret\": \"s\"}");
    // The workspace's document is recognized under another path.
    console.run_with(
        &mut none(),
        "--document other/../openapi/calls.yaml --schema Thing thing.json",
        Exit::Findings,
    );
    console.file("other/broken.yaml", "openapi: 3.0.3\npaths: [\n");
    console.run(
        "--document other/broken.yaml --schema Thing thing.json",
        Exit::InputError,
    );
    console.file("other/list.yaml", "- openapi\n- 3.0.3\n");
    console.run("--document other/list.yaml --schema Thing thing.json", Exit::Findings);
    console.file(
        "other/examples.yaml",
        document(PATHS, THING).replace("{type: integer}", "{type: integer, example: x}"),
    );
    console.file("other/expected-failures.txt", "0123456789abcdef # Idle.\n");
    console.run("--document other/examples.yaml", Exit::Findings);
    console.assert_golden("document");
}

#[test]
fn examples_and_defaults_match_golden_file() {
    let mut console = Console::new(
        "openapi: 3.0.3
info: {title: Things, version: \"1\"}
paths:
  /things/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}, example: seven}
    get:
      operationId: get_thing
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 10, default: 100}}
        - {name: sort, in: query, schema: {type: string, enum: [up, down]}, examples: {wrong: {value: left}}}
        - {$ref: '#/components/parameters/Page'}
      responses:
        \"200\":
          description: Found
          headers:
            X-Count: {schema: {type: integer}, example: many}
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Thing'}
              example: {name: 1}
              
    put:
      operationId: put_thing
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Thing'}
            examples:
              one: {externalValue: examples/one.json}
              gone: {externalValue: examples/gone.json}
              shared: {$ref: '#/components/examples/Shared'}
      responses: {\"204\": {description: Done}}
components:
  examples:
    Shared:
      value:
        name: x
        list:
          - 1
          - two
  parameters:
    Page: {name: page, in: query, schema: {type: integer, minimum: 1}, example: 0}
  schemas:
    Thing:
      type: object
      required: [name]
      example: {count: 1}
      properties:
        name: {type: string, example: 12}
        count: {type: integer, default: 1.5}
        when: {type: string, format: date-time, example: yesterday}
        list: {type: array, items: {type: integer}, default: [a, 1]}
        text: {type: string, nullable: true, default: null}
",
    );
    console.file(
        "openapi/examples/one.json",
        "{\n  \"name\": \"one\",\n  \"nmae\": \"two\"\n}\n",
    );
    let printed = console.run("", Exit::Findings);
    let printed = console.printed.replace(&printed, &without_os_errors(&printed));
    Console { printed, ..console }.assert_golden("examples");
}

#[test]
fn generation_errors_match_golden_file() {
    let mut console = Console::new(
        "openapi: 3.0.3
info: {title: Things, version: \"1\"}
paths:
  things:
    get: {operationId: no_slash, responses: {\"200\": {description: Fine}}}
  /things:
    get: {responses: {\"200\": {description: Fine}}}
    trace: {operationId: trace_things, responses: {\"200\": {description: Fine}}}
    post:
      operationId: add_thing
      requestBody: {content: {application/xml: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {\"700\": {description: Odd}}
components:
  schemas:
    Thing:
      type: object
      properties:
        one: {const: 1}
        two: {type: [string, integer]}
        three: {type: number, exclusiveMinimum: 3}
        four: {oneOf: []}
        five: {type: string, minLength: -1}
        six: {$ref: '#/components/schemas/Nothing'}
        seven: {type: text}
        eight: {type: 'null'}
",
    );
    console.file("thing.json", "{\"one\": 1}");
    console.run("", Exit::Findings);
    let printed = console.run("--schema Thing thing.json", Exit::InputError);
    assert!(printed.contains("error[generation]"), "{printed}");

    // If no client can be generated, payloads are still validated against their schemas.
    let mut console = Console {
        printed: console.printed.clone(),
        ..Console::new(&document(
            "{}",
            "Thing: {type: object, properties: {list: {type: array, items: {type: integer}, contains: {type: string}}}}",
        ))
    };
    console.file("thing.json", "{\"list\": [\"a\"]}");
    console.run("--schema Thing thing.json", Exit::Findings);
    console.run("", Exit::Findings);
    console.file("openapi/calls.yaml", "openapi: 2.0\nswagger: \"2.0\"\n");
    console.run("", Exit::Findings);
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        "openapi/calls.yaml",
        document("{}", "Thing: {type: string, pattern: '('}"),
    );
    console.run("", Exit::Findings);
    // The schema is used without its invalid pattern.
    console.run("--schema Thing thing.json", Exit::Findings);
    console.file(
        "openapi/calls.yaml",
        document(
            "{}",
            "Thing: {type: string, pattern: '(', example: x}\nOther: {type: string, minLength: 3, example: x}",
        ),
    );
    console.run("", Exit::Findings);
    console.assert_golden("generation");
}
