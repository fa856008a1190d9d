//! An API of recordings. This program prints its OpenAPI document. Only signatures matter; the handlers are empty.

#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, IntoResponses, Modify, OpenApi, ToResponse, ToSchema,
    openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme},
};
use uuid::Uuid;

/// What a recording is stored as.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum Codec {
    Opus,
    PcmMulaw,
    Mp3,
}

/// How urgent a transcription is, as a number.
#[derive(ToSchema)]
#[repr(u8)]
#[allow(clippy::upper_case_acronyms)]
enum Urgency {
    Low = 1,
    High = 5,
}

/// Where the sound comes from, by an internal tag.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Source {
    /// A call.
    Call { call_id: Uuid, channel: u8 },
    /// A file that was sent.
    Upload(UploadedFile),
    /// Nobody knows.
    Unknown,
}

/// What happened to a recording, by adjacent tags.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "event", content = "data")]
enum Event {
    Created(DateTime<Utc>),
    Shortened { from_seconds: f64, to_seconds: f64 },
    Deleted,
}

/// A condition, with its name outside.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(no_recursion)]
enum Condition {
    All(Vec<Condition>),
    Not(Box<Condition>),
    LongerThan { seconds: u32 },
    Anything,
}

/// Text, or its parts.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
enum Words {
    Text(String),
    Parts(Vec<Part>),
}

/// One part of a transcript.
#[derive(Serialize, Deserialize, ToSchema)]
struct Part {
    /// From when to when, in seconds.
    #[schema(value_type = (f64, f64))]
    span: (f64, f64),
    text: String,
    #[schema(minimum = 0.0, maximum = 1.0)]
    confidence: Option<f32>,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct UploadedFile {
    #[schema(max_length = 255, pattern = r"^[^/\\]+$")]
    name: String,
    #[schema(format = Binary, value_type = Option<String>, write_only)]
    content: Option<Vec<u8>>,
}

/// When something was made, and by which version.
#[derive(Serialize, Deserialize, ToSchema)]
struct Stamps {
    #[schema(read_only)]
    created_at: DateTime<Utc>,
    deleted_on: Option<NaiveDate>,
}

/// A recording.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(example = json!({"id": "7f1c2b8e-5a40-4a2b-9d0a-3f6f1f2b8c11", "codec": "OPUS", "bytes": 4096, "source": {"kind": "unknown"},
    "created_at": "2026-05-04T03:02:01Z"}))]
struct Recording {
    id: Uuid,
    codec: Codec,
    /// Its size.
    bytes: u64,
    #[schema(inline)]
    source: Source,
    words: Option<Words>,
    #[serde(flatten)]
    stamps: Stamps,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[schema(additional_properties)]
    scores: HashMap<String, Option<f64>>,
    /// Whatever the uploader sent along.
    extra: Option<Value>,
    #[deprecated]
    #[schema(nullable = false)]
    old_id: Option<i64>,
    events: Vec<Event>,
}

/// What can be changed of a recording: what is absent stays, `null` takes it away.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Change {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<String, Option<String>>>,
    #[schema(default = 5, minimum = 1, maximum = 10, multiple_of = 1)]
    keep_days: Option<u16>,
    urgency: Option<u8>,
}

/// Some of many.
#[derive(Serialize, Deserialize, ToSchema)]
struct Page<T> {
    #[schema(max_items = 100)]
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
struct Sum {
    seconds: f64,
    codecs: HashMap<String, u64>,
}

/// What is wrong.
#[derive(Serialize, Deserialize, ToSchema, ToResponse)]
#[response(description = "Something is wrong", content_type = "application/problem+json")]
struct Problem {
    #[schema(rename = "type")]
    r#type: String,
    detail: Option<String>,
    #[serde(default)]
    status: Option<u16>,
}

#[derive(IntoResponses)]
enum Failure {
    /// The key is not known.
    #[response(status = 401)]
    Unauthorized,
    /// There is no such recording.
    #[response(status = 404)]
    NotFound(#[to_response] Problem),
    /// Something else.
    #[response(status = "5XX")]
    Other(Problem),
}

/// Which recordings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of these codecs.
    #[param(inline, style = Form, explode = false)]
    codec: Option<Vec<Codec>>,
    /// Made after this.
    after: Option<DateTime<Utc>>,
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<u32>,
    cursor: Option<String>,
    #[param(explode, style = Form)]
    label: Option<Vec<String>>,
}

#[utoipa::path(get, path = "/recordings", tag = "recordings", params(Filter),
    responses((status = 200, description = "Some of them", body = Page<Recording>), Failure))]
