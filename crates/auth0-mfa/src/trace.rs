//! What the feature `tracing` says of a call: one span, and events to count. Nothing of a request or of a reply is in
//! them but what the head of the reply says of itself.

use std::future::Future;
use std::time::Instant;

use auth0_mfa_core::transport::Delivery;
use auth0_mfa_core::{Call, CallError, CodeState, ErrorCode, Evidence, Pending, ReplyInfo, Salvaged};
use http::{HeaderMap, Response, StatusCode};
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Level, Span, event, info_span};

use crate::exchange::{Outcome, Sent};

/// A call from its beginning to its end. Dropped before its end, it says that the call was abandoned.
pub(crate) struct Trace {
    span: Span,
    endpoint: &'static str,
    /// Of the recovery code at stake, before this sending.
    code_state: Option<CodeState>,
    begun: Option<Instant>,
    delivery: Delivery,
    status: Option<StatusCode>,
    info: ReplyInfo,
    is_ended: bool,
}

/// How a call ended, in words of a log.
struct End<'a> {
    outcome: &'static str,
    code_state: Option<CodeState>,
    /// Whether there is a new recovery code, or something that stands for one.
    new_code: bool,
    error: Option<&'a str>,
}

/// One event. A macro, since the target, the name and the level of an event are statics.
macro_rules! count {
    ($trace:ident, $end:ident, $level:ident, $name:literal, $meaning:literal) => {
        event!(
            name: concat!("auth0_mfa.", $name),
            target: concat!("auth0_mfa::", $name),
            Level::$level,
            endpoint = $trace.endpoint,
            outcome = $end.outcome,
            code_state = $end.code_state.map(CodeState::as_str),
            new_code = $end.new_code,
            delivery = $trace.delivery(),
            status = $trace.status(),
            request_id = $trace.info.loggable_request_id(),
            $meaning
        )
    };
}

impl Trace {
    pub(crate) fn begin<C: Call>(pending: &mut Pending<C>) -> Self {
        let span = info_span!(
            target: "auth0_mfa::call",
            "auth0_mfa.call",
            endpoint = C::NAME,
            outcome = Empty,
            code_state = Empty,
            new_code = Empty,
            error = Empty,
            delivery = Empty,
            repeated = Empty,
            status = Empty,
            request_id = Empty,
            duration_ms = Empty,
            rate_limit = Empty,
            rate_limit_remaining = Empty,
            rate_limit_reset_at = Empty,
            retry_after_s = Empty,
        );
        Self {
            span,
            endpoint: C::NAME,
            code_state: pending.code_at_stake(),
            begun: now(),
            delivery: Delivery::MaybeSent,
            status: None,
            info: ReplyInfo::default(),
            is_ended: false,
        }
    }

    /// The same, of a call that is sent once more for a DPoP nonce.
    pub(crate) fn repeated(self) -> Self {
        self.span.record("repeated", true);
        self
    }

    /// The future, which is in the span while it is polled, and only then.
    pub(crate) fn instrument<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.span.clone())
    }

    pub(crate) fn in_scope<R>(&self, function: impl FnOnce() -> R) -> R {
        self.span.in_scope(function)
    }

    /// Notes what the transport says, and the head of the reply.
    pub(crate) fn see(&mut self, sent: &Sent) {
        let (delivery, reply) = match sent {
            Ok(reply) => (Delivery::Answered, Some(reply)),
            Err(error) => (error.delivery(), error.partial()),
        };
        self.delivery = delivery;
        self.status = reply.map(Response::status);
        self.info = ReplyInfo::read(reply.map_or(&HeaderMap::new(), Response::headers));
    }

    pub(crate) fn end<C: Call>(mut self, outcome: &mut Outcome<C>) {
        self.is_ended = true;
        match outcome {
            Ok(output) => self.record(&End {
                outcome: "succeeded",
                code_state: self.code_state.map(|_| CodeState::Spent),
                new_code: C::new_code(output).is_some_and(Salvaged::is_returned),
                error: None,
            }),
            Err(error) => {
                let code_state = error.code_at_stake();
                self.record(&End {
                    outcome: name(error),
                    code_state,
                    new_code: error.new_code().is_some_and(Salvaged::is_returned),
                    error: error.api_error().map(|error| word(error.code())),
                });
            }
        }
    }

    fn record(&self, end: &End<'_>) {
        let span = &self.span;
        span.record("outcome", end.outcome);
        span.record("code_state", end.code_state.map(CodeState::as_str));
        span.record("new_code", end.new_code);
        span.record("error", end.error);
        span.record("delivery", self.delivery());
        span.record("status", self.status());
        span.record("request_id", self.info.loggable_request_id());
        span.record("duration_ms", self.begun.map(|begun| begun.elapsed().as_secs_f64() * 1e3));
        span.record("rate_limit", self.info.rate_limit.limit);
        span.record("rate_limit_remaining", self.info.rate_limit.remaining);
        span.record("rate_limit_reset_at", self.info.rate_limit.reset_at);
        span.record("retry_after_s", self.info.retry_after.map(|pause| pause.as_secs()));
        span.in_scope(|| self.count(end));
    }

    /// The events: each has a target and a name of its own, by which it is counted.
    fn count(&self, end: &End<'_>) {
        let is_undecided = matches!(end.code_state, Some(CodeState::Unknown | CodeState::LikelySpent));
        if is_undecided || matches!(end.outcome, "in_doubt" | "abandoned") {
            count!(self, end, WARN, "doubt", "nobody knows what became of a call, or of a recovery code");
        }
        if end.new_code && end.outcome != "succeeded" {
            count!(
                self,
                end,
                WARN,
                "salvage",
                "a new recovery code was saved from a reply that is no success"
            );
        }
        match (end.code_state, end.new_code) {
            (Some(CodeState::Spent), true) => {
                count!(self, end, INFO, "rotation", "a recovery code was replaced");
            }
            (Some(CodeState::Spent), false) => {
                count!(self, end, WARN, "rotation", "a recovery code is used up, and no new one came");
            }
            _ => {}
        }
    }

    fn delivery(&self) -> &'static str {
        match self.delivery {
            Delivery::NotSent => "not_sent",
            Delivery::Answered => "answered",
            _ => "maybe_sent",
        }
    }

    fn status(&self) -> Option<u16> {
        self.status.map(|status| status.as_u16())
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if !self.is_ended {
            let code_state = self.code_state.map(|before| before.after(Evidence::Nothing));
            self.record(&End { outcome: "abandoned", code_state, new_code: false, error: None });
        }
    }
}

fn name<C: Call>(error: &CallError<C>) -> &'static str {
    match error {
        CallError::NotSent(_) => "not_sent",
        CallError::InDoubt(_) => "in_doubt",
        CallError::Api(_) => "refused",
        CallError::Malformed(_) => "malformed",
    }
}

/// A word that is not known came from the server, and may be anything.
fn word(code: &ErrorCode) -> &str {
    match code {
        ErrorCode::Other(_) => "other",
        known => known.as_str(),
    }
}

/// Where there is a clock: it panics on wasm without a host.
fn now() -> Option<Instant> {
    (!cfg!(all(target_family = "wasm", target_os = "unknown"))).then(Instant::now)
}
