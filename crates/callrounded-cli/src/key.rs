//! The key: from a file, standard input or the environment, never from an argument, which others on the machine can read. What
//! is typed is not shown.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    path::Path,
};

use console::Term;
use zeroize::Zeroizing;

use crate::exit::Failure;

/// More than any key has.
const LONGEST: u64 = 64 * 1024;

/// The key that stands in a file, without the line break after it.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unreadable = || Failure::file(format!("the key can't be read from {}", path.display()));
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") && io::stdin().is_terminal() {
        let terminals = [Term::stderr(), Term::stdout()];
        let Some(mut terminal) = terminals.into_iter().find(Term::is_term) else {
            return Err(Failure::Usage(
                "the key cannot be asked for: neither standard error nor standard output is a terminal".to_owned(),
            ));
        };
        write!(terminal, "API key: ").map_err(unreadable())?;
        text = Zeroizing::new(terminal.read_secure_line().map_err(unreadable())?);
    } else if path == Path::new("-") {
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
