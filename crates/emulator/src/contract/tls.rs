//! How the server meets a client that wants TLS.

use std::io::{self, Read, Write};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::channel::Channel;
use super::reply::reply;
use super::socket::Socket;

/// What a client meets that speaks TLS to the server. With all but [`Valid`](Self::Valid) (and, for a client that has a
/// certificate, [`ClientCertificate`](Self::ClientCertificate)) the handshake fails and no script is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tls {
    /// A certificate for `localhost` and 127.0.0.1, signed by the server's authority.
    Valid,
    /// A certificate for another name.
    WrongName,
    /// A certificate whose time is over.
    Expired,
    /// A certificate signed by another authority than the one that the client was told of.
    UnknownAuthority,
    /// As [`Valid`](Self::Valid), and the client must have a certificate of the same authority. In TLS 1.3 a client
    /// without one learns of it after its first request was sent; the server never decrypts that request.
    ClientCertificate,
    /// No TLS at all: an HTTP error in plain text.
    PlainText,
    /// The connection is closed when the first bytes of the client have arrived.
    CloseInHandshake,
    /// Nothing is answered to the first bytes of the client, until it leaves or the server stops.
    StallInHandshake,
}

/// How each connection of a server begins.
pub(super) enum Greeting {
    Plain,
    Tls(Arc<ServerConfig>),
    AnswerInPlainText,
    Close,
    Stall,
}

impl Greeting {
    pub(super) fn new(tls: Tls, config: ServerConfig) -> Self {
        match tls {
            Tls::PlainText => Self::AnswerInPlainText,
            Tls::CloseInHandshake => Self::Close,
            Tls::StallInHandshake => Self::Stall,
            _ => Self::Tls(Arc::new(config)),
        }
    }

    /// Makes `socket` ready for a request; fails when no such connection comes about, and then the socket is closed.
    pub(super) fn meet(&self, mut socket: Socket) -> io::Result<Channel> {
        match self {
            Self::Plain => return Ok(Channel::Plain(socket)),
            Self::Tls(config) => return shake_hands(config, socket),
            Self::AnswerInPlainText => {
                await_hello(&mut socket)?;
                socket.write_all(&reply(400, "text/plain", "plain HTTP on a port for TLS"))?;
            }
            Self::Close => await_hello(&mut socket)?,
            Self::Stall => socket.discard_to_end(),
        }
        Err(part_in_order(socket, io::Error::other("no TLS is spoken here")))
    }
}

fn shake_hands(config: &Arc<ServerConfig>, mut socket: Socket) -> io::Result<Channel> {
    let mut connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
    while connection.is_handshaking() {
        if let Err(error) = connection.complete_io(&mut socket) {
            return Err(part_in_order(socket, error));
        }
    }
    Ok(Channel::Tls(Box::new(StreamOwned::new(connection, socket))))
}

fn await_hello(socket: &mut Socket) -> io::Result<()> {
    socket.read_exact(&mut [0])
}

/// Closes so that what was written last reaches the client: were anything left unread, a reset would overtake it.
fn part_in_order(mut socket: Socket, reason: io::Error) -> io::Error {
    if socket.send_fin().is_ok() {
        socket.discard_to_end();
    }
    reason
}
