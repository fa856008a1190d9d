//! Connections that cannot be made: the chain of the error names host, port and reason, and has no personal data.

use std::{
    error::Error as _,
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
};

use callrounded::{Client, ClientBuilder, Error, ErrorKind, reqwest};
use callrounded_test_support::RefusingAddress;
use callrounded_tests::scripted::{ScriptedServer, http_response};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

const SECRET: &str = "call-of-a-customer";

async fn connect_error(builder: ClientBuilder) -> Error {
    let client = builder.api_key("key-never-shown").max_retries(0).build().unwrap();
    let error = client.calls().get(SECRET).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(error.to_string(), "get_call: the service cannot be reached");
    for output in [error.to_string(), format!("{error:?}"), chain(&error)] {
        assert!(
            !output.contains(SECRET) && !output.contains("key-never-shown"),
            "{output}"
        );
    }
    error
}

fn cause(error: &Error) -> String {
    error.source().unwrap().to_string()
}

fn chain(error: &Error) -> String {
    let mut messages = Vec::new();
    let mut next = error.source();
    while let Some(source) = next {
        messages.push(source.to_string());
        next = source.source();
    }
    messages.join("\n")
}

/// Listens on a free port and handles each connection on a thread. Returns the port.
fn serve(handle: impl Fn(std::net::TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().take(8) {
            let (stream, handle) = (stream.unwrap(), handle.clone());
            thread::spawn(move || handle(stream));
        }
    });
    port
}

#[tokio::test]
async fn refused_connection_error_names_host_and_port() {
    let refusing = RefusingAddress::reserve().unwrap();
    let address = refusing.address();
    let error = connect_error(Client::builder().base_url(format!("http://{address}"))).await;
    assert_eq!(
        cause(&error),
        format!("cannot connect to {address}: connection refused; no server is listening on this port")
    );
    // The chain includes the errors of the lower layers.
    assert!(chain(&error).contains("Connection refused"), "{}", chain(&error));
    // The default port of https is named too.
    let error = connect_error(Client::builder().base_url("https://127.0.0.1")).await;
    assert!(
        cause(&error).starts_with("cannot connect to 127.0.0.1:443: "),
        "{}",
        cause(&error)
    );
}

#[tokio::test]
async fn unknown_host_error_names_host() {
    let error = connect_error(Client::builder().base_url("https://calls.invalid")).await;
    assert_eq!(
        cause(&error),
        "cannot connect to calls.invalid:443: unknown host; its name cannot be resolved"
    );
}

#[tokio::test]
async fn https_to_plain_http_server_is_recognized() {
    let port = serve(|mut stream| {
        let mut request = [0; 16];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(&http_response("400 Bad Request", &[], b"plain HTTP"));
    });
    let error = connect_error(Client::builder().base_url(format!("https://127.0.0.1:{port}"))).await;
    assert_eq!(
        cause(&error),
        format!(
            "cannot connect to 127.0.0.1:{port}: the TLS handshake failed; the server does not use TLS on this port \
             and may be plain HTTP"
        )
    );
}

#[tokio::test]
async fn rejected_certificate_is_reported() {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("../certificate/self-signed.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../certificate/self-signed.key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let port = serve(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        // The read ends with the TLS alert of the client.
        let _ = StreamOwned::new(connection, stream).read(&mut [0; 16]);
    });
    let error = connect_error(Client::builder().base_url(format!("https://127.0.0.1:{port}"))).await;
    let message = cause(&error);
    let start = format!("cannot connect to 127.0.0.1:{port}: the TLS certificate was not accepted (");
    assert!(message.starts_with(&start), "{message}");
}

