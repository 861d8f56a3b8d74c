//! Texts that were recorded, and that a change must change on purpose.

use std::fs;
use std::path::PathBuf;

use crate::command::{Failure, root};

/// What is done with the recorded texts.
#[derive(Clone, Copy, clap::Args)]
pub(crate) struct Goldens {
    /// Records what there is now, in place of comparing it.
    #[arg(long)]
    bless: bool,
}

impl Goldens {
    pub(crate) const HELD: Self = Self { bless: false };

    /// Compares a text with the recorded one, or records it. The path is that from the project's root.
    pub(crate) fn hold(self, name: &str, text: &str) -> Result<(), Failure> {
        let path = root().join(name);
        if self.bless {
            return record(&path, text);
        }
        let recorded = fs::read_to_string(&path).unwrap_or_default();
        let differences = differences(&recorded, text);
        if differences.is_empty() {
            return Ok(());
        }
        Err(format!("{name} is different; --bless records it:\n{}", differences.join("\n")))
    }
}

fn record(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{} could not be written: {error}", path.display()))
}

/// The lines that are gone, and those that came.
fn differences(recorded: &str, text: &str) -> Vec<String> {
    let only_in = |one: &str, other: &str, sign| {
        let others: Vec<&str> = other.lines().collect();
        let lines: Vec<_> = one.lines().filter(|line| !others.contains(line)).collect();
        lines.into_iter().map(|line| format!("{sign} {line}")).collect::<Vec<_>>()
    };
    let mut differences = only_in(recorded, text, '-');
    differences.extend(only_in(text, recorded, '+'));
    if differences.is_empty() && recorded != text {
        differences.push("the order of the lines".to_owned());
    }
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_came_went_or_moved_is_a_difference() {
        assert!(differences("a\nb\n", "a\nb\n").is_empty());
        assert_eq!(differences("a\nb\n", "b\nc\n"), ["- a", "+ c"]);
        assert_eq!(differences("a\nb\n", "b\na\n").len(), 1);
        assert_eq!(differences("", "a\n"), ["+ a"]);
    }
}
