//! What docs/ gives for several machines: the shards that its files ask for are all rows.

use std::fs;

use callrounded_document::Document;
use callrounded_tests::workspace;

#[test]
fn the_manifests_share_all_rows() {
    let read = |name: &str| fs::read_to_string(workspace().join("docs").join(name)).unwrap();
    let job = Document::parse("tag.kubernetes.yaml", &read("tag.kubernetes.yaml")).unwrap();
    assert_eq!(job.text("/spec/completionMode"), Some("Indexed"));
    let count = job.value()["spec"]["completions"].as_u64().unwrap();
    let script = job.text("/spec/template/spec/containers/0/args/0").unwrap();
    assert!(
        script.contains(&format!("--shard \"$((JOB_COMPLETION_INDEX + 1))/{count}\"")),
        "{script}"
    );
    let slurm = read("tag.slurm");
    assert!(slurm.contains("--array=1-10%5\n") && slurm.contains("\"$SLURM_ARRAY_TASK_ID/10\""));
    // It is a script that bash takes.
    let checked = std::process::Command::new("bash")
        .arg("-n")
        .arg(workspace().join("docs/tag.slurm"))
        .status();
    assert!(checked.unwrap().success());
}