#[tokio::test]
async fn proxy_refusal_is_reported() {
    let port = serve(|mut stream| {
        let mut request = [0; 1024];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(&http_response("407 Proxy Authentication Required", &[], b""));
    });
    let proxy = reqwest::Proxy::https(format!("http://user:password-never-shown@127.0.0.1:{port}")).unwrap();
    let builder = Client::builder().base_url("https://calls.invalid");
    let error = connect_error(builder.configure_http(move |http| http.proxy(proxy.clone()))).await;
    let message = cause(&error);
    assert!(
        message.starts_with("cannot connect to calls.invalid:443: the proxy did not establish the connection ("),
        "{message}"
    );
    assert!(!chain(&error).contains("password-never-shown"), "{}", chain(&error));
}

#[tokio::test]
async fn invalid_http_is_invalid_response_error() {
    let head = |headers: &str| format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
    let many: String = (0..300).map(|number| format!("x-{number}: a\r\n")).collect();
    for (response, problem, cause) in [
        (
            head(&many),
            "the response is not valid HTTP",
            "message head is too large",
        ),
        (
            head("x a: b\r\n"),
            "the response is not valid HTTP",
            "invalid HTTP header parsed",
        ),
        (
            head("content-length: 5\r\ncontent-length: 6\r\n"),
            "the response is not valid HTTP",
            "invalid content-length parsed",
        ),
        (
            b"220 mail.example ESMTP\r\n\r\n".to_vec(),
            "the response is not valid HTTP",
            "invalid HTTP version parsed",
        ),
        (
            [head("transfer-encoding: chunked\r\n"), b"five\r\n".to_vec()].concat(),
            "the body of the response is not valid HTTP",
            "error reading a body from connection",
        ),
    ] {
        let server = ScriptedServer::always(callrounded_tests::scripted::Action::Send(response), || {});
        let client = Client::builder()
            .api_key("connect-key")
            .base_url(server.url())
            .max_retries(0)
            .build()
            .unwrap();
        let error = client.calls().get("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{cause}");
        assert_eq!(error.to_string(), format!("get_call: {problem}"));
        assert!(chain(&error).contains(cause), "{cause}\n{}", chain(&error));
        // The start may have been performed.
        let error = client
            .calls()
            .start("+33912345678", "+33612345678", "agent")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{cause}");
    }
}

#[tokio::test]
async fn unsupported_content_coding_is_decode_error_with_name() {
    for (coding, expected) in [
        ("br", "br"),
        ("gzip, br", "gzip, br"),
        ("a-coding-that-nobody-has-ever-heard-of-before", "unknown"),
    ] {
        let response = http_response("200 OK", &[("content-encoding", coding)], b"compressed");
        let server = ScriptedServer::always(callrounded_tests::scripted::Action::Send(response), || {});
        let client = Client::builder()
            .api_key("connect-key")
            .base_url(server.url())
            .build()
            .unwrap();
        let error = client.calls().get("x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(
            error.to_string(),
            format!(
                "get_call: the response body cannot be decompressed: the content coding is `{expected}`; this client \
                 accepts gzip and identity"
            )
        );
        assert_eq!(error.body().unwrap().as_ref(), b"compressed");
        assert!(error.source().is_none(), "the message already has the cause");
    }
}

/// The received part of a compressed body is decompressed, however short it is.
#[tokio::test]
async fn truncated_compressed_body_is_decompressed_as_far_as_received() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(br#"{"message": "try again tomorrow"}"#).unwrap();
    let gzip = encoder.finish().unwrap();
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        gzip.len() + 10
    );
    let response = [head.as_bytes(), &gzip].concat();
    let server = ScriptedServer::always(callrounded_tests::scripted::Action::Send(response), || {});
    let client = Client::builder()
        .api_key("connect-key")
        .base_url(server.url())
        .max_retries(0)
        .build()
        .unwrap();
    let error = client.calls().get("x").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Server, Some("try again tomorrow"))
    );
}

#[tokio::test]
async fn cloned_error_keeps_source() {
    let refusing = RefusingAddress::reserve().unwrap();
    let address = refusing.address();
    let error = connect_error(Client::builder().base_url(format!("http://{address}"))).await;
    let shared = error.clone();
    drop(error);
    assert!(cause(&shared).contains(&address.to_string()));
}
