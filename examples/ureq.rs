//! Log in with a recovery code, blocking.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::error::Error;

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, BlockingClient, ClientAuth, ClientId, Domain, MfaToken, NewCode, RecoveryCode};

fn main() -> Result<(), Box<dyn Error>> {
    let application = Application::new(
        Domain::parse(&std::env::var("AUTH0_DOMAIN")?)?,
        ClientId::parse(std::env::var("AUTH0_CLIENT_ID")?)?,
        ClientAuth::None,
    );
    let client = BlockingClient::new(UreqTransport::new()?, application);
    let mfa_token = MfaToken::parse(std::env::var("AUTH0_MFA_TOKEN")?)?;
    let recovery_code = RecoveryCode::parse(&std::io::read_to_string(std::io::stdin())?)?;

    match client.verify_with_recovery_code(mfa_token, recovery_code) {
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
    Ok(())
}

fn show(new_code: &NewCode) {
    match new_code {
        NewCode::Issued(code) => println!("new code: {}", code.expose()),
        NewCode::NotReturned => println!("new code: none"),
        NewCode::Unreadable(text) => println!("new code, unreadable: {}", text.expose()),
    }
}
