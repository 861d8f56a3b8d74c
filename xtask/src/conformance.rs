//! `cargo xtask conformance`: the calls, held against recorded requests and replies.
//!
//! tests/corpus/README.md describes the cases.

mod calls;
mod cases;
mod external;
mod facts;
mod replies;
mod report;
mod requests;
mod values;
mod ways;
mod wire;

use std::path::{Path, PathBuf};

use calls::{CALLS, KnownCall};
use cases::{Case, Loaded};
pub(crate) use report::Report;
use report::{Failure, table};
use ways::{Way, Ways};

/// Checks the project's own corpus and, when it is there, an external one.
pub(crate) fn run(external: Option<&Path>) -> Report {
    let mut report = Report::default();
    match Ways::new() {
        Ok(ways) => check_own(&own_corpus(), &ways, &mut report),
        Err(reason) => report.fail(Failure::new("the transports", "cannot be made", vec![reason])),
    }
    if let Some(folder) = external {
        external::check(folder, &mut report);
    }
    report
}

fn own_corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus")
}

fn check_own(folder: &Path, ways: &Ways, report: &mut Report) {
    let requests = cases::load::<cases::RequestCase>(&folder.join("requests"), report);
    let replies = cases::load::<cases::ReplyCase>(&folder.join("replies"), report);
    let values = match values::Values::load(&folder.join("values.json")) {
        Ok(values) => values,
        Err(reason) => return report.fail(Failure::new("values.json", "cannot be read", vec![reason])),
    };

    let mut rows = Vec::new();
    for call in &CALLS {
        let mut row = vec![call.name.to_owned()];
        row.push(check_each(&requests, call, "", report, |case| requests::check(call, case)));
        for way in [Way::Pure, Way::Hyper, Way::Ureq] {
            let check = |case: &cases::ReplyCase| replies::check(call, case, &values, way, ways);
            row.push(check_each(&replies, call, way.name(), report, check));
        }
        rows.push(row);
    }
    report.section("tests/corpus", &table(&["call", "requests", "replies", "hyper", "ureq"], &rows));
}

/// Checks the cases of one call; answers how many of how many passed. None at all is a failure too: a check that
/// finds nothing to do must not pass.
fn check_each<C: Case>(
    cases: &[Loaded<C>],
    call: &KnownCall,
    way: &str,
    report: &mut Report,
    check: impl Fn(&C) -> Vec<String>,
) -> String {
    let cases: Vec<_> = cases.iter().filter(|loaded| loaded.case.call() == call.name).collect();
    if cases.is_empty() {
        report.fail(Failure::new(call.name, "has no case", Vec::new()));
    }
    let mut passed = 0;
    for Loaded { file, case } in &cases {
        let differences = report.checked(|| check(case));
        if differences.is_empty() {
            passed += 1;
        } else {
            let place = if way.is_empty() { file.clone() } else { format!("{file} ({way})") };
            report.fail(Failure::new(place, case.about(), differences));
        }
    }
    format!("{passed}/{}", cases.len())
}
