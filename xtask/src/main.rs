//! Automation of this repository: `cargo xtask <command>`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command's output is what it is for")]

mod bench;
mod ci;
mod command;
mod conformance;
mod consumers;
mod purity;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::Failure;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Automation of this repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Each command is a module of the same name.
#[derive(Subcommand)]
enum Command {
    /// Counts the instructions and allocations of a call, beside its closest peers. Needs valgrind, which it installs.
    Bench {
        /// What to count.
        what: bench::What,
        /// Writes the figures that `ci` compares with, in place of comparing.
        #[arg(long)]
        bless: bool,
    },
    /// Runs everything that decides a merge, beside `cargo test`.
    Ci,
    /// Checks the calls against recorded requests and replies: pure, over hyper and over ureq.
    ///
    /// The project's own corpus, `tests/corpus`, is always checked.
    Conformance {
        /// Another corpus to check as well; left out, with a line that says so, when it is not there.
        #[arg(long, value_name = "FOLDER")]
        corpus: Option<PathBuf>,
    },
    /// Builds and runs crates outside the workspace, as users write them.
    Consumers,
    /// Checks that core, and the emulator's tenant, have no clock, no randomness and no I/O.
    Purity,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Bench { what, bless } => end(bench::run(what, bless)),
        Command::Ci => end(ci::check()),
        Command::Conformance { corpus } => print(&conformance::run(corpus.as_deref())),
        Command::Consumers => end(consumers::check()),
        Command::Purity => end(purity::check()),
    }
}

fn end(checked: Result<(), Failure>) -> ExitCode {
    match checked {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

fn print(report: &conformance::Report) -> ExitCode {
    print!("{report}");
    if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
