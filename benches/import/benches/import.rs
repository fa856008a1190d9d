//! Counts the instructions of an import, with callgrind. Generating the document is not counted.

use std::hint::black_box;

use callrounded_bench_import::{count_imported_operations, document};
use gungraun::{Callgrind, EntryPoint, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

#[library_benchmark(setup = document)]
#[bench::of_60(60)]
#[bench::of_300(300)]
fn import(text: String) -> usize {
    black_box(count_imported_operations(black_box(&text)).unwrap())
}

library_benchmark_group!(name = imports, benchmarks = import);
main!(
    config = LibraryBenchmarkConfig::default().tool(
        // Most of the work is done in another thread, which an entry point in this thread would not count.
        Callgrind::with_args(["--cache-sim=no"]).entry_point(EntryPoint::None)
    );
    library_benchmark_groups = imports
);
