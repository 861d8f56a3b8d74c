//! What lies below an error of ureq.

use std::io;

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::Exceeded;
use auth0_mfa_transport::proxy::NoTunnel;

/// What lies below an error of ureq, whose own type does not name its source.
pub(crate) fn cause(error: ureq::Error) -> BoxError {
    match error {
        ureq::Error::Io(error) => io_cause(error),
        ureq::Error::Other(error) => error,
        other => other.into(),
    }
}

/// What lies below an I/O error. The source of one that wraps another error is the source of that: without this, the
/// error itself would not be in the chain.
pub(crate) fn io_cause(error: io::Error) -> BoxError {
    match error.downcast::<ureq::Error>() {
        Ok(error) => cause(error),
        Err(error) => unwrapped::<rustls::Error>(error)
            .or_else(unwrapped::<Exceeded>)
            .or_else(unwrapped::<NoTunnel>)
            .unwrap_or_else(Into::into),
    }
}

fn unwrapped<E: std::error::Error + Send + Sync + 'static>(error: io::Error) -> Result<BoxError, io::Error> {
    error.downcast::<E>().map(Into::into)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_cause_is_found_below_the_wrappers() {
        let tls = io::Error::new(io::ErrorKind::InvalidData, rustls::Error::DecryptError);
        let wrapped = io::Error::other(ureq::Error::Io(tls));
        assert!(io_cause(wrapped).is::<rustls::Error>());

        let exceeded = Exceeded::CallTime(Duration::from_secs(1));
        let found = cause(ureq::Error::Io(exceeded.into())).downcast::<Exceeded>().expect("is told");
        assert_eq!(*found, exceeded);

        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let found = cause(ureq::Error::Io(reset)).downcast::<io::Error>().expect("is an I/O error");
        assert_eq!(found.kind(), io::ErrorKind::ConnectionReset);
    }
}
