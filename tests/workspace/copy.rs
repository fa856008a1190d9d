//! A copy of the workspace, whose document the tests may change.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::{Mutex, MutexGuard, PoisonError},
};

use callrounded_tests::workspace;

use crate::cargo;

const DOCUMENT: &str = "openapi/calls.yaml";
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
        for name in ["README.md", ".cargo", "crates", "openapi", "xtask", "tests"] {
            mirror(&workspace().join(name), &root.join(name));
        }
        for name in ["Cargo.toml", "Cargo.lock"] {
            let text = fs::read_to_string(workspace().join(name)).unwrap();
            write_if_changed(&root.join(name), of_another_version(&text).as_bytes());
        }
        let original = fs::read_to_string(root.join(DOCUMENT)).unwrap();
        Self {
            root,
            original,
            _alone: alone,
        }
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        cargo()
            .current_dir(&self.root)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // What is built of the copy is built once.
            .env("CARGO_INCREMENTAL", "0")
            .output()
            .unwrap()
    }

    /// Puts the document back as it was.
    pub(crate) fn restore(&self) {
        self.write(&self.original);
    }

    pub(crate) fn write(&self, document: &str) {
        write_if_changed(&self.root.join(DOCUMENT), document.as_bytes());
    }

    /// Changes one place of the document, of which the rest is as it was.
    pub(crate) fn replace(&self, from: &str, to: &str) {
        assert!(self.original.contains(from), "{from} is not in the document");
        self.write(&self.original.replacen(from, to, 1));
    }
}

/// A manifest or lock file in which the crates of the workspace have another version. Cargo names what it compiles by version and by
/// place in the workspace, so in one build directory the crates of a copy would take the place of the originals.
fn of_another_version(text: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (compatible, _) = version.rsplit_once('.').unwrap();
    let (ours, other) = (
        format!("version = \"{version}\"\n"),
        format!("version = \"{compatible}.99\"\n"),
    );
    // In a lock file, what is of the workspace has no source.
    let parts = text
        .split_inclusive("\n\n")
        .map(|part| match part.contains("\nsource = ") {
            true => part.to_owned(),
            false => part.replace(&ours, &other),
        });
    parts.collect()
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
