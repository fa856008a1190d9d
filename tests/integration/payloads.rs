use callrounded_document::{
    Document,
    check::{Report, Values},
};

#[test]
fn fixtures_match_the_api() {
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let check = document
        .check(document.response("update_call", "200").unwrap())
        .unwrap();
    let mut report = Report::new(Values::Shown);
    for file in std::fs::read_dir("fixtures").unwrap() {
        let path = file.unwrap().path();
        report.payload(
            &check,
            &path.display().to_string(),
            &std::fs::read_to_string(&path).unwrap(),
        );
    }
    assert!(report.is_clean() && report.payloads() > 0, "{report}");
}
