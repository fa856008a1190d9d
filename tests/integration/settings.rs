//! The settings of a client: invalid ones are reported when the client is built.

use std::time::Duration;

use callrounded::{Client, ClientBuilder, ErrorKind};
use callrounded_mock::MockServer;
use callrounded_tests::DOCUMENTED_CALL;

fn build_error(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!((error.status(), error.operation()), (None, None));
    error.to_string()
}

fn with_api_key() -> ClientBuilder {
    Client::builder().api_key("a-key")
}

#[test]
fn build_with_invalid_setting_names_it() {
    expect_test::expect!["api_key: is not set"].assert_eq(&build_error(Client::builder()));
    expect_test::expect!["api_key: must not be empty"].assert_eq(&build_error(Client::builder().api_key("")));
    expect_test::expect!["api_key: begins or ends with white space, such as the line break at the end of a file"]
        .assert_eq(&build_error(Client::builder().api_key("secret\n")));
    expect_test::expect!["api_key: contains a character not allowed in an API key"]
        .assert_eq(&build_error(Client::builder().api_key("sec ret")));
    expect_test::expect![
        "base_url: is not a valid URL: relative URL without a base; expected a full URL, such as https://api.callrounded.com"
    ]
    .assert_eq(&build_error(with_api_key().base_url("api.callrounded.com")));
    expect_test::expect!["base_url: must be https or http"].assert_eq(&build_error(with_api_key().base_url("ftp://x")));
    expect_test::expect!["base_url: must not contain a user name or password"]
        .assert_eq(&build_error(with_api_key().base_url("https://user:secret@example.com")));
    expect_test::expect!["base_url: must not contain a query or fragment"]
        .assert_eq(&build_error(with_api_key().base_url("https://example.com/?a=1")));
    expect_test::expect!["timeout: must be greater than zero"]
        .assert_eq(&build_error(with_api_key().timeout(Duration::ZERO)));
    expect_test::expect!["user_agent: contains a character not allowed in an HTTP header"]
        .assert_eq(&build_error(with_api_key().user_agent("a\nb")));
    let http = callrounded::reqwest::Client::new();
    expect_test::expect!["connect_timeout: cannot be combined with http_client; set it there; user_agent: cannot be combined with http_client; set it there"]
        .assert_eq(&build_error(
            with_api_key().http_client(http).user_agent("me").connect_timeout(Duration::from_secs(1)),
        ));
}

#[test]
fn build_with_several_invalid_settings_reports_all() {
    expect_test::expect!["api_key: is not set; base_url: must be https or http; timeout: must be greater than zero"]
        .assert_eq(&build_error(
            Client::builder().base_url("file:///x").timeout(Duration::ZERO),
        ));
}

#[test]
fn plain_http_to_other_machines_is_rejected_unless_allowed() {
    for url in [
        "http://127.0.0.1:4010",
        "http://localhost",
        "http://[::1]:80",
        "http://127.9.9.9",
    ] {
        with_api_key().base_url(url).build().unwrap();
    }
    for url in [
        "http://example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
    ] {
        assert!(
            build_error(with_api_key().base_url(url)).contains("plain http exposes the API key to the network"),
            "{url}"
        );
        with_api_key().base_url(url).danger_allow_http(true).build().unwrap();
    }
    with_api_key().build().unwrap();
}

#[tokio::test]
async fn base_url_with_path_or_trailing_slash_is_accepted() {
    let server = MockServer::start().unwrap();
    for (base, expected) in [("/", "/v1/calls/"), ("/gateway/", "/gateway/v1/calls/")] {
        let client = Client::builder()
            .api_key("k")
            .base_url(format!("{}{base}", server.url()))
            .build()
            .unwrap();
        // The API key is invalid: only the path matters here.
        client
            .calls()
            .update(DOCUMENTED_CALL)
            .clear_metadata()
            .await
            .unwrap_err();
        let path = server.requests().pop().unwrap().path;
        assert_eq!(path, format!("{expected}{DOCUMENTED_CALL}"));
    }
}

#[tokio::test]
async fn custom_http_client_keeps_its_settings() {
    let server = MockServer::start().unwrap();
    let http = callrounded::reqwest::Client::builder()
        .user_agent("mine/1")
        .build()
        .unwrap();
    let client = Client::builder()
        .api_key(server.api_key())
        .base_url(server.url())
        .http_client(http)
        .build()
        .unwrap();
    client.calls().update(DOCUMENTED_CALL).clear_metadata().await.unwrap();
    assert_eq!(server.requests()[0].headers["user-agent"], "mine/1");
}
