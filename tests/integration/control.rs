//! The control interface of the mock server, validated against its own document.

use callrounded::reqwest::{Client, Method, StatusCode};
use callrounded_document::{Document, json::Json, traverse::Direction};
use callrounded_mock::MockServer;
use callrounded_tests::DOCUMENTED_CALL;
use serde_json::{Value, json};

const DOCUMENT: &str = include_str!("../../crates/callrounded-mock/src/control.yaml");
const PAGE: &str = include_str!("../../docs/testing.md");
const EXAMPLE: &str = include_str!("../python/mock/test_tagging.py");

struct Control {
    document: Document,
    http: Client,
    url: String,
}

impl Control {
    /// Sends a request and validates the response against the document.
    async fn send(&self, operation: &str, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let mut request = self.http.request(method, format!("{}/_mock{path}", self.url));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let described = self
            .document
            .operations()
            .into_iter()
            .find(|it| it.id == Some(operation))
            .unwrap();
        let class = format!("{}XX", status.as_u16() / 100);
        let bodies = self.document.response_bodies(&described);
        let media = bodies
            .iter()
            .find(|(name, _)| *name == status.as_u16().to_string() || *name == class);
        match media {
            Some((_, media)) => {
                let schema = format!("{media}/schema");
                let validator = self.document.validator(&schema, Some(Direction::Response)).unwrap();
                let findings = validator.check(&Json::read(text.as_str()).unwrap());
                assert!(findings.is_empty(), "{operation}: {findings:?}");
                (status, serde_json::from_str(&text).unwrap())
            }
            None => {
                assert_eq!((status, text.as_str()), (StatusCode::NO_CONTENT, ""), "{operation}");
                (status, Value::Null)
            }
        }
    }
}

#[tokio::test]
async fn control_interface_matches_its_document() {
    let server = MockServer::builder().calls(2).start().unwrap();
    let document = Document::parse("control.yaml", DOCUMENT).unwrap();
    document.lint().unwrap();
    let control = Control {
        document,
        http: Client::new(),
        url: server.url(),
    };
    let call = format!("/calls/{DOCUMENTED_CALL}");
    for (operation, method, path, body, status) in [
        ("list_operations", Method::GET, "/operations", None, 200),
        ("list_mock_calls", Method::GET, "/calls", None, 200),
        ("get_mock_call", Method::GET, call.as_str(), None, 200),
        ("get_mock_call", Method::GET, "/calls/nobody", None, 404),
        (
            "put_mock_call",
            Method::PUT,
            "/calls/own",
            Some(json!({"cost": 1})),
            201,
        ),
        (
            "put_mock_call",
            Method::PUT,
            "/calls/own",
            Some(json!({"cost": 2})),
            200,
        ),
        ("put_mock_call", Method::PUT, "/calls/own", Some(json!([])), 422),
        (
            "add_expectation",
            Method::POST,
            "/expectations",
            Some(json!({"when": {"times": 1}, "then": {"status": 503}})),
            201,
        ),
        (
            "add_expectation",
            Method::POST,
            "/expectations",
            Some(json!({"whem": {}})),
            422,
        ),
        ("list_requests", Method::GET, "/requests", None, 200),
        ("list_requests", Method::GET, "/requests?after=x", None, 422),
        ("reset", Method::DELETE, "", None, 204),
    ] {
        let (actual, _) = control.send(operation, method, path, body).await;
        assert_eq!(actual.as_u16(), status, "{operation} {path}");
    }
    // The examples in the document are valid expectations.
    let examples = "/paths/~1_mock~1expectations/post/requestBody/content/application~1json/examples";
    let examples: Vec<Value> = control
        .document
        .members(examples)
        .map(|(_, at)| control.document.get(&format!("{at}/value")).unwrap().clone())
        .collect();
    assert_eq!(examples.len(), 2);
    for example in examples {
        let (status, _) = control
            .send("add_expectation", Method::POST, "/expectations", Some(example))
            .await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let served = control.http.get(format!("{}/_mock/openapi.yaml", server.url()));
    assert_eq!(served.send().await.unwrap().text().await.unwrap(), DOCUMENT);
}

#[tokio::test]
async fn control_requests_are_not_recorded() {
    let server = MockServer::start().unwrap();
    let url = format!("{}/_mock/requests", server.url());
    let http = Client::new();
    for _ in 0..2 {
        assert_eq!(http.get(&url).send().await.unwrap().status(), StatusCode::OK);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn documentation_page_has_python_test() {
    assert!(
        PAGE.contains(&format!("```python\n{EXAMPLE}```\n")),
        "docs/testing.md does not have the code of tests/python/mock/test_tagging.py; copy it into the page"
    );
}
