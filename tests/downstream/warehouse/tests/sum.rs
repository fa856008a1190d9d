//! Tests of the summary, with payloads that are validated against the document.

use callrounded_document::{Document, check::Values};
use downstream_warehouse::{Summary, sum};

const EXPORTED: &str = concat!(
    r#"{"id": "1", "status": "completed", "duration_seconds": 30}"#,
    "\n",
    r#"{"id": "2", "status": "completed"}"#,
    "\n",
);

#[test]
fn sum_counts_completed_calls() {
    assert_eq!(
        sum(EXPORTED).unwrap(),
        Summary {
            completed: 2,
            seconds: 30.0
        }
    );
    // An undocumented value is not an error.
    let newer = format!(
        "{EXPORTED}{}\n",
        r#"{"id": "3", "status": "a new one", "duration_seconds": 5}"#
    );
    assert_eq!(sum(&newer).unwrap(), sum(EXPORTED).unwrap());
    assert!(sum("{").is_err());
}

#[test]
fn payloads_are_valid_against_document() {
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let check = document.check(document.schema("Call").unwrap()).unwrap();
    for (number, line) in (1..).zip(EXPORTED.lines()) {
        let findings = check.text("exported.ndjson", number, line, Values::Shown);
        assert!(findings.is_clean(), "{findings}");
    }
}
