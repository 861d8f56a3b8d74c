//! An authenticator that a user has from the start.

use std::fmt;

use auth0_mfa_core::{EmailAddress, PhoneNumber};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::authenticator::Means;
use crate::generator::Generator;
use crate::personal::{Personal, Redacted};

/// An authenticator that a user has from the start. As a table: `type` (`totp`, `sms`, `voice`, `email`, `push`), what
/// it needs (`phone_number`, `email`, `name`), and `confirmed`.
///
/// ```
/// use auth0_mfa_core::PhoneNumber;
/// use auth0_mfa_emulator::{AuthenticatorConfig, Config, ConfiguredMeans, UserConfig};
///
/// let phone = ConfiguredMeans::Sms { phone_number: PhoneNumber::parse("+15550100123")? };
/// let dave = UserConfig::new("dave@example.com", "fake-password-dave");
/// let mut config = Config::default();
/// config.users.push(dave.with_authenticator(AuthenticatorConfig::new(phone)));
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthenticatorConfig {
    /// By what it authenticates.
    pub means: ConfiguredMeans,
    /// Whether the user has confirmed it; so it is, unless it is said.
    pub confirmed: bool,
}

/// By what an authenticator authenticates. `Debug` shows nothing personal.
#[derive(Clone)]
#[non_exhaustive]
pub enum ConfiguredMeans {
    /// One-time passwords of an app; its secret is made.
    Totp,
    /// Codes by SMS.
    Sms {
        /// To this phone.
        phone_number: PhoneNumber,
    },
    /// Codes by a call.
    Voice {
        /// To this phone.
        phone_number: PhoneNumber,
    },
    /// Codes by e-mail.
    Email {
        /// To this address; the user's, unless it is said.
        email: Option<EmailAddress>,
    },
    /// Pushes.
    Push {
        /// To a device of this name.
        name: String,
    },
}

impl AuthenticatorConfig {
    /// A confirmed authenticator.
    pub fn new(means: ConfiguredMeans) -> Self {
        Self { means, confirmed: true }
    }

    pub(super) fn is_complete(&self, user_has_email: bool) -> bool {
        match &self.means {
            ConfiguredMeans::Sms { phone_number } | ConfiguredMeans::Voice { phone_number } => {
                is_phone_number(phone_number.expose())
            }
            ConfiguredMeans::Email { email: Some(email) } => is_email_address(email.expose()),
            ConfiguredMeans::Email { email: None } => user_has_email,
            ConfiguredMeans::Totp | ConfiguredMeans::Push { .. } => true,
        }
    }

    pub(crate) fn into_means(
        self,
        user_email: Option<&EmailAddress>,
        generator: &mut Generator,
    ) -> Option<Means> {
        match self.means {
            ConfiguredMeans::Totp => Some(Means::totp(generator.otp_secret())),
            ConfiguredMeans::Sms { phone_number } => Some(Means::Sms(phone_number)),
            ConfiguredMeans::Voice { phone_number } => Some(Means::Voice(phone_number)),
            ConfiguredMeans::Email { email } => {
                let address = email.or_else(|| user_email.cloned())?;
                Some(Means::Email { address, automatic: false })
            }
            ConfiguredMeans::Push { name } => Some(Means::Push { device_name: Some(Personal(name)) }),
        }
    }
}

impl fmt::Debug for ConfiguredMeans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Totp => f.write_str("Totp"),
            Self::Sms { phone_number } => f.debug_struct("Sms").field("phone_number", phone_number).finish(),
            Self::Voice { phone_number } => {
                f.debug_struct("Voice").field("phone_number", phone_number).finish()
            }
            Self::Email { email } => f.debug_struct("Email").field("email", email).finish(),
            Self::Push { .. } => f.debug_struct("Push").field("name", &Redacted).finish(),
        }
    }
}

impl<'de> Deserialize<'de> for AuthenticatorConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = Table::deserialize(deserializer)?;
        let phone_number = |number: Option<String>| {
            let number = number.ok_or_else(|| D::Error::missing_field("phone_number"))?;
            PhoneNumber::parse(number).map_err(D::Error::custom)
        };
        let means = match table.kind {
            Kind::Totp => ConfiguredMeans::Totp,
            Kind::Sms => ConfiguredMeans::Sms { phone_number: phone_number(table.phone_number)? },
            Kind::Voice => ConfiguredMeans::Voice { phone_number: phone_number(table.phone_number)? },
            Kind::Email => ConfiguredMeans::Email {
                email: table.email.map(EmailAddress::parse).transpose().map_err(D::Error::custom)?,
            },
            Kind::Push => {
                ConfiguredMeans::Push { name: table.name.unwrap_or_else(|| "Local Device".to_owned()) }
            }
        };
        Ok(Self { means, confirmed: table.confirmed })
    }
}

/// An authenticator as it stands in a file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "type")]
    kind: Kind,
    phone_number: Option<String>,
    email: Option<String>,
    name: Option<String>,
    #[serde(default = "yes")]
    confirmed: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Totp,
    Sms,
    Voice,
    Email,
    Push,
}

fn yes() -> bool {
    true
}

/// Whether it is of the form of E.164: `+`, and up to 15 digits of which the first is no zero.
pub(crate) fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or("");
    (2..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
}

/// Whether it has the look of an e-mail address: something, one `@`, something.
pub(crate) fn is_email_address(text: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    text.split_once('@').is_some_and(|(name, domain)| is_part(name) && is_part(domain))
}
