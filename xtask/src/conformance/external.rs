//! .
use super::Report;
use std::path::Path;
pub(crate) fn check(_: &Path, _: &mut Report) {}
