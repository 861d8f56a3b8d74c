//! What a user has besides the password: apps, phones, e-mail addresses.

use auth0_mfa_core::{EmailAddress, Otp, OtpSecret, PhoneNumber};

use crate::credential::Credential;
use crate::factors::{Factor, Factors, PhoneMessageType};
use crate::personal::Personal;
use crate::{Behaviour, Timestamp, totp};

/// The kind of an authenticator: the part of its `id` before the `|`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum AuthenticatorKind {
    /// `totp`: an app with one-time passwords.
    Totp,
    /// `sms`: codes by SMS.
    Sms,
    /// `voice`: codes by a call.
    Voice,
    /// `email`: codes by e-mail.
    Email,
    /// `push`: pushes to the Guardian app.
    Push,
    /// `webauthn-roaming`: a security key. An administrator makes it; the MFA API can neither enrol nor challenge it.
    WebauthnRoaming,
    /// `recovery-code`: listed like an authenticator.
    RecoveryCode,
}

impl AuthenticatorKind {
    /// The word in the `id`, for example `totp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Totp => "totp",
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
            Self::Push => "push",
            Self::WebauthnRoaming => "webauthn-roaming",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// Auth0's `authenticator_type`. That of a security key is made by analogy: no sample of it is known.
    pub(crate) fn authenticator_type(self) -> &'static str {
        match self {
            Self::Totp => "otp",
            Self::WebauthnRoaming => "webauthn-roaming",
            Self::RecoveryCode => "recovery-code",
            Self::Sms | Self::Voice | Self::Email | Self::Push => "oob",
        }
    }

    /// Auth0's `oob_channel`.
    pub(crate) fn oob_channel(self) -> Option<&'static str> {
        match self {
            Self::Sms => Some("sms"),
            Self::Voice => Some("voice"),
            Self::Email => Some("email"),
            Self::Push => Some("auth0"),
            Self::Totp | Self::WebauthnRoaming | Self::RecoveryCode => None,
        }
    }

    /// `type`, as listed authenticators and `mfa_requirements` have it on tenants with "Customizable MFA".
    pub(crate) fn requirement(self) -> &'static str {
        match self {
            Self::Totp => "otp",
            Self::Sms | Self::Voice => "phone",
            Self::Email => "email",
            Self::Push => "push-notification",
            Self::WebauthnRoaming => "webauthn-roaming",
            Self::RecoveryCode => "recovery-code",
        }
    }

    /// Whether the MFA API has a challenge for it.
    pub(crate) fn can_be_challenged(self) -> bool {
        !matches!(self, Self::WebauthnRoaming | Self::RecoveryCode)
    }

    /// Whether the tenant has it switched on.
    pub(crate) fn is_on(self, factors: &Factors) -> bool {
        match self {
            Self::Totp => factors.has(Factor::Otp),
            Self::Sms => factors.reaches_phones_by(PhoneMessageType::Sms),
            Self::Voice => factors.reaches_phones_by(PhoneMessageType::Voice),
            Self::Email => factors.has(Factor::Email),
            Self::Push => factors.has(Factor::PushNotification),
            Self::WebauthnRoaming => factors.has(Factor::WebauthnRoaming),
            Self::RecoveryCode => factors.has(Factor::RecoveryCode),
        }
    }

    /// Whether what it shows or was sent is looked at.
    pub(crate) fn is_taken(self, factors: &Factors, behaviour: &Behaviour) -> bool {
        self.is_on(factors) || !behaviour.switched_off_factors_are_refused
    }
}

/// An authenticator of a user, other than the recovery code. `Debug` shows no secret and nothing personal.
#[derive(Debug)]
pub struct Authenticator {
    pub(crate) means: Means,
    pub(crate) device_id: String,
    /// What was enrolled in one go has the same link, and goes in one go: push and OTP, SMS and voice.
    pub(crate) link: String,
    pub(crate) confirmed: bool,
    pub(crate) created_at: Timestamp,
    /// When it was confirmed.
    pub(crate) enrolled_at: Option<Timestamp>,
    pub(crate) last_auth_at: Option<Timestamp>,
}

/// By what an authenticator authenticates.
#[derive(Debug)]
pub(crate) enum Means {
    Totp {
        secret: OtpSecret,
        /// The step of the last one-time password that was accepted; neither it nor an older one is accepted again.
        last_step: Option<u64>,
    },
    Sms(PhoneNumber),
    Voice(PhoneNumber),
    Email {
        address: EmailAddress,
        /// Listed because the address is verified; nobody enrolled it.
        automatic: bool,
    },
    /// The device's name is known once the push is confirmed.
    Push {
        device_name: Option<Personal>,
    },
    WebauthnRoaming(Credential),
}

