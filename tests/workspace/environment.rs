//! Settings from the environment, as the example program reads them.

use std::{path::Path, process::Command};

use callrounded_mock::MockServer;
use callrounded_tests::{DOCUMENTED_CALL, scripted::ScriptedServer, workspace};

use crate::{cargo, text};

/// The environment belongs to the process, so each case runs the example program.
#[test]
fn client_from_env_reads_key_and_base_url() {
    let server = MockServer::start().unwrap();
    // With the features of the workspace, nearly everything has been compiled.
    let build = cargo()
        .current_dir(workspace())
        .args(["build", "--quiet", "--workspace", "--example", "update_call"])
        .output()
        .unwrap();
    assert!(build.status.success(), "{}", text(&build.stderr));
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../debug/examples/update_call");
    let run = |settings: &[(&str, &str)]| {
        let output = Command::new(&program)
            .arg(DOCUMENTED_CALL)
            .env_remove("CALLROUNDED_API_KEY")
            .env_remove("CALLROUNDED_BASE_URL")
            .envs(settings.iter().copied())
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let url = server.url();
    let (ok, message) = run(&[
        ("CALLROUNDED_API_KEY", server.api_key()),
        ("CALLROUNDED_BASE_URL", &url),
    ]);
    assert!(ok, "{message}");
    assert_eq!(server.requests().len(), 1);

    // Requests to this machine ignore proxies from the environment. An empty base URL counts as unset.
    let proxy = ScriptedServer::with_response("502 Bad Gateway", &[], b"");
    let (ok, message) = run(&[
        ("CALLROUNDED_API_KEY", server.api_key()),
        ("CALLROUNDED_BASE_URL", &url),
        ("http_proxy", proxy.url()),
        ("HTTP_PROXY", proxy.url()),
        ("ALL_PROXY", proxy.url()),
        ("no_proxy", ""),
    ]);
    assert!(ok, "{message}");
    assert_eq!((server.requests().len(), proxy.requests().len()), (2, 0));

    let (ok, message) = run(&[("CALLROUNDED_API_KEY", "canary-key "), ("CALLROUNDED_BASE_URL", &url)]);
    assert!(!ok);
    assert_eq!(
        message,
        "error: CALLROUNDED_API_KEY: begins or ends with white space, such as the line break at the end of a file\n"
    );

    let (ok, message) = run(&[]);
    assert!(!ok);
    assert_eq!(
        message,
        "error: CALLROUNDED_API_KEY is not set; set it to update a call of the service\n"
    );
}
