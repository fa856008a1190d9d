//! Reads the API key from a file or standard input. It is never an argument, since other users of the machine can see
//! those. A key that is typed is not shown.

use std::{
    fs::File,
    io::{self, IsTerminal, Read, Write},
    path::Path,
};

use console::Term;
use zeroize::Zeroizing;

use crate::exit::Failure;

/// Limit of what is read, in bytes: more than any key has.
const MAX_LENGTH: u64 = 64 * 1024;

/// Reads the API key from a file, or from standard input if the path is `-`, without the line breaks at its end.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let unreadable = || Failure::file(format!("cannot read the API key from {}", path.display()));
    let mut text = Zeroizing::new(String::new());
    if path == Path::new("-") && io::stdin().is_terminal() {
        let terminals = [Term::stderr(), Term::stdout()];
        let Some(mut terminal) = terminals.into_iter().find(Term::is_term) else {
            return Err(Failure::Usage(
                "cannot ask for the API key: neither standard error nor standard output is a terminal; pass a file to \
                 --key-file"
                    .to_owned(),
            ));
        };
        write!(terminal, "API key: ").map_err(unreadable())?;
        text = Zeroizing::new(terminal.read_secure_line().map_err(unreadable())?);
    } else if path == Path::new("-") {
        io::stdin()
            .take(MAX_LENGTH)
            .read_to_string(&mut text)
            .map_err(unreadable())?;
    } else {
        let file = File::open(path).map_err(unreadable())?;
        file.take(MAX_LENGTH).read_to_string(&mut text).map_err(unreadable())?;
    }
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}
