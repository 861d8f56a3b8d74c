//! What the outcome of a call does to its session. The same is done whoever waited for it.

use auth0_mfa::{
    ApiError, AsyncClient, Call, CallError, CodeState, FirstFactor, NextStep, Outcome, PasswordGrant,
    RecoveryCode, VerifyWithOtp, VerifyWithRecoveryCode,
};

use crate::advice::Told;
use crate::random::Unguessable;
use crate::session::{LeftBehind, Session, Sessions, Stage, UnderWay};

/// How many codes in doubt are remembered; a person has one or two.
const IN_DOUBT: usize = 10;

type Record<C> = fn(&mut Session, &mut LeftBehind, Outcome<C>);

/// Sends a call as a task of its own, and has its outcome written into the session: by whoever waits here, or when the
/// browser has gone and nobody does, by the task. A new code is found by the next visit either way.
pub(crate) async fn send<C>(
    client: &AsyncClient,
    sessions: &Sessions,
    id: &Unguessable,
    call: C,
    record: Record<C>,
) where
    C: Call<Output: Send, NewCode: Send> + Send + 'static,
{
    let orphaned = {
        let (sessions, id) = (sessions.clone(), id.clone());
        move |outcome| sessions.record(&id, |session, left| record(session, left, outcome))
    };
    let outcome = client.send_detached(call, |task| drop(tokio::spawn(task)), orphaned).await;
    sessions.record(id, |session, left| record(session, left, outcome));
}

pub(crate) fn of_login(session: &mut Session, left: &mut LeftBehind, outcome: Outcome<PasswordGrant>) {
    let Some(UnderWay::Password { user }) = session.under_way.take() else { return };
    match outcome {
        // Nobody asked for more than the password: what another session left stays there.
        Ok(FirstFactor::Tokens(_)) => {
            know(session, left, user);
            session.stage = Stage::LoggedIn;
        }
        Ok(FirstFactor::MfaRequired(mfa)) => {
            know(session, left, user);
            session.stage = Stage::SecondFactor(mfa.into_mfa_token());
        }
        Err(error) => session.told = Some(Told::of_login(&error)),
    }
}

pub(crate) fn of_otp(session: &mut Session, left: &mut LeftBehind, outcome: Outcome<VerifyWithOtp>) {
    match outcome {
        Ok(accepted) => {
            // This application wants to know who is there, and needs no token for it.
            let (_tokens, new_code) = accepted.into_parts();
            session.told = None;
            log_in(session, left);
            session.keep(new_code);
        }
        Err(mut error) => {
            session.keep(error.take_new_code());
            session.told = Some(Told::of_otp(&error));
            go_on(session, &error);
        }
    }
}

pub(crate) fn of_recovery(
    session: &mut Session,
    left: &mut LeftBehind,
    outcome: Outcome<VerifyWithRecoveryCode>,
) {
    match outcome {
        Ok(accepted) => {
            let (_tokens, new_code) = accepted.into_parts();
            session.told = Some(Told::recovered(&new_code));
            log_in(session, left);
            // The code that was accepted was the user's newest: any that came before it is void.
            session.new_codes.clear();
            session.in_doubt.clear();
            session.keep(new_code);
        }
        Err(mut error) => {
            let new_code = error.take_new_code();
            session.told = Some(Told::of_recovery(&error, &new_code));
            session.keep(new_code);
            go_on(session, &error);
            remember_doubt(session, error);
        }
    }
}

/// A code that was sent may be sent again, and then its first sending counts.
fn remember_doubt(session: &mut Session, error: CallError<VerifyWithRecoveryCode>) {
    let is_in_doubt = matches!(error.code_state(), CodeState::Unknown | CodeState::LikelySpent);
    let (call, _) = error.into_parts();
    let sent = call.recovery_code().expose();
    session.in_doubt.retain(|code| code.expose() != sent);
    if is_in_doubt {
        session.in_doubt.truncate(IN_DOUBT - 1);
        session.in_doubt.insert(0, RecoveryCode::verbatim(sent));
    }
}

/// Another token replaces the one before (chained MFA); one that has ended leaves the password.
fn go_on<C: Call>(session: &mut Session, error: &CallError<C>) {
    let next_step = error.api_error().map(ApiError::next_step);
    if let Some(mfa) = error.mfa_required() {
        session.stage = Stage::SecondFactor(mfa.mfa_token().clone());
    } else if next_step == Some(NextStep::LogInAgain) {
        session.stage = Stage::LoggedOut;
    }
}

/// The password was right.
fn know(session: &mut Session, left: &mut LeftBehind, user: String) {
    if session.user.as_ref() != Some(&user) {
        left.add(session);
    }
    session.told = None;
    session.in_doubt.append(&mut left.take_in_doubt(&user));
    session.user = Some(user);
}

/// Who is in by a second factor is shown what another session of theirs left unconfirmed.
fn log_in(session: &mut Session, left: &mut LeftBehind) {
    let new_codes = session.user.as_ref().map(|user| left.take_new_codes(user)).unwrap_or_default();
    new_codes.into_iter().for_each(|new_code| session.keep(new_code));
    session.stage = Stage::LoggedIn;
}
