//! The server: accepts connections, plays a script on each, and tells what it saw.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::certificates::Certificates;
use super::connection::Connection;
use super::script::Scripts;
use super::socket::Socket;
use super::state::{Shared, State};
use super::tls::Greeting;
use super::unreachable::bind;
use super::{Outcome, Seen, Tls};

/// How long it waits when a connection cannot be accepted, for want of a file descriptor for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(1);

/// How long a question waits for its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server on a free port of 127.0.0.1 that plays a [`Script`](super::Script) on each connection.
///
/// Each connection has a thread of its own. Dropping the server closes every connection and ends every thread, at most
/// ten seconds later (a function in [`Scripts`] that hangs is left behind).
#[derive(Debug)]
pub struct ScriptedServer {
    state: Arc<State>,
    address: SocketAddr,
    origin: String,
    pems: Option<Pems>,
    alarm: Alarm,
}

struct Pems {
    authority: String,
    client: String,
}

impl std::fmt::Debug for Pems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pems")
    }
}

impl ScriptedServer {
    /// A server without TLS.
    ///
    /// # Errors
    /// When the system gives no port or no thread.
    pub fn plain(scripts: impl Into<Scripts>) -> io::Result<Self> {
        Self::start(scripts.into(), Greeting::Plain, "http://127.0.0.1", None)
    }

    /// A server with TLS 1.2 and 1.3, and new certificates.
    ///
    /// # Errors
    /// When the system gives no port or no thread, or a certificate cannot be made.
    pub fn tls(scripts: impl Into<Scripts>, tls: Tls) -> io::Result<Self> {
        Self::with_certificates(scripts, tls, &Certificates::make(tls)?)
    }

    /// The same with certificates that were made before, for `tls`.
    pub(super) fn with_certificates(
        scripts: impl Into<Scripts>,
        tls: Tls,
        certificates: &Certificates,
    ) -> io::Result<Self> {
        let pems =
            Pems { authority: certificates.authority_pem.clone(), client: certificates.client_pem.clone() };
        let greeting = Greeting::new(tls, certificates.config.clone());
        Self::start(scripts.into(), greeting, "https://localhost", Some(pems))
    }

    fn start(scripts: Scripts, greeting: Greeting, host: &str, pems: Option<Pems>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let alarm = Alarm::new()?;
        let state = Arc::new(State::new());
        let play = Arc::new(Play { state: state.clone(), scripts, greeting, alarm: alarm.address });
        spawn(move || play.accept_all(listener))?;
        Ok(Self { state, address, origin: format!("{host}:{}", address.port()), pems, alarm })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`; with TLS `https://localhost:PORT`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The certificate of the authority that a client is to trust, as PEM; `None` without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.pems.as_ref().map(|pems| pems.authority.as_str())
    }

    /// A certificate of the same authority for the client, and its key, as PEM; `None` without TLS. Servers with
    /// [`Tls::ClientCertificate`] ask for it.
    pub fn client_pem(&self) -> Option<&str> {
        self.pems.as_ref().map(|pems| pems.client.as_str())
    }

    /// How many connections were accepted. A connection that its client sees established may not be among them yet.
    pub fn connections(&self) -> usize {
        self.state.look(|shared| shared.connections.len())
    }

    /// What was seen of a connection so far; `None` when there was no such connection.
    pub fn seen(&self, connection: usize) -> Option<Seen> {
        self.state.look(|shared| shared.connections.get(connection).cloned())
    }

    /// Waits until this many bytes were seen on a connection, or it is over; `None` when neither happens within ten
    /// seconds.
    pub fn wait_for_bytes(&self, connection: usize, count: usize) -> Option<Seen> {
        self.wait_for(connection, |seen| seen.bytes.len() >= count || seen.outcome.is_some())
    }

    /// Waits until a connection is over: its script was played or left, and its socket is closed. `None` when that does
    /// not happen within ten seconds.
    pub fn wait_for_end(&self, connection: usize) -> Option<Seen> {
        self.wait_for(connection, |seen| seen.outcome.is_some())
    }

    /// Stops, and gives what was seen of each connection. Bytes that had arrived are read first, except where a script
    /// ended with [`Abandon`](super::End::Abandon) or [`Reset`](super::End::Reset) before.
    ///
    /// Everything that a client had sent before is in it when the client has closed, too; of one that is still sending
    /// it has a part.
    pub fn finish(self) -> Vec<Seen> {
        self.stop();
        self.state.look(|shared| shared.connections.clone())
    }

    fn wait_for(&self, connection: usize, is_enough: impl Fn(&Seen) -> bool) -> Option<Seen> {
        self.state.wait_until(PATIENCE, |shared| {
            shared.connections.get(connection).filter(|seen| is_enough(seen)).cloned()
        })
    }

    /// Every wait of a thread ends soon after the stop; the patience is for what nobody foresaw.
    fn stop(&self) {
        self.state.stop();
        self.alarm.ring(self.address);
        self.state.wait_until(PATIENCE, |shared: &Shared| shared.is_over().then_some(()));
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The last connection that a server accepts, which is its own: it ends the wait in `accept`, as no other portable call
/// does. Connections are accepted in the order in which they were established, so all that came before were accepted.
#[derive(Debug)]
struct Alarm {
    socket: socket2::Socket,
    address: SocketAddr,
}

impl Alarm {
    fn new() -> io::Result<Self> {
        let (socket, address) = bind()?;
        Ok(Self { socket, address })
    }

    fn ring(&self, server: SocketAddr) {
        // When it cannot be heard, the server has stopped already, or is left behind.
        let _ = self.socket.connect_timeout(&server.into(), PATIENCE);
    }
}

/// What the threads of a server do.
struct Play {
    state: Arc<State>,
    scripts: Scripts,
    greeting: Greeting,
    /// Where the last connection comes from.
    alarm: SocketAddr,
}

impl Play {
    /// Accepts until the server stops, and then those that were established before.
    fn accept_all(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept() {
                Ok((_, peer)) if peer == self.alarm => break,
                Ok((stream, _)) => self.clone().begin(stream),
                Err(_) if self.state.is_stopped() => break,
                Err(_) => self.state.pause(ACCEPT_PAUSE),
            }
        }
        // Whoever waits for the stop finds the port closed.
        drop(listener);
        self.state.accepts_no_more();
    }

    fn begin(self: Arc<Self>, stream: TcpStream) {
        let number = self.state.accepted();
        let state = self.state.clone();
        let spawned = spawn(move || {
            let outcome = self.serve(stream, number);
            self.state.closed(number, outcome);
        });
        if spawned.is_err() {
            state.closed(number, Outcome::Stopped);
        }
    }

    fn serve(&self, stream: TcpStream, number: usize) -> Outcome {
        let channel = Socket::new(stream, self.state.clone()).and_then(|socket| self.greeting.meet(socket));
        let played = match channel {
            Ok(channel) => {
                Connection::new(channel, self.state.clone(), number).play(&self.scripts.of(number))
            }
            Err(_) if !self.state.is_stopped() => return Outcome::HandshakeFailed,
            Err(error) => Err(error),
        };
        match played {
            Ok(()) => Outcome::Completed,
            Err(_) if self.state.is_stopped() => Outcome::Stopped,
            Err(_) => Outcome::PeerLeft,
        }
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name("scripted server".to_owned()).spawn(work).map(drop)
}
