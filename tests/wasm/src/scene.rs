//! One sending of a recovery code: the request, what happened to it, and the outcome.
//!
//! A scene is a line that says what happened, `answered`, `lost` or `not_sent`, behind `in_doubt` when an earlier
//! sending of the code is; then, when there is a reply, its status, its headers, an empty line and its body.

use std::fmt::Write;

use auth0_mfa_core::{
    Application, Body, CallError, CallOptions, ClientAuth, ClientId, ClientSecret, Domain, MfaToken, NewCode,
    Pending, RecoveryCode, RecoveryCodeAccepted, VerifyWithRecoveryCode, begin,
};

type Fault = Box<dyn std::error::Error>;
type Outcome = Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>;

/// The account of a scene: the request as it travels, and every fact of the outcome, a line each.
pub fn play(scene: &[u8]) -> String {
    try_play(scene).unwrap_or_else(|fault| format!("no scene: {fault}\n"))
}

fn try_play(scene: &[u8]) -> Result<String, Fault> {
    let (happened, reply) = split_at_line(scene).ok_or("it has no line")?;
    let (happened, in_doubt) = match happened.strip_prefix("in_doubt ") {
        Some(happened) => (happened, true),
        None => (happened, false),
    };
    let (request, pending) = begin(call(in_doubt)?, &application()?, options());
    let reply = (!reply.is_empty()).then(|| read_reply(reply)).transpose()?;
    let outcome = finish(pending, happened, reply)?;
    Ok(account_of_request(&request)? + &account_of_outcome(outcome)?)
}

fn finish(
    pending: Pending<VerifyWithRecoveryCode>,
    happened: &str,
    reply: Option<http::Response<&[u8]>>,
) -> Result<Outcome, Fault> {
    match (happened, reply) {
        ("answered", Some(reply)) => Ok(pending.answered(reply)),
        ("lost", reply) => Ok(pending.lost("the connection broke", reply)),
        ("not_sent", None) => Ok(pending.not_sent("the connection was refused")),
        _ => Err("nothing of the kind happens".into()),
    }
}

/// The values of the corpus, and an application that proves itself.
fn application() -> Result<Application, Fault> {
    let secret = ClientSecret::parse("fake-secret")?;
    let domain = Domain::parse("tenant.eu.auth0.com")?;
    Ok(Application::new(domain, ClientId::parse("fakeClientId")?, ClientAuth::SecretBasic(secret)))
}

fn call(in_doubt: bool) -> Result<VerifyWithRecoveryCode, Fault> {
    let mfa_token = MfaToken::parse("Fe26.2*FAKEMFATOKEN")?;
    let call = VerifyWithRecoveryCode::new(mfa_token, RecoveryCode::parse("FAKEOLDCODE0000000000000")?);
    Ok(if in_doubt { call.earlier_sending_in_doubt() } else { call })
}

fn options() -> CallOptions {
    CallOptions::default().forwarded_for([192, 0, 2, 1].into())
}

fn read_reply(mut text: &[u8]) -> Result<http::Response<&[u8]>, Fault> {
    let mut line = || -> Result<&str, Fault> {
        let (line, rest) = split_at_line(text).ok_or("its reply has no body")?;
        text = rest;
        Ok(line)
    };
    let mut reply = http::Response::builder().status(line()?);
    loop {
        match line()?.split_once(": ") {
            Some((name, value)) => reply = reply.header(name, value),
            None => return Ok(reply.body(text)?),
        }
    }
}

fn split_at_line(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = text.iter().position(|&byte| byte == b'\n')?;
    let (line, rest) = text.split_at_checked(end)?;
    Some((std::str::from_utf8(line).ok()?, rest.get(1..)?))
}

fn account_of_request(request: &http::Request<Body>) -> Result<String, Fault> {
    let mut account = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        writeln!(account, "{name}: {}", value.to_str()?)?;
    }
    writeln!(account, "\n{}\n", std::str::from_utf8(request.body().expose())?)?;
    Ok(account)
}

fn account_of_outcome(outcome: Outcome) -> Result<String, Fault> {
    match outcome {
        Ok(accepted) => {
            let (tokens, new_code) = accepted.into_parts();
            let mut account = format!("outcome=accepted\naccess_token={}\n", tokens.access_token.expose());
            writeln!(account, "debug={tokens:?}")?;
            Ok(account + &account_of_new_code(&new_code)?)
        }
        Err(mut error) => {
            let outcome = match &error {
                error if error.mfa_required().is_some() => "mfa_required",
                CallError::Api(_) => "refused",
                CallError::InDoubt(_) => "in_doubt",
                CallError::Malformed(_) => "malformed",
                CallError::NotSent(_) => "not_sent",
            };
            let mut account = format!("outcome={outcome}\ncode_state={}\n", error.code_state());
            writeln!(account, "display={error}\ndebug={error:?}")?;
            Ok(account + &account_of_new_code(&error.take_new_code())?)
        }
    }
}

fn account_of_new_code(new_code: &NewCode) -> Result<String, Fault> {
    let mut account = String::new();
    match new_code {
        NewCode::Issued(code) => writeln!(account, "new_code=issued\nrecovery_code={}", code.expose())?,
        NewCode::Unreadable(text) => {
            writeln!(account, "new_code=unreadable\nrecovery_code_json={}", text.expose())?;
        }
        NewCode::NotReturned => writeln!(account, "new_code=not_returned")?,
    }
    Ok(account)
}
