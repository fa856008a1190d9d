//! Tests that decode and encode payloads of the services in `tests/generators` with the types that are generated from
//! their imported documents.

use callrounded_imported::{clinic, fleet, metrics, notes, shop, tickets, voice};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

fn decoded<T: DeserializeOwned>(payload: &Value) -> T {
    serde_json::from_value(payload.clone()).unwrap_or_else(|error| panic!("{error}\n{payload:#}"))
}

/// Decodes a payload, and checks that encoding the value returns the same payload, apart from the notation of numbers.
fn round_trip<T: DeserializeOwned + Serialize>(payload: Value) -> T {
    let value: T = decoded(&payload);
    let encoded = serde_json::to_value(&value).unwrap();
    assert_eq!(with_f64(encoded), with_f64(payload));
    value
}

/// Converts all numbers to `f64`, because 1 and 1.0 are equal.
fn with_f64(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.into_iter().map(with_f64).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(key, value)| (key, with_f64(value))).collect())
        }
        other => other,
    }
}

#[test]
fn union_of_events_is_decoded_by_discriminator() {
    use voice::types::CallEvent;
    let spoken = json!({ "type": "spoken", "at": "PT1S", "speaker": "agent", "text": "Hello", "span": [0.5, 1.25] });
    let CallEvent::SpokenEvent(event) = round_trip(spoken) else {
        panic!("expected a SpokenEvent")
    };
    assert_eq!(event.span, Some(vec![0.5, 1.25]));
    let tool = json!({ "type": "tool", "at": "PT2S", "tool": "look_up", "arguments": { "a": [1, null] }, "result": { "b": 1 } });
    let CallEvent::ToolEvent(event) = round_trip(tool) else {
        panic!("expected a ToolEvent")
    };
    assert_eq!(event.arguments.unwrap()["a"], json!([1, null]));
    let status = json!({ "type": "status", "at": "PT3S", "status": "in-progress" });
    let CallEvent::StatusEvent(event) = round_trip(status) else {
        panic!("expected a StatusEvent")
    };
    assert_eq!(event.status, Some(voice::types::CallStatus::InProgress));
    // Without other properties.
    assert!(matches!(decoded(&json!({ "type": "tool" })), CallEvent::ToolEvent(_)));
    assert!(matches!(
        decoded(&json!({ "type": "status" })),
        CallEvent::StatusEvent(_)
    ));
    // With properties of other variants.
    let mixed = json!({ "type": "status", "at": "PT1S", "text": "Hello", "tool": "x", "status": "failed" });
    assert!(matches!(decoded(&mixed), CallEvent::StatusEvent(_)));
}

#[test]
fn union_with_two_discriminator_values_for_one_schema_is_decoded() {
    use voice::types::AgentOutputToolsItem as Tool;
    let tools = json!([
        { "kind": "http", "name": "look_up", "url": "https://example.com/", "method": "GET" },
        { "kind": "transfer", "name": "desk", "to": "+33123456789" },
        { "kind": "hang_up", "farewell": "Bye." },
        { "kind": "voicemail", "farewell": "Bye." },
    ]);
    let tools: Vec<Tool> = decoded(&tools);
    assert!(matches!(tools[0], Tool::HttpTool(_)));
    assert!(matches!(tools[1], Tool::TransferTool(_)));
    assert!(matches!(tools[2], Tool::HangUpTool(_)));
    assert!(matches!(tools[3], Tool::HangUpTool(_)));
}

fn agent() -> Value {
    json!({
        "id": "123e4567-e89b-12d3-a456-426614174000",
        "version": 3,
        "created_at": "2026-08-21T10:00:00Z",
        "published_at": null,
        "is_live": false,
        "name": "Front desk",
        "language": "fr-FR",
        "prompt": "Be kind.",
        "voice": { "provider": "neural", "voice_id": "v1", "speed": 1.0, "stability": null },
        "tools": [{ "kind": "transfer", "name": "desk", "to": "+33123456789" }],
        "fallback": null,
        "hours": [{ "weekday": 0, "opens": "08:00:00", "closes": "18:30:00" }],
        "temperature": 0.25,
    })
}

