//! The document of a copy gets a resource, a filter, errors and a property. Without another edit, the client, mock server, command
//! line and tests support all of it. No vendor is likely to use these names, so the test also passes after an import.

use std::{fs, process::Command};

use callrounded_tests::workspace;

use crate::{
    copy::{Copy, GROWN},
    text,
};

const TAG: &str = "  - name: agents
    description: The agents that speak in calls.
";

const PATHS: &str = r##"  /v1/agents:
    get:
      operationId: list_agents
      tags: [agents]
      summary: List agents
      x-pagination: {items: data, cursor: cursor, next: next_cursor, size: limit}
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 10}}
        - {name: language, in: query, description: Only agents that speak this language., schema: {type: string}}
      responses:
        "200":
          description: One page of agents.
          content: {application/json: {schema: {$ref: "#/components/schemas/AgentListResponse"}}}
  /v1/agents/{agent_id}:
    parameters:
      - {name: agent_id, in: path, required: true, description: Which agent., schema: {type: string}}
    get:
      operationId: get_agent
      tags: [agents]
      summary: Get an agent
      parameters: [{name: expand, in: query, schema: {type: boolean}}]
      responses:
        "200":
          description: The agent.
          content:
            application/json:
              schema: {$ref: "#/components/schemas/AgentResponse"}
              example: {message: Found, data: {id: some-agent, name: Ada, language: fr}}
    patch:
      operationId: update_agent
      tags: [agents]
      summary: Update an agent
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/UpdateAgentRequest"}
            example: {name: Ada}
      responses:
        "200":
          description: The agent as it is now.
          content: {application/json: {schema: {$ref: "#/components/schemas/AgentResponse"}}}
    delete:
      operationId: delete_agent
      tags: [agents]
      summary: Delete an agent
      responses:
        "204": {description: It is gone.}

"##;

const FILTER: &str = r#"        - name: lasted_at_least
          in: query
          x-filter: {property: duration_seconds, operator: ">="}
          x-personal-data: false
          description: Only calls that lasted at least this long, in seconds.
          schema: {type: number, minimum: 0}
"#;

const ERROR: &str = r##"        "451":
          description: The law forbids it.
          content: {application/json: {schema: {$ref: "#/components/schemas/Refusal"}}}
"##;

const PROPERTY: &str = "        dialect:
          type: string
          nullable: true
          x-personal-data: false
          description: The dialect of the conversation.
";

const SCHEMAS: &str = r##"    Agent:
      type: object
      description: An agent.
      required: [id, name]
      x-needed: [id]
      properties:
        id: {type: string, x-personal-data: false}
        name: {type: string}
        language: {type: string, enum: [en, fr], x-personal-data: false}
    AgentResponse:
      type: object
      required: [data]
      properties: {message: {type: string, nullable: true}, data: {$ref: "#/components/schemas/Agent"}}
    AgentListResponse:
      type: object
      required: [data]
      properties:
        data: {type: array, items: {$ref: "#/components/schemas/Agent"}}
        next_cursor: {type: string, nullable: true, x-personal-data: false}
    UpdateAgentRequest:
      type: object
      properties: {name: {type: string}, language: {type: string, enum: [en, fr]}}
    Refusal:
      type: object
      properties: {detail: {type: array, items: {type: object, properties: {msg: {type: string}}}}}
"##;

/// A program that uses the additions against a mock server.
const PROGRAM: &str = r##"//! Uses operations, parameters and properties that were added to the document.
use callrounded::{Error, blocking, types::UpdateAgentRequest};
use callrounded_mock::MockServer;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::builder().calls(30).start()?;
    let builder = || callrounded::Client::builder().api_key(server.api_key()).base_url(server.url());
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(asynchronous(builder().build()?))?;
    blocking(&builder().build_blocking()?)?;

    let operations = callrounded_tests::operations::Operation::all().len();
    let cells = runtime.block_on(callrounded_tests::faults::check_all());
    println!("{operations} operations, {} faults each", cells / operations);

    let refused = server.when_get_agent().with_agent_id("refused").raw(451, "application/json", r#"{"detail":[{"msg":"no"}]}"#);
    let error = builder().build_blocking()?.agents().get("refused").send().unwrap_err();
    let body: callrounded::types::Refusal = error.body_as()?;
    assert_eq!((body.detail.unwrap().len(), refused.hits(), error.details().len()), (1, 1, 1));
    Ok(())
}

