//! `server CALLS` serves that many calls in a separate process. It prints its base URL, and ends when its standard
//! input is closed.

use std::io::{self, Read};

use callrounded_benches::server;

fn main() -> io::Result<()> {
    let calls = std::env::args()
        .nth(1)
        .and_then(|calls| calls.parse().ok())
        .unwrap_or(1);
    println!("{}", server::start(calls)?);
    io::stdin().lock().read_to_end(&mut Vec::new())?;
    Ok(())
}
