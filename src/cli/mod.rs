//! What did the user type, and what do they get? One file a command; no logic of its own.
#![allow(clippy::disallowed_methods, reason = "the terminal is an edge")]

mod args;
mod backend;
mod build;
mod delta;
mod docs;
mod emit;
mod eval;
mod index_stats;
mod ingest;
mod inspect;
mod labelled;
mod mcp;
mod mesh;
mod metrics;
mod model;
mod outcome;
mod progress;
mod publish;
mod retrieve;
mod roles;
mod route;
mod search;
mod sync;
mod tune;
mod validate;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::load::Finding;
use crate::text::steers;
use crate::{Code, Error, Result};
use args::{Cli, Command};

/// How a command ended, short of an error.
enum Outcome {
    Done,
    NothingFound,
    BadInput,
}

/// Runs the program: 0 done, 1 nothing found, 2 bad input.
pub fn main() -> ExitCode {
    #[cfg(target_os = "wasi")]
    enter_working_folder();
    match run(Cli::parse().command) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NothingFound) => ExitCode::from(1),
        Ok(Outcome::BadInput) => ExitCode::from(2),
        Err(error) => {
            say(&format!("error: {error}\n"));
            ExitCode::from(2)
        }
    }
}

/// WASI has no working folder of its own; whoever runs the program names it.
#[cfg(target_os = "wasi")]
fn enter_working_folder() {
    let entered = std::env::var_os("PWD").map(std::env::set_current_dir);
    if let Some(Err(error)) = entered {
        eprintln!("warning: the working folder cannot be entered: {error}; name files by whole paths");
    }
}

fn run(command: Command) -> Result<Outcome> {
    match command {
        Command::Build(args) => build::run(&args),
        Command::Sync(args) => sync::run(&args),
        Command::Reindex(args) => sync::reindex(&args),
        Command::Reconcile(args) => sync::reconcile(&args),
        Command::Watch(args) => sync::watch(&args),
        Command::Index(args) => backend::index(&args),
        Command::IndexStats(args) => index_stats::run(&args),
        Command::Diff(args) => delta::diff(&args),
        Command::Apply(args) => delta::apply(&args),
        Command::Publish(args) => publish::run(&args),
        Command::Ingest(args) => ingest::run(&args),
        Command::Retrieve(args) => retrieve::run(&args),
        Command::Emit(args) => emit::run(&args),
        Command::Discover(args) => route::discover(&args),
        Command::Suggest(args) => route::suggest(&args),
        Command::Route(args) => route::route(&args),
        Command::Outcome(args) => outcome::run(&args),
        Command::Search(args) => search::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Tune(args) => tune::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Metrics(args) => metrics::run(&args),
        Command::Mcp(args) => mcp::run(&args),
        Command::Roles(args) => roles::run(&args),
        Command::Model(args) => model::run(&args),
    }
}

/// Prints to standard output; whoever reads it may close it early.
fn print(text: &str) -> Result<()> {
    match io::stdout().lock().write_all(printable(text).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::new(Code::Io, "standard output cannot be written").caused_by(error))
        }
        _ => Ok(()),
    }
}

fn print_json(value: &impl serde::Serialize) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::new(Code::Internal, "unprintable result").caused_by(error))?;
    print(&format!("{text}\n"))
}

/// Prints to standard error what is beside the command's result.
fn say(text: &str) {
    eprint!("{}", printable(text));
}

/// No text from a file may steer the terminal.
fn printable(text: &str) -> String {
    text.replace(steers, "\u{fffd}")
}

/// Findings go to standard error: standard output is the command's result.
fn print_findings(findings: &[Finding]) {
    say(&lines(findings));
}

fn lines(findings: &[Finding]) -> String {
    findings.iter().map(|finding| format!("{}: {finding}\n", finding.severity)).collect()
}

/// `1,212 cards`, `1 card`.
fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", indicatif::HumanCount(number as u64))
}
