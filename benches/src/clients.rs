//! One update of a call, one page of a list, and a walk over calls, by each of the clients.

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

/// Those that are compared.
pub const CLIENTS: [&str; 3] = ["hyper", "reqwest", "callrounded"];

/// What is compared.
pub enum Client {
    /// hyper-util's client and serde: the least that one can do.
    Hyper(legacy::Client<HttpConnector, Full<Bytes>>, String),
    /// What most people write.
    Reqwest(reqwest::Client, String),
    /// Ours, as it is without any settings.
    Callrounded(callrounded::Client),
}

impl Client {
    pub fn of(name: &str, url: &str) -> Result<Self, Failure> {
        Ok(match name {
            "hyper" => Self::Hyper(
                legacy::Client::builder(TokioExecutor::new()).build_http(),
                url.to_owned(),
            ),
            "reqwest" => Self::Reqwest(reqwest::Client::builder().no_proxy().build()?, url.to_owned()),
            "callrounded" => Self::Callrounded(callrounded::Client::builder().api_key(KEY).base_url(url).build()?),
            _ => return Err(format!("there is no client {name}").into()),
        })
    }

    /// Merges two pairs into the metadata of a call, and gives how many names it has then.
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
                let answer = client.request(request).await?;
                if !answer.status().is_success() {
                    return Err(answer.status().to_string().into());
                }
                let body = answer.into_body().collect().await?.to_bytes();
                serde_json::from_slice::<Envelope<Call>>(&body)?.data
            }
            Self::Reqwest(client, url) => {
                let request = client.patch(format!("{url}/v1/calls/{CALL}"));
                let request = request.header("x-api-key", KEY).json(&update());
                let answer = request.send().await?.error_for_status()?;
                answer.json::<Envelope<Call>>().await?.data
            }
            Self::Callrounded(client) => {
                let call = client.calls().update(CALL).merge_metadata(metadata).await?;
                return Ok(call.metadata.as_ref().map_or(0, serde_json::Map::len));
            }
        };
        Ok(call.metadata.map_or(0, |metadata| metadata.len()))
    }
}

/// `NAME update COUNT URL`; `NAME rate COUNT CONCURRENCY URL`, which prints how many a second, and after a blank the seconds of the
/// processor; `callrounded walk SIZE URL`, over pages of that size, which prints how many calls there are, and how many a second;
/// `callrounded pages SIZE URL`, which does the same by whole pages; `NAME decode COUNT`.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // The walk has what an export has: another thread that fetches the next page.
    let mut runtime = match arguments.get(1) {
        Some(&"walk" | &"pages") => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.worker_threads(1).enable_all().build()?;
    match arguments.as_slice() {
        [name, "update", count, url] => {
            let client = Client::of(name, url)?;
            let count: usize = count.parse()?;
            runtime.block_on(async {
                for _ in 0..count {
                    client.update().await?;
                }
                Ok(())
            })
        }
        [name, "rate", count, concurrency, url] => {
            let client = Arc::new(Client::of(name, url)?);
            let (count, concurrency): (usize, usize) = (count.parse()?, concurrency.parse()?);
            let each = count / concurrency;
            let (began, cpu) = (Instant::now(), own_cpu()?);
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
            let rate = (each * concurrency) as f64 / began.elapsed().as_secs_f64();
            println!("{rate} {}", own_cpu()? - cpu);
            Ok(())
        }
        ["callrounded", how @ ("walk" | "pages"), size, url] => {
            let Client::Callrounded(client) = Client::of("callrounded", url)? else {
                return Err("another client".into());
            };
            let began = Instant::now();
            let list = client.calls().list().limit(size.parse::<u32>()?).prefetch(true);
            let mut count = 0;
            runtime.block_on(async {
                if *how == "pages" {
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
            println!("{count} {}", count as f64 / began.elapsed().as_secs_f64());
            Ok(())
        }
        [name, "decode", count] => {
            let page = crate::page(crate::PAGE)?;
            for _ in 0..count.parse::<usize>()? {
                decode(name, &page)?;
            }
            Ok(())
        }
        _ => Err("see `callrounded_benches::clients::run`".into()),
    }
}

/// Seconds of the processor that this process has had.
fn own_cpu() -> Result<f64, Failure> {
    let stat = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = stat.split(' ').next().unwrap_or_default().parse::<f64>()?;
    Ok(nanoseconds / 1e9)
}

/// Decodes a page of calls, and gives how many there are on it.
pub fn decode(name: &str, page: &[u8]) -> Result<usize, Failure> {
    // As the client does it, and reqwest's `json` nearly so.
    let page = str::from_utf8(page)?;
    Ok(match name {
        "hyper" | "reqwest" => serde_json::from_str::<Envelope<Vec<Call>>>(page)?.data.len(),
        "callrounded" => {
            let page = serde_json::from_str::<callrounded_api::types::CallListResponse>(page)?;
            page.data.len()
        }
        _ => return Err(format!("there is no client {name}").into()),
    })
}
