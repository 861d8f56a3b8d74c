//! What is printed, and what is asked.

use std::io::{self, BufRead, IsTerminal, Write};

use serde::Serialize;
use zeroize::Zeroizing;

use crate::visible::visible_json;

/// Prints text on standard output, if anybody reads it.
pub(crate) fn say(text: &str) {
    let _ = print(text);
}

/// Prints text that must not be lost.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()
}

/// A value as one line of JSON, fit for a terminal.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    // Values of this command are strings, numbers and lists of them, which cannot fail.
    visible_json(&serde_json::to_string(value).unwrap_or_default())
}

/// Prints text on standard error. There is nobody to tell when that fails.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a person sits at both ends.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line; what is typed is shown by the terminal.
pub(crate) fn ask(prompt: &str) -> io::Result<Zeroizing<String>> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{prompt}")?;
    stderr.flush()?;
    let mut line = Zeroizing::new(String::with_capacity(256));
    if io::stdin().lock().read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let typed = line.trim_end_matches(['\n', '\r']).len();
    line.truncate(typed);
    Ok(line)
}

/// Asks for a line; what is typed is not shown.
pub(crate) fn ask_hidden(prompt: &str) -> io::Result<Zeroizing<String>> {
    let asked =
        dialoguer::Password::new().with_prompt(prompt).allow_empty_password(true).report(false).interact();
    asked.map(Zeroizing::new).map_err(|dialoguer::Error::IO(error)| error)
}
