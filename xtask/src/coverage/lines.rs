//! Which lines of the library the tests reached.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

use crate::command::Failure;

/// The lines of a file that can run, and whether they did. A test's own lines are none of them.
pub(super) struct Lines {
    name: String,
    ran: BTreeMap<usize, bool>,
}

impl Lines {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn all(&self) -> usize {
        self.ran.len()
    }

    pub(super) fn reached(&self) -> usize {
        self.ran.values().filter(|&&ran| ran).count()
    }

    /// The lines that did not run; those that follow each other are one range.
    pub(super) fn missed(&self) -> Vec<Range> {
        let mut ranges: Vec<Range> = Vec::new();
        let mut before = false;
        for (&line, &ran) in &self.ran {
            match ranges.last_mut() {
                Some(range) if !ran && before => range.last = line,
                _ if !ran => ranges.push(Range { first: line, last: line }),
                _ => {}
            }
            before = !ran;
        }
        ranges
    }
}

#[derive(Debug, PartialEq)]
pub(super) struct Range {
    first: usize,
    last: usize,
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.last) {
            (first, last) if first == last => write!(f, "{first}"),
            (first, last) => write!(f, "{first}-{last}"),
        }
    }
}

/// The files of a report in the format of lcov, without the tests in them.
pub(super) fn of_library(report: &str, folder: &Path) -> Result<Vec<Lines>, Failure> {
    let mut files = Vec::new();
    for record in report.split("end_of_record") {
        let Some(path) = record.lines().find_map(|line| line.strip_prefix("SF:")) else { continue };
        if path.ends_with("/tests.rs") {
            continue;
        }
        let source = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        let name = Path::new(path).strip_prefix(folder).unwrap_or(Path::new(path));
        files
            .push(Lines { name: name.display().to_string(), ran: ran(record, first_line_of_tests(&source)) });
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn ran(record: &str, end: usize) -> BTreeMap<usize, bool> {
    let lines = record.lines().filter_map(|line| line.strip_prefix("DA:")?.split_once(','));
    let lines = lines.filter_map(|(line, times)| Some((line.parse().ok()?, times != "0")));
    lines.filter(|(line, _)| *line < end).collect()
}

/// Unit tests stand at the end of their file.
fn first_line_of_tests(source: &str) -> usize {
    source.lines().position(|line| line == "#[cfg(test)]").map_or(usize::MAX, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_did_not_run_are_ranges_and_lines_of_tests_do_not_count() {
        let record = "SF:x\nDA:1,1\nDA:2,0\nDA:4,0\nDA:5,7\nDA:8,0\nDA:9,0\n";
        let lines = Lines { name: String::new(), ran: ran(record, 9) };
        assert_eq!((lines.reached(), lines.all()), (2, 5));
        let missed: Vec<_> = lines.missed().iter().map(ToString::to_string).collect();
        assert_eq!(missed, ["2-4", "8"]);
    }

    #[test]
    fn the_tests_of_a_file_begin_at_their_attribute() {
        assert_eq!(first_line_of_tests("fn a() {}\n#[cfg(test)]\nmod tests {}\n"), 2);
        assert_eq!(first_line_of_tests("fn a() {}\n"), usize::MAX);
    }
}
