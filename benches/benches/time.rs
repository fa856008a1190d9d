//! Time, by criterion: of one update, and of the decoding of one page, by each of the clients.

use std::hint::black_box;

use callrounded_benches::{
    PAGE,
    clients::{CLIENTS, Client, decode},
    page, server,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn update(criterion: &mut Criterion) {
    let url = server::start(1).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut group = criterion.benchmark_group("update");
    for name in CLIENTS {
        let client = Client::of(name, &url).unwrap();
        group.bench_function(name, |bencher| {
            bencher.iter(|| runtime.block_on(client.update()).unwrap())
        });
    }
}

fn decode_page(criterion: &mut Criterion) {
    let page = page(PAGE).unwrap();
    let mut group = criterion.benchmark_group("decode_page");
    group.throughput(Throughput::Bytes(page.len() as u64)).sample_size(30);
    for (what, name) in [("strict", "reqwest"), ("liberal", "callrounded")] {
        group.bench_function(what, |bencher| bencher.iter(|| decode(name, black_box(&page)).unwrap()));
    }
}

criterion_group!(clients, update, decode_page);
criterion_main!(clients);
