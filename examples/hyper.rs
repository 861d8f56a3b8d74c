//! Log in with a recovery code, on tokio. The call is a task of its own: should the caller be dropped (a web
//! framework drops a handler when the browser goes away), the call runs to its end, and `store` gets the outcome.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::error::Error;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::{
    Application, AsyncClient, ClientAuth, ClientId, Domain, MfaToken, NewCode, Outcome, RecoveryCode,
    VerifyWithRecoveryCode,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let application = Application::new(
        Domain::parse(&std::env::var("AUTH0_DOMAIN")?)?,
        ClientId::parse(std::env::var("AUTH0_CLIENT_ID")?)?,
        ClientAuth::None,
    );
    let client = AsyncClient::new(HyperTransport::new()?, application);
    let mfa_token = MfaToken::parse(std::env::var("AUTH0_MFA_TOKEN")?)?;
    let recovery_code = RecoveryCode::parse(&std::io::read_to_string(std::io::stdin())?)?;

    let spawn = |task| drop(tokio::spawn(task));
    let recovery = client.verify_with_recovery_code_detached(mfa_token, recovery_code, spawn, store);
    store(recovery.await);
    Ok(())
}

/// A real application writes the new code where the user will find it, and asks for a confirmation.
fn store(outcome: Outcome<VerifyWithRecoveryCode>) {
    match outcome {
        Ok(accepted) => {
            let (_tokens, new_code) = accepted.into_parts();
            println!("accepted");
            show(&new_code);
        }
        Err(error) => {
            println!("{error}; the code is {}", error.code_state());
            error.new_code().into_iter().for_each(show);
        }
    }
}

fn show(new_code: &NewCode) {
    match new_code {
        NewCode::Issued(code) => println!("new code: {}", code.expose()),
        NewCode::NotReturned => println!("new code: none"),
        NewCode::Unreadable(text) => println!("new code, unreadable: {}", text.expose()),
    }
}
