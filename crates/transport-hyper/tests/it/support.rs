//! A server that follows a script and notes what it saw, and what the tests send to it.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use auth0_mfa_core::transport::{AsyncTransport, Delivery, TransportError};
use auth0_mfa_core::{Body, Replay};
use auth0_mfa_transport_hyper::{Failure, HyperTransport, Phase};
use http::{Request, Response};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// Longer than any test waits, so that a broken one ends.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) type Outcome = Result<Response<Body>, TransportError>;

/// What one connection of the server saw.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The bytes above TLS.
    pub(crate) bytes: Vec<u8>,
    pub(crate) handshake: Option<HandshakeKind>,
    pub(crate) early_data: bool,
}

impl Seen {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// How many requests came, whole or begun.
    pub(crate) fn requests(&self) -> usize {
        self.text().matches(" HTTP/1.1\r\n").count()
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    acceptor: JoinHandle<Vec<JoinHandle<Seen>>>,
    scheme: &'static str,
}

impl Server {
    /// Runs `script` for each connection, with the number of connections before it.
    pub(crate) fn plain(script: impl Fn(usize, &mut Peer) + Send + Sync + 'static) -> Self {
        Self::start(None, script)
    }

    pub(crate) fn tls(
        config: Arc<ServerConfig>,
        script: impl Fn(usize, &mut Peer) + Send + Sync + 'static,
    ) -> Self {
        Self::start(Some(config), script)
    }

    fn start(
        tls: Option<Arc<ServerConfig>>,
        script: impl Fn(usize, &mut Peer) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a free port");
        let address = listener.local_addr().expect("the listener is bound");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let stopped = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopped);
        let script = Arc::new(script);
        let acceptor = std::thread::spawn(move || {
            let mut connections = Vec::new();
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (script, tls, number) = (Arc::clone(&script), tls.clone(), connections.len());
                connections.push(std::thread::spawn(move || {
                    let mut peer = Peer::new(stream, tls);
                    script(number, &mut peer);
                    peer.into_seen()
                }));
            }
            connections
        });
        Self { address, stopped, acceptor, scheme }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://localhost:{}{path}", self.scheme, self.address.port())
    }

    /// What each connection saw, once all scripts have ended. The clients must be gone by then.
    pub(crate) fn finish(self) -> Vec<Seen> {
        self.stopped.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        let connections = self.acceptor.join().expect("the server accepts");
        connections.into_iter().map(|connection| connection.join().expect("the script runs")).collect()
    }
}

/// The server's side of a connection. Errors of the network end a script's step early and silently: what counts is
/// what was seen.
pub(crate) struct Peer {
    stream: Stream,
    seen: Seen,
    request_start: usize,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Peer {
    fn new(stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("the timeout is not zero");
        stream.set_nodelay(true).expect("the socket is open");
        let stream = match tls {
            None => Stream::Plain(stream),
            Some(config) => {
                let connection = ServerConnection::new(config).expect("the configuration is sound");
                Stream::Tls(Box::new(StreamOwned::new(connection, stream)))
            }
        };
        Self { stream, seen: Seen::default(), request_start: 0 }
    }

    /// Reads up to `count` bytes.
    pub(crate) fn read(&mut self, count: usize) {
        let target = self.seen.bytes.len() + count;
        while self.seen.bytes.len() < target {
            let mut buffer = [0; 4096];
            let room = buffer.len().min(target - self.seen.bytes.len());
            match self.read_some(&mut buffer[..room]) {
                Ok(0) | Err(_) => return,
                Ok(n) => self.seen.bytes.extend_from_slice(&buffer[..n]),
            }
        }
    }

    /// Reads one request with its body; says whether it came whole.
    pub(crate) fn read_request(&mut self) -> bool {
        let start = self.seen.bytes.len();
        self.request_start = start;
        loop {
            let read = String::from_utf8_lossy(&self.seen.bytes[start..]).to_lowercase();
            if let Some(head) = read.find("\r\n\r\n") {
                let length = read[..head].split("content-length: ").nth(1).map_or(0, |rest| {
                    rest.lines().next().unwrap_or_default().parse().expect("the length is a number")
                });
                let whole = start + head + 4 + length;
                self.read(whole.saturating_sub(self.seen.bytes.len()));
                return self.seen.bytes.len() >= whole;
            }
            let before = self.seen.bytes.len();
            self.read(1);
            if self.seen.bytes.len() == before {
                return false;
            }
        }
    }

    pub(crate) fn last_request_line(&self) -> String {
        let request = String::from_utf8_lossy(&self.seen.bytes[self.request_start..]);
        request.lines().next().unwrap_or_default().to_owned()
    }

    /// Answers every request with the same bytes, until the client closes.
    pub(crate) fn serve(&mut self, reply: &[u8]) {
        while self.read_request() {
            self.send(reply);
        }
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(bytes),
            Stream::Tls(stream) => stream.write_all(bytes).and_then(|()| stream.flush()),
        };
    }

