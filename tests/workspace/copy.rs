//! Copies of the workspace, whose document the tests may change.

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

/// Where a copy is. It is kept between runs, so that only changes are built again. One test at a time uses it.
pub(crate) struct Place {
    name: &'static str,
    /// The last number of its version.
    patch: u32,
    in_use: Mutex<()>,
}

/// For tests that change the document and restore it.
pub(crate) static CHANGED: Place = Place::new("workspace", 99);
/// For the test that adds to the document. If the document keeps the additions, only the first run compiles.
pub(crate) static GROWN: Place = Place::new("grown", 98);

impl Place {
    const fn new(name: &'static str, patch: u32) -> Self {
        Self {
            name,
            patch,
            in_use: Mutex::new(()),
        }
    }
}

pub(crate) struct Copy {
    pub(crate) root: PathBuf,
    original: String,
    _guard: MutexGuard<'static, ()>,
}

impl Copy {
    /// Returns a copy that is equal to the workspace.
    pub(crate) fn new(place: &'static Place) -> Self {
        Self::with(place, &[])
    }

    /// Returns a copy with these files, which replace those of the workspace.
    pub(crate) fn with(place: &'static Place, files: &[(&str, &str)]) -> Self {
        let guard = place.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(place.name);
        fs::create_dir_all(root.join("target")).unwrap();
        let own: Vec<PathBuf> = files.iter().map(|(path, _)| root.join(path)).collect();
        for name in ["README.md", ".cargo", "crates", "openapi", "xtask", "tests"] {
            mirror(&workspace().join(name), &root.join(name), &own);
        }
        for (path, (_, text)) in own.iter().zip(files) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            write_if_changed(path, text.as_bytes());
        }
        for name in ["Cargo.toml", "Cargo.lock"] {
            let text = fs::read_to_string(workspace().join(name)).unwrap();
            let text = with_another_version(&text, place.patch);
            write_if_changed(&root.join(name), compiled_faster(&text).as_bytes());
        }
        let original = fs::read_to_string(workspace().join(DOCUMENT)).unwrap();
        Self {
            root,
            original,
            _guard: guard,
        }
    }

    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        cargo()
            .current_dir(&self.root)
            .args(arguments)
            .env("CARGO_TARGET_DIR", self.root.join("target"))
            // Incremental data would not be used.
            .env("CARGO_INCREMENTAL", "0")
            .output()
            .unwrap()
    }

    /// Restores the document.
    pub(crate) fn restore(&self) {
        self.write(&self.original);
    }

    pub(crate) fn write(&self, document: &str) {
        write_if_changed(&self.root.join(DOCUMENT), document.as_bytes());
    }

    /// Replaces one part of the original document.
    pub(crate) fn replace(&self, from: &str, to: &str) {
        assert!(self.original.contains(from), "{from} is not in the document");
        self.write(&self.original.replacen(from, to, 1));
    }
}

/// Gives the crates of the workspace another version in a manifest or lock file. Cargo names build output by version and by path
/// in the workspace, so in a shared build directory the crates of the copy would replace the originals.
fn with_another_version(text: &str, patch: u32) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let (compatible, _) = version.rsplit_once('.').unwrap();
    let (ours, other) = (
        format!("version = \"{version}\"\n"),
        format!("version = \"{compatible}.{patch}\"\n"),
    );
    // In a lock file, crates of the workspace have no source.
    let parts = text.split_inclusive("\n\n").map(|part| {
        if part.contains("\nsource = ") {
            part.to_owned()
        } else {
            part.replace(&ours, &other)
        }
    });
    parts.collect()
}

/// Removes optimization and debug information of the workspace's crates from a manifest. Each test compiles them again and runs
/// them for seconds.
fn compiled_faster(text: &str) -> String {
    let lines = text
        .split_inclusive('\n')
        .filter(|line| !(line.starts_with("callrounded-") && line.contains(".opt-level = ")));
    lines
        .collect::<String>()
        .replace("debug = \"line-tables-only\"", "debug = false")
}

/// Copies files that differ, and links as links. Removes files that no longer exist. Skips build output and installed packages, and
/// leaves the copy's own files as they are.
fn mirror(from: &Path, to: &Path, own: &[PathBuf]) {
    if own.iter().any(|path| path == to) {
        return;
    }
    let kind = fs::symlink_metadata(from).unwrap().file_type();
    if kind.is_symlink() {
        if to.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(fs::read_link(from).unwrap(), to).unwrap();
        }
    } else if kind.is_dir() {
        fs::create_dir_all(to).unwrap();
        let is_source = |name: &OsString| name != "node_modules" && name != "target";
        let names = |directory: &Path| fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        for name in names(from).filter(is_source) {
            mirror(&from.join(&name), &to.join(&name), own);
        }
        for name in names(to).filter(is_source) {
            let removed = to.join(&name);
            let is_own = own.iter().any(|path| path.starts_with(&removed));
            if !is_own && from.join(&name).symlink_metadata().is_err() {
                if removed.is_dir() && !removed.is_symlink() {
                    fs::remove_dir_all(&removed).unwrap();
                } else {
                    fs::remove_file(&removed).unwrap();
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
