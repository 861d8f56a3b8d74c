//! Waiting for a push, as a value and not as a loop.

use std::time::Duration;

use http::StatusCode;

use crate::{
    ApiError, CallError, Challenge, ErrorCode, FactorAccepted, MfaToken, NextStep, OobCode, VerifyWithOob,
};

/// Auth0 takes twelve polls a minute of one login, and no more at once.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(5);
/// What `slow_down` adds (RFC 8628, 3.5).
const SLOWER: Duration = Duration::from_secs(5);
/// How long an `oob_code` lives.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// The polls for an out-of-band challenge that the user accepts elsewhere (a push): says after each reply whether to
/// wait and for how long. It does not sleep, and has no clock: the caller does, and tells how long ago the challenge
/// was made.
///
/// ```
/// use std::time::{Duration, Instant};
///
/// use auth0_mfa_core::{CallError, FactorAccepted, OobPoll, OobStep, VerifyWithOob};
///
/// # fn send(_: VerifyWithOob) -> Result<FactorAccepted, CallError<VerifyWithOob>> { unimplemented!() }
/// fn wait_for_push(mut poll: OobPoll) -> Option<FactorAccepted> {
///     let start = Instant::now();
///     loop {
///         // Each request needs a client assertion of its own, where the application uses them.
///         match poll.after(send(poll.call()), start.elapsed()) {
///             OobStep::Wait(pause) => std::thread::sleep(pause),
///             OobStep::Done(accepted) => return Some(accepted),
///             OobStep::Refused(_) | OobStep::Expired | OobStep::Failed(_) => return None,
///         }
///     }
/// }
/// ```
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa/enroll-and-challenge-push-authenticators>
#[derive(Debug)]
pub struct OobPoll {
    mfa_token: MfaToken,
    oob_code: OobCode,
    interval: Duration,
    life: Duration,
}

/// What to do after a poll.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums)] // a loop answers each of them
#[allow(clippy::large_enum_variant)] // made once every five seconds
pub enum OobStep {
    /// The user has not decided yet: poll again after this pause.
    Wait(Duration),
    /// The user has accepted.
    Done(FactorAccepted),
    /// The user has refused. Final: only another challenge can ask again.
    Refused(CallError<VerifyWithOob>),
    /// The challenge has ended without an answer: request another with the same `mfa_token`.
    Expired,
    /// Anything else: see the error. Its [`next_step`](crate::ApiError::next_step) can be to log in again, or to go on
    /// with more MFA. A reply that was lost may have been the user's yes.
    Failed(CallError<VerifyWithOob>),
}

impl OobPoll {
    /// Polls every five seconds for five minutes.
    pub fn new(mfa_token: MfaToken, oob_code: OobCode) -> Self {
        Self { mfa_token, oob_code, interval: SHORTEST_INTERVAL, life: LIFE }
    }

    /// The polls for a challenge, at the pace that it names; `None` when it has no `oob_code`.
    pub fn of_challenge(mfa_token: MfaToken, challenge: &Challenge) -> Option<Self> {
        let poll = Self::new(mfa_token, challenge.oob_code.clone()?);
        let poll = poll.interval(challenge.interval.unwrap_or_default());
        Some(poll.expires_in(challenge.expires_in.unwrap_or(LIFE)))
    }

    /// Polls every `interval`, which a challenge may name; five seconds at the least, since Auth0 takes twelve polls a
    /// minute.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(SHORTEST_INTERVAL);
        self
    }

    /// Polls until the challenge is so old, which it may name (`expires_in`).
    #[must_use]
    pub fn expires_in(mut self, life: Duration) -> Self {
        self.life = life;
        self
    }

    /// The next poll.
    pub fn call(&self) -> VerifyWithOob {
        VerifyWithOob::new(self.mfa_token.clone(), self.oob_code.clone())
    }

    /// What to do after a poll, when the challenge is `age` old.
    pub fn after(
        &mut self,
        polled: Result<FactorAccepted, CallError<VerifyWithOob>>,
        age: Duration,
    ) -> OobStep {
        let error = match polled {
            Ok(accepted) => return OobStep::Done(accepted),
            Err(error) => error,
        };
        let pause = match &error {
            CallError::NotSent(_) => self.interval,
            CallError::Api(refused) => match self.pause_after(refused.error()) {
                Some(pause) => pause,
                None => return ended(error),
            },
            // A limit can be answered in HTML.
            CallError::Malformed(it) if it.status() == StatusCode::TOO_MANY_REQUESTS => {
                self.pause_until(it.info().retry_after)
            }
            CallError::InDoubt(_) | CallError::Malformed(_) => return OobStep::Failed(error),
        };
        if age.saturating_add(pause) < self.life { OobStep::Wait(pause) } else { OobStep::Expired }
    }

    /// How long to wait when nothing was decided.
    fn pause_after(&mut self, error: &ApiError) -> Option<Duration> {
        match error.code() {
            ErrorCode::AuthorizationPending => {}
            ErrorCode::SlowDown => self.interval = self.interval.saturating_add(SLOWER),
            ErrorCode::TooManyRequests => return Some(self.pause_until(error.info().retry_after)),
            _ => return None,
        }
        Some(self.interval)
    }

    fn pause_until(&self, retry_after: Option<Duration>) -> Duration {
        self.interval.max(retry_after.unwrap_or_default())
    }
}

fn ended(error: CallError<VerifyWithOob>) -> OobStep {
    match error.api_error().map(ApiError::next_step) {
        Some(NextStep::StartOver) => OobStep::Refused(error),
        Some(NextStep::NewChallenge) => OobStep::Expired,
        _ => OobStep::Failed(error),
    }
}
