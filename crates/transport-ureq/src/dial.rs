//! Opens connections: name, TCP, TLS, all within the time for connecting.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::Uri;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use crate::builder::after;
use crate::error::Phase;
use crate::journal::Journal;
use crate::link::{Link, Stream};
use crate::resolve::resolve;
use crate::socket::Socket;
use crate::uri::{bare_host, is_plain, port};

#[derive(Clone, Debug)]
pub(crate) struct Dialer {
    tls: Arc<ClientConfig>,
    timeout: Duration,
    journal: Journal,
}

impl Dialer {
    pub(crate) fn new(tls: Arc<ClientConfig>, timeout: Duration) -> Self {
        Self { tls, timeout, journal: Journal::new() }
    }

    /// The same settings and TLS sessions, for another lane.
    pub(crate) fn with_own_journal(&self) -> Self {
        Self { journal: Journal::new(), ..self.clone() }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    fn dial(&self, uri: &Uri) -> io::Result<Link> {
        let deadline = after(Instant::now(), self.timeout).min(self.journal.read().deadline);
        self.enter(Phase::Resolve);
        let mut addresses = resolve(bare_host(uri), port(uri), deadline)?;
        if is_plain(uri) {
            // A host file may send `localhost` elsewhere.
            addresses.retain(|address| address.ip().is_loopback());
        }
        self.enter(Phase::Connect);
        let socket = Socket::connect(&addresses, deadline)?;
        let stream = if is_plain(uri) { Stream::Plain(socket) } else { self.handshake(uri, socket)? };
        self.journal.note(|entry| entry.dialed = true);
        Ok(Link::new(stream, self.journal.clone()))
    }

    fn handshake(&self, uri: &Uri, mut socket: Socket) -> io::Result<Stream> {
        self.enter(Phase::Tls);
        let name = ServerName::try_from(bare_host(uri).to_owned()).map_err(io::Error::other)?;
        let mut connection = ClientConnection::new(Arc::clone(&self.tls), name).map_err(io::Error::other)?;
        connection.complete_io(&mut socket)?;
        Ok(Stream::Tls(Box::new(StreamOwned::new(connection, socket))))
    }

    fn enter(&self, phase: Phase) {
        self.journal.note(|entry| entry.phase = phase);
    }
}

impl Connector for Dialer {
    type Out = Link;

    fn connect(&self, details: &ConnectionDetails<'_>, _: Option<()>) -> Result<Option<Link>, ureq::Error> {
        self.dial(details.uri).map(Some).map_err(ureq::Error::Io)
    }
}

/// ureq resolves before every call, also when a connection is at hand. The dialer does it when it has to.
#[derive(Debug)]
pub(crate) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
