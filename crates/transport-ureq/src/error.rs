//! What goes wrong: with the settings, and with a call.

use std::error::Error;
use std::{fmt, io};

use auth0_mfa_core::transport::BoxError;

/// A setting that cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    setting: &'static str,
    reason: &'static str,
    source: Option<BoxError>,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, reason: &'static str) -> Self {
        Self { setting, reason, source: None }
    }

    pub(crate) fn because(self, source: impl Into<BoxError>) -> Self {
        Self { source: Some(source.into()), ..self }
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
        self.source.as_deref().map(|source| source as _)
    }
}

/// The part of a call in which it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// Before anything was done: the request itself was refused.
    Prepare,
    /// Looking up the addresses of the host.
    Resolve,
    /// Opening a TCP connection.
    Connect,
    /// The TLS handshake.
    Tls,
    /// Sending the request.
    Send,
    /// Waiting for the head of the reply.
    Wait,
    /// Reading the body of the reply.
    Body,
}

/// Why a call got no complete reply: the source of the
/// [`TransportError`](auth0_mfa_core::transport::TransportError).
///
/// `Display` names the phase; the cause is its `source()`: an [`io::Error`], a `rustls::Error`, or another.
#[derive(Debug)]
pub struct Failure {
    phase: Phase,
    source: BoxError,
}

impl Failure {
    pub(crate) fn new(phase: Phase, source: impl Into<BoxError>) -> Self {
        Self { phase, source: source.into() }
    }

    /// The request was refused before anything was done.
    pub(crate) fn refused(reason: &'static str) -> Self {
        Self::new(Phase::Prepare, reason)
    }

    /// The part of the call in which it failed.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the time for connecting, or for the whole call, ran out.
    pub fn is_timeout(&self) -> bool {
        let io = self.source.downcast_ref::<io::Error>();
        io.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.phase {
            Phase::Prepare => "the request was refused",
            Phase::Resolve => "the host name was not resolved",
            Phase::Connect => "no connection was made",
            Phase::Tls => "the TLS handshake failed",
            Phase::Send => "the request was not sent to its end",
            Phase::Wait => "no head of a reply was read",
            Phase::Body => "the body of the reply was not read to its end",
        })
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}

/// The error of an operation that did not end within its time.
pub(crate) fn out_of_time() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "the time ran out")
}

/// What lies below an error of ureq, whose own type does not name its source.
pub(crate) fn cause(error: ureq::Error) -> BoxError {
    match error {
        ureq::Error::Io(error) => io_cause(error),
        ureq::Error::Other(error) => error,
        ureq::Error::Timeout(_) => out_of_time().into(),
        other => other.into(),
    }
}

/// What lies below an I/O error: ureq and rustls put their own errors into it.
pub(crate) fn io_cause(error: io::Error) -> BoxError {
    match error.downcast::<ureq::Error>() {
        Ok(error) => cause(error),
        Err(error) => match error.downcast::<rustls::Error>() {
            Ok(error) => error.into(),
            Err(error) => error.into(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_found_below_the_wrappers() {
        let tls = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::DecryptError);
        let wrapped = io::Error::other(ureq::Error::Io(tls));
        assert!(io_cause(wrapped).is::<rustls::Error>());

        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let found = cause(ureq::Error::Io(reset)).downcast::<io::Error>().expect("is an I/O error");
        assert_eq!(found.kind(), io::ErrorKind::ConnectionReset);
    }

    #[test]
    fn a_timeout_is_told_from_other_failures() {
        assert!(Failure::new(Phase::Wait, cause(ureq::Error::Timeout(ureq::Timeout::Global))).is_timeout());
        assert!(Failure::new(Phase::Connect, out_of_time()).is_timeout());
        assert!(
            !Failure::new(Phase::Connect, io::Error::from(io::ErrorKind::ConnectionRefused)).is_timeout()
        );
        assert!(!Failure::refused("reason").is_timeout());
    }
}
