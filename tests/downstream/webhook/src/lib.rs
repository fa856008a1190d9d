//! Receives events about calls.

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use callrounded_api::types::Call;
use serde::Deserialize;
use tokio::sync::mpsc::Sender;

/// What is posted: `{"event": "call.ended", "data": {…}}`.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// What happened.
    pub event: String,
    /// The call that it happened to.
    pub data: Call,
}

/// The routes: `POST /events` passes each event on. A body that is not an event is a 422, and the sender learns from a 503 that it
/// has to send the event again.
pub fn routes(events: Sender<Event>) -> Router {
    Router::new().route("/events", post(receive)).with_state(events)
}

async fn receive(State(events): State<Sender<Event>>, Json(event): Json<Event>) -> StatusCode {
    match events.try_send(event) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
