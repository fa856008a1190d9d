//! Collects and decompresses the chunks of a response body, up to a size limit.

use std::{error::Error as StdError, fmt};

use bytes::{Bytes, BytesMut};
use reqwest::header::{CONTENT_ENCODING, HeaderMap, HeaderValue};

use crate::failure::{Failure, FailureKind};

/// The value of `Accept-Encoding` of every request. This crate decompresses by itself: reqwest recognizes only `gzip`
/// in lower case, and returns a body with any other coding as if it were not encoded.
pub(crate) const ACCEPT_ENCODING_VALUE: HeaderValue =
    HeaderValue::from_static(if cfg!(feature = "gzip") { "gzip" } else { "identity" });

/// The part of a body that was received so far. It remains available if the attempt ends early.
#[derive(Default)]
pub(crate) struct Body {
    size_limit: usize,
    plain: Chunks,
    #[cfg(feature = "gzip")]
    gzip: Option<gzip::Decoder>,
    unsupported: Option<UnsupportedCoding>,
}

impl Body {
    /// Creates the body of a response with these headers. `size_limit` is in bytes, after decompression.
    pub fn of(headers: &HeaderMap, size_limit: usize) -> Self {
        let mut body = Self {
            size_limit,
            ..Self::default()
        };
        match coding(headers) {
            Coding::Identity => {}
            #[cfg(feature = "gzip")]
            Coding::Gzip => body.gzip = Some(gzip::Decoder::new(size_limit)),
            Coding::Other(name) => body.unsupported = Some(UnsupportedCoding(name)),
        }
        body
    }

    /// Adds the next chunk. Fails if the size limit is exceeded or the chunk cannot be decompressed.
    pub fn add(&mut self, chunk: Bytes) -> Result<(), Failure> {
        #[cfg(feature = "gzip")]
        if let Some(gzip) = &mut self.gzip {
            return gzip.add(&chunk);
        }
        self.plain.add(chunk, self.size_limit)
    }

    /// Checks that the body is complete and has a supported content coding.
    pub fn end(&mut self) -> Result<(), Failure> {
        #[cfg(feature = "gzip")]
        if let Some(gzip) = &mut self.gzip {
            gzip.end()?;
        }
        match self.unsupported.take() {
            // A response without content, such as a 204, may name a coding.
            Some(coding) if self.plain.len() > 0 => Err(Failure::caused_by(FailureKind::Decompression, coding)),
            _ => Ok(()),
        }
    }

    pub fn into_bytes(self) -> Bytes {
        #[cfg(feature = "gzip")]
        if let Some(gzip) = self.gzip {
            return gzip.into_bytes();
        }
        self.plain.into_bytes()
    }
}

/// The content coding of a body.
enum Coding {
    Identity,
    #[cfg(feature = "gzip")]
    Gzip,
    /// The name of a coding that this client does not decode.
    Other(String),
}

/// Returns the content coding. Names are case-insensitive, and `x-gzip` is `gzip` (RFC 9110, section 8.4.1).
fn coding(headers: &HeaderMap) -> Coding {
    let mut applied = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let names = value.as_bytes().split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        applied.extend(names.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(b"identity")));
    }
    match applied.as_slice() {
        [] => Coding::Identity,
        #[cfg(feature = "gzip")]
        [name] if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") => Coding::Gzip,
        names => {
            let names: Vec<_> = names.iter().map(|name| String::from_utf8_lossy(name)).collect();
            Coding::Other(names.join(", "))
        }
    }
}

/// The error for a content coding that this client does not decode, with its name.
#[derive(Debug)]
pub(crate) struct UnsupportedCoding(String);

impl fmt::Display for UnsupportedCoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_short = self.0.len() <= 40 && self.0.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let name = if is_short { &self.0 } else { "unknown" };
        write!(f, "the content coding is `{name}`; ")?;
        f.write_str(if cfg!(feature = "gzip") {
            "this client accepts gzip and identity"
        } else if self.0.to_ascii_lowercase().ends_with("gzip") {
            "enable the feature `gzip`"
        } else {
            "this client accepts identity"
        })
    }
}

impl StdError for UnsupportedCoding {}

/// The chunks of a body that is not compressed. Most bodies are one chunk, which is not copied.
#[derive(Default)]
struct Chunks {
    first: Bytes,
    all: BytesMut,
}

impl Chunks {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn add(&mut self, mut chunk: Bytes, size_limit: usize) -> Result<(), Failure> {
        let room = size_limit.saturating_sub(self.len());
        let is_too_large = chunk.len() > room;
        chunk.truncate(room);
        if self.len() == 0 {
            self.first = chunk;
        } else {
            if self.all.is_empty() {
                self.all.extend_from_slice(&self.first);
            }
            self.all.extend_from_slice(&chunk);
        }
        if is_too_large {
            Err(Failure::limit(FailureKind::BodyTooLarge))
        } else {
            Ok(())
        }
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() {
            self.first
        } else {
            self.all.freeze()
        }
    }
}

#[cfg(feature = "gzip")]
mod gzip {
    use std::io::{self, Write};

    use bytes::Bytes;
    use flate2::write::MultiGzDecoder;

    use crate::failure::{Failure, FailureKind};

    /// A gzip decoder. It decompresses chunk by chunk, so that the size limit stops a small body that expands without
    /// end.
    pub(super) struct Decoder {
        decoder: MultiGzDecoder<Limited>,
        is_empty: bool,
    }

    impl Decoder {
        pub fn new(size_limit: usize) -> Self {
            let limited = Limited {
                content: Vec::new(),
                size_limit,
                is_exceeded: false,
            };
            Self {
                decoder: MultiGzDecoder::new(limited),
                is_empty: true,
            }
        }

        pub fn add(&mut self, chunk: &[u8]) -> Result<(), Failure> {
            self.is_empty &= chunk.is_empty();
            let written = self.decoder.write_all(chunk);
            self.checked(written)
        }

        pub fn end(&mut self) -> Result<(), Failure> {
            if self.is_empty {
                return Ok(());
            }
            let ended = self.decoder.try_finish();
            self.checked(ended)
        }

        fn checked(&self, written: io::Result<()>) -> Result<(), Failure> {
            match written {
                _ if self.decoder.get_ref().is_exceeded => Err(Failure::limit(FailureKind::BodyTooLarge)),
                Err(error) => Err(Failure::caused_by(FailureKind::Decompression, error)),
                Ok(()) => Ok(()),
            }
        }

        pub fn into_bytes(mut self) -> Bytes {
            // Writes out what the decoder buffers until the next chunk. Errors are ignored: the body has failed before,
            // or `end` has checked it.
            let _ = self.decoder.flush();
            std::mem::take(&mut self.decoder.get_mut().content).into()
        }
    }

    /// A buffer that fails when more than `size_limit` bytes are written.
    struct Limited {
        content: Vec<u8>,
        size_limit: usize,
        is_exceeded: bool,
    }

    impl Write for Limited {
        fn write(&mut self, decompressed: &[u8]) -> io::Result<usize> {
            let room = self.size_limit.saturating_sub(self.content.len());
            let taken = decompressed.get(..room).unwrap_or(decompressed);
            self.content.extend_from_slice(taken);
            self.is_exceeded |= taken.len() < decompressed.len();
            if self.is_exceeded {
                Err(io::Error::other("the size limit is exceeded"))
            } else {
                Ok(decompressed.len())
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
