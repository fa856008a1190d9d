//! The manifests in docs/ for several machines: their shards cover all rows.

use std::fs;

use callrounded_document::Document;
use callrounded_tests::workspace;

#[test]
fn manifests_cover_all_shards() {
    let read = |name: &str| fs::read_to_string(workspace().join("docs").join(name)).unwrap();
    let job = Document::parse("tag.kubernetes.yaml", &read("tag.kubernetes.yaml")).unwrap();
    assert_eq!(job.get_str("/spec/completionMode"), Some("Indexed"));
    let count = job.value()["spec"]["completions"].as_u64().unwrap();
    let script = job.get_str("/spec/template/spec/containers/0/args/0").unwrap();
    assert!(
        script.contains(&format!("--shard \"$((JOB_COMPLETION_INDEX + 1))/{count}\"")),
        "{script}"
    );
    let slurm = read("tag.slurm");
    assert!(slurm.contains("--array=1-10%5\n") && slurm.contains("\"$SLURM_ARRAY_TASK_ID/10\""));
    // bash can parse the script.
    let status = std::process::Command::new("bash")
        .arg("-n")
        .arg(workspace().join("docs/tag.slurm"))
        .status();
    assert!(status.unwrap().success());
}
