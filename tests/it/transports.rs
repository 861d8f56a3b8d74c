//! The transports behind one function, so that a test says a thing once.

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::reqwest::ReqwestTransport;
use auth0_mfa::transport::AsyncTransport;
use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, AsyncClient, BlockingClient, Call, CallError};
use auth0_mfa_emulator::contract::kit::Terms;

use crate::services::reqwest_settings;

pub(crate) const TRANSPORTS: [&str; 3] = ["hyper", "ureq", "reqwest"];

/// Sends a call over the transport of this name, with further roots where some are given.
pub(crate) fn send<C: Call + Send>(
    transport: &str,
    ca_pem: Option<&str>,
    application: Application,
    call: C,
) -> Result<C::Output, CallError<C>> {
    match transport {
        "hyper" => {
            let mut builder = HyperTransport::builder();
            if let Some(pem) = ca_pem {
                builder = builder.add_root_pem(pem.as_bytes()).unwrap();
            }
            asynchronous(builder.build().unwrap(), application, call)
        }
        "reqwest" => {
            let mut terms = Terms::default();
            terms.authority_pem = ca_pem.map(str::to_owned);
            // A log of all that is sent is asked for, and must not come.
            let settings = reqwest_settings(&terms).connection_verbose(true);
            asynchronous(ReqwestTransport::from_builder(settings).unwrap(), application, call)
        }
        "ureq" => {
            let mut builder = UreqTransport::builder();
            if let Some(pem) = ca_pem {
                builder = builder.add_root_pem(pem.as_bytes()).unwrap();
            }
            BlockingClient::new(builder.build().unwrap(), application).send(call)
        }
        other => panic!("no transport is called {other}"),
    }
}

pub(crate) fn asynchronous<C: Call + Send>(
    transport: impl AsyncTransport,
    application: Application,
    call: C,
) -> Result<C::Output, CallError<C>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(AsyncClient::new(transport, application).send(call))
}
