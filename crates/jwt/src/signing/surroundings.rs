//! Where the time of a token and its identifier come from.

use std::time::{SystemTime, UNIX_EPOCH};

use ring::rand::{SecureRandom, SystemRandom};

use super::{SigningError, base64url};

/// What a token takes from its surroundings. [`Machine`] is the default; tests bring their own.
///
/// ```
/// use auth0_mfa_jwt::{SigningError, Surroundings};
/// use std::time::{Duration, SystemTime};
///
/// struct Fixed;
///
/// impl Surroundings for Fixed {
///     fn now(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
///     }
///
///     fn jti(&self) -> Result<String, SigningError> {
///         Ok("fake-jti".to_owned())
///     }
/// }
/// # assert!(Fixed.jti().is_ok());
/// ```
pub trait Surroundings: Send + Sync {
    /// The time, for `iat` and `exp`.
    fn now(&self) -> SystemTime;

    /// An identifier that no token had before: Auth0 takes each once.
    ///
    /// # Errors
    /// When there is no randomness to make one of.
    fn jti(&self) -> Result<String, SigningError>;
}

/// The machine's clock, and identifiers of 128 random bits.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Machine;

impl Surroundings for Machine {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn jti(&self) -> Result<String, SigningError> {
        let mut bytes = [0; 16];
        SystemRandom::new()
            .fill(&mut bytes)
            .map_err(|_| SigningError::new("the machine gives no randomness"))?;
        Ok(base64url(&bytes))
    }
}

/// Seconds since the Unix epoch; a clock that is set before it is taken to stand at it.
pub(crate) fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_identifier_of_the_machine_is_another() {
        let (one, two) = (Machine.jti().unwrap(), Machine.jti().unwrap());
        assert_ne!(one, two);
        assert_eq!(one.len(), 22);
    }

    #[test]
    fn a_clock_before_the_epoch_stands_at_it() {
        assert_eq!(seconds(UNIX_EPOCH - std::time::Duration::from_secs(1)), 0);
    }
}
