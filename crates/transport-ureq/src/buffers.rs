//! The buffers between ureq and a connection. They hold heads and bodies, so they are wiped as soon as they are read,
//! and they are as small as the call allows: whatever is allocated has to be wiped in the end.

use std::fmt;

use ureq::unversioned::transport::Buffers;
use zeroize::{Zeroize, Zeroizing};

use crate::journal::Journal;

/// Takes most replies whole.
const INPUT: usize = 8 * 1024;

pub(crate) struct WipedBuffers {
    /// Says how much room the request takes.
    journal: Journal,
    output: Zeroizing<Vec<u8>>,
    /// How much at the front of the output waits to be sent with what is written behind it.
    waiting: usize,
    input: Zeroizing<Vec<u8>>,
    /// How large the input may become.
    most_input: usize,
    /// Where the bytes begin that are still to be read, and where they end.
    start: usize,
    end: usize,
    /// Whether the last look at the input took something out of it. If not, it takes more input to make sense of it.
    progress: bool,
}

impl WipedBuffers {
    /// A head that is longer than `most_head` is refused for its length, and not taken for a lost connection: there is
    /// room for a little more.
    pub(crate) fn new(most_head: usize, journal: Journal) -> Self {
        Self {
            journal,
            output: Zeroizing::default(),
            waiting: 0,
            input: Zeroizing::new(vec![0; INPUT]),
            most_input: most_head.saturating_add(INPUT),
            start: 0,
            end: 0,
            progress: false,
        }
    }

    /// Takes note of what was written to the output, and keeps it there.
    pub(crate) fn wrote(&mut self, amount: usize) {
        self.waiting += amount;
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waiting > 0
    }

    /// What was written to the output, which is empty then.
    pub(crate) fn take_written(&mut self) -> &mut [u8] {
        let amount = std::mem::take(&mut self.waiting);
        self.output.get_mut(..amount).unwrap_or_default()
    }

    /// Moves what is still to be read to the front, and sees to it that there is room behind it.
    fn make_room(&mut self) {
        let (start, end) = (self.start, self.end);
        self.input.copy_within(start..end, 0);
        self.end = end - start;
        self.start = 0;
        let left_behind = self.end.max(start);
        self.input.get_mut(left_behind..end).unwrap_or_default().zeroize();
        if self.end == self.input.len() {
            grow(&mut self.input, (2 * self.end).min(self.most_input));
        }
    }
}

/// By hand: a vector that grows by itself leaves its bytes behind where they were.
fn grow(buffer: &mut Zeroizing<Vec<u8>>, length: usize) {
    if buffer.len() < length {
        let mut larger = Zeroizing::new(vec![0; length]);
        larger.get_mut(..buffer.len()).unwrap_or_default().copy_from_slice(buffer);
        *buffer = larger;
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        grow(&mut self.output, self.journal.read().room);
        self.output.get_mut(self.waiting..).unwrap_or_default()
    }

    fn input(&self) -> &[u8] {
        self.input.get(self.start..self.end).unwrap_or_default()
    }

    fn input_append_buf(&mut self) -> &mut [u8] {
        self.make_room();
        self.input.get_mut(self.end..).unwrap_or_default()
    }

    fn input_appended(&mut self, amount: usize) {
        self.end = (self.end + amount).min(self.input.len());
    }

    fn input_consume(&mut self, amount: usize) {
        let next = (self.start + amount).min(self.end);
        self.input.get_mut(self.start..next).unwrap_or_default().zeroize();
        self.start = next;
        self.progress = amount > 0;
    }

    fn tmp_and_output(&mut self) -> (&mut [u8], &mut [u8]) {
        self.make_room();
        let output = self.output.get_mut(self.waiting..).unwrap_or_default();
        (self.input.get_mut(self.end..).unwrap_or_default(), output)
    }

    fn can_use_input(&self) -> bool {
        self.progress && !self.input().is_empty()
    }
}

impl fmt::Debug for WipedBuffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WipedBuffers")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use auth0_mfa_transport::Deadline;

    use super::*;

    const MOST_HEAD: usize = 64 * 1024;

    fn buffers() -> WipedBuffers {
        WipedBuffers::new(MOST_HEAD, Journal::new())
    }

    fn append(buffers: &mut WipedBuffers, bytes: &[u8]) {
        buffers.input_append_buf()[..bytes.len()].copy_from_slice(bytes);
        buffers.input_appended(bytes.len());
    }

    fn holds(buffers: &WipedBuffers, byte: u8) -> usize {
        buffers.input.iter().filter(|&&held| held == byte).count()
    }

    #[test]
    fn input_comes_out_in_order_and_leaves_nothing_behind() {
        let mut buffers = buffers();
        append(&mut buffers, b"aabb");
        buffers.input_consume(2);
        assert_eq!(buffers.input(), b"bb");
        assert_eq!(holds(&buffers, b'a'), 0);
        append(&mut buffers, b"cc");
        assert_eq!(buffers.input(), b"bbcc");
        assert_eq!(holds(&buffers, b'b'), 2, "moving leaves no copy");
        buffers.input_consume(3);
        append(&mut buffers, b"");
        assert_eq!(buffers.input(), b"c");
        buffers.input_consume(1);
        assert_eq!(buffers.input.iter().filter(|&&held| held != 0).count(), 0);
    }

    #[test]
    fn input_without_progress_is_not_used_again_before_more_arrives() {
        let mut buffers = buffers();
        append(&mut buffers, b"half a he");
        buffers.input_consume(0);
        assert!(!buffers.can_use_input());
        append(&mut buffers, b"ad");
        buffers.input_consume(9);
        assert!(buffers.can_use_input());
        buffers.input_consume(2);
        assert!(!buffers.can_use_input());
    }

    #[test]
    fn the_input_grows_when_it_is_full_and_no_further_than_it_may() {
        let mut buffers = buffers();
        let sent: Vec<u8> = (0..=250).cycle().take(MOST_HEAD + INPUT).collect();
        let mut left = sent.as_slice();
        while !left.is_empty() {
            let room = buffers.input_append_buf().len().min(left.len());
            assert!(room > 0);
            append(&mut buffers, &left[..room]);
            left = &left[room..];
        }
        assert!(buffers.input_append_buf().is_empty());
        assert_eq!(buffers.input(), sent);
        buffers.input_consume(sent.len() - 1);
        assert_eq!(buffers.input_append_buf().len(), sent.len() - 1);
        assert_eq!(buffers.input(), &sent[sent.len() - 1..]);
    }

    #[test]
    fn the_output_has_the_room_that_the_request_takes() {
        let mut buffers = buffers();
        for (room, expected) in [(10, 10), (100, 100), (10, 100)] {
            buffers.journal.begin(Deadline::of_call(Duration::MAX), room, false);
            assert_eq!(buffers.output().len(), expected);
        }
    }

    #[test]
    fn what_waits_in_the_output_is_sent_with_what_follows() {
        let mut buffers = buffers();
        buffers.journal.begin(Deadline::of_call(Duration::MAX), 8, false);
        buffers.output()[..4].copy_from_slice(b"head");
        buffers.wrote(4);
        buffers.tmp_and_output().1.copy_from_slice(b"body");
        buffers.wrote(4);
        assert!(buffers.output().is_empty());
        assert_eq!(buffers.take_written(), b"headbody");
        assert_eq!((buffers.take_written().len(), buffers.output().len()), (0, 8));
    }
}
