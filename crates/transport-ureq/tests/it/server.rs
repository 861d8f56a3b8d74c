//! A server that follows a script on each connection, and remembers every byte of the requests that it saw.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{HandshakeKind, ServerConfig, ServerConnection, StreamOwned};

/// No test needs as long as that; it keeps a failing one from hanging.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

pub(crate) struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    acceptor: JoinHandle<()>,
    seen: Arc<Mutex<Vec<Connection>>>,
}

/// What a server saw on one connection.
#[derive(Clone, Default)]
pub(crate) struct Connection {
    /// Bytes of requests, below TLS.
    pub(crate) received: Vec<u8>,
    pub(crate) handshake: Option<HandshakeKind>,
    pub(crate) early_data: bool,
    pub(crate) suite: Option<rustls::CipherSuite>,
    pub(crate) over: bool,
}

/// The server's end of one connection.
pub(crate) struct Peer {
    index: usize,
    stream: Box<dyn ReadWrite>,
    seen: Arc<Mutex<Vec<Connection>>>,
}

trait ReadWrite: Read + Write + Send {
    /// Says goodbye, where there is a way to do so.
    fn farewell(&mut self) {}
}

impl ReadWrite for TcpStream {}

impl ReadWrite for StreamOwned<ServerConnection, TcpStream> {
    fn farewell(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
    }
}

impl Server {
    pub(crate) fn start(script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Self {
        Self::run(None, script)
    }

    pub(crate) fn start_tls(
        config: Arc<ServerConfig>,
        script: impl Fn(&mut Peer) + Send + Sync + 'static,
    ) -> Self {
        Self::run(Some(config), script)
    }

    fn run(tls: Option<Arc<ServerConfig>>, script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("has an address");
        let stop = Arc::new(AtomicBool::new(false));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let acceptor = {
            let (stop, seen) = (Arc::clone(&stop), Arc::clone(&seen));
            thread::spawn(move || accept(&listener, &stop, &seen, tls, Arc::new(script)))
        };
        Self { address, stop, acceptor, seen }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn tls_url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// Waits until the scripts of this many connections are over and their sockets closed.
    pub(crate) fn wait_until_over(&self, connections: usize) {
        for _ in 0..2_000 {
            let over = self.seen.lock().unwrap().iter().filter(|connection| connection.over).count();
            if over >= connections {
                return;
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the server is not done with {connections} connections");
    }

    /// Stops accepting, waits for all scripts, and says what was seen on each connection.
    pub(crate) fn finish(self) -> Seen {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.acceptor.join().expect("scripts do not panic");
        Seen(self.seen.lock().unwrap().clone())
    }
}

fn accept(
    listener: &TcpListener,
    stop: &AtomicBool,
    seen: &Arc<Mutex<Vec<Connection>>>,
    tls: Option<Arc<ServerConfig>>,
    script: Arc<impl Fn(&mut Peer) + Send + Sync + 'static>,
) {
    let mut running = Vec::new();
    for stream in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let stream = stream.expect("can accept");
        stream.set_read_timeout(Some(PATIENCE)).expect("can set a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("can set a timeout");
        let index = {
            let mut seen = seen.lock().unwrap();
            seen.push(Connection::default());
            seen.len() - 1
        };
        let (seen, tls, script) = (Arc::clone(seen), tls.clone(), Arc::clone(&script));
        running.push(thread::spawn(move || {
            if let Some(mut peer) = Peer::greet(index, stream, tls, &seen) {
                script(&mut peer);
            }
            seen.lock().unwrap()[index].over = true;
        }));
    }
    for connection in running {
        connection.join().expect("a script does not panic");
    }
}

impl Peer {
    /// Does the TLS handshake where there is one; nothing when it fails.
    fn greet(
        index: usize,
        mut tcp: TcpStream,
        tls: Option<Arc<ServerConfig>>,
        seen: &Arc<Mutex<Vec<Connection>>>,
    ) -> Option<Self> {
        let stream: Box<dyn ReadWrite> = match tls {
            None => Box::new(tcp),
            Some(config) => {
                tcp.set_nodelay(true).expect("can set an option");
                let mut connection = ServerConnection::new(config).expect("a good configuration");
                while connection.is_handshaking() {
                    connection.complete_io(&mut tcp).ok()?;
                }
                let mut seen = seen.lock().unwrap();
                seen[index].handshake = connection.handshake_kind();
                seen[index].early_data = connection.early_data().is_some();
                seen[index].suite = connection.negotiated_cipher_suite().map(|suite| suite.suite());
                Box::new(StreamOwned::new(connection, tcp))
            }
        };
        Some(Self { index, stream, seen: Arc::clone(seen) })
    }

    /// The number of this connection, from zero.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Reads up to `count` bytes, less when the client is done.
    pub(crate) fn read(&mut self, count: usize) -> usize {
        let mut buffer = vec![0; count];
        let mut total = 0;
        while total < count {
            match self.stream.read(&mut buffer[total..]) {
                Ok(0) | Err(_) => break,
                Ok(more) => {
                    self.seen.lock().unwrap()[self.index].received.extend(&buffer[total..total + more]);
                    total += more;
                }
            }
        }
        total
    }

    /// Reads the head of a request, byte by byte so that nothing behind it is taken.
    pub(crate) fn read_head(&mut self) -> Option<String> {
        let start = self.seen.lock().unwrap()[self.index].received.len();
        loop {
            if self.read(1) == 0 {
                return None;
            }
            let received = &self.seen.lock().unwrap()[self.index].received;
            if received[start..].ends_with(b"\r\n\r\n") {
                return Some(String::from_utf8_lossy(&received[start..]).into_owned());
            }
        }
    }

    /// Reads one whole request and gives its head; nothing when the client closed the connection instead.
    pub(crate) fn read_request(&mut self) -> Option<String> {
        let head = self.read_head()?;
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
            .unwrap_or(0);
        (self.read(length) == length).then_some(head)
    }

    /// Writes; a client that is gone is no reason to stop.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).and_then(|()| self.stream.flush()).is_ok()
    }

    /// Writes a byte now and then, until the bytes or the client are gone.
    pub(crate) fn drip(&mut self, bytes: &[u8], pause: Duration) {
        for byte in bytes {
            if !self.write(&[*byte]) {
                return;
            }
            thread::sleep(pause);
        }
    }

    pub(crate) fn farewell(&mut self) {
        self.stream.farewell();
    }

    /// Waits until the client is gone.
    pub(crate) fn wait_for_end(&mut self) {
        while self.read(1024) > 0 {}
    }

    /// Answers every request on this connection with `reply`.
    pub(crate) fn answer_all(&mut self, reply: &[u8]) {
        while self.read_request().is_some() {
            self.write(reply);
        }
    }
}

/// What a server saw in all.
pub(crate) struct Seen(pub(crate) Vec<Connection>);

impl Seen {
    pub(crate) fn connections(&self) -> usize {
        self.0.len()
    }

    /// How many requests arrived, by their first lines.
    pub(crate) fn requests(&self) -> usize {
        (0..self.connections()).map(|index| self.requests_on(index)).sum()
    }

    pub(crate) fn requests_on(&self, index: usize) -> usize {
        self.text(index).matches(" HTTP/1.1\r\n").count()
    }

    /// How many bytes of requests arrived.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(|connection| connection.received.len()).sum()
    }

    pub(crate) fn text(&self, index: usize) -> String {
        String::from_utf8_lossy(&self.0[index].received).into_owned()
    }
}

/// A port that nothing listens on.
pub(crate) fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("has an address").port()
}
