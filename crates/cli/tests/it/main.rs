//! The command as a program is run: arguments, environment, standard streams, exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod command;
mod demo;
mod emulator;
mod faults;
mod interrupt;
mod output;
mod save_code;
mod terminal;
mod usage;
