#![doc = include_str!("../README.md")]

mod answer;
mod builder;
mod call_ext;
mod call_id;
mod calls;
mod client;
mod error;
mod metadata;
mod undecodable;

pub use answer::Answer;
pub use builder::ClientBuilder;
pub use call_ext::CallExt;
pub use call_id::CallId;
pub use calls::{Calls, Update, UpdateCall};
pub use client::Client;
pub use error::{Error, ErrorKind};

/// The types of the API, generated from its OpenAPI document. Their `Debug` redacts personal data; the fields hold it.
pub mod types {
    pub use callrounded_api::types::{
        ApiError, ApiErrorDetail, Call, TranscriptEntry, UpdateCallRequest, VariableValue,
    };
}

/// The HTTP client underneath, for [`ClientBuilder::http_client`].
pub use reqwest;
