//! Log in with a recovery code over the browser's `fetch`: `auth0-mfa-core` alone, without wasm-bindgen.
//!
//! The module imports nothing. `recover.mjs` takes the request out of it, hands it to `fetch` and says what became of
//! it: `begin`, then `answered` or `lost`. There is no `not_sent`: a `fetch` that is rejected proves nothing.

mod door;
mod message;

use std::cell::RefCell;
use std::error::Error;

use auth0_mfa_core::{
    Application, Body, CallError, CallOptions, ClientAuth, ClientId, Domain, MfaToken, NewCode, Pending,
    RecoveryCode, RecoveryCodeAccepted, VerifyWithRecoveryCode,
};

type Outcome = Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>;

thread_local! {
    /// The call that is on its way.
    static PENDING: RefCell<Option<Pending<VerifyWithRecoveryCode>>> = const { RefCell::new(None) };
}

/// Takes four lines: domain, client ID, `mfa_token` and recovery code. Leaves the request; or, when the answer is no,
/// why there is none.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn begin() -> bool {
    match try_begin(&door::take()) {
        Ok((request, pending)) => {
            door::leave(message::of_request(&request));
            PENDING.set(Some(pending));
            true
        }
        Err(error) => {
            door::leave(Body::from(error.to_string().into_bytes()));
            false
        }
    }
}

/// Takes a reply that was read to its end. Leaves the account of what came of the call.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn answered() {
    let text = door::take();
    finish(|pending| match message::reply(text.expose()) {
        Some(reply) => pending.answered(reply),
        None => pending.lost("the reply cannot be read", None),
    });
}

/// Takes what was read of a reply, nothing when its head was not. Leaves the account of what came of the call.
#[allow(unsafe_code, reason = "a name for the host; no other function of the program has it")]
#[unsafe(no_mangle)]
pub extern "C" fn lost() {
    let text = door::take();
    finish(|pending| pending.lost("fetch was rejected", message::reply(text.expose())));
}

fn try_begin(lines: &Body) -> Result<(http::Request<Body>, Pending<VerifyWithRecoveryCode>), Box<dyn Error>> {
    let mut lines = std::str::from_utf8(lines.expose())?.lines();
    let mut line = || lines.next().unwrap_or_default();
    let application = Application::new(Domain::parse(line())?, ClientId::parse(line())?, ClientAuth::None);
    let call = VerifyWithRecoveryCode::new(MfaToken::parse(line())?, RecoveryCode::parse(line())?);
    Ok(auth0_mfa_core::begin(call, &application, CallOptions::default()))
}

fn finish(outcome: impl FnOnce(Pending<VerifyWithRecoveryCode>) -> Outcome) {
    let account = match PENDING.take() {
        Some(pending) => account(outcome(pending)),
        None => "no call was begun\n".to_owned(),
    };
    door::leave(Body::from(account.into_bytes()));
}

/// What the page shows; one of its own would hand out the parts.
fn account(outcome: Outcome) -> String {
    match outcome {
        Ok(accepted) => {
            let (_tokens, new_code) = accepted.into_parts();
            format!("accepted; the code is spent\n{}", shown(&new_code))
        }
        Err(mut error) => {
            let new_code = error.take_new_code();
            format!("{error}; the code is {}\n{}", error.code_state(), shown(&new_code))
        }
    }
}

fn shown(new_code: &NewCode) -> String {
    match new_code {
        NewCode::Issued(code) => format!("new code: {}\n", code.expose()),
        NewCode::NotReturned => "new code: none\n".to_owned(),
        NewCode::Unreadable(text) => format!("new code, unreadable: {}\n", text.expose()),
    }
}
