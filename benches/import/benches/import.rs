//! Instructions of an import, by valgrind's callgrind. Writing the document that is imported is not counted.

use std::hint::black_box;

use callrounded_bench_import::{document, imported};
use gungraun::{Callgrind, EntryPoint, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

#[library_benchmark(setup = document)]
#[bench::of_100(100)]
#[bench::of_300(300)]
#[bench::of_1000(1_000)]
fn import(text: String) -> usize {
    black_box(imported(black_box(&text)).unwrap())
}

library_benchmark_group!(name = imports, benchmarks = import);
main!(
    config = LibraryBenchmarkConfig::default().tool(
        // Most of it happens in a thread of its own, which no entry point of this one counts.
        Callgrind::with_args(["--cache-sim=no"]).entry_point(EntryPoint::None)
    );
    library_benchmark_groups = imports
);
