//! `cargo run -p recovery-web`: starts the application, on this machine alone.

#![allow(clippy::print_stdout)] // it says where it is

use std::env::{self, VarError};
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::transport::AsyncTransport;
use auth0_mfa::{Application, AsyncClient, ClientAuth, ClientId, ClientSecret, Domain};
use auth0_mfa_emulator::EmulatorServer;
use recovery_web::{Origin, Sessions, application};
use tokio::net::TcpListener;

type AnyError = Box<dyn Error>;

#[tokio::main]
async fn main() -> Result<(), AnyError> {
    let (tenant, _emulator) = match variable("AUTH0_DOMAIN")? {
        Some(domain) => (tenant_of_environment(&domain)?, None),
        None => {
            let emulator = EmulatorServer::start()?;
            (demo_tenant(&emulator)?, Some(emulator))
        }
    };
    let port = variable("RECOVERY_WEB_PORT")?.map_or(Ok(0), |port| port.parse::<u16>())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let own_origin = format!("http://{}", listener.local_addr()?);
    let origin = variable("RECOVERY_WEB_ORIGIN")?.unwrap_or(own_origin);
    let seen_at = Origin::parse(&origin).map_err(|error| format!("RECOVERY_WEB_ORIGIN is {error}"))?;

    let transport = Arc::new(HyperTransport::new()?) as Arc<dyn AsyncTransport>;
    let client = AsyncClient::new(transport, tenant);
    let application = application(client, Sessions::new(Instant::now), seen_at);
    println!("Open {origin}");
    axum::serve(listener, application).await?;
    Ok(())
}

fn tenant_of_environment(domain: &str) -> Result<Application, AnyError> {
    let client_id = ClientId::parse(variable("AUTH0_CLIENT_ID")?.ok_or("AUTH0_CLIENT_ID is not set")?)?;
    let auth = match variable("AUTH0_CLIENT_SECRET")? {
        Some(secret) => ClientAuth::SecretPost(ClientSecret::parse(secret)?),
        None => ClientAuth::None,
    };
    Ok(Application::new(Domain::parse(domain)?, client_id, auth))
}

/// The emulator's tenant for demonstrations, and the one user in it who is enrolled.
fn demo_tenant(emulator: &EmulatorServer) -> Result<Application, AnyError> {
    const USER: &str = "alice@example.com";
    let code = emulator.with_tenant(|tenant, _| {
        let code = tenant.user(USER)?.recovery_code()?;
        Some(code.expose().to_owned())
    });
    let code = code.ok_or("the emulator has no recovery code")?;
    println!("User {USER}\nPassword fake-password-alice\nRecovery code {code}");

    let secret = ClientSecret::parse("fake-client-secret")?;
    let client_id = ClientId::parse("confidential-app")?;
    Ok(Application::new(Domain::parse(&emulator.base_url())?, client_id, ClientAuth::SecretPost(secret)))
}

/// An unset variable is none; one that is no text is an error.
fn variable(name: &str) -> Result<Option<String>, AnyError> {
    match env::var(name) {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(format!("{name} is not text").into()),
    }
}
