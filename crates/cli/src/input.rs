//! Secrets come from files, standard input, the environment or a prompt, never from arguments.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use auth0_mfa::RecoveryCode;
use zeroize::Zeroizing;

use crate::terminal;
use crate::usage::Usage;

/// Nothing that is read here is longer; a device as a file must not fill the memory.
const MOST_BYTES: u64 = 1024 * 1024;

/// The text of a file, without one trailing newline. `-` is standard input.
pub(crate) fn secret_of_file(option: &str, path: &Path) -> Result<Zeroizing<String>, Usage> {
    let bytes = bytes_of_file(option, path)?;
    let text =
        std::str::from_utf8(&bytes).map_err(|_| Usage::option(option, "the file is not UTF-8 text"))?;
    let text = text.strip_suffix('\n').map_or(text, |line| line.strip_suffix('\r').unwrap_or(line));
    Ok(Zeroizing::new(text.to_owned()))
}

/// The bytes of a file. `-` is standard input.
pub(crate) fn bytes_of_file(option: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, Usage> {
    let read =
        if is_standard_input(path) { read(io::stdin().lock()) } else { File::open(path).and_then(read) };
    let bytes = read.map_err(|error| Usage::caused(option, &error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Usage::option(option, "the file is too long"));
    }
    Ok(bytes)
}

fn read(source: impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 * 1024));
    source.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(crate) fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A secret of the environment; a variable that is empty counts as absent.
pub(crate) fn secret_of_environment(variable: &str) -> Result<Option<Zeroizing<String>>, Usage> {
    match std::env::var(variable) {
        Ok(value) => Ok(Some(Zeroizing::new(value)).filter(|value| !value.is_empty())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Usage::option(variable, "is not UTF-8 text")),
    }
}

/// Standard input can be read once.
pub(crate) fn check_standard_input(options: &[(&str, Option<&Path>)]) -> Result<(), Usage> {
    let reading: Vec<&str> = options
        .iter()
        .filter(|(_, path)| path.is_some_and(is_standard_input))
        .map(|(option, _)| *option)
        .collect();
    match reading.as_slice() {
        [first, second, ..] => Err(Usage::new(format!("{first} and {second} both read standard input"))),
        _ => Ok(()),
    }
}

/// Asks for the recovery code until it looks complete, or is typed twice alike: each wrong one that is sent costs one
/// of ten tries, and no form is certain enough to be insisted on.
pub(crate) fn ask_for_recovery_code(hidden: bool) -> Result<RecoveryCode, Usage> {
    let mut earlier: Option<RecoveryCode> = None;
    loop {
        let asked = if hidden {
            terminal::ask_hidden("Recovery code (not shown)")
        } else {
            terminal::ask("Recovery code: ")
        };
        let typed = asked.map_err(|_| Usage::new("no recovery code was typed"))?;
        let Ok(code) = RecoveryCode::parse(&typed) else {
            terminal::note("Nothing was typed. The code has 24 letters and digits.");
            continue;
        };
        let insists = earlier.as_ref().is_some_and(|earlier| earlier.expose() == code.expose());
        if code.looks_complete() || insists {
            return Ok(code);
        }
        terminal::note(&format!(
            "That does not look complete: codes have 24 letters and digits, and this has {}. Nothing was sent.\n\
             Look again and type it once more (typed twice alike, it is sent as it is).",
            letters_and_digits(code.expose()),
        ));
        earlier = Some(code);
    }
}

fn letters_and_digits(code: &str) -> String {
    let count = code.chars().filter(char::is_ascii_alphanumeric).count();
    let others =
        code.chars().filter(|c| !c.is_ascii_alphanumeric() && !c.is_whitespace() && *c != '-').count();
    if others == 0 { count.to_string() } else { format!("{count}, and {others} other characters") }
}
