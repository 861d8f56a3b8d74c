//! Reads the body of a reply up to a cap, without leaving copies behind.

use std::io::{self, Read};

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::ReplyBytes;
use zeroize::Zeroize;

use crate::cause::io_cause;

/// How much is read at once: what the reply announces, within these bounds.
const LEAST_PIECE: usize = 1024;
const MOST_PIECE: usize = 8 * 1024;

/// What was read of the body, and whether that is all of it. `expected` is the length that the reply announces.
pub(crate) fn read(mut body: impl Read, cap: usize, expected: Option<u64>) -> (Body, Result<(), BoxError>) {
    let mut bytes = ReplyBytes::new(cap, expected);
    // Holds zeros before each read, and so at the end.
    let mut piece = vec![0; piece_for(expected)];
    let end = loop {
        let (read, end) = match body.read(&mut piece) {
            Ok(0) => break Ok(()),
            Ok(count) => (count, None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => (left_behind(&piece), Some(io_cause(error))),
        };
        let read = piece.get_mut(..read).unwrap_or_default();
        let fits = bytes.push(read);
        read.zeroize();
        match (fits, end) {
            (Err(exceeded), _) => break Err(exceeded.into()),
            (Ok(()), Some(cause)) => break Err(cause),
            (Ok(()), None) => {}
        }
    };
    (bytes.into_body(), end)
}

/// How much a read that failed has written. ureq takes chunks apart in one go, and when one of them is wrong it does
/// not say how much came in those before it; a new recovery code may be in them.
fn left_behind(piece: &[u8]) -> usize {
    piece.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}

fn piece_for(expected: Option<u64>) -> usize {
    let expected = usize::try_from(expected.unwrap_or(0)).unwrap_or(MOST_PIECE);
    expected.clamp(LEAST_PIECE, MOST_PIECE)
}

#[cfg(test)]
mod tests {
    use auth0_mfa_transport::Exceeded;

    use super::*;

    #[test]
    fn a_body_up_to_the_cap_is_whole_whatever_is_announced() {
        for length in [0, 1, LEAST_PIECE, LEAST_PIECE + 1, MOST_PIECE, 5 * MOST_PIECE] {
            let sent: Vec<u8> = (0..=250).cycle().take(length).collect();
            for expected in [None, Some(0), Some(length as u64), Some(u64::MAX)] {
                let (body, end) = read(sent.as_slice(), length, expected);
                assert_eq!(body.expose(), sent);
                assert!(end.is_ok());
            }
        }
    }

    #[test]
    fn a_larger_body_is_cut_at_the_cap() {
        for cap in [0, 1, LEAST_PIECE - 1, LEAST_PIECE, 3 * MOST_PIECE] {
            let sent = vec![b'x'; cap + 1];
            let (body, end) = read(sent.as_slice(), cap, Some(cap as u64));
            assert_eq!(body.len(), cap);
            let exceeded = end.expect_err("is too large").downcast::<Exceeded>().expect("says why");
            assert_eq!(*exceeded, Exceeded::ReplyBytes(cap));
        }
    }

    #[test]
    fn what_a_failed_read_wrote_is_kept_up_to_the_cap() {
        struct Chunks;
        impl Read for Chunks {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer[..4].copy_from_slice(b"code");
                Err(io::ErrorKind::InvalidData.into())
            }
        }
        for (cap, kept) in [(100, "half code"), (7, "half co")] {
            let (bytes, end) = read(b"half ".as_slice().chain(Chunks), cap, None);
            assert_eq!(bytes.expose(), kept.as_bytes());
            assert!(end.is_err());
        }
    }

    #[test]
    fn what_came_before_an_error_is_kept() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        let (body, end) = read(b"half".as_slice().chain(Broken), 100, None);
        assert_eq!(body.expose(), b"half");
        assert!(end.is_err());
    }
}
