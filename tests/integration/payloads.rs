use callrounded_document::{
    Document,
    check::{Report, Values},
};

#[test]
fn fixtures_match_the_api() {
    let document = Document::parse("calls.yaml", callrounded_api::DOCUMENT).unwrap();
    let response = document.response("update_call", "200").unwrap();
    let check = document.check(response).unwrap();
    let mut report = Report::new(Values::Shown);
    for file in std::fs::read_dir("fixtures").unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        report.payload(&check, &path.to_string_lossy(), &text);
    }
    assert!(report.is_clean(), "{report}");
}
