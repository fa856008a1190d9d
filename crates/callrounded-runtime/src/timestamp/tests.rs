use super::*;

fn to_utc(text: &str) -> Option<String> {
    Timestamp::received(text)
        .utc()
        .map(|time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

#[test]
fn timestamp_utc_parses_rfc_3339_and_iso_8601() {
    for (text, has_offset) in [
        ("2023-06-15T14:30:00Z", true),
        ("2023-06-15t14:30:00z", true),
        ("2023-06-15T16:30:00+02:00", true),
        ("2023-06-15T16:30:00+0200", true),
        ("2023-06-15T16:30:00+02", true),
        ("2023-06-15 14:30:00+00:00", true),
        ("2023-06-15T14:30:00", false),
        ("2023-06-15 14:30:00", false),
        ("2023-06-15T14:30:00.000", false),
        ("2023-06-15T14:30", false),
        ("2023-06-15T16:30+02:00", true),
    ] {
        assert_eq!(to_utc(text).as_deref(), Some("2023-06-15T14:30:00Z"), "{text}");
        assert_eq!(text.parse::<Timestamp>().unwrap().has_offset(), has_offset, "{text}");
    }
    assert_eq!(
        to_utc("2023-06-15T14:30:00.123456789Z").as_deref(),
        Some("2023-06-15T14:30:00.123456789Z")
    );
    assert_eq!(
        to_utc("2023-06-15T14:30:00.12345678901234Z").as_deref(),
        Some("2023-06-15T14:30:00.123456789Z")
    );
}

#[test]
fn timestamp_of_invalid_value_keeps_its_json() {
    for json in [
        "\"\"",
        "\"soon\"",
        "\"2023-13-45T99:99:99Z\"",
        "1686839400",
        "1.5",
        "true",
        "[1]",
        "{\"a\":1}",
    ] {
        let timestamp: Timestamp = serde_json::from_str(json).unwrap();
        assert_eq!(timestamp.utc(), None, "{json}");
        assert_eq!(serde_json::to_string(&timestamp).unwrap(), json);
        assert_eq!(format!("{timestamp:?}"), "<unreadable>");
    }
    let number: Timestamp = serde_json::from_str("\"17\"").unwrap();
    assert_eq!(
        (number.as_str(), serde_json::to_string(&number).unwrap().as_str()),
        ("17", "\"17\"")
    );
}

#[test]
fn timestamp_of_any_length_keeps_its_text() {
    for length in [0, 29, 30, 31, 300] {
        let text = "é".repeat(length / 2) + &"x".repeat(length % 2);
        let timestamp = Timestamp::received(&text);
        assert_eq!(timestamp.as_str(), text);
        assert_eq!(timestamp, timestamp.clone());
    }
    assert_ne!(Timestamp::received("2023"), Timestamp::received("2024"));
}

#[test]
fn timestamp_equality_and_order_are_by_time() {
    let ordered = [
        "2023-06-15T14:30:00Z",
        "2023-06-15T14:30:00.000000001Z",
        "2023-06-15T17:30:00+02:00",
        "a",
        "b",
    ];
    for (index, one) in ordered.iter().enumerate() {
        for (other_index, other) in ordered.iter().enumerate() {
            let (one, other) = (Timestamp::received(one), Timestamp::received(other));
            assert_eq!(one.cmp(&other), index.cmp(&other_index), "{one} {other}");
            assert_eq!(one == other, index == other_index, "{one} {other}");
        }
    }
    let hashed = [
        "2023-06-15T14:30:00Z",
        "2023-06-15T16:30:00+02:00",
        "2023-06-15 14:30:00",
    ]
    .map(Timestamp::received);
    assert_eq!(std::collections::HashSet::from(hashed).len(), 1);
}

#[test]
fn timestamp_compares_with_chrono() {
    let timestamp = Timestamp::received("2023-06-15T16:30:00+02:00");
    let time = timestamp.utc().unwrap();
    assert_eq!(timestamp, time);
    assert!(timestamp < time + chrono::TimeDelta::nanoseconds(1));
    let invalid = Timestamp::received("soon");
    assert!(invalid != time && invalid.partial_cmp(&time).is_none());
}

#[test]
fn timestamp_from_str_rejects_invalid_text() {
    for text in ["", "soon", "2023-13-45T99:99:99Z", "1686839400", "2023-06-15"] {
        assert_eq!(text.parse::<Timestamp>(), Err(ParseTimestampError), "{text}");
    }
}

#[test]
fn timestamp_from_datetime_is_written_in_utc() {
    let time = DateTime::parse_from_rfc3339("2023-06-15T16:30:00.5+02:00").unwrap();
    assert_eq!(Timestamp::from(time).to_string(), "2023-06-15T14:30:00.500Z");
}
