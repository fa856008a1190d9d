//! The operations that are compared: updating a call, decoding a page, and paging through calls, with each client.

use std::{collections::HashMap, future::poll_fn, pin::pin, sync::Arc, time::Instant};

use futures_core::Stream as _;

use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, header};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{
    CALL, Failure, KEY,
    strict::{Call, Envelope, Update},
};

/// The names of the clients that are compared.
pub const CLIENTS: [&str; 3] = ["hyper", "reqwest", "callrounded"];

/// A client that is compared.
pub enum Client {
    /// The client of hyper-util with serde: the minimum.
    Hyper(legacy::Client<HttpConnector, Full<Bytes>>, String),
    /// reqwest with serde, as most people write it.
    Reqwest(reqwest::Client, String),
    /// The client of this workspace, with default settings.
    Callrounded(callrounded::Client),
}

impl Client {
    /// Creates the client with this name, one of [`CLIENTS`].
    pub fn new(name: &str, url: &str) -> Result<Self, Failure> {
        Ok(match name {
            "hyper" => Self::Hyper(
                legacy::Client::builder(TokioExecutor::new()).build_http(),
                url.to_owned(),
            ),
            "reqwest" => Self::Reqwest(reqwest::Client::builder().no_proxy().build()?, url.to_owned()),
            "callrounded" => Self::Callrounded(callrounded::Client::builder().api_key(KEY).base_url(url).build()?),
            _ => return Err(format!("unknown client `{name}`; expected one of {}", CLIENTS.join(", ")).into()),
        })
    }

    /// Merges two keys into the metadata of a call, and returns how many keys the metadata has afterwards.
    pub async fn update(&self) -> Result<usize, Failure> {
        let metadata = [("source", "marketing_campaign"), ("utm_medium", "email")];
        let update = || Update {
            metadata: HashMap::from(metadata),
            replace: false,
        };
        let call = match self {
            Self::Hyper(client, url) => {
                let request = Request::patch(format!("{url}/v1/calls/{CALL}"))
                    .header("x-api-key", KEY)
                    .header(header::CONTENT_TYPE, "application/json")
                    .body(Full::from(serde_json::to_vec(&update())?))?;
                let response = client.request(request).await?;
                if !response.status().is_success() {
                    return Err(response.status().to_string().into());
                }
                let body = response.into_body().collect().await?.to_bytes();
                serde_json::from_slice::<Envelope<Call>>(&body)?.data
            }
            Self::Reqwest(client, url) => {
                let request = client.patch(format!("{url}/v1/calls/{CALL}"));
                let request = request.header("x-api-key", KEY).json(&update());
                let response = request.send().await?.error_for_status()?;
                response.json::<Envelope<Call>>().await?.data
            }
            Self::Callrounded(client) => {
                let call = client.calls().update(CALL).merge_metadata(metadata).await?;
                return Ok(call.metadata.as_ref().map_or(0, serde_json::Map::len));
            }
        };
        Ok(call.metadata.map_or(0, |metadata| metadata.len()))
    }
}

/// Runs one of these command lines:
///
/// - `NAME update COUNT URL` sends updates.
/// - `NAME rate COUNT CONCURRENCY URL` sends updates concurrently, and prints the updates per second and the CPU
///   seconds.
/// - `callrounded stream SIZE URL` pages through all calls, with pages of SIZE calls, and prints their number and the
///   calls per second.
/// - `callrounded pages SIZE URL` does the same page by page, without a stream of calls.
/// - `NAME decode COUNT` decodes a page of [`PAGE_SIZE`](crate::PAGE_SIZE) calls, COUNT times.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // Like an export, paging has a second thread, which fetches the next page.
    let mut runtime = match arguments.get(1) {
        Some(&"stream" | &"pages") => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.worker_threads(1).enable_all().build()?;
    match arguments.as_slice() {
        [name, "update", count, url] => {
            let client = Client::new(name, url)?;
            let count: usize = count.parse()?;
            runtime.block_on(async {
                for _ in 0..count {
                    client.update().await?;
                }
                Ok(())
            })
        }
        [name, "rate", count, concurrency, url] => {
            let client = Arc::new(Client::new(name, url)?);
            let (count, concurrency): (usize, usize) = (count.parse()?, concurrency.parse()?);
            let each = count / concurrency;
            let (start, cpu) = (Instant::now(), cpu_seconds()?);
            let local = tokio::task::LocalSet::new();
            local.block_on(&runtime, async {
                let workers = (0..concurrency).map(|_| {
                    let client = Arc::clone(&client);
                    tokio::task::spawn_local(async move {
                        for _ in 0..each {
                            client.update().await?;
                        }
                        Ok::<_, Failure>(())
                    })
                });
                for worker in workers.collect::<Vec<_>>() {
                    worker.await??;
                }
                Ok::<_, Failure>(())
            })?;
            let rate = (each * concurrency) as f64 / start.elapsed().as_secs_f64();
            println!("{rate} {}", cpu_seconds()? - cpu);
            Ok(())
        }
        ["callrounded", mode @ ("stream" | "pages"), size, url] => {
            let Client::Callrounded(client) = Client::new("callrounded", url)? else {
                return Err("expected the client `callrounded`".into());
            };
            let start = Instant::now();
            let list = client.calls().list().limit(size.parse::<u32>()?).prefetch(true);
            let mut count = 0;
            runtime.block_on(async {
                if *mode == "pages" {
                    let mut pages = list.pages();
                    while let Some(page) = pages.next().await {
                        count += page?.items.len();
                    }
                } else {
                    let mut calls = pin!(list.stream());
                    while let Some(call) = poll_fn(|context| calls.as_mut().poll_next(context)).await {
                        call?;
                        count += 1;
                    }
                }
                Ok::<_, Failure>(())
            })?;
            println!("{count} {}", count as f64 / start.elapsed().as_secs_f64());
            Ok(())
        }
        [name, "decode", count] => {
            let page = crate::page(crate::PAGE_SIZE)?;
            for _ in 0..count.parse::<usize>()? {
                decode(name, &page)?;
            }
            Ok(())
        }
        _ => Err("invalid arguments; see `callrounded_benches::clients::run`".into()),
    }
}

/// Returns the CPU time of this process in seconds.
fn cpu_seconds() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = stat.split(' ').next().unwrap_or_default().parse::<f64>()?;
    Ok(nanoseconds / 1e9)
}

/// Decodes a page of calls, and returns how many calls it has.
pub fn decode(name: &str, page: &[u8]) -> Result<usize, Failure> {
    // Decodes from a string, as the client does. `json` of reqwest does nearly the same.
    let page = str::from_utf8(page)?;
    Ok(match name {
        "hyper" | "reqwest" => serde_json::from_str::<Envelope<Vec<Call>>>(page)?.data.len(),
        "callrounded" => {
            let page = serde_json::from_str::<callrounded_api::types::CallListResponse>(page)?;
            page.data.len()
        }
        _ => return Err(format!("unknown client `{name}`; expected one of {}", CLIENTS.join(", ")).into()),
    })
}
