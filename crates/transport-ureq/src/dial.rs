//! Opens connections: name, TCP, proxy, TLS, all within the time for connecting.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use auth0_mfa_transport::{Deadline, Origin, Phase, Settings};
use http::Uri;
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{ConnectionDetails, Connector, NextTimeout};

use crate::journal::Journal;
use crate::link::{Link, Stream};
use crate::names::Names;
use crate::socket::Socket;
use crate::tunnel;

#[derive(Clone)]
pub(crate) struct Dialer {
    settings: Arc<Settings>,
    names: Arc<Names>,
    journal: Journal,
}

impl Dialer {
    pub(crate) fn new(settings: Arc<Settings>) -> Self {
        Self { settings, names: Arc::new(Names::new()), journal: Journal::new() }
    }

    /// The same settings, TLS sessions and addresses, for another lane.
    pub(crate) fn with_own_journal(&self) -> Self {
        Self { journal: Journal::new(), ..self.clone() }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    fn dial(&self, uri: &Uri) -> io::Result<Link> {
        let origin = Origin::of(uri).map_err(io::Error::other)?;
        let deadline = self.journal.read().deadline.for_connecting(self.settings.connect_timeout);
        let socket = match self.settings.proxies.of(&origin) {
            None => self.connect(origin.host(), origin.port(), |address| origin.allows(address), deadline)?,
            Some(proxy) => {
                let mut socket = self.connect(proxy.host(), proxy.port(), |_| true, deadline)?;
                self.enter(Phase::Proxy);
                tunnel::open(&mut socket, proxy, &origin)?;
                socket
            }
        };
        let stream = if origin.is_plain() { Stream::Plain(socket) } else { self.handshake(&origin, socket)? };
        self.journal.note(|entry| {
            entry.dialed = true;
            entry.opened = Some(Instant::now());
        });
        Ok(Link::new(stream, self.settings.max_reply_head_bytes, self.journal.clone()))
    }

    /// Connects to a host. Remembered addresses get half of the time: those that swallow packets by now leave the other
    /// half to what the name has beside them.
    fn connect(
        &self,
        host: &str,
        port: u16,
        allowed: impl Fn(IpAddr) -> bool,
        deadline: Deadline,
    ) -> io::Result<Socket> {
        let try_all = |addresses: &[SocketAddr], until: Deadline| {
            self.enter(Phase::Connect);
            let addresses: Vec<_> =
                addresses.iter().copied().filter(|address| allowed(address.ip())).collect();
            let (mut socket, answered) = Socket::connect(&addresses, until)?;
            socket.work_until(deadline)?;
            Ok::<_, io::Error>((socket, answered))
        };
        let known = self.names.known(host, port).unwrap_or_default();
        if !known.is_empty() {
            let half = deadline.for_connecting(deadline.remaining()? / 2);
            if let Ok((socket, answered)) = try_all(&known, half) {
                self.names.prefer(host, port, answered);
                return Ok(socket);
            }
            self.names.forget(host, port);
        }
        self.enter(Phase::Resolve);
        let mut addresses = self.names.look_up(host, port, deadline)?;
        addresses.sort_by_key(|address| known.contains(address));
        let (socket, answered) = try_all(&addresses, deadline)?;
        self.names.remember(host, port, addresses);
        self.names.prefer(host, port, answered);
        Ok(socket)
    }

    fn handshake(&self, origin: &Origin, mut socket: Socket) -> io::Result<Stream> {
        self.enter(Phase::Tls);
        let name = ServerName::try_from(origin.host().to_owned()).map_err(io::Error::other)?;
        let mut connection =
            ClientConnection::new(Arc::clone(&self.settings.tls), name).map_err(io::Error::other)?;
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

/// ureq asks for it; keys and passwords are none of its business.
impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
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

#[cfg(test)]
#[cfg(feature = "ring")]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use auth0_mfa_emulator::contract::BlackHole;
    use auth0_mfa_transport::Exceeded;

    use super::*;

    /// A dialer for which every name has these addresses, and how often it looked one up.
    fn dialer(addresses: Vec<SocketAddr>) -> (Dialer, Arc<AtomicUsize>) {
        let lookups = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&lookups);
        let names = Names::with(Duration::from_secs(3600), move |_, _| {
            count.fetch_add(1, Ordering::SeqCst);
            Ok(addresses.clone())
        });
        let settings = auth0_mfa_transport::Builder::new(|settings| settings).build().expect("the defaults");
        (Dialer { names: Arc::new(names), ..Dialer::new(Arc::new(settings)) }, lookups)
    }

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("has an address");
        (listener, address)
    }

