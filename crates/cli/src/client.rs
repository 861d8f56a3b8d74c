//! One client for the command, on either transport.

use std::path::Path;
use std::time::Duration;

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, AsyncClient, BlockingClient, Call, CallError};

use crate::args::TransportKind;
use crate::input;
use crate::usage::Usage;

pub(crate) struct Client(Inner);

enum Inner {
    Hyper { runtime: tokio::runtime::Runtime, client: AsyncClient<HyperTransport> },
    Ureq { client: BlockingClient<UreqTransport> },
}

/// How the transport is set up, whichever it is.
#[derive(Clone, Copy, Default)]
pub(crate) struct Settings<'a> {
    /// How long a whole call may take.
    pub(crate) timeout: Option<Duration>,
    /// A PEM file with further roots.
    pub(crate) ca_file: Option<&'a Path>,
}

impl Client {
    pub(crate) fn new(
        kind: TransportKind,
        application: Application,
        settings: Settings<'_>,
    ) -> Result<Self, Usage> {
        let roots = settings.ca_file.map(|path| input::bytes_of_file("--ca-file", path)).transpose()?;
        let roots = roots.as_ref().map(|pem| pem.as_slice());
        match kind {
            TransportKind::Hyper => Self::hyper(application, settings.timeout, roots),
            TransportKind::Ureq => Self::ureq(application, settings.timeout, roots),
        }
    }

    fn hyper(
        application: Application,
        timeout: Option<Duration>,
        roots: Option<&[u8]>,
    ) -> Result<Self, Usage> {
        let mut builder = HyperTransport::builder();
        if let Some(timeout) = timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(roots) = roots {
            builder = builder.add_root_pem(roots).map_err(|error| Usage::caused("--ca-file", &error))?;
        }
        let transport = builder.build().map_err(|error| Usage::caused("--transport hyper", &error))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Usage::caused("--transport hyper", &error))?;
        Ok(Self(Inner::Hyper { runtime, client: AsyncClient::new(transport, application) }))
    }

    fn ureq(
        application: Application,
        timeout: Option<Duration>,
        roots: Option<&[u8]>,
    ) -> Result<Self, Usage> {
        let mut builder = UreqTransport::builder();
        if let Some(timeout) = timeout {
            builder = builder.timeout(timeout);
        }
        if let Some(roots) = roots {
            builder = builder.add_root_pem(roots).map_err(|error| Usage::caused("--ca-file", &error))?;
        }
        let transport = builder.build().map_err(|error| Usage::caused("--transport ureq", &error))?;
        Ok(Self(Inner::Ureq { client: BlockingClient::new(transport, application) }))
    }

    /// Sends a call, once.
    pub(crate) fn send<C: Call + Send>(&self, call: C) -> Result<C::Output, CallError<C>> {
        match &self.0 {
            Inner::Hyper { runtime, client } => runtime.block_on(client.send(call)),
            Inner::Ureq { client } => client.send(call),
        }
    }
}
