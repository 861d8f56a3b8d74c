//! Waiting for a push, as a value and not as a loop.

use std::time::Duration;

use crate::{CallError, ErrorCode, MfaToken, NextStep, OobCode, TokenSet, VerifyWithOob};

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
/// use auth0_mfa_core::{CallError, OobPoll, OobStep, TokenSet, VerifyWithOob};
///
/// # fn send(_: VerifyWithOob) -> Result<TokenSet, CallError<VerifyWithOob>> { unimplemented!() }
/// fn wait_for_push(mut poll: OobPoll) -> Option<TokenSet> {
///     let start = Instant::now();
///     loop {
///         // Each request needs a client assertion of its own, where the application uses them.
///         match poll.after(send(poll.call()), start.elapsed()) {
///             OobStep::Wait(pause) => std::thread::sleep(pause),
///             OobStep::Done(tokens) => return Some(tokens),
///             OobStep::Refused(_) | OobStep::Expired | OobStep::Failed(_) => return None,
///         }
///     }
/// }
/// ```
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa/enroll-challenge-push-authenticators>
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
    Done(TokenSet),
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
    pub fn after(&mut self, polled: Result<TokenSet, CallError<VerifyWithOob>>, age: Duration) -> OobStep {
        let error = match polled {
            Ok(tokens) => return OobStep::Done(tokens),
            Err(error) => error,
        };
        let Some(api_error) = error.api_error() else { return OobStep::Failed(error) };
        let pause = match (api_error.code(), api_error.next_step()) {
            (ErrorCode::AuthorizationPending, _) => self.interval,
            (ErrorCode::SlowDown, _) => {
                self.interval = self.interval.saturating_add(SLOWER);
                self.interval
            }
            (ErrorCode::TooManyRequests, _) => {
                self.interval.max(api_error.info().retry_after.unwrap_or_default())
            }
            (_, NextStep::StartOver) => return OobStep::Refused(error),
            (_, NextStep::NewChallenge) => return OobStep::Expired,
            _ => return OobStep::Failed(error),
        };
        if age.saturating_add(pause) < self.life { OobStep::Wait(pause) } else { OobStep::Expired }
    }
}
