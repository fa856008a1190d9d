//! The content of a body as it was received: without compression, as UTF-8.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

/// More than a client reads.
const LARGEST: u64 = 256 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Decompresses a body, and turns Latin-1 into UTF-8. A byte order mark is left out.
///
/// # Errors
/// Why it cannot be done, as the end of a sentence about the body.
pub(super) fn content(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
    let body = decompressed(headers, body)?;
    let text = match body.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => body.slice_ref(text),
        None => body,
    };
    Ok(match is_latin_1(headers) && std::str::from_utf8(&text).is_err() {
        // Each byte is the character of that number.
        true => text.iter().copied().map(char::from).collect::<String>().into(),
        false => text,
    })
}

fn decompressed(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
    let applied: Vec<String> = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .map(|name| String::from_utf8_lossy(name).trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty() && name != "identity")
        .collect();
    match applied.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => Ok(body.clone()),
        _ if body.is_empty() => Ok(body.clone()),
        ["gzip" | "x-gzip"] => {
            let mut content = Vec::new();
            MultiGzDecoder::new(body.as_ref())
                .take(LARGEST + 1)
                .read_to_end(&mut content)
                .map_err(|error| format!("is called gzip and cannot be decompressed: {error}"))?;
            match content.len() as u64 > LARGEST {
                true => Err("is too large once it is decompressed".to_owned()),
                false => Ok(content.into()),
            }
        }
        names => Err(format!(
            "has the content coding `{}`, which is not decoded here",
            names.join(", ").escape_debug()
        )),
    }
}

/// Whether the content type says so, as in `application/json; charset=ISO-8859-1`.
fn is_latin_1(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parameters = content_type.unwrap_or_default().split(';').skip(1);
    parameters.any(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        let value = value.trim().trim_matches('"').to_ascii_lowercase();
        name.trim().eq_ignore_ascii_case("charset")
            && ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii"].contains(&value.as_str())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            let name = http::HeaderName::from_static(name);
            (name, http::HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    fn gzip(content: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap().into()
    }

    #[test]
    fn gzip_is_decompressed_by_any_of_its_names() {
        for name in ["gzip", "GZIP", "x-gzip", "identity, Gzip"] {
            let read = content(&headers(&[("content-encoding", name)]), &gzip(b"{\"a\":1}"));
            assert_eq!(read.unwrap(), "{\"a\":1}", "{name}");
        }
        let twice: Bytes = [gzip(b"[1,"), gzip(b"2]")].concat().into();
        assert_eq!(
            content(&headers(&[("content-encoding", "gzip")]), &twice).unwrap(),
            "[1,2]"
        );
        // There is nothing to decompress, as with 204.
        assert_eq!(
            content(&headers(&[("content-encoding", "br")]), &Bytes::new()).unwrap(),
            ""
        );
    }

    #[test]
    fn what_is_not_decoded_is_named() {
        let body = Bytes::from_static(b"not compressed at all");
        for (name, problem) in [
            ("br", "has the content coding `br`, which is not decoded here"),
            (
                "gzip, br",
                "has the content coding `gzip, br`, which is not decoded here",
            ),
            ("gzip", "is called gzip and cannot be decompressed: invalid gzip header"),
        ] {
            let refused = content(&headers(&[("content-encoding", name)]), &body);
            assert_eq!(refused.unwrap_err(), problem);
        }
    }

    #[test]
    fn content_becomes_utf_8_without_a_mark() {
        let latin = headers(&[("content-type", "application/json; Charset=\"ISO-8859-1\"")]);
        assert_eq!(
            content(&latin, &Bytes::from_static(b"\"\xe9t\xe9\"")).unwrap(),
            "\"été\""
        );
        // Some say Latin-1 and send UTF-8.
        assert_eq!(
            content(&latin, &Bytes::from_static("\"été\"".as_bytes())).unwrap(),
            "\"été\""
        );
        let marked = Bytes::from_static("\u{feff}{}".as_bytes());
        assert_eq!(content(&HeaderMap::new(), &marked).unwrap(), "{}");
        let unnamed = Bytes::from_static(b"\"\xe9\"");
        assert_eq!(content(&HeaderMap::new(), &unnamed).unwrap(), unnamed);
    }
}
