//! Automation of this repository: `cargo xtask <command>`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command's output is what it is for")]

mod ci;
mod command;
mod conformance;
mod consumers;
mod fuzz;
mod purity;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::Failure;
use fuzz::Until;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Automation of this repository")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Each command is a module of the same name.
#[derive(Subcommand)]
enum Command {
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
    /// Runs the fuzz targets, with a nightly toolchain.
    ///
    /// A crash is a failure; its input stays in `fuzz/artifacts`. What a run finds stays in `fuzz/corpus` for the next.
    Fuzz {
        /// One target of `fuzz/fuzz_targets`; all of them when it is left out.
        target: Option<String>,
        /// How long each target runs.
        #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "runs")]
        minutes: u64,
        /// How often each target runs, instead.
        #[arg(long, value_name = "N")]
        runs: Option<u64>,
    },
    /// Checks that core, and the emulator's tenant, have no clock, no randomness and no I/O.
    Purity,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Ci => end(ci::check()),
        Command::Conformance { corpus } => print(&conformance::run(corpus.as_deref())),
        Command::Consumers => end(consumers::check()),
        Command::Fuzz { target, minutes, runs } => {
            let until = runs.map_or(Until::Seconds(minutes.saturating_mul(60)), Until::Runs);
            end(fuzz::fuzz(target.as_deref(), until))
        }
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
