//! A status as a number.

/// A status from 400 to 499.
pub(super) mod client_error {
    use http::StatusCode;
    use serde::Deserializer;
    use serde::de::Error;

    pub(in crate::behaviour) use super::any::serialize;

    pub(in crate::behaviour) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<StatusCode, D::Error> {
        let status = super::any::deserialize(deserializer)?;
        let expected = || D::Error::custom("a status from 400 to 499 is expected");
        Some(status).filter(StatusCode::is_client_error).ok_or_else(expected)
    }
}

/// A status from 200 to 599.
pub(super) mod any {
    use http::StatusCode;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(in crate::behaviour) fn serialize<S: Serializer>(
        status: &StatusCode,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    pub(in crate::behaviour) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<StatusCode, D::Error> {
        let status = StatusCode::from_u16(u16::deserialize(deserializer)?).ok();
        let final_one = status.filter(|status| (200..600).contains(&status.as_u16()));
        final_one.ok_or_else(|| D::Error::custom("a status from 200 to 599 is expected"))
    }
}
