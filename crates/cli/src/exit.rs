//! The exit codes of the command: each tells the outcome.

use std::process::ExitCode;

/// What the process ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The call was accepted, or the command did what it is for.
    Done = 0,
    /// Something went wrong that has no code of its own (the demo's story did not go as told, a server broke down).
    Failed = 1,
    /// Usage or bad input; nothing was sent.
    Usage = 2,
    /// Auth0 refused.
    Refused = 10,
    /// The request was not sent.
    NotSent = 11,
    /// The request was sent, and nobody knows what became of it; also when a signal ended the command meanwhile.
    InDoubt = 12,
    /// A reply came that could not be understood.
    Malformed = 13,
    /// The new code could not be saved where `--save-code` said, or standard output could not be written. The code is
    /// in the output, or on standard error.
    NotWritten = 14,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
