//! Both transports behind one function, so that a test says a thing once.

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, AsyncClient, BlockingClient, Call, CallError};

pub(crate) const TRANSPORTS: [&str; 2] = ["hyper", "ureq"];

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
            let client = AsyncClient::new(builder.build().unwrap(), application);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(client.send(call))
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