    fn connect(dialer: &Dialer) -> io::Result<Socket> {
        connect_until(dialer, Deadline::of_call(Duration::from_secs(20)))
    }

    fn connect_until(dialer: &Dialer, deadline: Deadline) -> io::Result<Socket> {
        dialer.connect("tenant.test", 443, |_| true, deadline)
    }

    #[test]
    fn a_name_that_answered_is_not_looked_up_again() {
        let (_open, answering) = listener();
        let (dialer, lookups) = dialer(vec![answering]);
        for lane in [&dialer, &dialer, &dialer.with_own_journal()] {
            connect(lane).expect("somebody listens");
        }
        assert_eq!(lookups.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn addresses_that_do_not_answer_any_more_are_looked_up_anew() {
        let (_open, answering) = listener();
        let silent = listener().1;
        let (dialer, lookups) = dialer(vec![answering]);
        dialer.names.remember("tenant.test", 443, vec![silent]);
        connect(&dialer).expect("somebody listens");
        assert_eq!(lookups.load(Ordering::SeqCst), 1);
        assert_eq!(dialer.names.known("tenant.test", 443), Some(vec![answering]));
    }

    #[test]
    fn a_remembered_address_that_swallows_packets_leaves_time_for_the_others_of_its_name() {
        let hole = match BlackHole::open() {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return,
            hole => hole.expect("a free port"),
        };
        let (_open, answering) = listener();
        let silent = listener().1;
        let (dialer, lookups) = dialer(vec![hole.address(), silent, answering]);
        dialer.names.remember("tenant.test", 443, vec![hole.address()]);
        connect_until(&dialer, Deadline::of_call(Duration::from_secs(4))).expect("somebody listens");
        assert_eq!(lookups.load(Ordering::SeqCst), 1);
        assert_eq!(dialer.names.known("tenant.test", 443), Some(vec![answering, silent, hole.address()]));
    }

    #[test]
    fn the_address_that_answered_is_the_first_to_be_tried_the_next_time() {
        let (_open, answering) = listener();
        let silent = listener().1;
        let (dialer, lookups) = dialer(vec![silent, answering]);
        for remembered in [None, Some(vec![silent, answering])] {
            if let Some(addresses) = remembered {
                dialer.names.remember("tenant.test", 443, addresses);
            }
            connect(&dialer).expect("somebody listens");
            assert_eq!(dialer.names.known("tenant.test", 443), Some(vec![answering, silent]));
        }
        assert_eq!(lookups.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn what_follows_on_a_remembered_address_has_the_whole_time() {
        let limit = Duration::from_millis(500);
        let (_open, answering) = listener();
        let (dialer, _) = dialer(vec![]);
        dialer.names.remember("tenant.test", 443, vec![answering]);
        let mut socket = connect_until(&dialer, Deadline::of_call(limit)).expect("somebody listens");
        let error = socket.read(&mut [0]).expect_err("nothing comes");
        assert_eq!(error.downcast::<Exceeded>().expect("says why"), Exceeded::CallTime(limit));
    }

    #[test]
    fn addresses_that_never_answered_are_not_remembered() {
        let (dialer, lookups) = dialer(vec![listener().1]);
        for round in 1..=2 {
            assert!(connect(&dialer).is_err());
            assert_eq!(lookups.load(Ordering::SeqCst), round);
            assert_eq!(dialer.journal().read().phase, Phase::Connect);
        }
        dialer.names.remember("tenant.test", 443, vec![listener().1]);
        assert!(connect(&dialer).is_err());
        assert_eq!(dialer.names.known("tenant.test", 443), None);
    }

    /// A hosts file may send `localhost` elsewhere.
    #[test]
    fn http_goes_to_no_other_machine_whatever_its_name_is_resolved_to() {
        let (dialer, lookups) = dialer(vec![SocketAddr::from(([192, 0, 2, 1], 80))]);
        dialer.journal.begin(Deadline::of_call(Duration::from_secs(20)), 0, false);
        let error = dialer.dial(&Uri::from_static("http://localhost/")).map(drop).expect_err("is elsewhere");
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert_eq!(lookups.load(Ordering::SeqCst), 1);
    }
}
