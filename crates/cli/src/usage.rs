//! Bad input: it names the option, never a value.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use serde::Serialize;

use crate::exit::Exit;
use crate::terminal;

/// Why nothing was sent: a sentence for a person.
#[derive(Debug)]
pub(crate) struct Usage(String);

impl Usage {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The option, and what is wrong with what it was given.
    pub(crate) fn option(option: &str, problem: impl fmt::Display) -> Self {
        Self(format!("{option}: {problem}"))
    }

    /// The option, and an error with its causes.
    pub(crate) fn caused(option: &str, error: &dyn Error) -> Self {
        Self::option(option, chain(error))
    }

    /// Prints the message, for a program as one line of JSON.
    pub(crate) fn print(&self, json: bool, earlier_sending_in_doubt: bool) -> ExitCode {
        if json {
            let code_state = if earlier_sending_in_doubt { "unknown" } else { "intact" };
            let line = UsageLine { outcome: "usage", code_state, message: &self.0 };
            terminal::say(&terminal::json_line(&line));
        } else {
            terminal::note(&format!("error: {}\nNothing was sent.", self.0));
        }
        Exit::Usage.into()
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Serialize)]
struct UsageLine<'a> {
    outcome: &'static str,
    code_state: &'static str,
    message: &'a str,
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
