//! What `client` does, and how often it allocates for it, how many bytes, and how many at most at a time.

use callrounded_benches::{Failure, clients};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let _counted = dhat::Profiler::builder().testing().build();
    clients::run(&arguments)?;
    let counted = dhat::HeapStats::get();
    println!("{} {} {}", counted.total_blocks, counted.total_bytes, counted.max_bytes);
    Ok(())
}
