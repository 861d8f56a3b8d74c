//! `server <file of the root>`: writes its root certificate there, prints its two ports, plain and TLS, and answers
//! every request with the same grant until its input ends. Its input is commands:
//!
//! - `hold <count>`: answers no request before there are so many of them.
//! - `seen`: prints how many connections, resumed TLS sessions and requests there were since it was asked last.

use std::io::{self, BufRead, Write};
use std::net::{Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bench_transports::fixture;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::{HandshakeKind, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;

fn main() -> io::Result<()> {
    let file = std::env::args().nth(1).expect("a file for the root");
    let (root, tls) = certificates().expect("certificates");
    std::fs::write(file, root)?;
    let server = Arc::new(Server {
        reply: fixture::reply(),
        gate: Mutex::new(Arc::new(Barrier::new(1))),
        seen: Seen::default(),
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (plain, encrypted) =
        runtime.block_on(async { io::Result::Ok((listen().await?, listen().await?)) })?;
    println!("{} {}", plain.port, encrypted.port);
    let of_commands = Arc::clone(&server);
    std::thread::spawn(move || runtime.block_on(serve(server, plain, encrypted, TlsAcceptor::from(tls))));
    of_commands.obey(&mut io::stdin().lock())
}

struct Server {
    reply: Vec<u8>,
    gate: Mutex<Arc<Barrier>>,
    seen: Seen,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    resumed: AtomicUsize,
    requests: AtomicUsize,
}

impl Server {
    fn obey(&self, commands: &mut impl BufRead) -> io::Result<()> {
        for command in commands.lines() {
            match command?.split_once(' ') {
                Some(("hold", count)) => {
                    let gate = Barrier::new(count.parse().expect("a count"));
                    *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(gate);
                    println!("held");
                }
                _ => {
                    let Seen { connections, resumed, requests } = &self.seen;
                    let [connections, resumed, requests] =
                        [connections, resumed, requests].map(|it| it.swap(0, Ordering::Relaxed));
                    println!("{connections} {resumed} {requests}");
                }
            }
            io::stdout().flush()?;
        }
        Ok(())
    }

    /// One request after the other. A connection that is broken is at its end.
    async fn answer(&self, mut connection: impl AsyncRead + AsyncWrite + Unpin) {
        let mut received = Vec::new();
        while let Some(request) = request(&mut connection, &mut received).await {
            received.drain(..request);
            self.seen.requests.fetch_add(1, Ordering::Relaxed);
            let gate = Arc::clone(&self.gate.lock().unwrap_or_else(PoisonError::into_inner));
            gate.wait().await;
            if connection.write_all(&self.reply).await.is_err() || connection.flush().await.is_err() {
                return;
            }
        }
    }

    async fn answer_encrypted(&self, socket: TcpStream, acceptor: TlsAcceptor) {
        let Ok(connection) = acceptor.accept(socket).await else { return };
        if connection.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
            self.seen.resumed.fetch_add(1, Ordering::Relaxed);
        }
        self.answer(connection).await;
    }
}

/// Reads until there is a whole request, and says how long it is.
async fn request(connection: &mut (impl AsyncRead + Unpin), received: &mut Vec<u8>) -> Option<usize> {
    loop {
        if let Some(size) = size(received).filter(|size| *size <= received.len()) {
            return Some(size);
        }
        if connection.read_buf(received).await.ok()? == 0 {
            return None;
        }
    }
}

/// The size of the head and the body of a request whose head is there.
fn size(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(received.get(..head)?).expect("a head in ASCII").lines();
    let mut fields = lines.filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?.1;
    Some(head + length.trim().parse::<usize>().expect("a length"))
}

/// A port of loopback, at both of its addresses where there are both: `localhost` may be either.
struct Listeners {
    port: u16,
    all: Vec<TcpListener>,
}

async fn listen() -> io::Result<Listeners> {
    let first = TcpListener::bind("127.0.0.1:0").await?;
    let port = first.local_addr()?.port();
    let mut all = vec![first];
    all.extend(TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await);
    Ok(Listeners { port, all })
}

async fn serve(server: Arc<Server>, plain: Listeners, encrypted: Listeners, acceptor: TlsAcceptor) {
    let listeners = plain.all.into_iter().map(|it| (it, None));
    let listeners = listeners.chain(encrypted.all.into_iter().map(|it| (it, Some(acceptor.clone()))));
    for (listener, acceptor) in listeners {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                server.seen.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(serve_one(Arc::clone(&server), socket, acceptor.clone()));
            }
        });
    }
    std::future::pending().await
}

async fn serve_one(server: Arc<Server>, socket: TcpStream, acceptor: Option<TlsAcceptor>) {
    socket.set_nodelay(true).expect("a socket");
    // It closes after the client did, by a reset: the client's port is free at once, and there is always one.
    socket.set_zero_linger().expect("a socket");
    match acceptor {
        Some(acceptor) => server.answer_encrypted(socket, acceptor).await,
        None => server.answer(socket).await,
    }
}

/// A root as PEM, and the settings of a server that it vouches for. Sessions are resumed by tickets.
fn certificates() -> Result<(String, Arc<ServerConfig>), Box<dyn std::error::Error>> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = Issuer::new(params.clone(), KeyPair::generate()?);
    let pem = params.self_signed(root.key())?.pem();

    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["localhost".to_owned()])?.signed_by(&key, &root)?;
    let key = PrivateKeyDer::try_from(key.serialize_der())?;
    let mut config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    config.ticketer = ring::Ticketer::new()?;
    Ok((pem, Arc::new(config)))
}
