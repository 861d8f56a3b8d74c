//! What a person is told when a recovery did not succeed: what happened, and what to do next.

use std::error::Error;

use auth0_mfa::{ApiError, Call, CallError, CodeState, ErrorCode, NewCode, VerifyWithRecoveryCode};

use crate::usage::chain;
use crate::visible::visible;

type Failure = CallError<VerifyWithRecoveryCode>;

pub(crate) fn what_happened(error: &Failure) -> String {
    match error {
        CallError::NotSent(_) => format!("Nothing was sent. {}.", cause(error)),
        CallError::InDoubt(_) => format!(
            "The code was sent, and no answer came back that says what became of it. {}.",
            cause(error)
        ),
        CallError::Malformed(_) => {
            format!("The code was sent, and the answer could not be read. {}.", cause(error))
        }
        CallError::Api(refused) => refusal(refused.error()),
    }
}

/// What the transport or the parser says, without the name of the call.
fn cause(error: &Failure) -> String {
    let text = error.source().map(chain).unwrap_or_else(|| chain(error));
    let text = text.strip_prefix(&format!("{}: ", VerifyWithRecoveryCode::NAME)).unwrap_or(&text);
    let text = visible(text);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn refusal(error: &ApiError) -> String {
    let text = error.description().map(|text| visible(text.trim().trim_end_matches('.')));
    let text = text.filter(|text| !text.is_empty()).map(|text| format!(" ({text})")).unwrap_or_default();
    match error.code() {
        ErrorCode::TooManyAttempts => format!("Auth0 has locked further tries for a while{text}."),
        ErrorCode::MfaRequired => "Auth0 asks for one more factor before it lets you in.".to_owned(),
        code => format!("Auth0 refused: {}{text}.", visible(code.as_str())),
    }
}

/// What is known when the command was stopped between the beginning of a sending and its answer.
pub(crate) const INTERRUPTED: &str =
    "Stopped while the code was under way. It may or may not be used up, and no new code was read.";

pub(crate) fn interrupted() -> String {
    format!("{INTERRUPTED}\n\nWhat to do next\n{RESUBMIT}")
}

/// The way on, from the state of the code that was typed and from what came in its place.
pub(crate) fn what_to_do(error: &Failure, new_code: &NewCode, prints_tokens: bool) -> String {
    let state = error.code_state();
    let advice = match (state, new_code) {
        _ if asks_for_more(error) => chained(error, new_code, prints_tokens),
        (CodeState::Spent, _) => spent(new_code).to_owned(),
        (_, NewCode::Issued(_)) => two_codes(state),
        (_, NewCode::Unreadable(_)) => format!("{UNREADABLE}\n{}", one_code(error)),
        (_, NewCode::NotReturned) => one_code(error),
    };
    let wait = error.info().and_then(|info| info.retry_after);
    let wait = wait.map(|wait| format!("\n- Auth0 asks to wait {} seconds.", wait.as_secs()));
    format!("What to do next\n{advice}{}", wait.unwrap_or_default())
}

fn asks_for_more(error: &Failure) -> bool {
    error.api_error().is_some_and(|error| *error.code() == ErrorCode::MfaRequired)
}

/// Chained MFA. The recovery code may have been used up on the way.
fn chained(error: &Failure, new_code: &NewCode, prints_tokens: bool) -> String {
    let token = match error.mfa_required() {
        Some(_) if prints_tokens => "- Use the other factor, with the mfa_token above.",
        Some(_) => {
            "- Log in again with your password to get a new mfa_token, and use the other factor with it.\n  \
             (One came with this answer; --print-tokens and --json show it, on standard output only.)"
        }
        None => "- Log in again with your password to get a new mfa_token, and use the other factor with it.",
    };
    let codes = if new_code.is_returned() {
        "- Keep your recovery code and the new one above until you are in: it is not known which of them works."
    } else {
        "- Keep your recovery code until you are in: it may or may not be used up."
    };
    format!("{token}\n{codes}")
}

fn spent(new_code: &NewCode) -> &'static str {
    match new_code {
        NewCode::Issued(_) => {
            "- The code that you typed is used up. Keep the new one above: it takes its place.\n\
             - You are not logged in, because the rest of the answer could not be read. Log in again; when a \
             recovery\n  code is asked for, give the new one."
        }
        NewCode::Unreadable(_) => {
            "- The code that you typed is used up, and you are not logged in.\n\
             - Use another factor, or ask your administrator for a new recovery code; show them what is above."
        }
        NewCode::NotReturned => {
            "- The code that you typed is used up, and the answer held no new one that could be read.\n\
             - Use another factor, or ask your administrator for a new recovery code."
        }
    }
}

