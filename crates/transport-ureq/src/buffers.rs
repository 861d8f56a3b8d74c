//! The buffers between ureq and a connection. They hold heads and bodies, so they are wiped as soon as they are read.

use std::fmt;

use ureq::unversioned::transport::Buffers;
use zeroize::{Zeroize, Zeroizing};

/// The longest head of a reply; ureq refuses longer ones.
pub(crate) const MAX_HEAD: usize = 64 * 1024;
/// Takes a head that is too long, so that it is refused for its length and not taken for a lost connection.
const INPUT: usize = MAX_HEAD + 8 * 1024;
/// The longest line of the head of a request has to fit.
const OUTPUT: usize = 64 * 1024;

pub(crate) struct WipedBuffers {
    output: Zeroizing<Vec<u8>>,
    input: Zeroizing<Vec<u8>>,
    /// Where the bytes begin that are still to be read, and where they end.
    start: usize,
    end: usize,
    /// Whether the last look at the input took something out of it. If not, it takes more input to make sense of it.
    progress: bool,
}

impl WipedBuffers {
    pub(crate) fn new() -> Self {
        Self {
            output: Zeroizing::new(vec![0; OUTPUT]),
            input: Zeroizing::new(vec![0; INPUT]),
            start: 0,
            end: 0,
            progress: false,
        }
    }

    /// The first bytes of the output.
    pub(crate) fn written(&mut self, amount: usize) -> &mut [u8] {
        self.output.get_mut(..amount).unwrap_or_default()
    }

    /// Moves what is still to be read to the front, so that there is room behind it.
    fn make_room(&mut self) {
        let (start, end) = (self.start, self.end);
        self.input.copy_within(start..end, 0);
        self.end = end - start;
        self.start = 0;
        let left_behind = self.end.max(start);
        self.input.get_mut(left_behind..end).unwrap_or_default().zeroize();
    }
}

impl Buffers for WipedBuffers {
    fn output(&mut self) -> &mut [u8] {
        &mut self.output
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
        (self.input.get_mut(self.end..).unwrap_or_default(), &mut self.output)
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
    use super::*;

    fn append(buffers: &mut WipedBuffers, bytes: &[u8]) {
        buffers.input_append_buf()[..bytes.len()].copy_from_slice(bytes);
        buffers.input_appended(bytes.len());
    }

    fn holds(buffers: &WipedBuffers, byte: u8) -> usize {
        buffers.input.iter().filter(|&&held| held == byte).count()
    }

    #[test]
    fn input_comes_out_in_order_and_leaves_nothing_behind() {
        let mut buffers = WipedBuffers::new();
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
        let mut buffers = WipedBuffers::new();
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
    fn the_input_can_be_filled_to_its_end() {
        let mut buffers = WipedBuffers::new();
        append(&mut buffers, &vec![b'x'; INPUT]);
        assert!(buffers.input_append_buf().is_empty());
        buffers.input_consume(INPUT - 1);
        assert_eq!(buffers.input_append_buf().len(), INPUT - 1);
        assert_eq!(buffers.input(), b"x");
    }
}
