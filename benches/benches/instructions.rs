//! Counts the instructions of one thousand updates, and of decoding one page, with callgrind. The setup is not counted;
//! neither is the server, which has its own threads.

use std::hint::black_box;

use callrounded_benches::{
    PAGE_SIZE, UPDATES,
    clients::{Client, decode},
    page, server,
};
use gungraun::{library_benchmark, library_benchmark_group, main};
use tokio::runtime::Runtime;

/// A client that is connected to a server.
struct Connected {
    runtime: Runtime,
    client: Client,
}

fn connect(name: &str) -> Connected {
    let url = server::start(1).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Client::new(name, &url).unwrap();
    // The first updates open the connection and grow the buffers.
    for _ in 0..100 {
        runtime.block_on(client.update()).unwrap();
    }
    Connected { runtime, client }
}

#[library_benchmark(setup = connect)]
#[bench::hyper("hyper")]
#[bench::reqwest("reqwest")]
#[bench::callrounded("callrounded")]
fn update(connected: Connected) -> Connected {
    for _ in 0..UPDATES {
        black_box(connected.runtime.block_on(connected.client.update()).unwrap());
    }
    connected
}

fn create_page(name: &'static str) -> (&'static str, Vec<u8>) {
    (name, page(PAGE_SIZE).unwrap())
}

#[library_benchmark(setup = create_page)]
#[bench::strict("reqwest")]
#[bench::lenient("callrounded")]
fn decode_page((name, page): (&'static str, Vec<u8>)) -> usize {
    black_box(decode(name, black_box(&page)).unwrap())
}

library_benchmark_group!(name = clients, benchmarks = [update, decode_page]);
main!(library_benchmark_groups = clients);
