//! Calls that run to their end, whoever waits for them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth0_mfa_core::transport::AsyncTransport;
use auth0_mfa_core::{
    AddAuthenticator, Bearer, BindingCode, Body, Call, CallOptions, DpopRepeat, ManagementToken, MfaToken,
    NewAuthenticator, OobCode, Otp, RecoveryCode, RegenerateRecoveryCode, UserId, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use http::Request;

use crate::AsyncClient;
use crate::exchange::{Next, Outcome, UnderWay};
use crate::handover::{Giver, Taker, handover};

/// What a spawner of yours is given: it runs a call to its end.
pub type CallTask = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The outcome of a call that runs as a task of its own: await it.
///
/// Dropped before it is ready, it leaves the outcome to the handler that was given with the call; the call goes on. Of
/// the two, one gets the outcome, and once.
#[must_use = "the outcome, and a new recovery code, are in it; dropped, it leaves them to the handler"]
pub struct Detached<C: Call>(Taker<Outcome<C>>);

impl<C: Call> Future for Detached<C> {
    type Output = Outcome<C>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome<C>> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl<C: Call> fmt::Debug for Detached<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Detached({})", C::NAME)
    }
}

/// Calls that run as tasks of their own. Web frameworks drop a handler when the browser goes away; the call then goes
/// on, and what it brings is not lost.
///
/// Each takes two things beside what the call takes:
///
/// - `spawn` has your runtime run the task: `|task| { tokio::spawn(task); }`, or `|task| smol::spawn(task).detach()`.
///   It is called at once, before the method returns.
/// - `on_orphaned` gets the outcome when nobody waits any more: it stores the new code where the user will find it. It
///   runs where the outcome and the waiting met their ends: in the task, or in the dropping of [`Detached`]. So it must
///   not block or panic; to await something, it sends the outcome to a channel, or spawns a task.
///
/// A task that the runtime drops before its end (a shutdown) gives its outcome, too: the call was not sent, or is in
/// doubt.
impl<T: AsyncTransport + 'static> AsyncClient<T> {
    /// Sends any call, once, as a task of its own.
    ///
    /// ```
    /// use auth0_mfa::{AsyncClient, CallError, Outcome, RecoveryCodeAccepted, VerifyWithRecoveryCode};
    ///
    /// # mod tokio { pub(crate) fn spawn(_: auth0_mfa::CallTask) {} }
    /// /// The browser has gone; the user will ask again.
    /// fn keep_for_later(outcome: Outcome<VerifyWithRecoveryCode>) {
    ///     let new_code = match outcome {
    ///         Ok(accepted) => accepted.into_parts().1,
    ///         Err(mut error) => error.take_new_code(),
    ///     };
    ///     # let _ = new_code;
    ///     // … write it where the user will find it.
    /// }
    ///
    /// async fn handler(
    ///     client: &AsyncClient,
    ///     call: VerifyWithRecoveryCode,
    /// ) -> Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>> {
    ///     client.send_detached(call, |task| { tokio::spawn(task); }, keep_for_later).await
    /// }
    /// ```
    pub fn send_detached<C>(
        &self,
        call: C,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<C>) + Send + 'static,
    ) -> Detached<C>
    where
        C: Call<Output: Send, NewCode: Send> + Send + 'static,
    {
        self.send_with_detached(call, CallOptions::default(), spawn, on_orphaned)
    }

    /// [`send_with`](Self::send_with) as a task of its own.
    pub fn send_with_detached<C>(
        &self,
        call: C,
        options: CallOptions,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<C>) + Send + 'static,
    ) -> Detached<C>
    where
        C: Call<Output: Send, NewCode: Send> + Send + 'static,
    {
        self.detach(self.exchange().begin(call, options), spawn, on_orphaned)
    }

    /// [`send_dpop_repeat`](Self::send_dpop_repeat) as a task of its own.
    pub fn send_dpop_repeat_detached<C>(
        &self,
        repeat: DpopRepeat<C>,
        options: CallOptions,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<C>) + Send + 'static,
    ) -> Detached<C>
    where
        C: Call<Output: Send, NewCode: Send> + Send + 'static,
    {
        self.detach(self.exchange().begin_dpop_repeat(repeat, options), spawn, on_orphaned)
    }

    /// [`add_authenticator`](Self::add_authenticator) as a task of its own.
    pub fn add_authenticator_detached(
        &self,
        bearer: impl Into<Bearer>,
        authenticator: NewAuthenticator,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<AddAuthenticator>) + Send + 'static,
    ) -> Detached<AddAuthenticator> {
        self.send_detached(AddAuthenticator::new(bearer.into(), authenticator), spawn, on_orphaned)
    }

    /// [`verify_with_otp`](Self::verify_with_otp) as a task of its own.
    pub fn verify_with_otp_detached(
        &self,
        mfa_token: MfaToken,
        otp: Otp,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<VerifyWithOtp>) + Send + 'static,
    ) -> Detached<VerifyWithOtp> {
        self.send_detached(VerifyWithOtp::new(mfa_token, otp), spawn, on_orphaned)
    }

    /// [`verify_with_oob`](Self::verify_with_oob) as a task of its own.
    pub fn verify_with_oob_detached(
        &self,
        mfa_token: MfaToken,
        oob_code: OobCode,
        binding_code: impl Into<Option<BindingCode>>,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<VerifyWithOob>) + Send + 'static,
    ) -> Detached<VerifyWithOob> {
        let call = crate::oob::verify_with_oob(mfa_token, oob_code, binding_code.into());
        self.send_detached(call, spawn, on_orphaned)
    }

    /// [`verify_with_recovery_code`](Self::verify_with_recovery_code) as a task of its own.
    pub fn verify_with_recovery_code_detached(
        &self,
        mfa_token: MfaToken,
        recovery_code: RecoveryCode,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<VerifyWithRecoveryCode>) + Send + 'static,
    ) -> Detached<VerifyWithRecoveryCode> {
        self.send_detached(VerifyWithRecoveryCode::new(mfa_token, recovery_code), spawn, on_orphaned)
    }

    /// [`regenerate_recovery_code`](Self::regenerate_recovery_code) as a task of its own.
    pub fn regenerate_recovery_code_detached(
        &self,
        token: ManagementToken,
        user_id: UserId,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<RegenerateRecoveryCode>) + Send + 'static,
    ) -> Detached<RegenerateRecoveryCode> {
        self.send_detached(RegenerateRecoveryCode::new(token, user_id), spawn, on_orphaned)
    }

    fn detach<C>(
        &self,
        next: Next<C>,
        spawn: impl FnOnce(CallTask),
        on_orphaned: impl FnOnce(Outcome<C>) + Send + 'static,
    ) -> Detached<C>
    where
        C: Call<Output: Send, NewCode: Send> + Send + 'static,
    {
        let (giver, taker) = handover(on_orphaned);
        match next {
            Next::Send(request, under_way) => {
                let carried = Carried { under_way: Some((under_way, giver)), is_handed_over: false };
                spawn(Box::pin(run(self.clone(), request, carried)));
            }
            Next::Done(outcome) => giver.give(outcome),
        }
        Detached(taker)
    }
}

