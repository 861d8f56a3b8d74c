//! A connection as ureq sees it: it counts what it is given to send, and ends with the call's time.

use std::fmt;
use std::io::{self, Read, Write};
use std::time::Instant;

use rustls::{ClientConnection, StreamOwned};
use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{Buffers, NextTimeout, Transport};
use zeroize::Zeroize;

use crate::buffers::WipedBuffers;
use crate::builder::after;
use crate::error::Phase;
use crate::journal::Journal;
use crate::socket::Socket;

pub(crate) struct Link {
    stream: Stream,
    buffers: WipedBuffers,
    journal: Journal,
}

pub(crate) enum Stream {
    Plain(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Link {
    pub(crate) fn new(stream: Stream, journal: Journal) -> Self {
        Self { stream, buffers: WipedBuffers::new(), journal }
    }

    /// Lets the socket work until the call is over, or until ureq's own limit if that is sooner.
    fn enter(&mut self, phase: Phase, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.journal.note(|entry| entry.phase = phase);
        let call = self.journal.read().deadline;
        let deadline = match timeout.after {
            Duration::NotHappening => call,
            Duration::Exact(limit) => after(Instant::now(), limit).min(call),
        };
        self.stream.socket().work_until(deadline).map_err(|error| self.failed(error, timeout))
    }

    fn failed(&self, error: io::Error, timeout: NextTimeout) -> ureq::Error {
        if error.kind() == io::ErrorKind::TimedOut {
            return ureq::Error::Timeout(timeout.reason);
        }
        self.journal.note(|entry| entry.broken = true);
        ureq::Error::Io(error)
    }
}

impl Transport for Link {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.enter(Phase::Send, timeout)?;
        self.journal.note(|entry| entry.request_bytes += amount);
        let output = self.buffers.written(amount);
        let result = self.stream.send(output);
        output.zeroize();
        result.map_err(|error| self.failed(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.enter(Phase::Wait, timeout)?;
        let room = self.buffers.input_append_buf();
        let amount = self.stream.receive(room).map_err(|error| self.failed(error, timeout))?;
        self.buffers.input_appended(amount);
        self.journal.note(|entry| {
            entry.reply_bytes += amount;
            // Closed before any byte of a reply: to a call that is broken, however orderly it was done.
            entry.broken |= entry.reply_bytes == 0;
        });
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.is_open()
    }

    fn is_tls(&self) -> bool {
        matches!(self.stream, Stream::Tls(_))
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

    /// Whether the connection can carry another request.
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
