//! What a person is told after a call: what happened, what became of each code, and what to do next.

use std::time::Duration;

use auth0_mfa::{
    ApiError, Call, CallError, CodeState, ErrorCode, NewCode, NextStep, PasswordGrant, VerifyWithOtp,
    VerifyWithRecoveryCode,
};

/// What is told. It holds no secret.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) what_happened: String,
    /// A server's free text: shown as text, and as theirs.
    pub(crate) auth0_says: Option<String>,
    pub(crate) code_state: Option<CodeState>,
    pub(crate) next_step: Option<NextStep>,
    pub(crate) advice: Vec<String>,
    /// Whether the code that was typed does not look whole: it was not sent, and the user decides.
    pub(crate) asks_to_look_again: bool,
}

impl Told {
    fn text(what_happened: &str, advice: &[&str]) -> Self {
        let advice = advice.iter().map(|&line| line.to_owned()).collect();
        Self { what_happened: what_happened.to_owned(), advice, ..Self::default() }
    }

    pub(crate) fn look_again() -> Self {
        let told = Self::text(
            "Nothing was sent yet: this does not look like a whole recovery code.",
            &[
                "A recovery code has 24 letters and digits. Spaces and dashes between them do not matter.",
                "Look again, and type the whole code. If yours is different, tick the box and send it as it is.",
            ],
        );
        Self { asks_to_look_again: true, ..told }
    }

    pub(crate) fn nothing_typed() -> Self {
        Self::text("Nothing was sent: nothing was typed.", &[])
    }

    /// Of a recovery that succeeded. A code that came is shown by its page.
    pub(crate) fn recovered(new_code: &NewCode) -> Self {
        let advice: &[&str] = match new_code {
            NewCode::Issued(_) => &[],
            NewCode::NotReturned => &[
                "Auth0 sent NO new recovery code, so you have none now.",
                "While you are logged in, enrol your new phone, or ask your administrator for a new recovery code.",
            ],
            NewCode::Unreadable(_) => {
                &["While you are logged in, ask your administrator for a new recovery code."]
            }
        };
        let told = Self::text("You are in. The recovery code that you typed is used up.", advice);
        Self { code_state: Some(CodeState::Spent), ..told }
    }

    pub(crate) fn of_login(error: &CallError<PasswordGrant>) -> Self {
        Self::of_failure(error, "user name and password were", &[])
    }

    pub(crate) fn of_otp(error: &CallError<VerifyWithOtp>) -> Self {
        Self::of_failure(error, "one-time password was", &[])
    }

    pub(crate) fn of_recovery(error: &CallError<VerifyWithRecoveryCode>, new_code: &NewCode) -> Self {
        let state = error.code_state();
        let codes = match error.mfa_required() {
            Some(_) => of_codes_until_another_factor(new_code),
            None => of_codes(state, new_code),
        };
        Self { code_state: Some(state), ..Self::of_failure(error, "recovery code was", codes) }
    }

    /// The advice is about the codes first: they are what can be lost.
    fn of_failure<C: Call>(error: &CallError<C>, sent: &str, codes: &[&str]) -> Self {
        let next_step = error.api_error().map(ApiError::next_step);
        let step = match (error, next_step) {
            // What is said about the codes says whether to.
            (_, Some(NextStep::TryAgain)) if !codes.is_empty() => None,
            (_, Some(step)) => Some(of_next_step(step)),
            (CallError::NotSent(_), None) => Some("Wait a little, then try again."),
            (_, None) if codes.is_empty() => Some(UNKNOWN_STEP),
            (_, None) => None,
        };
        let advice = codes.iter().copied().chain(step).map(str::to_owned);
        let wait = error.info().and_then(|info| info.retry_after).map(wait);
        Self {
            what_happened: what_happened(error, sent),
            auth0_says: error.api_error().and_then(ApiError::description).map(str::to_owned),
            next_step,
            advice: advice.chain(wait).collect(),
            ..Self::default()
        }
    }
}

fn what_happened<C: Call>(error: &CallError<C>, sent: &str) -> String {
    match error {
        CallError::NotSent(_) => "Nothing was sent: Auth0 could not be reached.".to_owned(),
        CallError::InDoubt(_) => {
            format!("The {sent} sent, and no answer came back that says what became of it.")
        }
        CallError::Malformed(_) => format!("The {sent} sent, and the answer could not be read."),
        CallError::Api(refused) => match refused.error().code() {
            // In words first: "invalid_grant" tells nobody who is locked out anything.
            code if refused.error().next_step() == NextStep::TryAgain => {
                format!("The {sent} not accepted ({}).", code.as_str())
            }
            ErrorCode::MfaRequired => "Auth0 asks for one more factor before it lets you in.".to_owned(),
            ErrorCode::TooManyAttempts => "Auth0 has locked further tries for a while.".to_owned(),
            code => format!("Auth0 refused: {}.", code.as_str()),
        },
    }
}

