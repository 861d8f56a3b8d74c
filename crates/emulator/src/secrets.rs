//! Secrets as a config holds them, and how two of them are compared.

use auth0_mfa_core::{ClientSecret, EmailAddress, OtpSecret, Password, RecoveryCode};
use serde::de::{Deserialize, Deserializer, Error};
use subtle::ConstantTimeEq;

/// Whether two secrets are the same, in a time that does not depend on where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    // The compiler looks at many bytes at a time: an `mfa_token` has two thousand.
    let bytes = one.bytes().zip(other.bytes());
    let difference = bytes.fold(0, |so_far, (one, other)| so_far | (one ^ other));
    difference.ct_eq(&0).into()
}

pub(crate) fn password<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Password, D::Error> {
    String::deserialize(deserializer).map(Password::new)
}

pub(crate) fn optional_client_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ClientSecret>, D::Error> {
    optional(deserializer)?.map(ClientSecret::parse).transpose().map_err(D::Error::custom)
}

pub(crate) fn optional_recovery_code<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<RecoveryCode>, D::Error> {
    Ok(optional(deserializer)?.map(RecoveryCode::verbatim))
}

pub(crate) fn optional_otp_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<OtpSecret>, D::Error> {
    Ok(optional(deserializer)?.map(OtpSecret::from))
}

pub(crate) fn optional_email_address<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<EmailAddress>, D::Error> {
    optional(deserializer)?.map(EmailAddress::parse).transpose().map_err(D::Error::custom)
}

fn optional<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn secrets_are_the_same_when_every_byte_is(one in "[ab]{0,20}", other in "[ab]{0,20}", at in any::<prop::sample::Index>()) {
            prop_assert_eq!(same(&one, &other), one == other);
            prop_assert!(same(&one, &one.clone()));
            let text = format!("{one}x");
            let mut changed = text.clone().into_bytes();
            changed[at.index(text.len())] ^= 1;
            prop_assert!(!same(&text, std::str::from_utf8(&changed).expect("ASCII")));
        }
    }
}