    /// Completes the handshake of TLS.
    pub(crate) fn handshake(&mut self) {
        if let Stream::Tls(stream) = &mut self.stream {
            while stream.conn.is_handshaking() {
                if stream.conn.complete_io(&mut stream.sock).is_err() {
                    return;
                }
            }
        }
    }

    /// Says that nothing more will be sent, above TLS.
    pub(crate) fn close_notify(&mut self) {
        if let Stream::Tls(stream) = &mut self.stream {
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    }

    /// Sends no more, but sees what still comes.
    pub(crate) fn hang_up_and_listen(&mut self) {
        let _ = self.socket().shutdown(Shutdown::Write);
        self.listen();
    }

    /// Reads to the end of the connection.
    pub(crate) fn listen(&mut self) {
        self.read(usize::MAX / 2);
    }

    fn socket(&self) -> &TcpStream {
        match &self.stream {
            Stream::Plain(stream) => stream,
            Stream::Tls(stream) => &stream.sock,
        }
    }

    fn read_some(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.read(buffer),
            Stream::Tls(stream) => stream.read(buffer),
        }
    }

    fn into_seen(mut self) -> Seen {
        if let Stream::Tls(stream) = &mut self.stream {
            self.seen.handshake = stream.conn.handshake_kind();
            self.seen.early_data = stream.conn.early_data().is_some();
        }
        self.seen
    }
}

/// Runs on a runtime of one thread; its connections are closed with it.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(future)
}

/// Runs on a runtime of two threads.
pub(crate) fn run_in_parallel<F>(future: F) -> F::Output
where
    F: Future<Output: Send> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.expect("a runtime starts");
    let task = runtime.spawn(future);
    runtime.block_on(task).expect("the call does not panic")
}

pub(crate) fn transport() -> HyperTransport {
    HyperTransport::new().expect("the defaults are sound")
}

pub(crate) fn send(transport: &HyperTransport, request: Request<Body>) -> Outcome {
    run(transport.send(request))
}

pub(crate) fn post(url: &str, replay: Replay) -> Request<Body> {
    request("POST", url, replay, b"recovery_code=CANARY&mfa_token=CANARY")
}

pub(crate) fn get(url: &str, replay: Replay) -> Request<Body> {
    request("GET", url, replay, b"")
}

fn request(method: &str, url: &str, replay: Replay, body: &[u8]) -> Request<Body> {
    let request = Request::builder().method(method).uri(url);
    let mut request = request.body(Body::from(body.to_vec())).expect("the request is well formed");
    replay.mark(&mut request);
    request
}

pub(crate) fn delivery(outcome: &Outcome) -> Delivery {
    outcome.as_ref().expect_err("the call must fail").delivery()
}

pub(crate) fn failure(error: &TransportError) -> &Failure {
    error.source().and_then(|source| source.downcast_ref()).expect("the source is a Failure")
}

/// Asserts how the call failed, and that the error can be followed to a cause without showing a secret.
pub(crate) fn assert_failed(outcome: &Outcome, expected: Delivery, phase: Phase) {
    let error = outcome.as_ref().expect_err("the call must fail");
    assert_eq!(error.delivery(), expected, "{}", chain(error));
    assert_eq!(failure(error).phase(), phase, "{}", chain(error));
    assert!(failure(error).source().is_some());
    assert!(!format!("{error:?} {}", chain(error)).contains("CANARY"));
}

pub(crate) fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The invariant of line 3 of the contract, and of line 1.
pub(crate) fn assert_truthful(outcome: &Outcome, seen: &[Seen]) {
    let any_byte = seen.iter().any(|connection| !connection.bytes.is_empty());
    if let Err(error) = outcome {
        assert!(!(any_byte && error.delivery() == Delivery::NotSent), "the server saw {seen:?}: {error:?}");
    }
    let requests: usize = seen.iter().map(Seen::requests).sum();
    assert!(requests <= 1, "the request came {requests} times: {seen:?}");
}
