//! Secrets as a config holds them, and how two of them are compared.

use auth0_mfa_core::{ClientSecret, EmailAddress, OtpSecret, Password, RecoveryCode};
use serde::de::{Deserialize, Deserializer, Error};
use subtle::ConstantTimeEq;

/// Whether two secrets are the same, in a time that does not depend on where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
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
