//! A TCP socket that gives up at a point in time, however often it is read or written before that.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use auth0_mfa_transport::Deadline;

/// By how much the time that a socket is set to wait may differ from what is left: setting it takes two system calls,
/// and most reads and writes of a call come within a moment of each other. A call ends by no more than this, and a tick
/// of the system's clock, too late; and where a wait in vain is told as an error of its own, by no more than this too
/// early.
const TOLERANCE: Duration = Duration::from_millis(10);

#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    deadline: Deadline,
    /// How long the stream is set to wait in a read or a write; without end when it was never set.
    waits: Option<Duration>,
}

impl Socket {
    /// Connects to the first address that answers, and says which it was. Each gets an equal share of the time that is
    /// left.
    pub(crate) fn connect(addresses: &[SocketAddr], deadline: Deadline) -> io::Result<(Self, SocketAddr)> {
        let mut failure = io::Error::new(ErrorKind::NotFound, "the host has no address");
        for (address, untried) in addresses.iter().zip((1..=addresses.len()).rev()) {
            let share = deadline.remaining()? / u32::try_from(untried).unwrap_or(u32::MAX);
            match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
                Ok(stream) => return Ok((Self::new(stream, deadline)?, *address)),
                Err(error) => failure = error,
            }
        }
        Err(deadline.remaining().err().map_or(failure, Into::into))
    }

    fn new(stream: TcpStream, deadline: Deadline) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self { stream, deadline, waits: None })
    }

    /// Sets another point in time; fails when that is over.
    pub(crate) fn work_until(&mut self, deadline: Deadline) -> io::Result<()> {
        self.deadline = deadline;
        Ok(deadline.remaining().map(drop)?)
    }

    /// Whether the peer neither closed the connection nor sent anything that nobody asked for.
    pub(crate) fn is_quiet(&self) -> bool {
        let quiet = self.stream.set_nonblocking(true).is_ok()
            && matches!(self.stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
        quiet && self.stream.set_nonblocking(false).is_ok()
    }

    /// Does `work` until it ends otherwise than by an interruption or a wait in vain, or until the time is over.
    fn in_time<T>(&mut self, mut work: impl FnMut(&mut TcpStream) -> io::Result<T>) -> io::Result<T> {
        loop {
            self.wait_no_longer_than_is_left()?;
            match work(&mut self.stream) {
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {}
                // On some systems a wait that was in vain, on others a connection on which nothing came through.
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    let time_is_left = self.deadline.remaining().is_ok_and(|left| left > TOLERANCE);
                    return Err(if time_is_left { error } else { self.deadline.exceeded().into() });
                }
                other => return other,
            }
        }
    }

    fn wait_no_longer_than_is_left(&mut self) -> io::Result<()> {
        // Never zero, which a socket does not take.
        let left = self.deadline.remaining()?;
        if self.waits.is_none_or(|waits| waits.abs_diff(left) > TOLERANCE) {
            self.stream.set_read_timeout(Some(left))?;
            self.stream.set_write_timeout(Some(left))?;
            self.waits = Some(left);
        }
        Ok(())
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.in_time(|stream| stream.read(buffer))
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.in_time(|stream| stream.write(bytes))
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.in_time(|stream| stream.write_vectored(pieces))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use auth0_mfa_transport::Exceeded;

    use super::*;

    const TIME: Duration = Duration::from_millis(500);
    const PAUSE: Duration = Duration::from_millis(50);

    fn connect(addresses: &[SocketAddr]) -> io::Result<(Socket, SocketAddr)> {
        Socket::connect(addresses, Deadline::of_call(TIME))
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
        let (mut socket, _) = connect(&[address]).expect("somebody listens");
        let error = work(&mut socket).expect_err("the peer is too slow");
        let exceeded = error.downcast::<Exceeded>().expect("says what was too slow");
        assert_eq!(exceeded, Exceeded::CallTime(TIME));
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

    /// The socket may have been set to wait a little less than what is left.
    #[test]
    fn a_wait_in_vain_that_ends_a_little_early_is_the_end_of_the_time() {
        let (_open, address) = listener();
        let (mut socket, _) = connect(&[address]).expect("somebody listens");
        let long = Duration::from_secs(3600);
        for (limit, is_over) in [(TOLERANCE, true), (long, false)] {
            socket.deadline = Deadline::of_call(limit);
            let error = socket.in_time(|_| Err::<(), _>(ErrorKind::TimedOut.into())).expect_err("is told");
            assert_eq!(error.kind(), ErrorKind::TimedOut);
            assert_eq!(error.downcast::<Exceeded>().is_ok(), is_over);
        }
    }

    #[test]
    fn the_next_address_is_tried_when_one_does_not_answer() {
        let (open, answering) = listener();
        let silent = listener().1;
        assert_eq!(connect(&[silent, answering]).expect("somebody listens").1, answering);
        let refused = connect(&[silent]).expect_err("nobody listens");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
        assert_eq!(connect(&[]).expect_err("nowhere to go").kind(), ErrorKind::NotFound);
        drop(open);
    }

    /// What a socket was set to wait for an earlier call is no measure for a later one, be it longer or shorter.
    #[test]
    fn a_socket_waits_for_what_is_left_of_the_time_of_this_call() {
        const LONG: Duration = Duration::from_secs(20);
        let (listener, address) = listener();
        let peer = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            stream.read_exact(&mut [0; 2]).expect("two bytes");
            // Comes too late, unless the socket waits for longer than it may.
            thread::sleep(6 * TIME);
            stream.write_all(b"late").expect("the socket is still there");
        });
        let (mut socket, _) = Socket::connect(&[address], Deadline::of_call(LONG)).expect("somebody listens");
        socket.write_all(b"x").expect("there is room");
        for limit in [TIME / 5, Duration::from_millis(1)] {
            socket.work_until(Deadline::of_call(LONG)).expect("there is time");
            socket.write_all(b"x").expect("there is room");
            socket.work_until(Deadline::of_call(limit)).expect("there is time");
            let error = socket.read(&mut [0]).expect_err("nothing is there yet");
            assert_eq!(error.downcast::<Exceeded>().expect("says why"), Exceeded::CallTime(limit));
        }
        // A wait that was set for less is no end of one that may last longer.
        socket.work_until(Deadline::of_call(LONG)).expect("there is time");
        socket.read_exact(&mut [0; 4]).expect("waits for it");
        peer.join().expect("does not panic");
    }
}
