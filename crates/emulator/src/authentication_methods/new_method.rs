//! An authentication method that an administrator makes.

use auth0_mfa_core::{EmailAddress, OtpSecret, PhoneNumber};
use serde::Deserialize;

use crate::authenticator::Means;
use crate::config::{is_email_address, is_phone_number};
use crate::credential::Credential;
use crate::factors::{Factors, PhoneMessageType};
use crate::generator::Generator;
use crate::refusal::Refusal;
use crate::totp;

/// An authentication method that an administrator makes. A recovery code is none: it is regenerated.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum NewMethod {
    Totp {
        name: Option<String>,
        totp_secret: Option<String>,
    },
    Phone {
        name: Option<String>,
        phone_number: String,
        preferred_authentication_method: Option<PhoneMessageType>,
    },
    Email {
        name: Option<String>,
        email: String,
    },
    WebauthnRoaming {
        name: Option<String>,
        key_id: String,
        public_key: String,
        relying_party_identifier: Option<String>,
    },
    Passkey(Credential),
}

/// What becomes of it.
pub(super) enum Made {
    /// These, all of one device.
    Authenticators(Vec<Means>),
    Passkey(Credential),
}

impl NewMethod {
    /// The `type`.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Phone { .. } => "phone",
            Self::Email { .. } => "email",
            Self::WebauthnRoaming { .. } => "webauthn-roaming",
            Self::Passkey(_) => "passkey",
        }
    }

    /// Whether it can be made on this tenant.
    pub(super) fn is_good(&self, factors: &Factors) -> bool {
        match self {
            Self::Totp { totp_secret, .. } => {
                totp_secret.as_ref().is_none_or(|secret| totp::is_secret(&OtpSecret::from(secret.clone())))
            }
            Self::Phone { phone_number, preferred_authentication_method, .. } => {
                is_phone_number(phone_number)
                    && preferred_authentication_method
                        .is_none_or(|preferred| factors.has_message_type(preferred))
            }
            Self::Email { email, .. } => is_email_address(email),
            Self::WebauthnRoaming { key_id, public_key, .. } => !key_id.is_empty() && !public_key.is_empty(),
            Self::Passkey(credential) => credential.is_complete(),
        }
    }

    /// Whether it can stand in a replacement of all methods, which has no fields for a key, as documented.
    pub(super) fn is_replacement(&self) -> bool {
        matches!(self, Self::Totp { .. } | Self::Phone { .. } | Self::Email { .. })
    }

    /// What no two of a user's methods share: the type with the phone, the address or the key. Of apps a user can have
    /// several.
    pub(super) fn identity(&self) -> Option<(&'static str, &str)> {
        let of = match self {
            Self::Totp { .. } => return None,
            Self::Phone { phone_number, .. } => phone_number,
            Self::Email { email, .. } => email,
            Self::WebauthnRoaming { key_id, .. } => key_id,
            Self::Passkey(credential) => &credential.key_id,
        };
        Some((self.kind(), of))
    }

    /// The name that it was given.
    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Self::Totp { name, .. }
            | Self::Phone { name, .. }
            | Self::Email { name, .. }
            | Self::WebauthnRoaming { name, .. } => name.as_deref(),
            Self::Passkey(credential) => credential.name.as_deref(),
        }
    }

    /// Makes it.
    pub(super) fn make(self, generator: &mut Generator, factors: &Factors) -> Result<Made, Refusal> {
        let means = match self {
            Self::Totp { totp_secret, .. } => {
                vec![Means::totp(totp_secret.map_or_else(|| generator.otp_secret(), OtpSecret::from))]
            }
            Self::Phone { phone_number, preferred_authentication_method, .. } => {
                let number = PhoneNumber::parse(phone_number)?;
                let types = message_types(preferred_authentication_method, factors);
                types.into_iter().map(|message_type| phone(message_type, &number)).collect()
            }
            Self::Email { email, .. } => {
                vec![Means::Email { address: EmailAddress::parse(email)?, automatic: false }]
            }
            Self::WebauthnRoaming { key_id, public_key, relying_party_identifier, .. } => {
                let key = Credential::security_key(key_id, public_key, relying_party_identifier);
                vec![Means::WebauthnRoaming(key)]
            }
            Self::Passkey(credential) => return Ok(Made::Passkey(credential)),
        };
        Ok(Made::Authenticators(means))
    }
}

/// The ways in which a phone is reached, the preferred one first. On a tenant with none of them it is an SMS.
fn message_types(preferred: Option<PhoneMessageType>, factors: &Factors) -> Vec<PhoneMessageType> {
    let first = preferred.unwrap_or(PhoneMessageType::Sms);
    let second = match first {
        PhoneMessageType::Sms => PhoneMessageType::Voice,
        PhoneMessageType::Voice => PhoneMessageType::Sms,
    };
    let has = |it: &PhoneMessageType| factors.has_message_type(*it);
    let types: Vec<_> = [first, second].into_iter().filter(has).collect();
    if types.is_empty() { vec![PhoneMessageType::Sms] } else { types }
}

fn phone(message_type: PhoneMessageType, number: &PhoneNumber) -> Means {
    match message_type {
        PhoneMessageType::Sms => Means::Sms(number.clone()),
        PhoneMessageType::Voice => Means::Voice(number.clone()),
    }
}
