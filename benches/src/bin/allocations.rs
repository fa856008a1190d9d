//! `FILE …`: what `client` does of the rest, and how often it allocates for it, and how many bytes. FILE is told from where.

use callrounded_benches::{Failure, clients};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("a file for the profile is missing")?;
    let arguments: Vec<String> = arguments.collect();
    // A future in a future in a future is deep.
    let _profile = dhat::Profiler::builder().file_name(file).trim_backtraces(None).build();
    clients::run(&arguments)?;
    let counted = dhat::HeapStats::get();
    println!("{} {}", counted.total_blocks, counted.total_bytes);
    Ok(())
}
