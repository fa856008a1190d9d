//! The program `callrounded-mock`: the mock server and the recorder.

use std::{error::Error, path::PathBuf, process::ExitCode};

use callrounded_mock::{MockServer, MockServerBuilder, StartError};
use lexopt::{Arg, ValueExt};

/// The number of requests that are kept.
const KEPT_REQUESTS: usize = 1_000;

const USAGE: &str = "\
A mock server for the Rounded calls API on loopback.

Usage: callrounded-mock [--port PORT] [--api-key KEY] [--calls COUNT]
       callrounded-mock replay DIR [--port PORT] [--api-key KEY]
       callrounded-mock record --upstream URL -o DIR [--port PORT]

  replay DIR     Respond with the recording in DIR
  record         Forward requests to a service, with the API keys that they contain, and record requests and
                 responses, with stand-ins for API keys and personal data

  --port PORT    Port to listen on [default: a free port]
  --api-key KEY  API key to accept [default: mock-key]
  --calls COUNT  Number of calls besides the documented one [default: 0]
  --upstream URL Base URL of the service, such as https://api.callrounded.com
  -o, --output DIR
                 Directory for the recording; it must not contain one yet
  --help         Print help

Tests in any language control the server over HTTP: see /_mock/openapi.yaml of the server. Open /_mock/ in a
browser to see the requests.";

fn main() -> ExitCode {
    let task = match arguments() {
        Ok(task) => task,
        Err(error) => {
            eprintln!("error: {error}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match task.run() {
        Ok(code) => code,
        Err(error) => {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            eprintln!("error: {error}{cause}");
            ExitCode::from(2)
        }
    }
}

enum Task {
    Help,
    Serve(MockServerBuilder),
    #[cfg_attr(not(feature = "record"), allow(dead_code))]
    Record {
        upstream: String,
        directory: PathBuf,
        port: u16,
    },
}

impl Task {
    fn run(self) -> Result<ExitCode, StartError> {
        match self {
            Self::Help => {
                println!("{USAGE}");
                return Ok(ExitCode::SUCCESS);
            }
            Self::Serve(builder) => {
                let server = builder.start()?;
                let (url, key) = (server.url(), server.api_key());
                println!("listening on {url} (API key: {key}); press Ctrl-C to stop");
                server.wait();
            }
            #[cfg(feature = "record")]
            Self::Record {
                upstream,
                directory,
                port,
            } => {
                let recorder = callrounded_mock::Recorder::start(&upstream, &directory, port)?;
                let url = recorder.url();
                println!(
                    "listening on {url}, recording to {}; press Ctrl-C to stop",
                    directory.display()
                );
                recorder.wait();
            }
            #[cfg(not(feature = "record"))]
            Self::Record { .. } => {
                eprintln!(
                    "error: this program was built without the feature `record`; build it with --features record"
                );
                return Ok(ExitCode::from(2));
            }
        }
        // A server stops by itself only on failure.
        Ok(ExitCode::FAILURE)
    }
}

#[derive(Default, PartialEq)]
enum Subcommand {
    #[default]
    Serve,
    Replay,
    Record,
}

fn arguments() -> Result<Task, lexopt::Error> {
    let (mut port, mut subcommand) = (0, None);
    let (mut key, mut calls, mut upstream) = (None, None, None);
    let (mut directory, mut output): (Option<PathBuf>, Option<PathBuf>) = (None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(word) if subcommand.is_none() && word == "replay" => subcommand = Some(Subcommand::Replay),
            Arg::Value(word) if subcommand.is_none() && word == "record" => subcommand = Some(Subcommand::Record),
            Arg::Value(dir) if subcommand == Some(Subcommand::Replay) && directory.is_none() => {
                directory = Some(dir.into());
            }
            Arg::Value(_) if subcommand == Some(Subcommand::Record) => {
                return Err(
                    "unexpected argument for `record`; give the base URL of the service with --upstream".into(),
                );
            }
            Arg::Long("port") => port = parser.value()?.parse()?,
            Arg::Long("api-key") => key = Some(parser.value()?.string()?),
            Arg::Long("calls") => calls = Some(parser.value()?.parse()?),
            Arg::Long("upstream") => upstream = Some(parser.value()?.string()?),
            Arg::Long("output") | Arg::Short('o') => output = Some(PathBuf::from(parser.value()?)),
            Arg::Long("help") | Arg::Short('h') => return Ok(Task::Help),
            other => return Err(other.unexpected()),
        }
    }
    let subcommand = subcommand.unwrap_or_default();
    if subcommand != Subcommand::Record && (upstream.is_some() || output.is_some()) {
        return Err("--upstream and --output are options of `record` only".into());
    }
    if subcommand == Subcommand::Record {
        let output = output.filter(|directory| !directory.as_os_str().is_empty());
        return match (upstream, output, key, calls) {
            (Some(upstream), Some(directory), None, None) => Ok(Task::Record {
                upstream,
                directory,
                port,
            }),
            (Some(_), Some(_), ..) => {
                Err("`record` does not accept --api-key and --calls: the service has its own".into())
            }
            _ => Err("`record` requires --upstream and --output".into()),
        };
    }
    // The page /_mock/ lists these requests.
    let mut builder = MockServer::builder().keep_requests(KEPT_REQUESTS).port(port);
    if let Some(key) = key {
        builder = builder.api_key(key);
    }
    match (subcommand, directory, calls) {
        (Subcommand::Replay, Some(directory), None) => builder = builder.replay(directory),
        (Subcommand::Replay, None, _) => return Err("`replay` requires the directory of a recording".into()),
        (Subcommand::Replay, ..) => {
            return Err("`replay` does not accept --calls: the recording has its own".into());
        }
        (_, _, calls) => builder = builder.calls(calls.unwrap_or_default()),
    }
    Ok(Task::Serve(builder))
}
