//! Which rows of the specification the corpus shows: `coverage.json` names the cases of each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::cases::{Case, Loaded};
use super::report::{Failure, Report, table};

type Rows = BTreeMap<String, Vec<String>>;

/// Every row has a case, and every case that is named is there. Prints how many rows each section has.
pub(crate) fn check<A: Case, B: Case>(
    folder: &Path,
    requests: &[Loaded<A>],
    replies: &[Loaded<B>],
    report: &mut Report,
) {
    let rows = match load(&folder.join("coverage.json")) {
        Ok(rows) => rows,
        Err(reason) => return report.fail(Failure::new("coverage.json", "cannot be read", vec![reason])),
    };
    let known: BTreeSet<&str> = names(requests).chain(names(replies)).collect();
    let mut sections = BTreeMap::<&str, [usize; 2]>::new();
    for (row, cases) in &rows {
        let faults = report.checked(|| faults(cases, &known));
        if !faults.is_empty() {
            report.fail(Failure::new("coverage.json", row, faults));
        }
        let [rows, named] = sections.entry(row.split(' ').next().unwrap_or_default()).or_default();
        *rows += 1;
        *named += cases.len();
    }
    if rows.is_empty() {
        report.fail(Failure::new("coverage.json", "has no row", Vec::new()));
    }
    let rows: Vec<Vec<String>> = sections
        .into_iter()
        .map(|(section, counts)| {
            std::iter::once(section.to_owned()).chain(counts.map(|count| count.to_string())).collect()
        })
        .collect();
    report.section("rows of the specification", &table(&["section", "rows", "cases that show them"], &rows));
}

fn load(file: &Path) -> Result<Rows, String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn names<C: Case>(cases: &[Loaded<C>]) -> impl Iterator<Item = &str> {
    cases.iter().map(|loaded| loaded.file.trim_end_matches(".json"))
}

fn faults(cases: &[String], known: &BTreeSet<&str>) -> Vec<String> {
    if cases.is_empty() {
        return vec!["no case shows it".to_owned()];
    }
    let unknown = cases.iter().filter(|case| !known.contains(case.as_str()));
    unknown.map(|case| format!("there is no case {case}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_case_and_a_case_that_is_not_there_are_faults() {
        let known = BTreeSet::from(["replies/A/b"]);
        let faults = |cases: &[&str]| {
            faults(&cases.iter().map(|case| (*case).to_owned()).collect::<Vec<_>>(), &known).len()
        };
        assert_eq!(faults(&["replies/A/b"]), 0);
        assert_eq!(faults(&[]), 1);
        assert_eq!(faults(&["replies/A/b", "replies/A/c"]), 1);
    }
}
