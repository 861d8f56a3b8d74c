//! A TCP socket that gives up at a point in time, however often it is read or written before that.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::error::out_of_time;

#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    deadline: Instant,
}

impl Socket {
    /// Connects to the first address that answers. Each gets an equal share of the time that is left.
    pub(crate) fn connect(addresses: &[SocketAddr], deadline: Instant) -> io::Result<Self> {
        let mut failure = io::Error::new(ErrorKind::NotFound, "the host has no address");
        for (address, untried) in addresses.iter().zip((1..=addresses.len()).rev()) {
            let share = remaining(deadline)? / u32::try_from(untried).unwrap_or(u32::MAX);
            match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(Self { stream, deadline });
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => failure = out_of_time(),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Sets another point in time; fails when that is over.
    pub(crate) fn work_until(&mut self, deadline: Instant) -> io::Result<()> {
        self.deadline = deadline;
        remaining(deadline).map(drop)
    }

    /// Whether the peer neither closed the connection nor sent anything that nobody asked for.
    pub(crate) fn is_quiet(&self) -> bool {
        let quiet = self.stream.set_nonblocking(true).is_ok()
            && matches!(self.stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        quiet && self.stream.set_nonblocking(false).is_ok()
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(remaining(self.deadline)?))?;
            match self.stream.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other.map_err(timeout_by_its_name),
            }
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(remaining(self.deadline)?))?;
        self.stream.write(bytes).map_err(timeout_by_its_name)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The time up to the deadline: never zero, which would mean "forever" to a socket.
pub(crate) fn remaining(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(out_of_time()) } else { Ok(left) }
}

/// A socket that runs out of time says `WouldBlock` on some systems.
fn timeout_by_its_name(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => out_of_time(),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    const TIME: Duration = Duration::from_millis(500);
    const PAUSE: Duration = Duration::from_millis(50);

    fn connect(addresses: &[SocketAddr]) -> io::Result<Socket> {
        Socket::connect(addresses, Instant::now() + TIME)
    }

    fn listener() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("has an address");
        (listener, address)
    }

    /// Lets a peer do something now and then, for six times as long as the socket may take.
    fn with_a_slow_peer(
        step: impl Fn(&mut TcpStream) + Send + 'static,
        work: impl FnOnce(&mut Socket) -> io::Result<()>,
    ) {
        let (listener, address) = listener();
        let peer = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            for _ in 0..60 {
                step(&mut stream);
                thread::sleep(PAUSE);
            }
        });
        let mut socket = connect(&[address]).expect("somebody listens");
        let error = work(&mut socket).expect_err("the peer is too slow");
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        drop(socket);
        peer.join().expect("does not panic");
    }

    #[test]
    fn a_peer_that_reads_slowly_does_not_stretch_a_write() {
        let step = |stream: &mut TcpStream| {
            let _ = stream.read(&mut vec![0; 256 * 1024]);
        };
        with_a_slow_peer(step, |socket| socket.write_all(&vec![b'x'; 32 * 1024 * 1024]));
    }

    #[test]
    fn a_peer_that_writes_slowly_does_not_stretch_a_read() {
        let step = |stream: &mut TcpStream| {
            let _ = stream.write(b"x");
        };
        with_a_slow_peer(step, |socket| socket.read_exact(&mut [0; 60]));
    }

    #[test]
    fn the_next_address_is_tried_when_one_does_not_answer() {
        let (open, answering) = listener();
        let silent = listener().1;
        assert!(connect(&[silent, answering]).is_ok());
        let refused = connect(&[silent]).expect_err("nobody listens");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(connect(&[]).expect_err("nowhere to go").kind(), ErrorKind::NotFound);
        drop(open);
    }
}
