//! Decoding of a received body: decompression, and conversion to UTF-8.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};

/// The limit of a decompressed body, 256 MiB: more than a client reads.
const MAX_SIZE: u64 = 256 * 1024 * 1024;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Decompresses a body, converts Latin-1 to UTF-8, and removes a byte order mark.
///
/// # Errors
/// The reason why the body cannot be decoded, as the predicate of a sentence about it.
pub(super) fn content(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
    let body = decompress(headers, body)?;
    let text = match body.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => body.slice_ref(text),
        None => body,
    };
    Ok(if is_latin_1(headers) && std::str::from_utf8(&text).is_err() {
        // Each byte of Latin-1 is the code point of its character.
        text.iter().copied().map(char::from).collect::<String>().into()
    } else {
        text
    })
}

fn decompress(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
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
                .take(MAX_SIZE + 1)
                .read_to_end(&mut content)
                .map_err(|error| format!("has the content coding gzip and cannot be decompressed: {error}"))?;
            if content.len() as u64 > MAX_SIZE {
                Err("is larger than 256 MiB when decompressed".to_owned())
            } else {
                Ok(content.into())
            }
        }
        names => Err(format!(
            "has the unsupported content coding `{}`; expected gzip or none",
            names.join(", ").escape_debug()
        )),
    }
}

/// Checks whether the content type has a charset of Latin-1, as in `application/json; charset=ISO-8859-1`.
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
    fn gzip_under_any_name_is_decompressed() {
        for name in ["gzip", "GZIP", "x-gzip", "identity, Gzip"] {
            let decoded = content(&headers(&[("content-encoding", name)]), &gzip(b"{\"a\":1}"));
            assert_eq!(decoded.unwrap(), "{\"a\":1}", "{name}");
        }
        let two_members: Bytes = [gzip(b"[1,"), gzip(b"2]")].concat().into();
        assert_eq!(
            content(&headers(&[("content-encoding", "gzip")]), &two_members).unwrap(),
            "[1,2]"
        );
        // An empty body, as with status 204, is not decompressed.
        assert_eq!(
            content(&headers(&[("content-encoding", "br")]), &Bytes::new()).unwrap(),
            ""
        );
    }

    #[test]
    fn body_that_cannot_be_decompressed_is_an_error() {
        let body = Bytes::from_static(b"not compressed at all");
        for (name, problem) in [
            ("br", "has the unsupported content coding `br`; expected gzip or none"),
            (
                "gzip, br",
                "has the unsupported content coding `gzip, br`; expected gzip or none",
            ),
            (
                "gzip",
                "has the content coding gzip and cannot be decompressed: invalid gzip header",
            ),
        ] {
            let result = content(&headers(&[("content-encoding", name)]), &body);
            assert_eq!(result.unwrap_err(), problem);
        }
    }

    #[test]
    fn latin_1_is_converted_and_byte_order_mark_is_removed() {
        let latin = headers(&[("content-type", "application/json; Charset=\"ISO-8859-1\"")]);
        assert_eq!(
            content(&latin, &Bytes::from_static(b"\"\xe9t\xe9\"")).unwrap(),
            "\"été\""
        );
        // Some services declare Latin-1 and send UTF-8.
        assert_eq!(
            content(&latin, &Bytes::from_static("\"été\"".as_bytes())).unwrap(),
            "\"été\""
        );
        let with_mark = Bytes::from_static("\u{feff}{}".as_bytes());
        assert_eq!(content(&HeaderMap::new(), &with_mark).unwrap(), "{}");
        let without_charset = Bytes::from_static(b"\"\xe9\"");
        assert_eq!(content(&HeaderMap::new(), &without_charset).unwrap(), without_charset);
    }
}
