//! The key: from a file, standard input or the environment, never from an argument, which others on the machine can read.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use zeroize::Zeroizing;

use crate::exit::Failure;

/// More than any key has.
const LONGEST: u64 = 64 * 1024;

/// The key that stands in a file, without the line break after it.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unreadable = || Failure::file(format!("the key can't be read from {}", path.display()));
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") {
        io::stdin()
            .take(LONGEST)
            .read_to_string(&mut text)
            .map_err(unreadable())?;
    } else {
        let file = File::open(path).map_err(unreadable())?;
        file.take(LONGEST).read_to_string(&mut text).map_err(unreadable())?;
    }
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}
