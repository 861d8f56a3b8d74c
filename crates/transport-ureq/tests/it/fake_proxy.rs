//! An HTTP proxy that remembers every byte that a client sent it, and leads all tunnels to one place.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// As for the servers: it keeps a failing test from hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a proxy does when it was asked for a tunnel.
#[derive(Clone, Copy)]
pub(crate) enum Answer {
    /// Opens it, to this server, whatever was asked for.
    Tunnel(SocketAddr),
    /// Says this and closes the connection.
    Say(&'static [u8]),
    /// Says this, byte by byte, for several times as long as a call may take.
    Drip(&'static [u8]),
}

pub(crate) struct FakeProxy {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    acceptor: JoinHandle<()>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What came on one connection.
#[derive(Clone, Default)]
pub(crate) struct Asked {
    pub(crate) head: String,
    /// What came behind the head.
    pub(crate) passed: Vec<u8>,
}

impl FakeProxy {
    pub(crate) fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("has an address");
        let (stop, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        let acceptor = {
            let (stop, asked) = (Arc::clone(&stop), Arc::clone(&asked));
            thread::spawn(move || accept(&listener, &stop, &asked, answer))
        };
        Self { address, stop, acceptor, asked }
    }

    /// By a name, so that it has to be resolved.
    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Stops accepting, waits for all connections to end, and says what was asked on each.
    pub(crate) fn finish(self) -> Vec<Asked> {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.acceptor.join().expect("does not panic");
        self.asked.lock().unwrap().clone()
    }
}

fn accept(listener: &TcpListener, stop: &AtomicBool, asked: &Arc<Mutex<Vec<Asked>>>, answer: Answer) {
    let mut running = Vec::new();
    for client in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let client = client.expect("can accept");
        client.set_read_timeout(Some(PATIENCE)).expect("can set a timeout");
        let asked = Arc::clone(asked);
        running.push(thread::spawn(move || {
            let seen = serve(client, answer);
            asked.lock().unwrap().push(seen);
        }));
    }
    for connection in running {
        connection.join().expect("does not panic");
    }
}

fn serve(mut client: TcpStream, answer: Answer) -> Asked {
    let mut asked = Asked { head: read_head(&mut client), passed: Vec::new() };
    match answer {
        Answer::Say(text) => {
            let _ = client.write_all(text);
            let _ = client.shutdown(Shutdown::Write);
            let _ = client.read_to_end(&mut asked.passed);
        }
        Answer::Drip(text) => {
            for byte in text {
                if client.write_all(&[*byte]).is_err() {
                    break;
                }
                thread::sleep(Duration::from_millis(50));
            }
            let _ = client.read_to_end(&mut asked.passed);
        }
        Answer::Tunnel(server) => {
            let server = TcpStream::connect(server).expect("the server listens");
            server.set_read_timeout(Some(PATIENCE)).expect("can set a timeout");
            client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").expect("the client waits");
            asked.passed = copy_both_ways(&client, &server);
        }
    }
    asked
}

/// Byte by byte, so that nothing behind it is taken.
fn read_head(client: &mut TcpStream) -> String {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|count| count > 0) {
        head.push(byte[0]);
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// What the client sent.
fn copy_both_ways(client: &TcpStream, server: &TcpStream) -> Vec<u8> {
    thread::scope(|scope| {
        scope.spawn(|| copy(server, client, |_| ()));
        let mut passed = Vec::new();
        copy(client, server, |piece| passed.extend_from_slice(piece));
        passed
    })
}

fn copy(mut from: &TcpStream, mut to: &TcpStream, mut see: impl FnMut(&[u8])) {
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut piece) {
        see(&piece[..count]);
        if to.write_all(&piece[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
