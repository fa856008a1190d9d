//! `allocations FILE ARGUMENT…` runs `client` with the arguments, and prints the number of allocations and of bytes.
//! The profile by function is written to FILE.

use callrounded_benches::{Failure, clients};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("missing argument: expected the file for the profile")?;
    let arguments: Vec<String> = arguments.collect();
    // Nested futures have deep stacks, which are not trimmed.
    let _profile = dhat::Profiler::builder().file_name(file).trim_backtraces(None).build();
    clients::run(&arguments)?;
    let counted = dhat::HeapStats::get();
    println!("{} {}", counted.total_blocks, counted.total_bytes);
    Ok(())
}
