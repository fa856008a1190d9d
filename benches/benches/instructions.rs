//! Instructions, by valgrind's callgrind: of one thousand updates, and of the decoding of one page. What comes before is not
//! counted, and neither is the server, which has threads of its own.

use std::hint::black_box;

use callrounded_benches::{
    PAGE, UPDATES,
    clients::{Client, decode},
    page, server,
};
use gungraun::{library_benchmark, library_benchmark_group, main};
use tokio::runtime::Runtime;

struct Connected {
    runtime: Runtime,
    client: Client,
}

fn connected(name: &str) -> Connected {
    let url = server::start(1).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Client::of(name, &url).unwrap();
    // The first ones connect, and fill what grows once.
    for _ in 0..100 {
        runtime.block_on(client.update()).unwrap();
    }
    Connected { runtime, client }
}

#[library_benchmark(setup = connected)]
#[bench::hyper("hyper")]
#[bench::reqwest("reqwest")]
#[bench::callrounded("callrounded")]
fn update(connected: Connected) -> Connected {
    for _ in 0..UPDATES {
        black_box(connected.runtime.block_on(connected.client.update()).unwrap());
    }
    connected
}

fn a_page(name: &'static str) -> (&'static str, Vec<u8>) {
    (name, page(PAGE).unwrap())
}

#[library_benchmark(setup = a_page)]
#[bench::strict("reqwest")]
#[bench::liberal("callrounded")]
fn decode_page((name, page): (&'static str, Vec<u8>)) -> usize {
    black_box(decode(name, black_box(&page)).unwrap())
}

library_benchmark_group!(name = clients, benchmarks = [update, decode_page]);
main!(library_benchmark_groups = clients);
