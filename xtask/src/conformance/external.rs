//! A corpus from elsewhere: requests that published clients sent, and replies that documentation, recordings and the
//! tests of SDKs show. Its `index.json` says what each file is.

mod index;
mod replies;
mod requests;

use std::path::Path;

use super::report::{Failure, Report};
use index::Index;

pub(crate) fn check(folder: &Path, report: &mut Report) {
    if !folder.is_dir() {
        report.section(
            "external corpus",
            "SKIPPED: there is no such folder; only the project's own corpus was checked.\n",
        );
        return report.remark("the external corpus was SKIPPED: it is not there");
    }
    match Index::load(folder) {
        Ok(index) => {
            requests::check_samples(folder, &index, report);
            requests::check_others(folder, &index, report);
            replies::check(folder, &index, report);
        }
        Err(reason) => report.fail(Failure::new("index.json", "cannot be read", vec![reason])),
    }
}
