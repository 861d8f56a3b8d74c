//! What a client is to see.

use std::time::Duration;

use auth0_mfa_core::Body;

/// What becomes of a request on its connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum Served {
    /// A reply, this much later.
    Reply {
        /// The reply.
        reply: http::Response<Body>,
        /// How long after the request it comes.
        after: Duration,
    },
    /// The head of this reply, and so many bytes of its body; then the connection ends.
    CutReply {
        /// The whole reply.
        reply: http::Response<Body>,
        /// How many bytes of its body come; fewer than it has.
        bytes: usize,
    },
    /// The connection ends, without a byte of a reply.
    Dropped,
    /// Nothing comes, and the connection stays open.
    Stalled,
}

impl From<http::Response<Body>> for Served {
    fn from(reply: http::Response<Body>) -> Self {
        Self::Reply { reply, after: Duration::ZERO }
    }
}
