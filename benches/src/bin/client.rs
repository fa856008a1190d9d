//! One client at work, for what is measured of a whole process: see [`clients::run`].

use callrounded_benches::{Failure, clients};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    clients::run(&arguments)
}
