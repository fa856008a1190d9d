//! Runs one client, for measurements of a whole process. See [`clients::run`] for the arguments.

use callrounded_benches::{Failure, clients};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    clients::run(&arguments)
}
