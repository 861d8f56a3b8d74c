//! Waiting for a push: the polls of core's [`OobPoll`], sent and paused.

use std::fmt;
use std::future::Future;
use std::ops::ControlFlow;
use std::time::Duration;

use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport};
use auth0_mfa_core::{
    BindingCode, CallError, FactorAccepted, MfaToken, NewCode, OobCode, OobPoll, OobStep, VerifyWithOob,
};

use crate::{AsyncClient, BlockingClient};

/// The polls for a push ended without the user's yes.
///
/// A recovery code can come with another factor, and be saved from a reply that failed:
/// [`take_new_code`](Self::take_new_code) before a `?`.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums)] // a program answers each of them
pub enum OobError {
    /// The user has refused. Final: only another challenge can ask again.
    Refused(CallError<VerifyWithOob>),
    /// The challenge has ended without an answer: request another with the same `mfa_token`.
    Expired,
    /// Anything else: see the error. A reply that was lost may have been the user's yes.
    Failed(CallError<VerifyWithOob>),
}

impl OobError {
    /// What could be saved of a new recovery code, to keep it; leaves "none" behind.
    pub fn take_new_code(&mut self) -> NewCode {
        match self {
            Self::Refused(error) | Self::Failed(error) => error.take_new_code(),
            Self::Expired => NewCode::NotReturned,
        }
    }
}

impl fmt::Display for OobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Refused(_) => "the user has refused",
            Self::Expired => "the challenge has ended without an answer",
            Self::Failed(_) => "a poll has failed",
        })
    }
}

impl std::error::Error for OobError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Refused(error) | Self::Failed(error) => Some(error),
            Self::Expired => None,
        }
    }
}

impl<T: AsyncTransport> AsyncClient<T> {
    /// Waits for a push: sends the polls, and pauses between them by `sleep`, `tokio::time::sleep` for example.
    ///
    /// It has no clock. As the age of the challenge it takes the sum of the pauses, so that it gives up somewhat late
    /// when the polls themselves take long; Auth0 says sooner that the challenge has ended.
    ///
    /// ```
    /// use auth0_mfa::{AsyncClient, Challenge, FactorAccepted, MfaToken, OobPoll};
    ///
    /// # mod tokio { pub(crate) mod time { pub(crate) async fn sleep(_: std::time::Duration) {} } }
    /// # type Error = Box<dyn std::error::Error>;
    /// async fn wait(client: &AsyncClient, mfa_token: MfaToken, push: &Challenge) -> Result<FactorAccepted, Error> {
    ///     let poll = OobPoll::of_challenge(mfa_token, push).ok_or("the challenge has no oob_code")?;
    ///     Ok(client.poll_oob(poll, tokio::time::sleep).await?)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the polls end without the user's yes.
    pub async fn poll_oob<S, F>(&self, mut poll: OobPoll, mut sleep: S) -> Result<FactorAccepted, OobError>
    where
        S: FnMut(Duration) -> F,
        F: Future<Output = ()>,
    {
        let mut age = Duration::ZERO;
        loop {
            let polled = self.send(poll.call()).await;
            match continued(poll.after(polled, age)) {
                ControlFlow::Continue(pause) => {
                    sleep(pause).await;
                    age = age.saturating_add(pause);
                }
                ControlFlow::Break(ended) => return ended,
            }
        }
    }
}

impl<T: BlockingTransport> BlockingClient<T> {
    /// Waits for a push: sends the polls, and pauses between them by `sleep`, [`std::thread::sleep`] for example.
    ///
    /// It has no clock. As the age of the challenge it takes the sum of the pauses, so that it gives up somewhat late
    /// when the polls themselves take long; Auth0 says sooner that the challenge has ended.
    ///
    /// ```
    /// use auth0_mfa::{BlockingClient, Challenge, FactorAccepted, MfaToken, OobPoll};
    ///
    /// # type Error = Box<dyn std::error::Error>;
    /// fn wait(client: &BlockingClient, mfa_token: MfaToken, push: &Challenge) -> Result<FactorAccepted, Error> {
    ///     let poll = OobPoll::of_challenge(mfa_token, push).ok_or("the challenge has no oob_code")?;
    ///     Ok(client.poll_oob(poll, std::thread::sleep)?)
    /// }
    /// ```
    ///
    /// # Errors
    /// When the polls end without the user's yes.
    pub fn poll_oob(
        &self,
        mut poll: OobPoll,
        mut sleep: impl FnMut(Duration),
    ) -> Result<FactorAccepted, OobError> {
        let mut age = Duration::ZERO;
        loop {
            match continued(poll.after(self.send(poll.call()), age)) {
                ControlFlow::Continue(pause) => {
                    sleep(pause);
                    age = age.saturating_add(pause);
                }
                ControlFlow::Break(ended) => return ended,
            }
        }
    }
}

fn continued(step: OobStep) -> ControlFlow<Result<FactorAccepted, OobError>, Duration> {
    ControlFlow::Break(match step {
        OobStep::Wait(pause) => return ControlFlow::Continue(pause),
        OobStep::Done(accepted) => Ok(accepted),
        OobStep::Refused(error) => Err(OobError::Refused(error)),
        OobStep::Expired => Err(OobError::Expired),
        OobStep::Failed(error) => Err(OobError::Failed(error)),
    })
}

/// The call, with what the user typed, or none as a poll.
pub(crate) fn verify_with_oob(
    mfa_token: MfaToken,
    oob_code: OobCode,
    binding_code: Option<BindingCode>,
) -> VerifyWithOob {
    let call = VerifyWithOob::new(mfa_token, oob_code);
    match binding_code {
        Some(code) => call.with_binding_code(code),
        None => call,
    }
}
