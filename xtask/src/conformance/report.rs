//! What a check found, as text.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Sections, failures, and how much was checked.
#[derive(Default)]
pub(crate) struct Report {
    sections: String,
    failures: Vec<Failure>,
    checks: usize,
    remarks: Vec<String>,
}

/// One thing that is not as it should be.
pub(crate) struct Failure {
    place: String,
    about: String,
    differences: Vec<String>,
}

impl Failure {
    /// `place` is a file; `about` says what the case is about.
    pub(crate) fn new(place: impl Into<String>, about: impl Into<String>, differences: Vec<String>) -> Self {
        Self { place: place.into(), about: about.into(), differences }
    }
}

impl Report {
    /// Runs one check; a panic in it is a difference, so that the other checks still run.
    pub(crate) fn checked(&mut self, check: impl FnOnce() -> Vec<String>) -> Vec<String> {
        self.checks += 1;
        catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| vec!["it panicked".to_owned()])
    }

    pub(crate) fn fail(&mut self, failure: Failure) {
        self.failures.push(failure);
    }

    pub(crate) fn section(&mut self, title: &str, text: &str) {
        self.sections.push_str(&format!("{title}\n\n{text}\n"));
    }

    /// Something that the last line repeats.
    pub(crate) fn remark(&mut self, remark: impl Into<String>) {
        self.remarks.push(remark.into());
    }

    pub(crate) fn is_success(&self) -> bool {
        self.failures.is_empty() && self.checks > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sections)?;
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        let verdict = if self.is_success() { "ok" } else { "FAILED" };
        write!(f, "conformance: {verdict}, {} checks, {} failures", self.checks, self.failures.len())?;
        for remark in &self.remarks {
            write!(f, "; {remark}")?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "FAILED {}: {}", self.place, self.about)?;
        self.differences.iter().try_for_each(|difference| writeln!(f, "    {difference}"))
    }
}

/// An aligned table with a line under its head.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&name| name.to_owned()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = std::iter::once(&head).chain(rows).filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        })
        .collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
    let body: String = rows.iter().map(|row| line(row)).collect();
    format!("{}{}{body}", line(&head), line(&rule))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_aligned_and_has_no_space_at_the_end_of_a_line() {
        let rows = [vec!["a".to_owned(), "1/1".to_owned()], vec!["long name".to_owned(), "2".to_owned()]];
        let expected = "call       n\n---------  ---\na          1/1\nlong name  2\n";
        assert_eq!(table(&["call", "n"], &rows), expected);
    }

    #[test]
    fn one_failure_or_nothing_checked_is_no_success() {
        let mut report = Report::default();
        assert!(!report.is_success(), "nothing was checked");
        assert!(report.checked(Vec::new).is_empty());
        assert!(report.is_success());
        report.fail(Failure::new("x.json", "a case", vec!["code_state: expected 1, came 2".to_owned()]));
        assert!(!report.is_success());
        let text = report.to_string();
        assert!(text.contains("FAILED x.json: a case\n    code_state: expected 1, came 2\n"), "{text}");
        assert!(text.ends_with("conformance: FAILED, 1 checks, 1 failures\n"), "{text}");
    }

    #[test]
    fn a_panic_is_a_difference() {
        assert_eq!(Report::default().checked(|| panic!("on purpose")), ["it panicked"]);
    }
}
