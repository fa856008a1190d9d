//! Receives events about calls.

use axum::{Json, Router, extract::State, http::StatusCode, routing::post};
use callrounded_api::types::Call;
use serde::Deserialize;
use tokio::sync::mpsc::Sender;

/// The body of a request: `{"event": "call.ended", "data": {…}}`.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// The type of the event.
    pub event: String,
    /// The call that it concerns.
    pub data: Call,
}

/// Returns the routes: `POST /events` sends each event to the channel. A body that is not an event is a 422. If the
/// channel is full, the response is a 503, so that the sender retries.
pub fn routes(events: Sender<Event>) -> Router {
    Router::new().route("/events", post(receive)).with_state(events)
}

async fn receive(State(events): State<Sender<Event>>, Json(event): Json<Event>) -> StatusCode {
    match events.try_send(event) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
