//! No call of the core is left out: each is in the table here, and in that of the crate's front page.

use std::fs;
use std::path::Path;

use super::calls::CALLS;
use super::report::{Failure, Report};

pub(crate) fn check(report: &mut Report) {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/core/src");
    let front_page = fs::read_to_string(core.join("lib.rs")).unwrap_or_default();
    let calls = implemented(&core.join("calls"));
    if calls.len() != CALLS.len() {
        let fault = format!("{} calls are implemented, {} are checked", calls.len(), CALLS.len());
        report.fail(Failure::new("the table of calls", fault, Vec::new()));
    }
    for call in calls {
        let faults = report.checked(|| faults(&call, &front_page));
        if !faults.is_empty() {
            report.fail(Failure::new(call, "is left out", faults));
        }
    }
}

fn faults(call: &str, front_page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !CALLS.iter().any(|known| known.name == call) {
        faults.push("no case can be written for it: it is not among CALLS".to_owned());
    }
    if !front_page.contains(&format!("//! | [`{call}`] |")) {
        faults.push("it has no row on the front page of the core".to_owned());
    }
    faults
}

/// What is between `impl Call for ` and ` {`, in the files of a folder.
fn implemented(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
    let mut calls: Vec<String> = texts.flat_map(|text| named_in(&text)).collect();
    calls.sort();
    calls
}

fn named_in(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| line.strip_prefix("impl Call for ")?.strip_suffix(" {"));
    names.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_is_left_out_is_found() {
        assert_eq!(named_in("impl Call for New {\n}\nimpl Serve for New {\n"), ["New"]);
        assert_eq!(faults("New", "").len(), 2);
        assert_eq!(faults("PasswordGrant", "//! | [`PasswordGrant`] | …"), [""; 0]);
    }
}
