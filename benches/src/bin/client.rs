//! Does one thing many times: `client NAME update COUNT URL`, or `client NAME decode COUNT PAGE.json`.

use callrounded_benches::clients::{self, Failure};

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    clients::run(&arguments)
}
