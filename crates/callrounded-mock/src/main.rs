//! The mock server as a program.

use std::{error::Error, path::PathBuf, process::ExitCode};

use callrounded_mock::{MockServer, MockServerBuilder, StartError};
use lexopt::{Arg, ValueExt};

/// How many requests are kept.
const KEPT: usize = 1_000;

const USAGE: &str = "\
A mock of the Rounded calls API on this machine.

Usage: callrounded-mock [--port PORT] [--api-key KEY] [--calls COUNT]
       callrounded-mock replay DIR [--port PORT] [--api-key KEY]
       callrounded-mock record --upstream URL -o DIR [--port PORT]

  replay DIR     answers what was recorded in DIR
  record         passes requests on to a service, each with the key it comes with, and records them
                 and their answers, with stand-ins for keys and personal data

  --port PORT    the port to listen on; a free one if it is not given
  --api-key KEY  the key to take; mock-key if it is not given
  --calls COUNT  how many calls to have beside the documented one
  --upstream URL where the service is, such as https://api.callrounded.com
  -o, --output DIR
                 where to record; a folder without a recording
  --help         this text

Tests in any language control the server over HTTP, and a browser shows what was sent: see /_mock/ and
/_mock/openapi.yaml of the server.";

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
        folder: PathBuf,
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
                println!("listening on {url} for the key {key}; Ctrl-C ends it");
                server.wait();
            }
            #[cfg(feature = "record")]
            Self::Record { upstream, folder, port } => {
                let recorder = callrounded_mock::Recorder::start(&upstream, &folder, port)?;
                let url = recorder.url();
                println!("recording in {} what {url} passes on; Ctrl-C ends it", folder.display());
                recorder.wait();
            }
            #[cfg(not(feature = "record"))]
            Self::Record { .. } => {
                eprintln!(
                    "error: this program was built without its feature `record`; build it with --features record"
                );
                return Ok(ExitCode::from(2));
            }
        }
        // A server ends by itself only where it fails.
        Ok(ExitCode::FAILURE)
    }
}

#[derive(Default, PartialEq)]
enum Verb {
    #[default]
    Serve,
    Replay,
    Record,
}

fn arguments() -> Result<Task, lexopt::Error> {
    let (mut port, mut verb) = (0, None);
    let (mut key, mut calls, mut upstream) = (None, None, None);
    let (mut folder, mut output): (Option<PathBuf>, Option<PathBuf>) = (None, None);
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(word) if verb.is_none() && word == "replay" => verb = Some(Verb::Replay),
            Arg::Value(word) if verb.is_none() && word == "record" => verb = Some(Verb::Record),
            Arg::Value(dir) if verb == Some(Verb::Replay) && folder.is_none() => folder = Some(dir.into()),
            Arg::Value(_) if verb == Some(Verb::Record) => {
                return Err("record has its upstream after --upstream".into());
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
    let verb = verb.unwrap_or_default();
    if verb != Verb::Record && (upstream.is_some() || output.is_some()) {
        return Err("--upstream and --output are for record".into());
    }
    if verb == Verb::Record {
        let output = output.filter(|folder| !folder.as_os_str().is_empty());
        return match (upstream, output, key, calls) {
            (Some(upstream), Some(folder), None, None) => Ok(Task::Record { upstream, folder, port }),
            (Some(_), Some(_), ..) => Err("record takes neither --api-key nor --calls: the service has both".into()),
            _ => Err("record needs --upstream and --output".into()),
        };
    }
    // For whoever looks at /_mock/.
    let mut builder = MockServer::builder().keep_requests(KEPT).port(port);
    if let Some(key) = key {
        builder = builder.api_key(key);
    }
    match (verb, folder, calls) {
        (Verb::Replay, Some(folder), None) => builder = builder.replay(folder),
        (Verb::Replay, None, _) => return Err("replay needs the folder of a recording".into()),
        (Verb::Replay, ..) => return Err("replay has the calls of the recording: it takes no --calls".into()),
        (_, _, calls) => builder = builder.calls(calls.unwrap_or_default()),
    }
    Ok(Task::Serve(builder))
}
