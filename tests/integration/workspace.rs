//! The day the document changes: the commands and the build, run in a copy of the workspace.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Mutex, MutexGuard, PoisonError},
};

use callrounded_tests::workspace;

const DOCUMENT: &str = "openapi/calls.yaml";
const SNAPSHOT: &str = "crates/callrounded-api/snapshots/client.rs";

/// The copy stays between runs, so that only what changed is built again; one test at a time has it.
pub(crate) struct Copy {
    pub(crate) root: PathBuf,
    original: String,
    _alone: MutexGuard<'static, ()>,
}

impl Copy {
    pub(crate) fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workspace");
        fs::create_dir_all(&root).unwrap();
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "README.md",
            ".cargo",
            "crates",
            "openapi",
            "xtask",
            "tests",
        ] {
            mirror(&workspace().join(name), &root.join(name));
        }
        let original = fs::read_to_string(root.join(DOCUMENT)).unwrap();
        Self {
            root,
            original,
            _alone: alone,
        }
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .current_dir(&self.root)
            .args(arguments)
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            .env("CARGO_TERM_COLOR", "never")
            .output()
            .unwrap()
    }

    fn write(&self, document: &str) {
        write_if_changed(&self.root.join(DOCUMENT), document.as_bytes());
    }

    fn replace(&self, from: &str, to: &str) {
        assert!(self.original.contains(from), "{from} is not in the document");
        self.write(&self.original.replacen(from, to, 1));
    }
}

/// Copies what differs, links as links, without what was built or installed; what is gone goes.
fn mirror(from: &Path, to: &Path) {
    let kind = fs::symlink_metadata(from).unwrap().file_type();
    if kind.is_symlink() {
        if to.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(fs::read_link(from).unwrap(), to).unwrap();
        }
    } else if kind.is_dir() {
        fs::create_dir_all(to).unwrap();
        let is_ours = |name: &OsString| name != "node_modules" && name != "target";
        let names = |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        for name in names(from).filter(is_ours) {
            mirror(&from.join(&name), &to.join(&name));
        }
        for name in names(to).filter(is_ours) {
            let there = to.join(&name);
            if from.join(&name).symlink_metadata().is_err() {
                match there.is_dir() && !there.is_symlink() {
                    true => fs::remove_dir_all(&there).unwrap(),
                    false => fs::remove_file(&there).unwrap(),
                }
            }
        }
    } else {
        write_if_changed(to, &fs::read(from).unwrap());
    }
}

