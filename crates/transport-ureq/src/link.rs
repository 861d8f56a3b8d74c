//! A connection as ureq sees it: it counts what it is given to send, and ends with the call's time.

use std::fmt;
use std::io::{self, Read, Write};

use auth0_mfa_transport::Phase;
use rustls::{ClientConnection, StreamOwned};
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};
use zeroize::Zeroize;

use crate::buffers::WipedBuffers;
use crate::journal::Journal;
use crate::socket::Socket;

pub(crate) struct Link {
    stream: Stream,
    buffers: WipedBuffers,
    journal: Journal,
    /// Whether a request was sent since the connection was last looked at.
    in_call: bool,
}

pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Link {
    pub(crate) fn new(stream: Stream, most_head: usize, journal: Journal) -> Self {
        let buffers = WipedBuffers::new(most_head, journal.clone());
        Self { stream, buffers, journal, in_call: false }
    }

    /// Lets the socket work until the call is over.
    fn enter(&mut self, phase: Phase) -> io::Result<()> {
        let deadline = self.journal.note(|entry| {
            entry.phase = phase;
            entry.deadline
        });
        self.stream.socket().work_until(deadline)
    }

    fn send_what_waits(&mut self) -> io::Result<()> {
        if !self.buffers.is_waiting() {
            return Ok(());
        }
        self.enter(Phase::Send)?;
        let output = self.buffers.take_written();
        self.journal.note(|entry| entry.request_bytes += output.len());
        self.in_call = true;
        let sent = self.stream.send(output);
        output.zeroize();
        sent
    }

    fn receive(&mut self) -> io::Result<usize> {
        // A head may wait for a body that ureq then does not send.
        self.send_what_waits()?;
        self.enter(Phase::Wait)?;
        let amount = self.stream.receive(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        self.journal.note(|entry| {
            entry.reply_bytes += amount;
            // Closed before any byte of a reply: to a call that is broken, however orderly it was done.
            entry.broken |= entry.reply_bytes == 0;
        });
        Ok(amount)
    }

    fn failed(&self, error: io::Error) -> ureq::Error {
        self.journal.note(|entry| entry.broken |= error.kind() != io::ErrorKind::TimedOut);
        ureq::Error::Io(error)
    }
}

/// None of ureq's own time limits is set, so what it says of them is passed over.
impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.buffers.wrote(amount);
        // With the head in front of it the body takes no system call, and no TLS record, of its own.
        let waits = self.journal.note(|entry| std::mem::take(&mut entry.head_waits));
        if waits { Ok(()) } else { self.send_what_waits().map_err(|error| self.failed(error)) }
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        self.receive().map(|amount| amount > 0).map_err(|error| self.failed(error))
    }

    /// ureq asks at the end of a call and before the next one. Only the second time is the answer worth a look:
    /// whatever could be seen the first time is still there. Input that nobody took would be read as the next reply.
    fn is_open(&mut self) -> bool {
        let is_in_call = std::mem::take(&mut self.in_call);
        self.buffers.input().is_empty() && (is_in_call || self.stream.is_open())
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.journal.note(|entry| entry.opened = None);
    }
}

impl Stream {
    fn socket(&mut self) -> &mut Socket {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(tls) => &mut tls.sock,
        }
    }

    /// Hands all bytes to the network stack. rustls keeps an error of the socket to itself until it is flushed.
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(socket) => socket.write_all(bytes),
            Self::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        }
    }

    fn receive(&mut self, room: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.read(room),
            Self::Tls(tls) => tls.read(room),
        }
    }

    /// Whether the connection can carry another request: neither the network nor TLS holds anything that came unasked.
    fn is_open(&mut self) -> bool {
        match self {
            Self::Plain(socket) => socket.is_quiet(),
            Self::Tls(tls) => {
                let state = tls.conn.process_new_packets();
                let idle =
                    state.is_ok_and(|state| !state.peer_has_closed() && state.plaintext_bytes_to_read() == 0);
                idle && tls.sock.is_quiet()
            }
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("tls", &self.is_tls()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "ring")]
mod tests {
    use std::net::{TcpListener, TcpStream};
    use std::sync::Arc;
    use std::thread;
    use std::time::Duration;

    use auth0_mfa_transport::{Builder, Deadline, crypto};
    use rcgen::{CertificateParams, KeyPair};
    use rustls::pki_types::{PrivateKeyDer, ServerName};
    use rustls::{ServerConfig, ServerConnection};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    /// The two ends of a connection.
    fn connected() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("has an address");
        let (socket, _) = Socket::connect(&[address], Deadline::of_call(LONG)).expect("somebody listens");
        (socket, listener.accept().expect("a connection").0)
    }

    fn idle(stream: Stream) -> Link {
        let journal = Journal::new();
        journal.begin(Deadline::of_call(LONG), 0, false);
        Link::new(stream, 8 * 1024, journal)
    }

    /// A connection with TLS, at the other end of which the server writes this at once.
    fn secured(written: &'static [u8]) -> (Stream, impl Send) {
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])
            .and_then(|parameters| parameters.self_signed(&key))
            .expect("a certificate");
        let private_key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let mut server = ServerConfig::builder_with_provider(crypto::ring())
            .with_protocol_versions(&[&rustls::version::TLS12])
            .expect("a good version")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], private_key)
            .expect("a certificate with its key");
        server.alpn_protocols = vec![b"http/1.1".to_vec()];
        let client = Builder::new(|settings| settings.tls)
            .without_webpki_roots()
            .add_root_pem(certificate.pem().as_bytes())
            .and_then(Builder::build)
            .expect("a root certificate");

        let (mut socket, tcp) = connected();
        let peer = thread::spawn(move || {
            let connection = ServerConnection::new(Arc::new(server)).expect("a good configuration");
            let mut peer = StreamOwned::new(connection, tcp);
            peer.write_all(written).and_then(|()| peer.flush()).expect("the client is there");
            peer
        });
        let name = ServerName::try_from("localhost").expect("a name");
        let mut connection = ClientConnection::new(client, name).expect("a good configuration");
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).expect("the server is there");
        }
        let stream = Stream::Tls(Box::new(StreamOwned::new(connection, socket)));
        (stream, peer.join().expect("does not panic"))
    }

    #[test]
    fn an_idle_connection_on_which_nothing_came_is_open() {
        let (socket, _peer) = connected();
        assert!(idle(Stream::Plain(socket)).is_open());
    }

    #[test]
    fn a_connection_with_input_that_nobody_took_is_not_open() {
        let (socket, mut peer) = connected();
        let mut link = idle(Stream::Plain(socket));
        peer.write_all(b"unasked").expect("the client is there");
        link.receive().expect("something is there");
        for is_in_call in [true, false] {
            link.in_call = is_in_call;
            assert!(!link.is_open());
        }
        link.buffers.input_consume("unasked".len());
        assert!(link.is_open());
    }

    #[test]
    fn a_connection_with_something_decrypted_that_nobody_took_is_not_open() {
        let (mut stream, _peer) = secured(b"ok, and more");
        let mut taken = [0; 12];
        stream.receive(&mut taken[..2]).expect("something is there");
        let mut link = idle(stream);
        assert!(!link.is_open());
        assert_eq!(link.stream.receive(&mut taken[2..]).expect("something is there"), 10);
        assert_eq!(&taken, b"ok, and more");
        assert!(link.is_open());
    }
}