impl Means {
    pub(crate) fn totp(secret: OtpSecret) -> Self {
        Self::Totp { secret, last_step: None }
    }

    pub(crate) fn kind(&self) -> AuthenticatorKind {
        match self {
            Self::Totp { .. } => AuthenticatorKind::Totp,
            Self::Sms(_) => AuthenticatorKind::Sms,
            Self::Voice(_) => AuthenticatorKind::Voice,
            Self::Email { .. } => AuthenticatorKind::Email,
            Self::Push { .. } => AuthenticatorKind::Push,
            Self::WebauthnRoaming(_) => AuthenticatorKind::WebauthnRoaming,
        }
    }
}

impl Authenticator {
    /// Its kind.
    pub fn kind(&self) -> AuthenticatorKind {
        self.means.kind()
    }

    /// Its `id`, for example `sms|dev_i1kgKoFSZLbPt6G1`.
    pub fn id(&self) -> String {
        format!("{}|{}", self.kind().as_str(), self.device_id)
    }

    /// Whether the user has confirmed it; until then it is listed, and not active.
    pub fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// When it was enrolled; of one that the user had from the start, the Unix epoch.
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When it was last used, its confirmation included.
    pub fn last_auth_at(&self) -> Option<Timestamp> {
        self.last_auth_at
    }

    /// Whether it is an e-mail address that is listed because it is verified. Nobody enrolled it, so nobody is enrolled
    /// by it, and it cannot be deleted.
    pub fn is_automatic(&self) -> bool {
        matches!(self.means, Means::Email { automatic: true, .. })
    }

    /// The `name` that the list shows: a masked phone number or e-mail address, or a device's name.
    pub fn name(&self) -> Option<String> {
        match &self.means {
            Means::Totp { .. } | Means::WebauthnRoaming(_) => None,
            Means::Sms(number) | Means::Voice(number) => Some(masked_phone_number(number.expose())),
            Means::Email { address, .. } => Some(masked_email_address(address.expose())),
            Means::Push { device_name } => device_name.as_ref().map(|name| name.0.clone()),
        }
    }

    pub(crate) fn new(device_id: String, means: Means, now: Timestamp) -> Self {
        let link = device_id.clone();
        Self {
            means,
            device_id,
            link,
            confirmed: false,
            created_at: now,
            enrolled_at: None,
            last_auth_at: None,
        }
    }

    /// The same authenticator, enrolled together with another one.
    pub(crate) fn linked_to(self, other: &Self) -> Self {
        Self { link: other.link.clone(), ..self }
    }

    /// The same authenticator, which nobody has to confirm.
    pub(crate) fn confirmed(self) -> Self {
        Self { confirmed: true, enrolled_at: Some(self.created_at), ..self }
    }

    /// A push that is confirmed has a device, which has a name.
    pub(crate) fn name_device(&mut self) {
        if let Means::Push { device_name } = &mut self.means {
            device_name.get_or_insert_with(|| Personal("Local Device".to_owned()));
        }
    }

    pub(crate) fn totp_secret(&self) -> Option<&OtpSecret> {
        match &self.means {
            Means::Totp { secret, .. } => Some(secret),
            _ => None,
        }
    }

    /// Whether it accepts this one-time password now; then it does not do so again.
    pub(crate) fn accepts(&mut self, otp: &Otp, now: Timestamp) -> bool {
        let Means::Totp { secret, last_step } = &mut self.means else { return false };
        let step = totp::matching_step(secret, otp, now);
        let is_new = step.is_some_and(|step| last_step.is_none_or(|last| step > last));
        if is_new {
            *last_step = step;
        }
        is_new
    }
}

/// `XXXXXXXXX9167`: everything but the last four characters, the `+` included.
fn masked_phone_number(number: &str) -> String {
    let hidden = number.chars().count().saturating_sub(4);
    masked(number, |index| index < hidden, 'X')
}

/// `****@exam*******`: of the domain, the first four characters stay.
fn masked_email_address(address: &str) -> String {
    let (name, domain) = address.split_once('@').unwrap_or(("", address));
    format!("{}@{}", masked(name, |_| true, '*'), masked(domain, |index| index >= 4, '*'))
}

fn masked(text: &str, hides: impl Fn(usize) -> bool, mask: char) -> String {
    text.chars().enumerate().map(|(index, c)| if hides(index) { mask } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_masked_as_in_recordings() {
        assert_eq!(masked_phone_number("+915550109167"), "XXXXXXXXX9167");
        assert_eq!(masked_phone_number("+12"), "+12");
        assert_eq!(masked_email_address("user@example.com"), "****@exam*******");
        assert_eq!(masked_email_address("a@b.c"), "*@b.c");
    }
}
