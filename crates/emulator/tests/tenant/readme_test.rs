use auth0_mfa::{BlockingClient, FirstFactor, Password, RecoveryCode};
use auth0_mfa_emulator::{EmulatorTransport, Fault, FaultRule};

// The screen that is tested: yours.
fn screen(client: &BlockingClient<EmulatorTransport>, typed: &str) -> String {
    let login = client.password_grant("alice@example.com", Password::new("fake-password-alice"));
    let Ok(FirstFactor::MfaRequired(mfa)) = login else { return "Please log in again".to_owned() };
    match client.verify_with_recovery_code(mfa.mfa_token().clone(), RecoveryCode::verbatim(typed)) {
        Ok(accepted) => format!("Keep your new code: {}", accepted.into_parts().1.issued().unwrap().expose()),
        Err(error) => format!("{:?}", error.code_state()),
    }
}

#[test]
fn a_reply_that_is_lost_is_not_taken_for_a_wrong_code() {
    let emulator = EmulatorTransport::demo().unwrap();
    let client = BlockingClient::new(emulator.clone(), emulator.application("public-app").unwrap());
    let code = || emulator.recovery_code("alice@example.com").unwrap().expose().to_owned();
    let first = code();
    assert_eq!(screen(&client, &first), format!("Keep your new code: {}", code()));
    assert_eq!(screen(&client, &first), "NotAccepted");
    emulator.plan(FaultRule::new(Fault::DropAfter).nth(2)); // The first request is the login.
    assert_eq!(screen(&client, &code()), "Unknown");
}
