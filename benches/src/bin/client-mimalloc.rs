//! The same as `client`, with the allocator of the command line.

use callrounded_benches::{Failure, clients};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    clients::run(&arguments)
}