async fn asynchronous(client: callrounded::Client) -> Result<(), Error> {
    let agent = client.agents().get("a").await?;
    assert_eq!((agent.id.as_str(), agent.message()), ("a", Some("Found")));
    let mut agents = client.agents().list().limit(10).stream();
    let mut ids = std::collections::HashSet::new();
    while let Some(agent) = agents.next().await {
        ids.insert(agent?.id);
    }
    assert_eq!((ids.len(), client.agents().list().limit(10).pages().next().await.unwrap()?.items.len()), (25, 10));
    client.agents().update("a").name("Ada").await?;
    client.agents().update("a").body(UpdateAgentRequest::default()).await?;
    client.agents().delete("a").await?;
    let mut calls = client.calls().list().lasted_at_least(30.0).stream();
    let mut count = 0;
    while let Some(call) = calls.next().await {
        let _dialect = call?.dialect;
        count += 1;
    }
    assert!(count > 0);
    assert!(client.calls().list().lasted_at_least(1e9).stream().next().await.is_none());
    let error = client.agents().list().limit(1000).stream().next().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "list_agents: limit: must be 1 to 100");
    Ok(())
}

fn blocking(client: &blocking::Client) -> Result<(), Error> {
    assert_eq!(client.agents().get("a").send()?.id, "a");
    assert_eq!(client.agents().list().limit(10).items().count(), 25);
    assert!(client.calls().list().lasted_at_least(30.0).items().all(|call| call.is_ok()));
    client.agents().delete("a").send()?;
    Ok(())
}
"##;

/// Adds everything to the document.
fn grown(document: &str) -> String {
    let mut grown = document.to_owned();
    for (before, new) in [
        ("\nsecurity:\n", TAG),
        ("  /v1/calls:\n", PATHS),
        ("        - name: agent_id\n          in: query\n", FILTER),
        ("        redirect_duration_seconds:\n", PROPERTY),
        ("    UpdateCallRequest:\n", SCHEMAS),
    ] {
        assert_eq!(grown.matches(before).count(), 1, "{before}");
        let at = grown.find(before).unwrap();
        // The tags end before an empty line.
        grown.insert_str(at, new);
    }
    grown.replace("\n      responses:\n", &format!("\n      responses:\n{ERROR}"))
}

#[test]
fn additions_to_the_document_need_no_other_edit() {
    let document = fs::read_to_string(workspace().join("openapi/calls.yaml")).unwrap();
    let document = grown(&document);
    let copy = Copy::with(
        &GROWN,
        &[("openapi/calls.yaml", &document), ("tests/examples/grown.rs", PROGRAM)],
    );
    let build = copy.cargo(&["build", "--workspace", "--bin", "callrounded", "--example", "grown"]);
    assert!(build.status.success(), "{}", text(&build.stderr));
    let run = |program: &str, arguments: &[&str]| {
        let output = Command::new(copy.root.join("target/debug").join(program))
            .args(arguments)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let (code, out, errors) = run("examples/grown", &[]);
    assert_eq!((code, errors.as_str()), (0, ""));
    let before = callrounded_tests::operations::Operation::all().len();
    assert!(out.starts_with(&format!("{} operations, ", before + 4)), "{out}");

    let api = |line: &str| {
        run(
            "callrounded",
            &[&["--mock", "api"][..], &line.split(' ').collect::<Vec<_>>()].concat(),
        )
    };
    let data = |line: &str| {
        let (code, out, errors) = api(line);
        assert_eq!((code, errors.as_str()), (0, ""), "{line}");
        out
    };
    let agent: serde_json::Value = serde_json::from_str(&data("get_agent --agent-id a")).unwrap();
    assert_eq!((&agent["id"], &agent["name"]), (&"a".into(), &"Ada".into()));
    assert_eq!(data("list_agents --paginate").lines().count(), 25);
    assert_eq!(data("list_agents --language en --paginate").lines().count(), 25);
    assert_eq!(data("list_agents --language fr --paginate").lines().count(), 0);
    let csv = data("get_agent --agent-id a --output csv");
    assert_eq!(csv, "id,name,language\na,Ada,fr\n");
    assert_eq!(data("delete_agent --agent-id a"), "");
    assert!(data("update_agent --agent-id a --yes --body {\"name\":\"Ada\"}").contains("\"id\": \"a\""));
    assert_eq!(
        api("update_agent --agent-id a --body {}").0,
        2,
        "it asks for confirmation"
    );
    let (code, _, errors) = api("get_agent --agent-id a --expand true");
    assert!(
        code == 8 && errors.contains("does not implement the parameter `expand` of get_agent"),
        "{errors}"
    );
}
