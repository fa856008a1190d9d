use callrounded::Client;
use callrounded_mock::MockServer;

#[tokio::test]
async fn update_is_retried_after_a_503() {
    let server = MockServer::start().unwrap();
    let (key, url) = (server.api_key(), server.url());
    let client = Client::builder().api_key(key).base_url(url).build().unwrap();
    server.when_update_call().times(1).status(503);
    let update = client.calls().update("123e4567-e89b-12d3-a456-426614174000");
    let call = update.clear_metadata().await.unwrap();
    assert_eq!(call.attempts(), 2);
}
