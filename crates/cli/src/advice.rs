//! What a person is told when a recovery did not succeed: what happened, and what to do next.

use std::error::Error;

use auth0_mfa::{ApiError, Call, CallError, CodeState, ErrorCode, NewCode, VerifyWithRecoveryCode};

use crate::usage::chain;

type Failure = CallError<VerifyWithRecoveryCode>;

pub(crate) fn what_happened(error: &Failure) -> String {
    match error {
        CallError::NotSent(_) => format!("Nothing was sent. {}.", cause(error)),
        CallError::InDoubt(_) => format!(
            "The code was sent, and no answer came back that says what became of it. {}.",
            cause(error)
        ),
        CallError::Malformed(_) => format!("An answer came that is not one of Auth0's. {}.", cause(error)),
        CallError::Api(refused) => refusal(refused.error()),
    }
}

/// What the transport or the parser says, without the name of the call.
fn cause(error: &Failure) -> String {
    let text = error.source().map(chain).unwrap_or_else(|| chain(error));
    let text = text.strip_prefix(&format!("{}: ", VerifyWithRecoveryCode::NAME)).unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn refusal(error: &ApiError) -> String {
    let text = error.description().unwrap_or("no description");
    match error.code() {
        ErrorCode::TooManyAttempts => format!("Auth0 has locked further tries for a while ({text})."),
        ErrorCode::MfaRequired => "Auth0 asks for one more factor before it lets you in.".to_owned(),
        code => format!("Auth0 refused: {} ({text}).", code.as_str()),
    }
}

/// What is known when the command was stopped between the beginning of a sending and its answer.
pub(crate) const INTERRUPTED: &str =
    "Stopped while the code was under way. It may or may not be used up, and no new code was read.";

pub(crate) fn interrupted() -> String {
    format!("{INTERRUPTED}\n\nWhat to do next\n{}", resubmit(""))
}

/// The way on, from the state of the code.
pub(crate) fn what_to_do(error: &Failure, saved: &NewCode) -> String {
    let advice = match error.code_state() {
        CodeState::Intact => intact(error),
        CodeState::Spent => spent(saved),
        CodeState::NotAccepted => NOT_ACCEPTED.to_owned(),
        CodeState::LikelySpent => LIKELY_SPENT.to_owned(),
        CodeState::Unknown => unknown(error),
    };
    format!("What to do next\n{advice}")
}

const NOT_ACCEPTED: &str = "\
- Do not throw the code away. Auth0 answers the same when a code is mistyped, when it is used up, when there
  were too many wrong tries, and when recovery codes are switched off.
- Compare it letter by letter with what you kept (no 0, I or O was ever seen in one), and that it is the newest.
- You have ten tries; after that one comes back every six minutes.
- If it stays refused: use another factor, or ask your administrator for a new recovery code.";

const LIKELY_SPENT: &str = "\
- The code was very likely used up by the earlier sending, whose answer, with your next code, was lost.
- Use another factor, or ask your administrator for a new recovery code (in the Dashboard, or with the
  Management API's recovery-code-regeneration).
- If you may have mistyped it, compare it letter by letter before you give it up.";

fn intact(error: &Failure) -> String {
    const GOOD: &str = "- Your recovery code was not used: it is as good as before. Keep it.";
    let next = match error.api_error().map(ApiError::code) {
        None => "- Check the connection and --domain, then run the same command again.",
        Some(ErrorCode::ExpiredToken | ErrorCode::InvalidGrant) => {
            "- The login took too long or its mfa_token is wrong: log in with your password again to get a new\n  \
             mfa_token, then run this command with it."
        }
        Some(ErrorCode::TooManyRequests) => {
            "- Too many requests reached the tenant: wait a little, then run the same command again."
        }
        Some(ErrorCode::InvalidClient | ErrorCode::AccessDenied) => {
            "- The application was refused: check --client-id and the client secret, or ask your administrator."
        }
        Some(ErrorCode::UnauthorizedClient) => {
            "- The application may not use recovery codes: an administrator has to enable the grant type MFA for it."
        }
        Some(_) => "- The request was refused as such: does the mfa_token belong to this application?",
    };
    let wait = retry_after(error);
    format!("{GOOD}\n{next}{wait}")
}

fn spent(saved: &NewCode) -> String {
    if saved.is_returned() {
        "- The old code is used up. The new one above could be saved from the answer: keep it.\n\
         - You are not logged in, because the rest of the answer could not be read. Log in again; the new code works."
            .to_owned()
    } else {
        "- The old code is used up, and the answer held no new one that could be read.\n\
         - Use another factor, or ask your administrator for a new recovery code."
            .to_owned()
    }
}

fn unknown(error: &Failure) -> String {
    if matches!(error, CallError::NotSent(_)) {
        return "- The earlier sending of this code is still in doubt. Keep the code.\n\
                - Check the connection, then run the same command again, with --resubmit."
            .to_owned();
    }
    if error.mfa_required().is_some() {
        return "- Go on with the new mfa_token (--json prints it). The recovery code may have been used up by now:\n  \
                keep it until you are in."
            .to_owned();
    }
    let wait = match error.api_error().map(ApiError::code) {
        Some(ErrorCode::TooManyAttempts) => "- Wait: one of the ten tries comes back every six minutes.\n",
        _ => "",
    };
    resubmit(wait) + &retry_after(error)
}

fn resubmit(wait: &str) -> String {
    format!(
        "- Keep the code: it may or may not be used up, and nobody can tell from here.\n\
         {wait}\
         - Then run the same command again with --resubmit (with a new mfa_token, if ten minutes have gone by).\n  \
         If the code is accepted, the first sending never arrived: you are in and get the next code.\n  \
         If it is refused, the first sending very likely used it up: use another factor, or ask your\n  \
         administrator for a new recovery code. It costs one of ten tries."
    )
}

fn retry_after(error: &Failure) -> String {
    let wait = error.info().and_then(|info| info.retry_after);
    wait.map(|wait| format!("\n- Auth0 asks to wait {} seconds.", wait.as_secs())).unwrap_or_default()
}
