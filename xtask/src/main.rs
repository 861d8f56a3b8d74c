//! Automation of this repository: `cargo xtask <command>`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command's output is what it is for")]

mod bench;
mod budgets;
mod chromium;
mod ci;
mod command;
mod conformance;
mod consumers;
mod contract;
mod coverage;
mod debian;
mod deny;
mod fuzz;
mod golden;
mod msrv;
mod package;
mod powerset;
mod public_api;
mod purity;
mod rust_1_85;
mod wasm;

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
    /// Measures what a call costs, beside its closest peers. Needs valgrind, and strace for the transports; both are
    /// installed.
    Bench {
        /// What to count.
        what: bench::What,
        /// Writes the figures that `ci` compares with, in place of comparing.
        #[arg(long)]
        bless: bool,
    },
    /// Checks which external crates each build stands on, and how many.
    Budgets {
        #[command(flatten)]
        goldens: golden::Goldens,
    },
    /// Brings Chromium and its driver, from Debian's packages, for the tests in a browser; installs nothing.
    Chromium,
    /// Runs everything that decides a merge, beside `cargo test`.
    Ci,
    /// Checks the calls against recorded requests and replies: pure, over hyper and over ureq.
    ///
    /// The project's own corpus, `tests/corpus`, is always checked.
    Conformance {
        /// Another corpus to check as well; left out, with a line that says so, when it is not there.
        #[arg(long, value_name = "FOLDER")]
        corpus: Option<PathBuf>,
        /// Runs published clients against the emulator instead: they are installed into target/clients, and languages
        /// that are missing come from Debian. Takes some minutes, and the packages' registries.
        #[arg(long, conflicts_with = "corpus")]
        clients: bool,
    },
    /// Builds and runs crates outside the workspace, as users write them.
    Consumers,
    /// Puts both transports through the scenarios of their contract, over and over.
    Contract {
        /// How many calls are to be made under a fault.
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        calls: u64,
    },
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
    /// Checks that the tests of core reach at least 97 % of its lines, and names those that they do not.
    Coverage,
    /// Checks the licences and sources of all dependencies; brings cargo-deny.
    Deny,
    /// Checks that the workspace builds with the oldest Rust that it promises.
    Msrv,
    /// Checks that each crate that is published can be, and builds from what its package holds.
    Package,
    /// Checks each published crate with every set of up to two of its features.
    Powerset,
    /// Checks the public API of each library against the one that was recorded.
    PublicApi {
        #[command(flatten)]
        goldens: golden::Goldens,
    },
    /// Checks that core, and the emulator's tenant, have no clock, no randomness and no I/O.
    Purity,
    /// Checks in WebAssembly, where there is nothing to import, that core needs nothing from its host, and
    /// that it recovers over the browser's `fetch`. Needs node.
    Wasm,
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Bench { what, bless } => end(bench::run(what, bless)),
        Command::Budgets { goldens } => end(budgets::check(goldens)),
        Command::Chromium => end(chromium::bring()),
        Command::Ci => end(ci::check()),
        Command::Conformance { clients: true, .. } => print(&conformance::run_clients()),
        Command::Conformance { corpus, .. } => print(&conformance::run(corpus.as_deref())),
        Command::Consumers => end(consumers::check()),
        Command::Contract { calls } => end(contract::check(calls)),
        Command::Coverage => end(coverage::check()),
        Command::Deny => end(deny::install().and_then(|()| deny::check())),
        Command::Msrv => end(msrv::check()),
        Command::Package => end(package::check()),
        Command::Powerset => end(powerset::check()),
        Command::PublicApi { goldens } => end(public_api::check(goldens)),
        Command::Fuzz { target, minutes, runs } => {
            let until = runs.map_or(Until::Seconds(minutes.saturating_mul(60)), Until::Runs);
            end(fuzz::fuzz(target.as_deref(), until))
        }
        Command::Purity => end(purity::check()),
        Command::Wasm => end(wasm::check()),
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
