//! One call, the recovery-code grant, by each of several libraries: what `cargo xtask bench core` counts.
//!
//! Input is made ahead; what a program runs for each call is counted, and all that the call made is dropped in it, so
//! that wiping is included.

#![allow(missing_docs, reason = "a program, not a library")]

pub mod fixture;
pub mod subjects;

use fixture::Reply;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats};

/// A library that makes the call's request and reads its reply.
pub trait Subject {
    /// What belongs to this one call and is there before it.
    type Call;

    /// The body of a reply, as the library takes it.
    type Body: From<Vec<u8>>;

    fn call(&self) -> Self::Call;

    /// Makes the request, and drops it.
    fn begin(&self, call: Self::Call);

    /// Makes the request, drops it, and reads the reply: whether it is a success, in which everything was found that
    /// the library keeps of one.
    fn both(&self, call: Self::Call, reply: http::Response<Self::Body>) -> bool;
}

/// What of a call is run. The answer alone is the difference: not every library can be asked for it.
#[derive(Clone, Copy)]
pub enum Scenario {
    Begin,
    Success,
    Error,
}

impl Scenario {
    pub const ALL: [Self; 3] = [Self::Begin, Self::Success, Self::Error];

    pub fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Success => "success",
            Self::Error => "error",
        }
    }

    /// Runs it once to warm up, and once more, which is counted.
    ///
    /// # Panics
    /// When the library did not read the reply as what it is: then the count would say nothing.
    pub(crate) fn play<S: Subject>(self, subject: &S) -> Stats {
        let reply = match self {
            Self::Begin => {
                subject.begin(subject.call());
                let call = subject.call();
                return counted(|| subject.begin(call)).1;
            }
            Self::Success => Reply::success(),
            Self::Error => Reply::error(),
        };
        subject.both(subject.call(), reply.response());
        let (call, response) = (subject.call(), reply.response());
        let (is_success, stats) = counted(|| subject.both(call, response));
        assert_eq!(is_success, reply.is_success(), "the reply was misread");
        stats
    }
}

/// Runs what is to be counted: callgrind collects everything under the function of this name.
#[inline(never)]
fn counted<T>(run: impl FnOnce() -> T) -> (T, Stats) {
    let region = Region::new(&INSTRUMENTED_SYSTEM);
    let result = run();
    (result, region.change())
}
