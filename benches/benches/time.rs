//! Time, by criterion: of the decoding of one page.

use std::hint::black_box;

use callrounded_benches::{PAGE, clients::decode, page};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn decode_page(criterion: &mut Criterion) {
    let page = page(PAGE).unwrap();
    let mut group = criterion.benchmark_group("decode_page");
    group.throughput(Throughput::Bytes(page.len() as u64)).sample_size(30);
    for (what, name) in [("strict", "reqwest"), ("liberal", "callrounded")] {
        group.bench_function(what, |bencher| bencher.iter(|| decode(name, black_box(&page)).unwrap()));
    }
}

criterion_group!(clients, decode_page);
criterion_main!(clients);
