//! Reads the body of a reply up to a cap, without leaving copies behind.

use std::io::{self, Read};

use auth0_mfa_core::transport::BoxError;
use zeroize::Zeroizing;

use crate::error::io_cause;

const PIECE: usize = 8 * 1024;

/// What was read of the body, and whether that is all of it.
pub(crate) fn read(mut body: impl Read, cap: usize) -> (Zeroizing<Vec<u8>>, Result<(), BoxError>) {
    let mut bytes = Zeroizing::new(Vec::new());
    let mut piece = Zeroizing::new([0; PIECE]);
    loop {
        let count = match body.read(piece.as_mut_slice()) {
            Ok(0) => return (bytes, Ok(())),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return (bytes, Err(io_cause(error))),
        };
        let fitting = count.min(cap - bytes.len());
        append(&mut bytes, piece.get(..fitting).unwrap_or_default());
        if fitting < count {
            return (bytes, Err(format!("it has more than {cap} bytes").into()));
        }
    }
}

/// Like `extend_from_slice`, which would leave the bytes behind when it moves them to a larger place.
fn append(bytes: &mut Zeroizing<Vec<u8>>, piece: &[u8]) {
    let needed = bytes.len() + piece.len();
    if needed > bytes.capacity() {
        let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * bytes.capacity())));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_up_to_the_cap_is_whole() {
        for length in [0, 1, PIECE, PIECE + 1, 5 * PIECE] {
            let sent: Vec<u8> = (0..=250).cycle().take(length).collect();
            let (bytes, end) = read(sent.as_slice(), length);
            assert_eq!(*bytes, sent);
            assert!(end.is_ok());
        }
    }

    #[test]
    fn a_larger_body_is_cut_at_the_cap() {
        for cap in [0, 1, PIECE - 1, PIECE, 3 * PIECE] {
            let sent = vec![b'x'; cap + 1];
            let (bytes, end) = read(sent.as_slice(), cap);
            assert_eq!(bytes.len(), cap);
            assert_eq!(end.expect_err("is too large").to_string(), format!("it has more than {cap} bytes"));
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
        let (bytes, end) = read(b"half".as_slice().chain(Broken), 100);
        assert_eq!(*bytes, b"half");
        assert!(end.is_err());
    }
}