#[test]
fn nullable_references_are_decoded() {
    let with_null: voice::types::AgentOutput = decoded(&agent());
    assert!(with_null.fallback.is_none() && with_null.published_at.is_none());
    let mut payload = agent();
    payload["fallback"] = json!({ "kind": "hang_up" });
    payload["published_at"] = json!("2026-08-22T10:00:00+02:00");
    payload["something_new"] = json!({ "of": ["the", "service"] });
    let with: voice::types::AgentOutput = decoded(&payload);
    assert!(matches!(
        with.fallback,
        Some(voice::types::AgentOutputFallback::HangUpTool(_))
    ));
    assert!(with.published_at.is_some());
    // Absent.
    payload.as_object_mut().unwrap().remove("fallback");
    payload.as_object_mut().unwrap().remove("published_at");
    let without: voice::types::AgentOutput = decoded(&payload);
    assert!(without.fallback.is_none() && without.published_at.is_none());
}

/// `additionalProperties: false` applies to requests. A new property of a response must not break clients.
#[test]
fn unknown_properties_are_ignored() {
    let mut payload = agent();
    payload["voice"]["new"] = json!(1);
    decoded::<voice::types::AgentOutput>(&payload);
    decoded::<metrics::types::NumberTile>(&json!({ "type": "number", "new": [1] }));
    decoded::<voice::types::Error>(&json!({ "detail": "Gone.", "code": "not_found", "hint": "Look again." }));
}

#[test]
fn unknown_enumeration_values_are_kept() {
    let mut payload = agent();
    payload["language"] = json!("eo");
    let agent: voice::types::AgentOutput = decoded(&payload);
    assert_eq!(serde_json::to_value(&agent).unwrap()["language"], "eo");
    let status: voice::types::CallStatus = decoded(&json!("parked"));
    assert_eq!(status, voice::types::CallStatus::Other("parked".to_owned()));
    assert_eq!(serde_json::to_value(&status).unwrap(), "parked");
    let severity: metrics::types::AlertSeverity = round_trip(json!("fatal"));
    assert_eq!(severity, metrics::types::AlertSeverity::Other("fatal".to_owned()));
    round_trip::<metrics::types::AlertSeverity>(json!("warning"));
    // Names cannot be made from operators, so this type is a string.
    round_trip::<metrics::types::Op>(json!("!="));
}

