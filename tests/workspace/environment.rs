//! The settings that the client takes from the environment, read by the example program.

use callrounded_mock::MockServer;
use callrounded_tests::{DOCUMENTED_CALL, scripted::Scripted, workspace};

use crate::cargo;

/// The environment is the process's: the settings are read in processes of their own, by the example program.
#[test]
fn the_environment_gives_key_and_base_url() {
    let server = MockServer::start().unwrap();
    let run = |settings: &[(&str, &str)]| {
        let mut program = cargo();
        program
            .current_dir(workspace())
            .args(["run", "--quiet", "--example", "update_call", "--", DOCUMENTED_CALL])
            .env_remove("CALLROUNDED_API_KEY")
            .env_remove("CALLROUNDED_BASE_URL")
            .envs(settings.iter().copied());
        let output = program.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let url = server.url();
    let (ok, said) = run(&[
        ("CALLROUNDED_API_KEY", server.api_key()),
        ("CALLROUNDED_BASE_URL", &url),
    ]);
    assert!(ok, "{said}");
    assert_eq!(server.requests().len(), 1);

    // What goes to this machine goes through no proxy that the environment names; an empty base URL is none.
    let proxy = Scripted::answering("502 Bad Gateway", &[], b"");
    let (ok, said) = run(&[
        ("CALLROUNDED_API_KEY", server.api_key()),
        ("CALLROUNDED_BASE_URL", &url),
        ("http_proxy", proxy.url()),
        ("HTTP_PROXY", proxy.url()),
        ("ALL_PROXY", proxy.url()),
        ("no_proxy", ""),
    ]);
    assert!(ok, "{said}");
    assert_eq!((server.requests().len(), proxy.requests().len()), (2, 0));

    let (ok, said) = run(&[("CALLROUNDED_API_KEY", "canary-key "), ("CALLROUNDED_BASE_URL", &url)]);
    assert!(!ok);
    assert_eq!(
        said,
        "error: CALLROUNDED_API_KEY: begins or ends with white space, such as the line break at the end of a file\n"
    );

    let (ok, said) = run(&[]);
    assert!(!ok);
    assert_eq!(
        said,
        "error: to update a call of the service, set CALLROUNDED_API_KEY\n"
    );
}
