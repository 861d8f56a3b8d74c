//! Which factors the tenant has switched on.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A Guardian factor, by Auth0's name.
///
/// Source: <https://auth0.com/docs/api/management/v2/guardian/get-factors>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Factor {
    /// `sms`: codes to a phone, by SMS or by a call; see [`PhoneMessageType`].
    Sms,
    /// `push-notification`: pushes to the Guardian app.
    PushNotification,
    /// `email`: codes by e-mail.
    Email,
    /// `otp`: one-time passwords of an authenticator app.
    Otp,
    /// `duo`. It can be switched on and off; nobody can enrol it by the MFA API.
    Duo,
    /// `webauthn-roaming`. As `duo`.
    WebauthnRoaming,
    /// `webauthn-platform`. As `duo`.
    WebauthnPlatform,
    /// `recovery-code`.
    RecoveryCode,
}

impl Factor {
    /// Each of them, in the order of the Management API's list.
    pub const ALL: [Self; 8] = [
        Self::Sms,
        Self::PushNotification,
        Self::Email,
        Self::Otp,
        Self::Duo,
        Self::WebauthnRoaming,
        Self::WebauthnPlatform,
        Self::RecoveryCode,
    ];

    /// Auth0's name of it, for example `push-notification`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::PushNotification => "push-notification",
            Self::Email => "email",
            Self::Otp => "otp",
            Self::Duo => "duo",
            Self::WebauthnRoaming => "webauthn-roaming",
            Self::WebauthnPlatform => "webauthn-platform",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// The factor of a name; None when Auth0 has none of it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|factor| factor.name() == name)
    }
}

/// How the factor `sms` reaches a phone. With both, one enrolment makes two authenticators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PhoneMessageType {
    /// By SMS.
    Sms,
    /// By a call.
    Voice,
}

/// The factors that are on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Factors {
    on: BTreeSet<Factor>,
    phone_message_types: Vec<PhoneMessageType>,
}

impl Factors {
    pub(crate) fn new(
        on: impl IntoIterator<Item = Factor>,
        phone_message_types: Vec<PhoneMessageType>,
    ) -> Self {
        Self { on: on.into_iter().collect(), phone_message_types }
    }

    pub(crate) fn has(&self, factor: Factor) -> bool {
        self.on.contains(&factor)
    }

    pub(crate) fn set(&mut self, factor: Factor, on: bool) {
        if on {
            self.on.insert(factor);
        } else {
            self.on.remove(&factor);
        }
    }

    /// Whether a phone is reached in this way, while the factor `sms` is on.
    pub(crate) fn has_message_type(&self, message_type: PhoneMessageType) -> bool {
        self.phone_message_types.contains(&message_type)
    }

    /// Whether a phone can be reached in this way.
    pub(crate) fn reaches_phones_by(&self, message_type: PhoneMessageType) -> bool {
        self.has(Factor::Sms) && self.has_message_type(message_type)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_factor_is_known_by_its_name() {
        for factor in Factor::ALL {
            assert_eq!(Factor::parse(factor.name()), Some(factor));
            assert_eq!(serde_json::to_value(factor).expect("a word"), factor.name());
        }
        assert_eq!(Factor::parse("voice"), None, "a phone is one factor");
    }
}
