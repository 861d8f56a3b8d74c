//! What can go wrong: in the settings, and in a call.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

use auth0_mfa_core::transport::BoxError;
#[cfg(doc)]
use auth0_mfa_core::transport::TransportError;

/// A setting that cannot work.
#[derive(Debug)]
pub struct ConfigError {
    setting: &'static str,
    reason: &'static str,
    cause: Option<BoxError>,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, reason: &'static str) -> Self {
        Self { setting, reason, cause: None }
    }

    pub(crate) fn because(self, cause: impl Into<BoxError>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    /// The setting that is wrong, for example `root certificate`.
    pub fn setting(&self) -> &'static str {
        self.setting
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.reason)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// How far a call came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Before there was a connection: the destination, name resolution, TCP, TLS.
    Connect,
    /// Sending the request and waiting for the head of the reply.
    Exchange,
    /// Reading the body of the reply.
    ReplyBody,
}

/// Why a call failed: the `source()` of every [`TransportError`] of this transport, found with `downcast_ref`.
///
/// `Display` names the phase; the cause is its own `source()`.
#[derive(Debug)]
pub struct Failure {
    phase: Phase,
    cause: BoxError,
}

impl Failure {
    pub(crate) fn new(phase: Phase, cause: impl Into<BoxError>) -> Self {
        Self { phase, cause: cause.into() }
    }

    /// How far the call came.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether time ran out: one of the two timeouts, or one of the operating system.
    pub fn is_timeout(&self) -> bool {
        std::iter::successors(self.source(), |&error| error.source()).any(|error| {
            matches!(error.downcast_ref(), Some(Exceeded::ConnectTime(_) | Exceeded::CallTime(_)))
                || error.downcast_ref().is_some_and(|io: &io::Error| io.kind() == io::ErrorKind::TimedOut)
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.phase {
            Phase::Connect => "no connection was made",
            Phase::Exchange => "sending the request, or waiting for its reply, failed",
            Phase::ReplyBody => "reading the body of the reply failed",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// A limit that a call went beyond.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Exceeded {
    ConnectTime(Duration),
    CallTime(Duration),
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
