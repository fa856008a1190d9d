//! The program `callrounded`: a command line for the calls API of Rounded.

mod api;
mod arguments;
mod calls;
mod exit;
mod export;
mod files;
mod filters;
mod json;
mod key;
mod output;
mod progress;
mod raw;
mod table;
mod tag;
mod target;
mod verbose;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{CommandFactory, Parser};

use arguments::{Arguments, CallsCommand, Command};
use exit::Failure;
use target::Target;

/// An export decodes a page on one thread and frees it on another. mimalloc does that without a lock.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // An export fetches while it writes. The other commands are faster without a second thread to wake.
    let mut runtime = match arguments.command {
        Command::Calls(CallsCommand::Export(_)) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let outcome = match runtime.worker_threads(1).enable_all().build() {
        Ok(runtime) => runtime.block_on(async {
            tokio::select! {
                outcome = run(arguments) => outcome,
                number = signal() => Err(Failure::Signal(number)),
            }
        }),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Standard error may be closed.
            if !failure.is_silent() {
                let _ = writeln!(io::stderr(), "error: {failure}");
            }
            failure.code()
        }
    }
}

/// Waits for SIGINT or SIGTERM and returns its number. Requests in flight are dropped: the next run repeats what was
/// not recorded.
#[cfg(unix)]
async fn signal() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};

    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    match (interrupt, terminate) {
        (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
            _ = interrupt.recv() => 2,
            _ = terminate.recv() => 15,
        },
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signal() -> u8 {
    match tokio::signal::ctrl_c().await {
        Ok(()) => 2,
        Err(_) => std::future::pending().await,
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Arguments { command, connection } = arguments;
    let command = match command {
        Command::Calls(command) => command,
        Command::Api { request: None } => return Ok(api::print_operations(&mut io::stdout().lock())?),
        Command::Api { request: Some(request) } => {
            let target = Target::new(&connection)?;
            return api::run(target.client(), request).await;
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "callrounded", &mut script);
            return Ok(io::stdout().write_all(&script)?);
        }
        Command::Man => {
            let mut pages = Vec::new();
            let mut program = Arguments::command();
            program.build();
            write_manual(&program, &mut pages)?;
            return Ok(io::stdout().write_all(&pages)?);
        }
    };
    // Keeps the server of `--mock` running.
    let target = Target::new(&connection)?;
    let client = target.client();
    match command {
        CallsCommand::Get { id, output } => calls::get(client, &id, output).await,
        CallsCommand::List(options) => calls::list(client, options).await,
        CallsCommand::Update(options) => calls::update(client, options).await,
        CallsCommand::Start(options) => calls::start(client, options).await,
        CallsCommand::Terminate { id, output } => calls::terminate(client, &id, output).await,
        CallsCommand::Export(options) => export::run(client, target.name(), &options).await,
        CallsCommand::Tag(options) => tag::run(client, target.name(), &options).await,
    }
}

/// Writes the manual pages of a command and of its subcommands.
fn write_manual(command: &clap::Command, out: &mut Vec<u8>) -> io::Result<()> {
    clap_mangen::Man::new(command.clone()).render(out)?;
    let subcommands = command
        .get_subcommands()
        .filter(|subcommand| subcommand.get_name() != "help");
    for subcommand in subcommands {
        write_manual(subcommand, out)?;
    }
    Ok(())
}
