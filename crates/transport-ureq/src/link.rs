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

    /// ureq asks at the end of a call and before the next one. Only the second time is the answer worth a look: whatever
    /// could be seen the first time is still there.
    fn is_open(&mut self) -> bool {
        std::mem::take(&mut self.in_call) || self.stream.is_open()
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