async fn run<T: AsyncTransport, C: Call>(
    client: AsyncClient<T>,
    mut request: Request<Body>,
    mut carried: Carried<C>,
) {
    carried.is_handed_over = true;
    while let Some((under_way, _)) = &carried.under_way {
        let sent = under_way.trace.instrument(client.transport().send(request)).await;
        // Taken where it cannot be dropped: there is no await before it is given or put back.
        let Some((under_way, giver)) = carried.under_way.take() else { return };
        match client.exchange().finish(under_way, sent) {
            Next::Send(again, under_way) => {
                request = again;
                carried.under_way = Some((under_way, giver));
            }
            Next::Done(outcome) => return giver.give(outcome),
        }
    }
}

/// A call in its task. Dropped with it, it still says what became of the call.
struct Carried<C: Call> {
    under_way: Option<(UnderWay<C>, Giver<Outcome<C>>)>,
    /// Whether a transport was asked to send it.
    is_handed_over: bool,
}

impl<C: Call> Drop for Carried<C> {
    fn drop(&mut self) {
        const WHY: &str = "the task of the call was dropped before its end";
        if let Some((under_way, giver)) = self.under_way.take() {
            giver.give(if self.is_handed_over { under_way.lost(WHY) } else { under_way.not_sent(WHY) });
        }
    }
}