/// A new code came with an answer that does not say that the old one is used up: such an answer contradicts itself, so
/// the old one is in doubt at the best.
fn two_codes(state: CodeState) -> String {
    let old = match state {
        CodeState::LikelySpent => "is very likely used up",
        _ => "may or may not be used up",
    };
    format!(
        "- Keep both codes, the one that you typed and the new one above. The one that you typed {old}.\n\
         - Log in again with your password to get a new mfa_token, and run this command with it and the new code.\n  \
         If the new code is refused, try the one that you typed and --resubmit. Each refusal costs one of ten tries."
    )
}

const UNREADABLE: &str = "\
- Keep what is above beside the code that you typed: it may stand for a new code. Show it to your administrator if
  the one that you typed stays refused.";

/// No new code came, or none that could be used.
fn one_code(error: &Failure) -> String {
    match error.code_state() {
        CodeState::Intact => intact(error),
        CodeState::NotAccepted => NOT_ACCEPTED.to_owned(),
        CodeState::LikelySpent => LIKELY_SPENT.to_owned(),
        CodeState::Unknown | CodeState::Spent => unknown(error),
    }
}

const NOT_ACCEPTED: &str = "\
- Do not throw the code away. Auth0 answers the same to a code that is mistyped or used up, and to a good one after
  too many wrong tries or while recovery codes are switched off.
- Compare it with what you kept, letter by letter, and make sure that it is your newest. (Codes have 24 letters and
  digits; none was ever seen with a 0, an I or an O.)
- Then run the same command again. You have ten tries; after that, one comes back every six minutes.
- If it stays refused: use another factor, or ask your administrator for a new recovery code.";

const LIKELY_SPENT: &str = "\
- The code was very likely used up by the earlier sending, whose answer, with your next code, was lost.
- If you may have mistyped it, compare it letter by letter before you give it up.
- Use another factor, or ask your administrator for a new recovery code (in the Dashboard, or with the
  Management API's recovery-code-regeneration).";

fn intact(error: &Failure) -> String {
    const GOOD: &str = "- Your recovery code was not used: it is as good as before. Keep it.";
    let next = match error.api_error().map(ApiError::code) {
        None => "- Check the connection and --domain, then run the same command again.",
        Some(ErrorCode::ExpiredToken | ErrorCode::InvalidGrant) => {
            "- The login took too long, or its mfa_token is wrong: log in again with your password to get a new\n  \
             mfa_token, and run this command with it."
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
        Some(_) => {
            "- Auth0 did not accept the request itself: does the mfa_token belong to this --client-id?"
        }
    };
    format!("{GOOD}\n{next}")
}

fn unknown(error: &Failure) -> String {
    let first = match error {
        CallError::NotSent(_) => {
            return "- The earlier sending of this code is still in doubt. Keep the code.\n\
                    - Check the connection and --domain, then run the same command again, with --resubmit."
                .to_owned();
        }
        CallError::Api(refused) if *refused.error().code() == ErrorCode::TooManyAttempts => {
            "- Wait first: one of the ten tries comes back every six minutes.\n"
        }
        // A reply that is whole and yet none of Auth0's.
        CallError::Malformed(_) if error.source().is_none() => {
            "- Check --domain first: is it your tenant? A proxy or the login page of a network may have answered for it.\n"
        }
        CallError::InDoubt(_) | CallError::Malformed(_) | CallError::Api(_) => "",
    };
    format!("{first}{RESUBMIT}")
}

const RESUBMIT: &str = "\
- Keep the code: it may or may not be used up, and nobody can tell from here.
- Run the same command again with --resubmit (and with a new mfa_token, if ten minutes have gone by).
  If the code is accepted, the first sending did not use it up: you are in, and get the next code.
  If it is refused, the first sending very likely used it up: use another factor, or ask your administrator for a
  new recovery code. A refusal costs one of ten tries.";