fn list_recordings() {}

#[utoipa::path(post, path = "/recordings", tag = "recordings", request_body(content = inline(UploadedFile),
    content_type = "multipart/form-data"), responses((status = 201, description = "It is stored", body = Recording), Failure))]
fn upload_recording() {}

#[utoipa::path(post, path = "/recordings/raw", tag = "recordings", request_body(content = Vec<u8>, content_type = "audio/wav"),
    params(("x-file-name" = Option<String>, Header, description = "Its name")),
    responses((status = 201, description = "It is stored", body = Recording, headers(("location" = String, description = "Where it is"))), Failure))]
fn upload_raw() {}

#[utoipa::path(get, path = "/recordings/{id}", tag = "recordings", params(("id" = Uuid, Path, description = "Which one")),
    responses((status = 200, description = "It", body = Recording, links(
        ("sound" = (operation_id = "get_sound", parameters(("id" = "$response.body#/id")))))), Failure))]
fn get_recording() {}

#[utoipa::path(patch, path = "/recordings/{id}", tag = "recordings", request_body = Change,
    params(("id" = Uuid, Path), ("if-match" = String, Header, description = "The version that is changed")),
    responses((status = 200, description = "As it is now", body = Recording), (status = 412, description = "It has changed"), Failure))]
fn change_recording() {}

#[utoipa::path(delete, path = "/recordings/{id}", tag = "recordings", params(("id" = Uuid, Path)),
    responses((status = 204, description = "It is gone"), Failure), security(("key" = []), ("token" = ["write"])))]
fn delete_recording() {}

#[utoipa::path(get, path = "/recordings/{id}/sound", tag = "sound", params(("id" = Uuid, Path), ("format" = inline(Option<Codec>), Query)),
    responses((status = 200, description = "Its sound", content((Vec<u8> = "audio/ogg"), (Vec<u8> = "audio/mpeg"))), Failure))]
fn get_sound() {}

#[utoipa::path(get, path = "/recordings/{id}/words", tag = "words", params(("id" = Uuid, Path)),
    responses((status = 200, description = "What was said", content((Words = "application/json"), (String = "text/plain"))), Failure))]
fn get_words() {}

#[utoipa::path(put, path = "/recordings/{id}/words", tag = "words", params(("id" = Uuid, Path)), request_body = Words,
    responses((status = 200, description = "As it is now", body = Words), Failure))]
fn replace_words() {}

#[utoipa::path(get, path = "/recordings/{id}/parts/{number}", tag = "words",
    params(("id" = Uuid, Path), ("number" = u32, Path, minimum = 1)),
    responses((status = 200, description = "One part", body = Part), Failure))]
fn get_part() {}

#[utoipa::path(post, path = "/search", tag = "recordings", request_body = Condition,
    responses((status = 200, description = "Those that fit", body = inline(Page<Uuid>)), Failure))]
fn search() {}

#[utoipa::path(get, path = "/events", tag = "events", params(("urgency" = inline(Option<Urgency>), Query)),
    responses((status = 200, description = "What happened", body = Vec<Event>), Failure))]
fn list_events() {}

#[utoipa::path(get, path = "/sums/{day}", tag = "events", params(("day" = NaiveDate, Path)),
    responses((status = 200, description = "Sums of a day", body = Sum, example = json!({"seconds": 12.5, "codecs": {"OPUS": 3}})), Failure))]
fn sums() {}

#[utoipa::path(get, path = "/health", tag = "events", responses((status = 200, description = "It works", body = String)), security(()))]
fn health() {}

struct Keys;

impl Modify for Keys {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let components = api.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "key",
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new("X-Api-Key"))),
        );
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .build();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Recordings", version = "2.1.0", description = "Keeps what was said.", license(name = "MIT", identifier = "MIT")),
    servers((url = "https://{region}.recordings.example", variables(("region" = (default = "eu", enum_values("eu", "us")))))),
    paths(
        list_recordings, upload_recording, upload_raw, get_recording, change_recording, delete_recording, get_sound, get_words,
        replace_words, get_part, search, list_events, sums, health
    ),
    components(schemas(Recording, Urgency), responses(Problem)),
    security(("key" = [])),
    modifiers(&Keys),
    tags((name = "recordings", description = "What is kept"), (name = "words"))
)]
struct Api;

fn main() -> Result<(), serde_json::Error> {
    println!("{}", Api::openapi().to_pretty_json()?);
    Ok(())
}
