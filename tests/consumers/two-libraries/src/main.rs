use std::net::TcpListener;

use auth0_mfa::{Application, ClientAuth, ClientId, CodeState, Domain, MfaToken, RecoveryCode};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port(); // closed again
    let domain = Domain::parse(&format!("http://127.0.0.1:{port}"))?;
    let application = Application::new(domain, ClientId::parse("fake")?, ClientAuth::None);
    let token = MfaToken::parse("Fe26.2*FAKE")?;
    let code = || RecoveryCode::parse("FAKERECOVERYCODE00000000");

    let on_hyper = library_on_hyper::client(application.clone());
    let error = on_hyper.verify_with_recovery_code(token.clone(), code()?).await.expect_err("nobody listens");
    assert_eq!(error.code_state(), CodeState::Intact);

    let on_ureq = library_on_ureq::client(application);
    let error = on_ureq.verify_with_recovery_code(token, code()?).expect_err("nobody listens");
    assert_eq!(error.code_state(), CodeState::Intact);
    println!("two-libraries: ok");
    Ok(())
}
