//! How often each answer was given, in all sequences together.

// The counts are of both threads together.
#![allow(clippy::disallowed_types)]

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::answer::Answer;

static MET: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

pub(crate) fn note(answer: &Answer) {
    *met().entry(name(answer)).or_default() += 1;
}

/// How often, by name.
pub(crate) fn answers() -> BTreeMap<String, u64> {
    met().clone()
}

fn met() -> MutexGuard<'static, BTreeMap<String, u64>> {
    MET.lock().unwrap_or_else(PoisonError::into_inner)
}

fn name(answer: &Answer) -> String {
    match answer {
        Answer::Refused(refusal) => format!("{refusal:?}"),
        Answer::Tokens(Some(_)) => "Recovered".to_owned(),
        Answer::Listed(_) => "Listed".to_owned(),
        other => format!("{other:?}").split('(').next().unwrap_or_default().to_owned(),
    }
}
