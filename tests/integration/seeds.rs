//! The seeds of the fuzz targets, as an ordinary test over real connections: no response body causes a panic.

use std::{fs, path::PathBuf};

use callrounded_tests::{
    DOCUMENTED_AGENT, client_at,
    scripted::{Action, ScriptedServer, http_response},
    workspace,
};

fn bodies() -> Vec<PathBuf> {
    ["tests/fuzz/seeds/responses", "openapi/examples"]
        .iter()
        .flat_map(|directory| fs::read_dir(workspace().join(directory)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[tokio::test]
async fn response_with_any_body_does_not_panic() {
    let bodies = bodies();
    assert!(bodies.len() > 20);
    for path in bodies {
        let body = fs::read(&path).unwrap();
        for status in ["200 OK", "201 Created", "204 No Content", "404 Not Found", "500 Oops"] {
            // Each operation is called once. Its outcome is formatted, as a log would do.
            let server = ScriptedServer::start(vec![Action::Send(http_response(status, &[], &body)); 5]);
            let calls = client_at(server.url()).calls();
            let outcomes = [
                format!("{:?}", calls.get("x").await),
                format!("{:?}", calls.update("x").clear_metadata().await),
                format!("{:?}", calls.list().page(1).await),
                format!(
                    "{:?}",
                    calls.start("+33912345678", "+33612345678", DOCUMENTED_AGENT).await
                ),
                format!("{:?}", calls.terminate("x").await),
            ];
            assert_eq!(server.requests().len(), outcomes.len(), "{} {status}", path.display());
        }
    }
}
