//! Measures the time to decode one page, with criterion.

use std::hint::black_box;

use callrounded_benches::{PAGE_SIZE, clients::decode, page};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn decode_page(criterion: &mut Criterion) {
    let page = page(PAGE_SIZE).unwrap();
    let mut group = criterion.benchmark_group("decode_page");
    group.throughput(Throughput::Bytes(page.len() as u64)).sample_size(30);
    for (types, name) in [("strict", "reqwest"), ("lenient", "callrounded")] {
        group.bench_function(types, |bencher| {
            bencher.iter(|| decode(name, black_box(&page)).unwrap())
        });
    }
}

criterion_group!(clients, decode_page);
criterion_main!(clients);