#[test]
fn decimals_are_decoded_from_numbers_and_strings() {
    use callrounded_imported::notes::types::Note;
    use callrounded_runtime::{Decimal, DecimalString};
    for amount in [json!("12.50"), json!(12.5)] {
        round_trip::<Note>(json!({ "price": amount, "total": amount }));
    }
    let mut note = Note::default();
    note.price = Some(DecimalString::try_from("12.50").unwrap());
    note.total = Some(Decimal::try_from("12.50").unwrap());
    assert_eq!(
        serde_json::to_string(&note).unwrap(),
        r#"{"price":"12.50","total":12.50}"#
    );
    assert_eq!(
        serde_json::from_str::<Note>(r#"{"total":0.10000000000000000001}"#)
            .unwrap()
            .total
            .unwrap()
            .as_str(),
        "0.10000000000000000001"
    );
}

#[test]
fn union_of_tiles_is_decoded_by_discriminator() {
    use metrics::types::DashboardTilesItem as Tile;
    for (kind, is_expected) in [
        (
            "chart",
            (|tile| matches!(tile, Tile::ChartTile(_))) as fn(&Tile) -> bool,
        ),
        ("number", |tile| matches!(tile, Tile::NumberTile(_))),
        ("text", |tile| matches!(tile, Tile::TextTile(_))),
    ] {
        let query = json!({ "measures": [], "period": { "kind": "relative", "last": 7, "unit": "day" } });
        let tile: Tile =
            decoded(&json!({ "type": kind, "query": query, "goal": 1.5, "markdown": "*a*", "style": "line" }));
        assert!(is_expected(&tile), "{kind}");
        assert_eq!(serde_json::to_value(&tile).unwrap()["type"], kind);
    }
}

fn filter() -> Value {
    json!({ "all": [
        { "field": "country", "op": "=", "value": "fr" },
        { "any": [
            { "field": "age", "op": ">", "value": 17.5 },
            { "not": { "field": "tags", "op": "=", "value": ["a", "b"] } },
            { "all": [{ "field": "gone", "op": "=", "value": null }, { "field": "on", "op": "=", "value": true }] },
        ] },
    ] })
}

#[test]
fn recursive_union_is_decoded() {
    use metrics::types::{AllOfInput, AllOfInputAllItem, AllOfOutput};
    let sent: AllOfInput = round_trip(filter());
    assert!(matches!(sent.all[0], AllOfInputAllItem::Condition(_)));
    let AllOfInputAllItem::AnyOfInput(any) = &sent.all[1] else {
        panic!("expected an AnyOfInput")
    };
    assert_eq!(any.any.len(), 3);
    round_trip::<AllOfOutput>(filter());
}

#[test]
fn maps_lists_and_tuples_are_decoded() {
    let rota = json!({
        "A1": [{ "day": "2026-08-21", "start": "08:00:00", "end": "16:00:00", "breaks": [["12:00:00", "PT30M"]] }],
        "B2": [],
    });
    let clinic::types::Rota(rota) = decoded(&rota);
    assert_eq!(rota["A1"][0].day.to_string(), "2026-08-21");
    assert_eq!(rota["A1"][0].breaks[0].len(), 2);
    assert!(rota["B2"].is_empty());
    assert!(serde_json::from_value::<clinic::types::Rota>(json!({ "A1": [{ "day": "21.8.2026" }] })).is_err());

    let metrics::types::Matrix(rows) = round_trip(json!([[1.5, null], [], [2.0]]));
    assert_eq!(rows[0], [Some(1.5), None]);
    round_trip::<metrics::types::FunnelResult>(json!({ "steps": [["seen", 10, null], ["bought", 2, 0.2]] }));
    let absolute = json!({ "kind": "absolute", "between": ["2026-08-21T10:00:00Z", "2026-08-22T10:00:00Z"] });
    let absolute: metrics::types::Absolute = decoded(&absolute);
    assert_eq!(absolute.between.len(), 2);
    assert_ne!(absolute.between[0], absolute.between[1]);
    let project: metrics::types::Project =
        decoded(&json!({ "name": "N", "slug": "n", "limits": { "a": 1, "b": null } }));
    assert_eq!(project.limits["a"], Some(1));
    assert_eq!(project.limits["b"], None);
    let summary = json!({
        "vehicles": { "electric": 3 }, "health": { "good": 2 },
        "busiest": ["123e4567-e89b-12d3-a456-426614174000", 12.5],
    });
    decoded::<fleet::types::Summary>(&summary);
    let metadata = json!({ "a": "text", "b": 1, "c": 1.5, "d": true, "e": null });
    round_trip::<voice::types::Metadata>(metadata);
}

/// Each error has the type that the document specifies.
#[test]
fn error_of_each_status_has_its_documented_type() {
    let invalid = json!({ "detail": [{ "loc": ["body", 0, "to"], "msg": "Field required", "type": "missing" }] });
    let invalid: voice::types::HttpValidationError = decoded(&invalid);
    assert!(serde_json::to_value(&invalid).unwrap()["detail"].is_array());
    let limited: voice::types::RateLimited = decoded(&json!({ "retry_after": 2.5 }));
    assert_eq!(serde_json::to_value(&limited).unwrap(), json!({ "retry_after": 2.5 }));
    let error = json!({ "detail": "No such agent.", "code": "not_found", "request_id": null });
    let error: voice::types::Error = decoded(&error);
    assert_eq!(error.detail.as_deref(), Some("No such agent."));
}

/// The request to start a call has a type of its own.
#[test]
fn request_type_keeps_fields_and_requires_them() {
    let payload = json!({
        "agent_id": "123e4567-e89b-12d3-a456-426614174000",
        "to": "+33123456789",
        "from": null,
        "schedule_at": "now",
    });
    let call: voice::types::CallCreate = decoded(&payload);
    let encoded = serde_json::to_value(&call).unwrap();
    assert_eq!(encoded["to"], "+33123456789");
    assert!(
        serde_json::from_value::<voice::types::CallCreate>(json!({ "nothing": "of it" })).is_err(),
        "expected an error: required fields are missing"
    );
}

#[test]
fn union_of_payments_is_decoded_by_discriminator() {
    use shop::types::PaymentMethod as Method;
    let card = json!({
        "kind": "card", "token": "t", "iban": "FR7612345678901234", "due": "2026-08-21", "wallet": "blue",
        "redirect": "https://example.com/",
    });
    let mut other = card.clone();
    assert!(matches!(decoded(&card), Method::CardPayment(_)));
    other["kind"] = json!("transfer");
    assert!(matches!(decoded(&other), Method::TransferPayment(_)));
    other["kind"] = json!("wallet");
    assert!(matches!(decoded(&other), Method::WalletPayment(_)));
}

/// Items of tuples, and other unions of strings or numbers, are not objects.
#[test]
fn union_of_strings_and_numbers_is_decoded() {
    fn failure<T: DeserializeOwned + Serialize>(payload: Value) -> Option<String> {
        match serde_json::from_value::<T>(payload.clone()) {
            Ok(value) if with_f64(serde_json::to_value(&value).unwrap()) == with_f64(payload) => None,
            Ok(_) => Some(format!("{} is encoded differently", std::any::type_name::<T>())),
            Err(error) => Some(format!("{}: {error}", std::any::type_name::<T>())),
        }
    }
    let failures: Vec<String> = [
        failure::<clinic::types::ShiftBreaksItemItem>(json!("12:00:00")),
        failure::<clinic::types::MissingId>(json!(7)),
        failure::<fleet::types::PositionItem>(json!(48.85)),
        failure::<fleet::types::CircleCenterItem>(json!(2.35)),
        failure::<fleet::types::PolygonOutputRingItemItem>(json!(2.35)),
        failure::<fleet::types::WifiAddress>(json!("192.0.2.1")),
        failure::<fleet::types::RuleNotifyItem>(json!("ops@example.com")),
        failure::<metrics::types::ExportTo>(json!("ops@example.com")),
        failure::<shop::types::CouponOutputValidItem>(json!("2026-08-21")),
        failure::<shop::types::CouponOutputValidItem>(json!(null)),
        failure::<shop::types::OrderOutputHistoryItemItem>(json!("2026-08-21T10:00:00Z")),
        failure::<tickets::types::CommentAuthor>(json!("ops@example.com")),
    ]
    .into_iter()
    .flatten()
    .collect();
    assert!(failures.is_empty(), "{failures:#?}");
}

/// An object that matches several schemas of a union is decoded as one of them, with all of its fields.
#[test]
fn union_of_objects_without_discriminator_keeps_fields() {
    let out = json!({ "where": filter(), "measures": [], "period": { "kind": "relative", "last": 7 } });
    let query: metrics::types::QueryOutput = decoded(&out);
    assert_eq!(
        with_f64(serde_json::to_value(&query).unwrap()["where"].clone()),
        with_f64(filter())
    );
    let query: metrics::types::QueryOutput = decoded(&json!({ "where": null, "measures": [] }));
    assert!([json!(null), json!({})].contains(&serde_json::to_value(&query).unwrap()["where"]));
    let staff = json!({ "id": 1, "name": "N", "specialty": "cardiology", "ward": "A1", "licence": "L" });
    let _: clinic::types::ReadMemberStaffMemberIdGetResponse = decoded(&staff);
}

#[test]
fn any_of_references_is_decoded_from_each_of_them() {
    use notes::types::{Thread, ThreadLevel};
    let thread: Thread = round_trip(json!({ "level": "high", "any": [1, "a"], "nested": 7 }));
    assert!(matches!(thread.level, Some(ThreadLevel::Priority(_))));
    let thread: Thread = round_trip(json!({ "level": 3, "any": { "fields": [] }, "nested": { "fields": [] } }));
    assert!(matches!(thread.level, Some(ThreadLevel::Rank(_))));
}
