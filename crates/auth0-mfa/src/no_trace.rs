//! What stands in the place of the traces while the feature `tracing` is off: nothing, at no cost.

use auth0_mfa_core::{Call, Pending};

use crate::exchange::{Outcome, Sent};

pub(crate) struct Trace;

impl Trace {
    pub(crate) fn begin<C: Call>(_: &mut Pending<C>) -> Self {
        Self
    }

    pub(crate) fn repeated(self) -> Self {
        self
    }

    pub(crate) fn instrument<F>(&self, future: F) -> F {
        future
    }

    pub(crate) fn in_scope<R>(&self, function: impl FnOnce() -> R) -> R {
        function()
    }

    #[allow(clippy::unused_self)] // the twin in trace.rs uses it
    pub(crate) fn see(&mut self, _: &Sent) {}

    pub(crate) fn end<C: Call>(self, _: &mut Outcome<C>) {}
}
