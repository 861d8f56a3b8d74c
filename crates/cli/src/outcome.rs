//! What `recover` answers, for programs and for people.

use std::io;
use std::process::ExitCode;

use auth0_mfa::{
    CallError, IdToken, MfaRequired, NewCode, RecoveryCode, RecoveryCodeAccepted, RefreshToken, ReplyInfo,
    TokenSet, UnreadableCode, VerifyWithRecoveryCode,
};
use serde::Serialize;

use crate::args::RecoverArgs;
use crate::exit::Exit;
use crate::save_code::{CodeFile, NotSaved};
use crate::usage::chain;
use crate::visible::visible;
use crate::{advice, terminal};

/// The outcome of the call, with the new code on disk if it was to be.
pub(crate) struct Outcome {
    result: Result<TokenSet, CallError<VerifyWithRecoveryCode>>,
    new_code: NewCode,
    saved: Option<Result<(), NotSaved>>,
}

impl Outcome {
    /// Saves the new code, if there is one, before anything else happens.
    pub(crate) fn of(
        result: Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>,
        code_file: Option<CodeFile>,
    ) -> Self {
        let (result, new_code) = match result {
            Ok(accepted) => {
                let (tokens, new_code) = accepted.into_parts();
                (Ok(tokens), new_code)
            }
            Err(mut error) => {
                let new_code = error.take_new_code();
                (Err(error), new_code)
            }
        };
        let saved = code_file.and_then(|file| file.save(&new_code));
        Self { result, new_code, saved }
    }

    pub(crate) fn print(&self, args: &RecoverArgs) -> ExitCode {
        let printed = terminal::print(&match &self.result {
            Ok(tokens) if args.json => terminal::json_line(&self.accepted_line(tokens)),
            Err(error) if args.json => terminal::json_line(&self.failed_line(error)),
            _ => self.text(args),
        });
        match printed {
            Ok(()) => self.exit(),
            Err(cause) => self.print_on_standard_error(args, &cause),
        }
        .into()
    }

    /// Standard output takes nothing. What became of both codes must be said all the same; but standard error often
    /// ends in a log, where no token belongs.
    fn print_on_standard_error(&self, args: &RecoverArgs, cause: &io::Error) -> Exit {
        let mut parts = vec![format!("error: standard output cannot be written: {cause}")];
        parts.extend(self.what_happened(args));
        parts.push(match &self.result {
            Ok(_) => "The tokens of this login are lost: log in again to get new ones.".to_owned(),
            Err(error) => advice::what_to_do(error, &self.new_code, false),
        });
        terminal::note(&parts.join("\n\n"));
        if self.result.is_ok() || self.new_code.is_returned() { Exit::NotWritten } else { self.exit() }
    }

    fn exit(&self) -> Exit {
        match (&self.saved, &self.result) {
            (Some(Err(_)), _) => Exit::NotWritten,
            (_, Ok(_)) => Exit::Done,
            (_, Err(CallError::Api(_))) => Exit::Refused,
            (_, Err(CallError::NotSent(_))) => Exit::NotSent,
            (_, Err(CallError::InDoubt(_))) => Exit::InDoubt,
            (_, Err(CallError::Malformed(_))) => Exit::Malformed,
        }
    }

    fn accepted_line<'a>(&'a self, tokens: &'a TokenSet) -> Line<'a> {
        Line {
            outcome: "accepted",
            access_token: Some(tokens.access_token.expose()),
            token_type: tokens.token_type.as_deref(),
            expires_in: tokens.expires_in.map(|life| life.as_secs()),
            scope: tokens.scope.as_deref(),
            id_token: tokens.id_token.as_ref().map(IdToken::expose),
            refresh_token: tokens.refresh_token.as_ref().map(RefreshToken::expose),
            new_code: Some(match &self.new_code {
                NewCode::Issued(_) => "issued",
                NewCode::NotReturned => "not_returned",
                NewCode::Unreadable(_) => "unreadable",
            }),
            request_id: tokens.info.request_id.as_deref(),
            ..self.code_line()
        }
    }

    fn failed_line<'a>(&'a self, error: &'a CallError<VerifyWithRecoveryCode>) -> Line<'a> {
        let api_error = error.api_error();
        Line {
            outcome: match error {
                CallError::Api(_) => "refused",
                CallError::NotSent(_) => "not_sent",
                CallError::InDoubt(_) => "in_doubt",
                CallError::Malformed(_) => "malformed",
            },
            code_state: Some(error.code_state().as_str()),
            error: api_error.map(|error| error.code().as_str()),
            error_description: api_error.and_then(|error| error.description()),
            http_status: error.status().map(|status| status.as_u16()),
            retry_after: error.info().and_then(|info| info.retry_after).map(|wait| wait.as_secs()),
            mfa_token: error.mfa_required().map(|mfa| mfa.mfa_token().expose()),
            request_id: error.info().and_then(|info| info.request_id.as_deref()),
            message: Some(chain(error)),
            ..self.code_line()
        }
    }

