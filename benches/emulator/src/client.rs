//! A client that does as little as it can, so that it is the server which is timed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

use crate::fixture;

/// Connections to one server. They stay open from turn to turn.
pub struct Client {
    runtime: Runtime,
    connections: Vec<Connection>,
}

impl Client {
    /// One connection for each of these forms.
    ///
    /// # Panics
    /// When the server cannot be reached.
    pub fn new(address: SocketAddr, forms: &[String]) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut connections = Vec::new();
        for form in forms {
            connections.push(runtime.block_on(Connection::open(address, form)));
        }
        Self { runtime, connections }
    }

    /// On each connection one request after the other for so long: how many were answered.
    ///
    /// # Panics
    /// When one brought no recovery code: then a measurement would say nothing.
    pub fn play(&mut self, time: Duration) -> usize {
        let end = Instant::now() + time;
        let connections = std::mem::take(&mut self.connections);
        self.runtime.block_on(async {
            let lanes: Vec<_> = connections.into_iter().map(|it| tokio::spawn(it.play(end))).collect();
            let mut answered = 0;
            for lane in lanes {
                let (connection, count) = lane.await.expect("every request is answered");
                self.connections.push(connection);
                answered += count;
            }
            answered
        })
    }
}

struct Connection {
    stream: TcpStream,
    /// The whole request, with the code that is good next at its end.
    request: Vec<u8>,
    reply: Vec<u8>,
}

impl Connection {
    async fn open(address: SocketAddr, form: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let head = [
            "POST /oauth/token HTTP/1.1",
            &format!("host: {address}"),
            &format!("content-type: {}", fixture::FORM),
            &format!("content-length: {}", form.len()),
        ]
        .join("\r\n");
        let request = format!("{head}\r\n\r\n{form}").into_bytes();
        Self { stream, request, reply: Vec::with_capacity(4096) }
    }

    async fn play(mut self, end: Instant) -> (Self, usize) {
        let mut answered = 0;
        while Instant::now() < end {
            self.exchange().await;
            answered += 1;
        }
        (self, answered)
    }

    /// Sends the request and reads the reply; the code that it brings is sent next.
    async fn exchange(&mut self) {
        self.stream.write_all(&self.request).await.expect("a request goes out");
        self.reply.clear();
        while !is_whole(&self.reply) {
            let read = self.stream.read_buf(&mut self.reply).await.expect("a reply comes in");
            assert!(read > 0, "the connection ended");
        }
        assert!(self.reply.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&self.reply));
        fixture::replace_code(&mut self.request, fixture::code_of(&self.reply));
    }
}

fn is_whole(reply: &[u8]) -> bool {
    const END: &[u8] = b"\r\n\r\n";
    const LENGTH: &str = "content-length: ";
    let Some(end) = reply.windows(END.len()).position(|window| window == END) else { return false };
    let head = std::str::from_utf8(&reply[..end]).expect("a head is text");
    let length = head.lines().find_map(|line| line.strip_prefix(LENGTH)).expect("a length");
    reply.len() >= end + END.len() + length.parse::<usize>().expect("a number")
}
