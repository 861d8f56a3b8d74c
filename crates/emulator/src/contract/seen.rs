//! What the server saw of a connection.

use std::fmt;

/// What the server saw of one connection, at the moment it was asked.
///
/// `Debug` says how many bytes there are, not which.
#[derive(Clone, Default)]
pub struct Seen {
    pub(super) bytes: Vec<u8>,
    pub(super) request_ends: Vec<usize>,
    pub(super) outcome: Option<Outcome>,
}

impl Seen {
    /// All bytes that were read on the connection, decrypted, in their order; the handshake of TLS is not among them.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The requests that were read to the end of their body, in their order, head and body together.
    pub fn requests(&self) -> Vec<&[u8]> {
        let starts = std::iter::once(&0).chain(&self.request_ends);
        starts.zip(&self.request_ends).filter_map(|(start, end)| self.bytes.get(*start..*end)).collect()
    }

    /// Whether `needle` is somewhere among the bytes: did the secret arrive?
    pub fn contains(&self, needle: &[u8]) -> bool {
        needle.is_empty() || self.bytes.windows(needle.len()).any(|window| window == needle)
    }

    /// How the connection ended; `None` while it is open.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seen")
            .field("bytes", &self.bytes.len())
            .field("requests", &self.request_ends.len())
            .field("outcome", &self.outcome)
            .finish()
    }
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// Every step was played, and the end as well.
    Completed,
    /// The peer closed or broke the connection before every step was played.
    PeerLeft,
    /// No TLS connection came about, so no step was played.
    HandshakeFailed,
    /// The server stopped before every step was played.
    Stopped,
}
