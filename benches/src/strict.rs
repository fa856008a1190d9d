//! Hand-written types for the documented example. They are strict: any other response is an error.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The body of an update.
#[derive(Serialize)]
pub struct Update<'u> {
    pub metadata: HashMap<&'u str, &'u str>,
    #[serde(rename = "override")]
    pub replace: bool,
}

/// The envelope of every response.
#[derive(Deserialize)]
pub struct Envelope<T> {
    pub data: T,
    pub message: Option<String>,
    pub error: Option<Value>,
    pub status: Option<u16>,
    pub next_cursor: Option<String>,
}

/// A call.
#[derive(Deserialize)]
pub struct Call {
    pub id: String,
    pub organization_id: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub agent_id: Option<String>,
    pub status: Option<String>,
    pub metadata: Option<serde_json::Map<String, Value>>,
    pub start_time: Option<DateTime<Utc>>,
    pub end_time: Option<DateTime<Utc>>,
    pub duration_seconds: Option<f64>,
    pub redirect_duration_seconds: Option<f64>,
    pub cost: Option<f64>,
    pub transcript_string: Option<String>,
    pub transcript: Option<Vec<Turn>>,
    pub variable_values: Option<Vec<Variable>>,
    pub from_number: Option<String>,
    pub to_number: Option<String>,
    pub direction: Option<String>,
    pub recording_url: Option<String>,
}

/// An entry of a transcript.
#[derive(Deserialize)]
pub struct Turn {
    pub role: Option<String>,
    pub start_time: Option<DateTime<Utc>>,
    pub content: Option<Value>,
}

/// A variable of a call.
#[derive(Deserialize)]
pub struct Variable {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub value: Option<Value>,
    pub timestamp: Option<DateTime<Utc>>,
}
