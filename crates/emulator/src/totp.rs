//! One-time passwords as authenticator apps make them: SHA-1, six digits, 30 seconds.

use auth0_mfa_core::{Otp, OtpSecret};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::{Timestamp, secrets};

const DIGITS: usize = 6;
const STEP_SECONDS: u64 = 30;

/// The shortest secret that is taken, in bytes. RFC 4226 asks for 16; older samples of Auth0's are shorter.
const SHORTEST_SECRET: usize = 10;

pub(crate) fn is_secret(secret: &OtpSecret) -> bool {
    bytes(secret).is_some_and(|bytes| bytes.len() >= SHORTEST_SECRET)
}

/// The base32 of a new secret.
pub(crate) fn encode(bytes: &[u8]) -> OtpSecret {
    let encoded = Secret::Raw(bytes.to_vec()).to_encoded();
    // The text of an encoded secret is its base32.
    OtpSecret::from(encoded.to_string())
}

/// The one-time password of a step.
pub(crate) fn otp(secret: &OtpSecret, step: u64) -> Option<Otp> {
    // The secret's length was looked at when the secret was made; the rest is fixed.
    let totp = TOTP::new_unchecked(Algorithm::SHA1, DIGITS, 0, STEP_SECONDS, bytes(secret)?);
    Some(Otp::verbatim(totp.generate(step.saturating_mul(STEP_SECONDS))))
}

/// The step of a moment.
pub(crate) fn step(now: Timestamp) -> u64 {
    now.unix_seconds() / STEP_SECONDS
}

/// The step that a one-time password is of, when it is of this one or of the one before.
pub(crate) fn matching_step(secret: &OtpSecret, typed: &Otp, now: Timestamp) -> Option<u64> {
    let current = step(now);
    [Some(current), current.checked_sub(1)]
        .into_iter()
        .flatten()
        .find(|step| otp(secret, *step).is_some_and(|otp| secrets::same(otp.expose(), typed.expose())))
}

fn bytes(secret: &OtpSecret) -> Option<Vec<u8>> {
    Secret::Encoded(secret.expose().to_owned()).to_bytes().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> OtpSecret {
        OtpSecret::from(text.to_owned())
    }

    /// RFC 6238, appendix B, the last six digits.
    #[test]
    fn the_vectors_of_the_rfc() {
        let secret = secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (seconds, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            let now = Timestamp::from_unix_seconds(seconds);
            assert_eq!(otp(&secret, step(now)).expect("a secret").expose(), expected);
        }
    }

    #[test]
    fn a_secret_is_base32_and_not_short() {
        assert!(is_secret(&secret("JBSWY3DPEHPK3PXP")));
        assert!(is_secret(&encode(&[7; 20])));
        for text in ["", "JBSWY3DP", "not base32 at all!", "JBSWY3DPEHPK3PX1"] {
            assert!(!is_secret(&secret(text)), "{text}");
        }
    }
}
