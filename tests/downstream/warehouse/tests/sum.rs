//! What is summed up, and that the payloads of the tests are such as the service sends.

use callrounded_document::{Document, check::Values};
use downstream_warehouse::{Summary, sum};

const EXPORTED: &str = concat!(
    r#"{"id": "1", "status": "completed", "duration_seconds": 30}"#,
    "\n",
    r#"{"id": "2", "status": "completed"}"#,
    "\n",
);

#[test]
fn completed_calls_are_summed_up() {
    assert_eq!(
        sum(EXPORTED).unwrap(),
        Summary {
            completed: 2,
            seconds: 30.0
        }
    );
    // A value that the document does not know yet costs nothing.
    let newer = format!(
        "{EXPORTED}{}\n",
        r#"{"id": "3", "status": "a new one", "duration_seconds": 5}"#
    );
    assert_eq!(sum(&newer).unwrap(), sum(EXPORTED).unwrap());
    assert!(sum("{").is_err());
}

#[test]
fn the_payloads_are_those_of_the_document() {
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let check = document.check(document.schema("Call").unwrap()).unwrap();
    for (number, line) in (1..).zip(EXPORTED.lines()) {
        let findings = check.text("exported.ndjson", number, line, Values::Shown);
        assert!(findings.is_clean(), "{findings}");
    }
}