fn write_if_changed(to: &Path, bytes: &[u8]) {
    if fs::read(to).ok().as_deref() != Some(bytes) {
        fs::write(to, bytes).unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_renamed_field_arrives_in_the_client_and_the_checks_see_it() {
    let copy = Copy::new();
    let generated = |output: &Output| {
        assert!(output.status.success(), "{}", text(&output.stderr));
        let folder = copy.root.join("target/debug/build");
        let newest = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path().join("out/client.rs"))
            .filter(|path| path.exists())
            .max_by_key(|path| path.metadata().unwrap().modified().unwrap())
            .unwrap();
        fs::read_to_string(newest).unwrap()
    };

    copy.replace(
        "        redirect_duration_seconds:\n",
        "        seconds_after_redirect:\n",
    );
    let source = generated(&copy.cargo(&["build", "--package", "callrounded-api"]));
    assert!(source.contains("pub seconds_after_redirect:") && !source.contains("pub redirect_duration_seconds:"));

    let check = copy.cargo(&["xtask", "regenerate", "--check"]);
    assert_eq!(check.status.code(), Some(4));
    let said = text(&check.stdout);
    assert!(
        said.contains("-        pub redirect_duration_seconds:")
            && said.contains("+        pub seconds_after_redirect:"),
        "{said}"
    );
    assert!(said.contains("cargo xtask regenerate"), "{said}");

    let validate = copy.cargo(&["xtask", "validate"]);
    assert_eq!(validate.status.code(), Some(1), "{}", text(&validate.stderr));
    let said = text(&validate.stdout);
    assert!(
        said.contains("openapi/examples/update_call.response.200.json:16:34"),
        "{said}"
    );
    assert!(said.contains("#/data/redirect_duration_seconds"), "{said}");

    // The command that the message names mends the snapshot.
    assert_eq!(copy.cargo(&["xtask", "regenerate"]).status.code(), Some(0));
    assert_eq!(copy.cargo(&["xtask", "regenerate", "--check"]).status.code(), Some(0));
    assert!(
        fs::read_to_string(copy.root.join(SNAPSHOT))
            .unwrap()
            .contains("pub seconds_after_redirect:")
    );

    copy.write(&copy.original);
    assert_eq!(copy.cargo(&["xtask", "regenerate", "--check"]).status.code(), Some(4));
    assert_eq!(copy.cargo(&["xtask", "regenerate"]).status.code(), Some(0));
    assert_eq!(
        fs::read(copy.root.join(SNAPSHOT)).unwrap(),
        fs::read(workspace().join(SNAPSHOT)).unwrap()
    );
    assert_eq!(copy.cargo(&["xtask", "validate"]).status.code(), Some(0));
    let source = generated(&copy.cargo(&["build", "--package", "callrounded-api"]));
    assert!(source.contains("pub redirect_duration_seconds:"));
}

#[test]
fn the_client_is_generated_again_only_when_the_document_changes() {
    let copy = Copy::new();
    let build = || {
        let output = copy.cargo(&["build", "--verbose", "--package", "callrounded-api"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stderr).contains("Running `rustc --crate-name callrounded_api")
            || text(&output.stderr).contains("Dirty callrounded-api")
    };
    build();
    assert!(!build(), "nothing changed");
    for unrelated in [
        "README.md",
        "openapi/expected-failures.txt",
        "openapi/examples/update_call.request.json",
    ] {
        let path = copy.root.join(unrelated);
        let mut changed = fs::read(&path).unwrap();
        changed.push(b'\n');
        fs::write(&path, &changed).unwrap();
        assert!(!build(), "{unrelated} is no reason");
        changed.pop();
        fs::write(&path, &changed).unwrap();
    }
    copy.replace("description: A call, its outcome", "description: One call, its outcome");
    assert!(build(), "the document changed");
    copy.write(&copy.original);
    assert!(build(), "the document changed back");
}

#[test]
fn a_broken_document_gives_its_message_from_build_and_command() {
    let copy = Copy::new();
    for (from, to, problem, place) in [
        (
            "title: Rounded calls",
            "title: Rounded: calls",
            "this is not YAML",
            "openapi/calls.yaml:11:17",
        ),
        (
            "openapi: 3.0.3",
            "openapi: 3.1.0",
            "this is OpenAPI 3.1.0; the generator takes 3.0.x",
            "openapi/calls.yaml:8:10",
        ),
        (
            "      operationId: update_call\n",
            "",
            "the operation PATCH /v1/calls/{call_id} has no `operationId`",
            "at: #/paths/~1v1~1calls~1{call_id}/patch",
        ),
        (
            "#/components/schemas/TranscriptEntry",
            "#/components/schemas/TranscriptEntri",
            "`#/components/schemas/TranscriptEntri` leads nowhere",
            "at: #/components/schemas/Call/properties/transcript/items/$ref",
        ),
        (
            "          in: query\n",
            "          in: cookie\n",
            "the generator can't send `agent_id` as a cookie",
            "at: #/paths/~1v1~1calls/get/parameters/0/in",
        ),
    ] {
        copy.replace(from, to);
        let command = copy.cargo(&["xtask", "regenerate"]);
        assert_eq!(command.status.code(), Some(2));
        let build = copy.cargo(&["build", "--package", "callrounded-api"]);
        assert_eq!(build.status.code(), Some(101));
        for said in [text(&command.stdout), text(&build.stderr)] {
            assert!(
                said.contains(problem) && said.contains(place) && said.contains("= help: "),
                "{said}"
            );
            assert!(!said.contains("panicked"), "{said}");
        }
    }
    copy.write(&copy.original);
    assert_eq!(
        fs::read(copy.root.join(SNAPSHOT)).unwrap(),
        fs::read(workspace().join(SNAPSHOT)).unwrap()
    );
}
