//! The `auth0-mfa` command.

mod advice;
mod args;
mod client;
mod demo;
mod emulator;
mod exit;
mod input;
mod interrupt;
mod outcome;
mod recover;
mod save_code;
mod terminal;
mod usage;
mod visible;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    let command = match args::parse() {
        Ok(command) => command,
        Err(stop) => return stop.print(),
    };
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Recover(args) => recover::run(&args),
        Command::Emulator(args) => emulator::run(&args),
    }
}
