//! The body of a request or of a reply: a secret.

use std::fmt;

use crate::wiped::wipe_bytes;

/// Bytes of a request or of a reply. They hold secrets, so they are wiped when dropped and never shown:
/// `Debug` says how many there are.
#[derive(Default)]
pub struct Body(Vec<u8>);

impl Body {
    /// A body without bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// A body without bytes, and with room for so many.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Adds bytes. Where it has to move to grow, what it leaves behind is wiped; a `Vec` leaves it as it was.
    pub fn append(&mut self, more: &[u8]) {
        let needed = self.0.len() + more.len();
        if needed > self.0.capacity() {
            let mut wider = Self::with_capacity(needed.max(2 * self.0.capacity()));
            wider.0.extend_from_slice(&self.0);
            *self = wider;
        }
        self.0.extend_from_slice(more);
    }

    /// The bytes. Keep them out of logs.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for Body {
    /// Takes the bytes over without a copy.
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        wipe_bytes(&mut self.0);
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body([redacted], {} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_appended_stands_behind_what_was_there() {
        let mut body = Body::with_capacity(3);
        for piece in ["ab", "", "cde", "f"] {
            body.append(piece.as_bytes());
        }
        assert_eq!(body.expose(), b"abcdef");
    }

    #[test]
    fn debug_shows_neither_text_nor_decimals() {
        let request = http::Request::new(Body::from(b"recovery_code=CANARY".to_vec()));
        let shown = format!("{request:?}");
        assert!(shown.contains("Body([redacted], 20 bytes)"), "{shown}");
        assert!(!shown.contains("CANARY") && !shown.contains("67, 65, 78"), "{shown}");
    }
}
