//! Parses how long the service asks a client to wait.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Returns how long the headers of a response ask to wait: `retry-after-ms`, otherwise `Retry-After` in seconds (a
/// fraction is allowed) or as an HTTP date.
///
/// The first header with a valid value is used. Returns `None` if there is none. A value that is negative, not a
/// number, infinite or in the past is not valid. A date is compared with the `Date` header of the same response, so
/// that a wrong local clock has no effect. Without a `Date` header it is compared with `now`.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let texts = |name: &'static str| {
        let values = headers.get_all(name).iter();
        values.filter_map(|value| value.to_str().ok().map(str::trim))
    };
    let now = texts(DATE.as_str())
        .find_map(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or(now);
    let milliseconds = texts("retry-after-ms").find_map(|value| duration(number(value)? / 1000.0));
    milliseconds.or_else(|| {
        texts(RETRY_AFTER.as_str()).find_map(|value| match number(value) {
            Some(seconds) => duration(seconds),
            None => httpdate::parse_http_date(value).ok()?.duration_since(now).ok(),
        })
    })
}

/// Parses digits with an optional fraction. `f64` would also accept `inf`, `1e9` and `+5`.
fn number(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_plain.then(|| text.parse().ok())?
}

fn duration(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    /// Sun, 22 Nov 2026 12:00:00 GMT, in seconds since the epoch.
    const NOW: u64 = 1_795_348_800;

    fn milliseconds(headers: &[(&str, &str)]) -> Option<u128> {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_bytes(name.as_bytes()).unwrap(),
                    HeaderValue::from_bytes(value.as_bytes()).unwrap(),
                )
            })
            .collect();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(NOW);
        retry_after(&headers, now).map(|wait| wait.as_millis())
    }

    #[test]
    fn retry_after_parses_seconds_and_dates() {
        for (value, expected) in [
            // Seconds.
            ("0", Some(0)),
            ("1", Some(1_000)),
            ("120", Some(120_000)),
            ("007", Some(7_000)),
            (" 3 ", Some(3_000)),
            ("86400", Some(86_400_000)),
            // Fractions.
            ("0.5", Some(500)),
            ("1.25", Some(1_250)),
            (".5", Some(500)),
            ("2.", Some(2_000)),
            ("0.0001", Some(0)),
            // Dates in the future, in all three formats of HTTP.
            ("Sun, 22 Nov 2026 12:00:10 GMT", Some(10_000)),
            ("Sunday, 22-Nov-26 12:00:10 GMT", Some(10_000)),
            ("Sun Nov 22 12:00:10 2026", Some(10_000)),
            ("Mon, 23 Nov 2026 12:00:00 GMT", Some(86_400_000)),
            ("Sun, 22 Nov 2026 12:00:00 GMT", Some(0)),
            // Dates in the past, and invalid dates.
            ("Sun, 22 Nov 2026 11:59:59 GMT", None),
            ("Thu, 01 Jan 1970 00:00:00 GMT", None),
            ("Sun, 31 Feb 2027 12:00:00 GMT", None),
            ("2026-11-22T12:00:10Z", None),
            ("Sun, 22 Nov 2026 12:00:10 +0200", None),
            // Negative, not a number, infinite, too large.
            ("-1", None),
            ("-0.5", None),
            ("NaN", None),
            ("nan", None),
            ("inf", None),
            ("infinity", None),
            ("-inf", None),
            ("99999999999999999999999999", None),
            // Other invalid values.
            ("", None),
            (" ", None),
            (".", None),
            ("1.2.3", None),
            ("+5", None),
            ("1e3", None),
            ("0x10", None),
            ("5s", None),
            ("5, 6", None),
            ("soon", None),
            ("\u{663}", None),
        ] {
            assert_eq!(milliseconds(&[("retry-after", value)]), expected, "{value:?}");
        }
    }

    #[test]
    fn retry_after_ms_takes_precedence_if_valid() {
        for (retry_after_ms, retry_after, expected) in [
            ("1500", "9", Some(1_500)),
            ("0.5", "9", Some(0)),
            ("0", "9", Some(0)),
            ("-1", "9", Some(9_000)),
            ("NaN", "9", Some(9_000)),
            ("inf", "9", Some(9_000)),
            ("", "9", Some(9_000)),
            ("Sun, 22 Nov 2026 12:00:10 GMT", "9", Some(9_000)),
            ("soon", "later", None),
        ] {
            let headers = [("retry-after-ms", retry_after_ms), ("retry-after", retry_after)];
            assert_eq!(milliseconds(&headers), expected, "{retry_after_ms:?}");
        }
        assert_eq!(milliseconds(&[("retry-after-ms", "250")]), Some(250));
        assert_eq!(milliseconds(&[]), None);
    }

    #[test]
    fn retry_after_date_is_relative_to_date_header() {
        let date = ("retry-after", "Sun, 22 Nov 2026 15:00:10 GMT");
        assert_eq!(
            milliseconds(&[date, ("date", "Sun, 22 Nov 2026 15:00:00 GMT")]),
            Some(10_000)
        );
        assert_eq!(milliseconds(&[date, ("date", "Sun, 22 Nov 2026 15:00:11 GMT")]), None);
        assert_eq!(milliseconds(&[date, ("date", "today")]), Some(3 * 3_600_000 + 10_000));
    }

    #[test]
    fn retry_after_of_several_headers_is_first_valid_one() {
        let headers: HeaderMap = ["soon", "-1", "5", "6"]
            .into_iter()
            .map(|value| (RETRY_AFTER, HeaderValue::from_static(value)))
            .fold(HeaderMap::new(), |mut headers, (name, value)| {
                headers.append(name, value);
                headers
            });
        assert_eq!(retry_after(&headers, SystemTime::now()), Some(Duration::from_secs(5)));
    }

    #[test]
    fn retry_after_that_is_not_ascii_is_ignored() {
        let headers = [(RETRY_AFTER, HeaderValue::from_bytes(b"\xff5").unwrap())]
            .into_iter()
            .collect();
        assert_eq!(retry_after(&headers, SystemTime::now()), None);
    }
}
