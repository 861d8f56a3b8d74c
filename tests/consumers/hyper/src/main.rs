use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::transport::AsyncTransport;
use auth0_mfa::{Application, AsyncClient, ClientAuth, ClientId, CodeState, Domain, MfaToken, RecoveryCode};

/// What an application keeps in its state: a client whose transport was chosen at start.
struct State {
    client: AsyncClient,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let domain = format!("http://{}", listener.local_addr()?);
    let server = std::thread::spawn(move || answer_once(&listener));

    let application = Application::new(Domain::parse(&domain)?, ClientId::parse("fake")?, ClientAuth::None);
    let transport: Arc<dyn AsyncTransport> = Arc::new(HyperTransport::new()?);
    let state = State { client: AsyncClient::new(transport, application) };

    let code = || RecoveryCode::parse("FAKERECOVERYCODE00000000");
    let token = MfaToken::parse("Fe26.2*FAKE")?;
    let (_tokens, new_code) = state.client.verify_with_recovery_code(token.clone(), code()?).await?.into_parts();
    assert_eq!(new_code.issued().map(RecoveryCode::expose), Some("FAKENEXTCODE000000000000"));

    server.join().expect("the server ends")?; // the port is closed now
    let error = state.client.verify_with_recovery_code(token, code()?).await.expect_err("nobody listens");
    assert_eq!(error.code_state(), CodeState::Intact);
    println!("hyper: ok");
    Ok(())
}

fn answer_once(listener: &TcpListener) -> std::io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let _ = stream.read(&mut [0; 4096])?;
    let body = r#"{"access_token":"fake","recovery_code":"FAKENEXTCODE000000000000"}"#;
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}
