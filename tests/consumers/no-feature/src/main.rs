use auth0_mfa::transport::from_blocking_fn;
use auth0_mfa::{
    Application, BlockingClient, Body, ClientAuth, ClientId, Domain, MfaToken, NewCode, RecoveryCode,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tenant = from_blocking_fn(|request| {
        assert_eq!(request.uri(), "https://tenant.eu.auth0.com/oauth/token");
        let reply = br#"{"access_token":"fake","recovery_code":"FAKENEXTCODE000000000000"}"#;
        Ok(http::Response::new(Body::from(reply.to_vec())))
    });
    let application =
        Application::new(Domain::parse("tenant.eu.auth0.com")?, ClientId::parse("fake")?, ClientAuth::None);
    let client = BlockingClient::new(tenant, application);

    let code = RecoveryCode::parse("FAKERECOVERYCODE00000000")?;
    let accepted = client.verify_with_recovery_code(MfaToken::parse("Fe26.2*FAKE")?, code)?;
    let (_tokens, new_code) = accepted.into_parts();
    assert!(matches!(new_code, NewCode::Issued(code) if code.expose() == "FAKENEXTCODE000000000000"));
    println!("no-feature: ok");
    Ok(())
}
