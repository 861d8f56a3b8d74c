//! Bad input: it names the option, never a value.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

use auth0_mfa::CodeState;
use serde::Serialize;

use crate::exit::Exit;
use crate::terminal;

/// Why the command did not begin: a sentence for a person.
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

    /// Prints the message, for a program as one line of JSON. With it goes the state of the code that was to be sent,
    /// where there was one.
    pub(crate) fn print(&self, json: bool, code: Option<CodeState>) -> ExitCode {
        if json {
            let code_state = code.map(CodeState::as_str);
            let line = UsageLine { outcome: "usage", code_state, message: &self.0 };
            terminal::say(&terminal::json_line(&line));
        } else {
            let not_sent = code.map(|_| "\nNothing was sent.").unwrap_or_default();
            terminal::note(&format!("error: {}{not_sent}", self.0));
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
    #[serde(skip_serializing_if = "Option::is_none")]
    code_state: Option<&'static str>,
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
