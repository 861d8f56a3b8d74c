//! Why a call failed, and in which part of it.

use std::error::Error;
use std::time::Duration;
use std::{fmt, io};

use auth0_mfa_core::transport::BoxError;
#[cfg(doc)]
use auth0_mfa_core::transport::TransportError;

/// The part of a call in which it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Before anything was done: the request, or the place of the call, was refused.
    Prepare,
    /// Looking up the addresses of the host.
    Resolve,
    /// Opening a TCP connection.
    Connect,
    /// Asking a proxy for a tunnel.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the head of the reply.
    Wait,
    /// Reading the body of the reply.
    Body,
}

/// Why a call got no complete reply: the `source()` of every [`TransportError`] of a transport, found with
/// `downcast_ref`.
///
/// `Display` names the phase; the cause is its own `source()`.
#[derive(Debug)]
pub struct Failure {
    phase: Phase,
    cause: BoxError,
}

impl Failure {
    /// What went wrong in which part of a call.
    pub fn new(phase: Phase, cause: impl Into<BoxError>) -> Self {
        Self { phase, cause: cause.into() }
    }

    /// The part of the call in which it ended.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether time ran out: that for connecting, that of the call, or one of the operating system.
    pub fn is_timeout(&self) -> bool {
        std::iter::successors(self.source(), |&error| error.source()).any(is_timeout)
    }
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    let exceeded = error.downcast_ref::<Exceeded>();
    let io = error.downcast_ref::<io::Error>();
    exceeded.is_some_and(|exceeded| !matches!(exceeded, Exceeded::ReplyBytes(_)))
        || io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.phase {
            Phase::Prepare => "the request was refused",
            Phase::Resolve => "the host name was not resolved",
            Phase::Connect => "no connection was made",
            Phase::Proxy => "the proxy made no tunnel",
            Phase::Tls => "the TLS handshake failed",
            Phase::Send => "the request was not sent to its end",
            Phase::Wait => "no head of a reply was read",
            Phase::Body => "the body of the reply was not read to its end",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// A limit that a call went beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Exceeded {
    /// The time for connecting.
    ConnectTime(Duration),
    /// The time of the whole call.
    CallTime(Duration),
    /// The bytes of the body of a reply.
    ReplyBytes(usize),
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ConnectTime(limit) => write!(f, "connecting took longer than {limit:?}"),
            Self::CallTime(limit) => write!(f, "the call took longer than {limit:?}"),
            Self::ReplyBytes(limit) => write!(f, "the reply is longer than {limit} bytes"),
        }
    }
}

impl Error for Exceeded {}

/// An [`Exceeded`] time is an I/O error of the kind `TimedOut`.
impl From<Exceeded> for io::Error {
    fn from(exceeded: Exceeded) -> Self {
        let kind = match exceeded {
            Exceeded::ReplyBytes(_) => io::ErrorKind::InvalidData,
            Exceeded::ConnectTime(_) | Exceeded::CallTime(_) => io::ErrorKind::TimedOut,
        };
        Self::new(kind, exceeded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_ran_out_is_told_from_other_failures() {
        let connect = Exceeded::ConnectTime(Duration::from_secs(5));
        for timeout in [
            Failure::new(Phase::Connect, connect),
            Failure::new(Phase::Tls, io::Error::from(connect)),
            Failure::new(Phase::Wait, Exceeded::CallTime(Duration::from_secs(30))),
            Failure::new(Phase::Connect, io::Error::from(io::ErrorKind::TimedOut)),
        ] {
            assert!(timeout.is_timeout(), "{timeout:?}");
        }
        for other in [
            Failure::new(Phase::Body, Exceeded::ReplyBytes(10)),
            Failure::new(Phase::Body, io::Error::from(Exceeded::ReplyBytes(10))),
            Failure::new(Phase::Connect, io::Error::from(io::ErrorKind::ConnectionRefused)),
            Failure::new(Phase::Prepare, "is refused"),
        ] {
            assert!(!other.is_timeout(), "{other:?}");
        }
    }
}
