//! A TCP stream whose every wait ends when the server stops.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;

use super::state::State;

/// How long the kernel may hold a thread before it looks whether the server stops.
const TICK: Duration = Duration::from_millis(20);

/// Reads and writes block, but never past the stop of the server.
#[derive(Debug)]
pub(super) struct Socket {
    stream: TcpStream,
    state: Arc<State>,
    waits: bool,
}

impl Socket {
    pub(super) fn new(stream: TcpStream, state: Arc<State>) -> io::Result<Self> {
        // Some systems hand the listener's mode down.
        stream.set_nonblocking(false)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(TICK))?;
        stream.set_write_timeout(Some(TICK))?;
        Ok(Self { stream, state, waits: true })
    }

    /// Whether reads and writes wait. Those that do not wait also work when the server stops.
    pub(super) fn set_waits(&mut self, waits: bool) -> io::Result<()> {
        self.stream.set_nonblocking(!waits)?;
        self.waits = waits;
        Ok(())
    }

    /// Sends a FIN. Fails when the connection is broken already.
    pub(super) fn send_fin(&self) -> io::Result<()> {
        self.stream.shutdown(Shutdown::Write)
    }

    /// Makes the kernel send a reset, and not a FIN, when the socket is dropped.
    pub(super) fn reset_on_drop(&self) -> io::Result<()> {
        SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))
    }

    /// Reads nothing until the peer has closed, as far as that can be noticed behind bytes that lie unread.
    pub(super) fn await_departure(&mut self) {
        while let Ok(1) = self.patiently(|stream| stream.peek(&mut [0])) {
            // Something lies unread, so the kernel does not wait.
            self.state.pause(TICK);
        }
    }

    /// Reads until the peer has closed, and keeps nothing.
    pub(super) fn discard_to_end(&mut self) {
        // However the peer leaves, it has left.
        let _ = io::copy(self, &mut io::sink());
    }

    /// Does `operation` again and again until it did not run into the tick.
    fn patiently<T>(&self, mut operation: impl FnMut(&TcpStream) -> io::Result<T>) -> io::Result<T> {
        loop {
            if self.waits {
                self.state.check()?;
            }
            match operation(&self.stream) {
                Err(error) if self.waits && is_tick(&error) => {}
                done => return done,
            }
        }
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.patiently(|mut stream| stream.read(buffer))
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.patiently(|mut stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The two kinds in which systems report that a time ran out.
fn is_tick(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
