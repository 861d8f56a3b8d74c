//! Reads the body of a reply up to a cap, without leaving copies behind.

use std::io::{self, Read};

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::ReplyBytes;
use zeroize::Zeroizing;

use crate::cause::io_cause;

/// How much is read at once: what the reply announces, within these bounds.
const LEAST_PIECE: usize = 1024;
const MOST_PIECE: usize = 8 * 1024;

/// What was read of the body, and whether that is all of it. `expected` is the length that the reply announces.
pub(crate) fn read(mut body: impl Read, cap: usize, expected: Option<u64>) -> (Body, Result<(), BoxError>) {
    let mut bytes = ReplyBytes::new(cap, expected);
    let mut piece = Zeroizing::new(vec![0; piece_for(expected)]);
    let end = loop {
        let read = match body.read(&mut piece) {
            Ok(0) => break Ok(()),
            Ok(count) => piece.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => break Err(io_cause(error)),
        };
        if let Err(exceeded) = bytes.push(read) {
            break Err(exceeded.into());
        }
    };
    (bytes.into_body(), end)
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
