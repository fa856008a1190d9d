//! The mock server as a program.

use std::process::ExitCode;

use callrounded_mock::MockServer;
use lexopt::{Arg, ValueExt};

const USAGE: &str = "\
A mock of the Rounded calls API on this machine.

Usage: callrounded-mock [--port PORT] [--api-key KEY] [--calls COUNT]

  --port PORT    the port to listen on; a free one if it is not given
  --api-key KEY  the key to take; mock-key if it is not given
  --calls COUNT  how many calls to have beside the documented one
  --help         this text";

fn main() -> ExitCode {
    let builder = match arguments() {
        Ok(Some(builder)) => builder,
        Ok(None) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match builder.start() {
        Ok(server) => {
            println!(
                "listening on {} for the key {}; Ctrl-C ends it",
                server.url(),
                server.api_key()
            );
            server.wait();
            ExitCode::FAILURE
        }
        Err(error) => {
            let cause = std::error::Error::source(&error)
                .map(|cause| format!(": {cause}"))
                .unwrap_or_default();
            eprintln!("error: {error}{cause}");
            ExitCode::from(2)
        }
    }
}

/// `None` where help was asked for.
fn arguments() -> Result<Option<callrounded_mock::MockServerBuilder>, lexopt::Error> {
    // Nobody can look into it.
    let mut builder = MockServer::builder().without_log();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        builder = match argument {
            Arg::Long("port") => builder.port(parser.value()?.parse()?),
            Arg::Long("api-key") => builder.api_key(parser.value()?.string()?),
            Arg::Long("calls") => builder.calls(parser.value()?.parse()?),
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        };
    }
    Ok(Some(builder))
}
