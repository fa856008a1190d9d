//! `callrounded`: the calls of Rounded on the command line.

mod arguments;
mod calls;
mod exit;
mod export;
mod files;
mod key;
mod output;
mod tag;
mod target;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use arguments::{Arguments, CallsCommand, Command};
use exit::Failure;
use target::Target;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Whoever reads the output may have gone.
            if !failure.is_silent() {
                let _ = writeln!(io::stderr(), "error: {failure}");
            }
            failure.code()
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { command, connection } = arguments;
    let command = match command {
        Command::Calls(command) => command,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "callrounded", &mut script);
            return Ok(io::stdout().write_all(&script)?);
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            return Ok(io::stdout().write_all(&page)?);
        }
    };
    // The server of `--mock` lives as long as this.
    let target = Target::new(&connection)?;
    let client = target.client();
    match command {
        CallsCommand::Get { id, output } => calls::get(client, &id, output).await,
        CallsCommand::List(options) => calls::list(client, options).await,
        CallsCommand::Update(options) => calls::update(client, options).await,
        CallsCommand::Start(options) => calls::start(client, options).await,
        CallsCommand::Terminate { id, output } => calls::terminate(client, &id, output).await,
        CallsCommand::Export(options) => export::run(client, &options).await,
        CallsCommand::Tag(options) => tag::run(client, &options).await,
    }
}
