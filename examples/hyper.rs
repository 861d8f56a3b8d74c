//! Log in with a recovery code, on tokio. The call is a task of its own: should the caller be dropped (a web
//! framework drops a handler when the browser goes away), the new code is not lost.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::error::Error;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::{
    Application, AsyncClient, CallError, ClientAuth, ClientId, Domain, MfaToken, NewCode, RecoveryCode,
    RecoveryCodeAccepted, VerifyWithRecoveryCode,
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

    let recovery = tokio::spawn(async move {
        let result = client.verify_with_recovery_code(mfa_token, recovery_code).await;
        store(result); // in the task, so that it happens whoever waits for it
    });
    recovery.await?;
    Ok(())
}

/// A real application writes the new code where the user will find it, and asks for a confirmation.
fn store(result: Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>>) {
    match result {
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
