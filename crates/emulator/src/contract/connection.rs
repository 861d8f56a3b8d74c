//! Plays a script on a connection, and records what is read.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;

use super::channel::Channel;
use super::state::State;
use super::{End, Script, Step};

/// More than the kernel holds of what a peer sent; so a peer that never stops sending cannot make a drain endless.
const MOST_TO_DRAIN: u64 = 64 << 20;

/// A connection that is ready for a request, and its place in the record.
pub(super) struct Connection {
    channel: Channel,
    state: Arc<State>,
    number: usize,
    /// A byte that was recorded and not yet read by a step.
    ahead: Option<u8>,
    /// How many bytes the steps have read.
    read: u64,
    /// How many bytes of body the last head announced.
    body_length: u64,
}

impl Connection {
    pub(super) fn new(channel: Channel, state: Arc<State>, number: usize) -> Self {
        Self { channel, state, number, ahead: None, read: 0, body_length: 0 }
    }

    /// Plays `script`, and closes the socket. Fails when the peer left or the server stopped before every step was
    /// played; then too, what had arrived is in the record.
    pub(super) fn play(mut self, script: &Script) -> io::Result<()> {
        let played = self.rounds(script);
        if played.is_ok() {
            self.end(script.end);
        } else {
            self.drain();
        }
        played
    }

    fn rounds(&mut self, script: &Script) -> io::Result<()> {
        loop {
            let read_before = self.read;
            script.steps.iter().try_for_each(|step| self.step(step))?;
            let starts_over = script.end == End::Repeat && self.read > read_before && self.await_byte()?;
            if !starts_over {
                return Ok(());
            }
        }
    }

    fn step(&mut self, step: &Step) -> io::Result<()> {
        match step {
            Step::ReadExactly(count) => self.read_exactly(*count),
            Step::ReadHead => self.read_head(),
            Step::ReadBody => self.read_body(),
            Step::ReadRequest => self.read_head().and_then(|()| self.read_body()),
            Step::Drain => {
                self.drain();
                Ok(())
            }
            Step::ReadToEnd => self.read_to_end(),
            Step::Write(bytes) => self.write(bytes),
            Step::Trickle { bytes, pause } => bytes.chunks(1).try_for_each(|byte| {
                self.write(byte)?;
                self.state.pause(*pause);
                self.state.check()
            }),
            Step::Flood(count) => self.flood(*count),
            Step::Pause(duration) => {
                self.state.pause(*duration);
                self.state.check()
            }
        }
    }

    /// What went wrong at the end is of no interest: the steps were played, and the socket is closed in any case.
    fn end(&mut self, end: End) {
        let _ = match end {
            End::Close | End::Repeat => self.channel.say_goodbye().and_then(|()| self.close()),
            End::Truncate => self.close(),
            End::Abandon => Ok(()),
            End::Reset => self.channel.socket().reset_on_drop(),
            End::Stall => {
                self.channel.socket().await_departure();
                self.drain();
                Ok(())
            }
        };
    }

    /// Sends a FIN, and records what comes until the peer closes as well.
    fn close(&mut self) -> io::Result<()> {
        self.channel.socket().send_fin()?;
        let read = self.read_to_end();
        self.drain();
        read
    }

    fn read_exactly(&mut self, count: u64) -> io::Result<()> {
        let read = io::copy(&mut Read::by_ref(self).take(count), &mut io::sink())?;
        if read < count { Err(ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }

    /// Byte by byte, so that nothing behind the head is taken from the network.
    fn read_head(&mut self) -> io::Result<()> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            self.read_exact(&mut byte)?;
            head.extend(byte);
        }
        self.body_length = content_length(&head);
        Ok(())
    }

    fn read_body(&mut self) -> io::Result<()> {
        let length = std::mem::take(&mut self.body_length);
        self.read_exactly(length)?;
        self.state.request_ended(self.number);
        Ok(())
    }

    fn read_to_end(&mut self) -> io::Result<()> {
        match io::copy(self, &mut io::sink()) {
            // The peer closed without a `close_notify`: an end as well.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
            read => read.map(drop),
        }
    }

    /// Reads what has arrived. That the rest has not, or that the connection is broken, is no failure of a drain.
    fn drain(&mut self) {
        if self.channel.socket().set_waits(false).is_ok() {
            let _ = io::copy(&mut Read::by_ref(self).take(MOST_TO_DRAIN), &mut io::sink());
            let _ = self.channel.socket().set_waits(true);
        }
    }

    /// Waits for a byte without reading it for the steps. `false` when the peer closed.
    fn await_byte(&mut self) -> io::Result<bool> {
        let mut byte = [0];
        match self.read_from_channel(&mut byte) {
            Ok(0) => Ok(false),
            Ok(_) => {
                self.ahead = Some(byte[0]);
                Ok(true)
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.channel.write_all(bytes)?;
        self.channel.flush()
    }

    fn flood(&mut self, count: u64) -> io::Result<()> {
        io::copy(&mut io::repeat(b' ').take(count), &mut self.channel)?;
        self.channel.flush()
    }

    fn read_from_channel(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.channel.read(buffer)?;
        self.state.record(self.number, buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// What the steps read. Everything is recorded once, when it comes from the network.
impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = match (buffer.first_mut(), self.ahead) {
            (Some(first), Some(byte)) => {
                *first = byte;
                self.ahead = None;
                1
            }
            _ => self.read_from_channel(buffer)?,
        };
        self.read += count as u64;
        Ok(count)
    }
}

/// What the head says of the length of its body; 0 when it says nothing that is a number.
fn content_length(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head);
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::content_length;

    #[test]
    fn the_content_length_is_found_in_any_case_and_among_other_fields() {
        assert_eq!(content_length(b"POST / HTTP/1.1\r\nhost: a:1\r\nCONTENT-Length:  12 \r\n\r\n"), 12);
    }

    #[test]
    fn a_head_without_a_number_announces_no_body() {
        assert_eq!(content_length(b"GET / HTTP/1.1\r\n\r\n"), 0);
        assert_eq!(content_length(b"POST / HTTP/1.1\r\ncontent-length: many\r\n\r\n"), 0);
        assert_eq!(content_length(b"POST / HTTP/1.1\r\nx-content-length: 9\r\n\r\n"), 0);
    }
}
