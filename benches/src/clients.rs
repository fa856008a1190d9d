//! One update of a call, and one page of a list, by each of the clients.

use std::{collections::HashMap, error::Error};

use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, header};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};

use crate::{
    CALL, KEY,
    strict::{Call, Envelope, Update},
};

pub type Failure = Box<dyn Error + Send + Sync>;

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

/// Does `NAME update COUNT URL`, or `NAME decode COUNT PAGE.json`.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let [name, operation, count, of] = arguments else {
        return Err("NAME update|decode COUNT URL|PAGE".into());
    };
    let count: usize = count.parse()?;
    match operation.as_str() {
        "update" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let client = Client::of(name, of)?;
            runtime.block_on(async {
                for _ in 0..count {
                    if client.update().await? == 0 {
                        return Err("no metadata".into());
                    }
                }
                Ok(())
            })
        }
        "decode" => {
            let page = std::fs::read(of)?;
            for _ in 0..count {
                if decode(name, &page)? == 0 {
                    return Err("no calls".into());
                }
            }
            Ok(())
        }
        _ => Err(format!("there is no operation {operation}").into()),
    }
}

/// Decodes a page of calls, and gives how many there are on it.
pub fn decode(name: &str, page: &[u8]) -> Result<usize, Failure> {
    Ok(match name {
        "hyper" | "reqwest" => serde_json::from_slice::<Envelope<Vec<Call>>>(page)?.data.len(),
        "callrounded" => serde_json::from_slice::<callrounded_api::types::CallListResponse>(page)?.data.len(),
        _ => return Err(format!("there is no client {name}").into()),
    })
}
