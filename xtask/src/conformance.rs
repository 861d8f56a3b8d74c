//! `cargo xtask conformance`: the calls, held against recorded requests and replies.
//!
//! tests/corpus/README.md describes the cases.

mod calls;
mod cases;
mod clients;
mod coverage;
mod external;
mod facts;
mod listed;
mod recorded;
mod replies;
mod report;
mod requests;
mod round_trip;
mod values;
mod ways;
mod wire;

use std::path::{Path, PathBuf};

use crate::command::root;
use calls::{CALLS, KnownCall};
use cases::{Case, Loaded};
pub(crate) use clients::run as run_clients;
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
    let beside = root().join("../shared/corpus");
    recorded::check(external.unwrap_or(&beside), &mut report);
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

    listed::check(report);
    let endpoints: Vec<_> =
        CALLS.iter().map(|call| endpoint_row(call, &requests, &replies, &values, ways, report)).collect();
    let headers = ["call", "request", "reply", "errors", "round trip", "corpus cases"];
    report.section("endpoints", &table(&headers, &endpoints));

    let over = |call: &KnownCall, report: &mut Report| {
        let over = [Way::Hyper, Way::Ureq].map(|way| {
            let played =
                of_call(&replies, call).map(|it| (it, replies::check(call, &it.case, &values, way, ways)));
            told(passed(played, way.name(), report))
        });
        std::iter::once(call.name.to_owned()).chain(over).collect::<Vec<_>>()
    };
    let rows: Vec<_> = CALLS.iter().map(|call| over(call, report)).collect();
    report.section("replies over a transport", &table(&["call", "hyper", "ureq"], &rows));
    coverage::check(folder, &requests, &replies, report);
}

/// What is shown of one call. A cell that says that there was nothing to do is a failure: such a check cannot fail.
fn endpoint_row(
    call: &KnownCall,
    requests: &[Loaded<cases::RequestCase>],
    replies: &[Loaded<cases::ReplyCase>],
    values: &values::Values,
    ways: &Ways,
    report: &mut Report,
) -> Vec<String> {
    let requests: Vec<_> = of_call(requests, call).collect();
    let replies: Vec<_> = of_call(replies, call).collect();
    let request = requests.iter().map(|it| (*it, requests::check(call, &it.case)));
    let request = passed(request, "", report);
    let mut replied = |is_success: bool| {
        let replies = replies.iter().filter(|it| it.case.is_success() == is_success);
        passed(
            replies.map(|it| (*it, replies::check(call, &it.case, values, Way::Pure, ways))),
            "pure",
            report,
        )
    };
    let (reply, errors) = (replied(true), replied(false));
    let of_requests = requests.iter().filter_map(|it| Some((*it, round_trip::of_request(call, &it.case)?)));
    let of_requests = passed(of_requests, "round trip", report);
    let of_replies =
        replies.iter().filter_map(|it| Some((*it, round_trip::of_reply(call, &it.case, values)?)));
    let of_replies = passed(of_replies, "round trip", report);
    let round_trip = (of_requests.0 + of_replies.0, of_requests.1 + of_replies.1);
    let count = requests.len() + replies.len();
    for (cell, is_empty) in [
        ("request", request.1 == 0),
        ("reply", reply.1 == 0),
        ("errors", errors.1 == 0),
        ("round trip", of_requests.1 == 0 || of_replies.1 == 0),
    ] {
        if is_empty {
            report.fail(Failure::new(call.name, format!("has no case for {cell}"), Vec::new()));
        }
    }
    let cells = [request, reply, errors, round_trip].map(told);
    std::iter::once(call.name.to_owned()).chain(cells).chain([count.to_string()]).collect()
}

fn of_call<'a, C: Case>(cases: &'a [Loaded<C>], call: &KnownCall) -> impl Iterator<Item = &'a Loaded<C>> {
    cases.iter().filter(move |loaded| loaded.case.call() == call.name)
}

/// How many of how many cases show no difference.
fn passed<'a, C: Case + 'a>(
    checked: impl Iterator<Item = (&'a Loaded<C>, Vec<String>)>,
    way: &str,
    report: &mut Report,
) -> (usize, usize) {
    let (mut passed, mut all) = (0, 0);
    for (Loaded { file, case }, differences) in checked {
        all += 1;
        if report.checked(|| differences.clone()).is_empty() {
            passed += 1;
        } else {
            let place = if way.is_empty() { file.clone() } else { format!("{file} ({way})") };
            report.fail(Failure::new(place, case.about(), differences));
        }
    }
    (passed, all)
}

fn told((passed, all): (usize, usize)) -> String {
    format!("{passed}/{all}")
}
