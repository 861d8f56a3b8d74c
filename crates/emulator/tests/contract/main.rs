//! The scripted server does what its script says, and sees what it says it saw.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "these are tests, also outside of the functions that are marked as such"
)]
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "clients need sockets")]

mod ends;
mod lifetime;
mod steps;
mod tls;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, reply};

/// Far more than anything here takes: a test that would hang fails instead.
const GUARD: Duration = Duration::from_secs(30);

/// Longer than a test waits for anything.
const FOREVER: Duration = Duration::from_secs(3600);

const REQUEST: &[u8] = b"POST /oauth/token HTTP/1.1\r\nhost: a\r\nContent-Length: 10\r\n\r\ncode=SEVEN";

fn serve(steps: impl Into<Vec<Step>>, end: End) -> ScriptedServer {
    ScriptedServer::plain(Script::new(steps, end)).unwrap()
}

fn connect(server: &ScriptedServer) -> TcpStream {
    let client = TcpStream::connect(server.address()).unwrap();
    client.set_read_timeout(Some(GUARD)).unwrap();
    client.set_write_timeout(Some(GUARD)).unwrap();
    client
}

/// A client that has sent `bytes` in one piece.
fn connect_and_send(server: &ScriptedServer, bytes: &[u8]) -> TcpStream {
    let mut client = connect(server);
    client.write_all(bytes).unwrap();
    client
}

fn read_exactly(client: &mut impl Read, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    client.read_exact(&mut bytes).unwrap();
    bytes
}

/// What the client reads until the server closes in order.
fn read_to_end(client: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).unwrap();
    bytes
}

/// The kind of error that a client's reading ends with.
fn read_error(client: &mut impl Read) -> ErrorKind {
    client.read_to_end(&mut Vec::new()).unwrap_err().kind()
}

fn ok_reply() -> Vec<u8> {
    reply(200, "application/json", "{}")
}