fn wait(time: Duration) -> String {
    format!("Auth0 asks to wait {} seconds.", time.as_secs())
}

fn of_codes_until_another_factor(new_code: &NewCode) -> &'static [&'static str] {
    if new_code.is_returned() {
        &["Keep your recovery code and the new one until you are in: it is not known which of them works."]
    } else {
        &["Keep your recovery code until you are in: it may or may not be used up."]
    }
}

fn of_codes(state: CodeState, new_code: &NewCode) -> &'static [&'static str] {
    match (state, new_code) {
        (CodeState::Spent, NewCode::Issued(_)) => &[
            "The code that you typed is used up. The new one takes its place: keep it.",
            "You are not logged in, because the rest of the answer could not be read. Log in again; when a recovery \
             code is asked for, give the new one.",
        ],
        (CodeState::Spent, NewCode::Unreadable(_)) => &[
            "The code that you typed is used up, and you are not logged in.",
            "Use another factor, or ask your administrator for a new recovery code; show them what was sent instead.",
        ],
        (CodeState::Spent, NewCode::NotReturned) => &[
            "The code that you typed is used up, and the answer held no new one that could be read.",
            "Use another factor, or ask your administrator for a new recovery code.",
        ],
        (_, NewCode::Issued(_)) => &[
            "Keep both codes, the one that you typed and the new one: it is not known which of them works.",
            "Try the new code first. If it is refused, try the one that you typed. Each refusal costs one of ten tries.",
        ],
        (_, NewCode::Unreadable(_)) => &[
            "Keep the code that you typed, and what was sent beside it: it may stand for a new code. Show it to your \
             administrator if the code that you typed stays refused.",
        ],
        (CodeState::Intact, NewCode::NotReturned) => {
            &["Your recovery code was not used: it is as good as before. Keep it."]
        }
        (CodeState::NotAccepted, NewCode::NotReturned) => &[
            "Do not throw the code away. Auth0 answers the same to a code that is mistyped or used up, and to a good \
             one after too many wrong tries or while recovery codes are switched off.",
            "Compare it with what you kept, letter by letter, make sure that it is your newest, and try again. Ten wrong \
             tries lock you out for a while; after that, one comes back every six minutes.",
            "If it stays refused, use another factor, or ask your administrator for a new recovery code.",
        ],
        (CodeState::LikelySpent, NewCode::NotReturned) => &[
            "The code was very likely used up by the earlier sending, whose answer, with your next code, was lost.",
            "If you may have mistyped it, compare it letter by letter before you give it up.",
            "Use another factor, or ask your administrator for a new recovery code.",
        ],
        (CodeState::Unknown, NewCode::NotReturned) => &[
            "Keep the code: it may or may not be used up, and nobody can tell from here.",
            "Send the same code once more. If it is accepted, you are in, and get the next code. If it is refused, the \
             earlier sending very likely used it up. A refusal costs one of ten tries.",
        ],
    }
}

fn of_next_step(step: NextStep) -> &'static str {
    match step {
        NextStep::ContinueWithMfa => "Go on with the other factor.",
        NextStep::TryAgain | NextStep::TryAgainOrResend => {
            "Try again. Ten wrong tries lock you out for a while; after that, one comes back every six minutes."
        }
        NextStep::LogInAgain => "The login took too long, or has ended: log in again with your password.",
        NextStep::StartOver | NextStep::NewChallenge | NextStep::KeepPolling => "Choose how to go on.",
        NextStep::ChallengeInstead => "Use a factor that you have.",
        NextStep::Enroll => "You have no factor of this kind: use another one.",
        NextStep::WaitForUnlock => {
            "Wait: a right code is refused, too, while tries are locked. One comes back every six minutes."
        }
        NextStep::WaitForReset => "Too many requests reached Auth0: wait a little, then try again.",
        NextStep::LogInWithBrowser => {
            "Auth0 wants to see this login on its own page; this application has none."
        }
        NextStep::ResetPassword => {
            "Your password is known from a breach: it must be reset before you can log in."
        }
        NextStep::Stop => "Auth0 does not let you in. Ask your administrator.",
        NextStep::RenewAccessToken | NextStep::AskAdministrator => {
            "The application's settings are wrong. Tell the people who run it."
        }
        NextStep::FixRequest | NextStep::RepeatWithDpopNonce => {
            "Auth0 did not accept the request itself. Tell the people who run this application."
        }
        NextStep::SendAgainIfSafe => "Auth0 has trouble of its own: wait a little, then try again.",
        _ => UNKNOWN_STEP,
    }
}

const UNKNOWN_STEP: &str = "Try again. If it stays like this, tell the people who run this application.";
