//! The published clients, and what is known of each.

use super::super::report::Report;
use super::stage::Stage;

pub(super) fn users() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

pub(super) fn check(_stage: &Stage, _report: &mut Report) {}