    fn code_line(&self) -> Line<'_> {
        Line {
            recovery_code: self.new_code.issued().map(RecoveryCode::expose),
            unreadable_code: self.unreadable().map(UnreadableCode::expose),
            saved: self.saved.as_ref().map(Result::is_ok),
            ..Line::default()
        }
    }

    fn unreadable(&self) -> Option<&UnreadableCode> {
        match &self.new_code {
            NewCode::Unreadable(text) => Some(text),
            NewCode::Issued(_) | NewCode::NotReturned => None,
        }
    }

    fn text(&self, args: &RecoverArgs) -> String {
        let mut parts = self.what_happened(args);
        match &self.result {
            Ok(tokens) if args.print_tokens => parts.push(tokens_text(tokens)),
            Ok(_) => parts.push(
                "The tokens of this login are not shown (--print-tokens or --json would have).".to_owned(),
            ),
            Err(error) => {
                let mfa_token =
                    error.mfa_required().map(MfaRequired::mfa_token).filter(|_| args.print_tokens);
                parts.extend(mfa_token.map(|token| fact("mfa_token", token.expose())));
                parts.push(advice::what_to_do(error, &self.new_code, args.print_tokens));
                parts.extend(request_id_text(error.info()));
            }
        }
        parts.join("\n\n")
    }

    /// The outcome and the new code; no token.
    fn what_happened(&self, args: &RecoverArgs) -> Vec<String> {
        let outcome = match &self.result {
            Ok(_) => "You are in. The code that you typed is used up.".to_owned(),
            Err(error) => advice::what_happened(error),
        };
        [Some(outcome), self.code_text(), self.saved_text(args)].into_iter().flatten().collect()
    }

    fn code_text(&self) -> Option<String> {
        match (&self.new_code, &self.result) {
            (NewCode::Issued(code), _) => Some(format!(
                "YOUR NEW RECOVERY CODE\n\n    {}\n\n\
                 Write it down and keep it in a safe place. It works once, and is not shown again.",
                visible(code.expose())
            )),
            (NewCode::Unreadable(text), result) => Some(format!(
                "Auth0 sent a new recovery code in a form that this program does not know. This is what it sent:\n\n    \
                 {}\n\n\
                 Write it down: it is not shown again.{}",
                visible(text.expose()),
                if result.is_ok() {
                    "\nWhile you are logged in, ask your administrator for a new recovery code."
                } else {
                    ""
                },
            )),
            (NewCode::NotReturned, Ok(_)) => Some(
                "Auth0 sent NO new recovery code, so you have none now. While you are logged in, enrol your new phone\n\
                 or ask your administrator for a new recovery code."
                    .to_owned(),
            ),
            (NewCode::NotReturned, Err(_)) => None,
        }
    }

    fn saved_text(&self, args: &RecoverArgs) -> Option<String> {
        let path = args.save_code.as_ref()?;
        Some(match self.saved.as_ref()? {
            Ok(()) => format!("It is saved in {}.", path.display()),
            Err(not_saved) => format!("{}\nKeep what is above.", not_saved.message()),
        })
    }
}

fn tokens_text(tokens: &TokenSet) -> String {
    let life = tokens.expires_in.map(|life| life.as_secs().to_string());
    [
        ("access_token", Some(tokens.access_token.expose())),
        ("token_type", tokens.token_type.as_deref()),
        ("expires_in", life.as_deref()),
        ("scope", tokens.scope.as_deref()),
        ("id_token", tokens.id_token.as_ref().map(IdToken::expose)),
        ("refresh_token", tokens.refresh_token.as_ref().map(RefreshToken::expose)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some(fact(name, value?)))
    .collect::<Vec<_>>()
    .join("\n")
}

/// A line with something that the server sent.
fn fact(name: &str, value: &str) -> String {
    format!("{name}: {}", visible(value))
}

fn request_id_text(info: Option<&ReplyInfo>) -> Option<String> {
    let id = info?.request_id.as_deref()?;
    Some(format!("For Auth0's support, the request was {}.", visible(id)))
}

/// One line of `--json`; absent facts are left out.
#[derive(Default, Serialize)]
struct Line<'a> {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    http_status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unreadable_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}
