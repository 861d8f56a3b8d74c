//! A user's authenticators as Guardian calls them: enrollments. It is the older of the two views of the Management API,
//! in which what was enrolled in one go is one.

use serde::Serialize;

use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::recovery::RecoveryAuthenticator;
use crate::user::{User, UserId};
use crate::{EnrollmentsListed, Tenant, Timestamp};

/// An enrollment, as it is answered.
#[derive(Serialize)]
pub(crate) struct Enrollment {
    id: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enrolled_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_auth: Option<String>,
}

/// What can stand before the device in the `id` of an enrollment.
const KINDS: [&str; 8] =
    ["totp", "sms", "voice", "push", "email", "recovery-code", "webauthn-roaming", "webauthn-platform"];

/// The `id` of an enrollment: a device, and what of it is meant.
pub(crate) struct EnrollmentId {
    kind: Option<&'static str>,
    device_id: String,
}

impl EnrollmentId {
    /// `dev_…`, or the same with a kind before it, for example `sms|dev_…`. None when it is of another form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (kind, device_id) = match text.split_once('|') {
            Some((kind, device_id)) => (Some(KINDS.into_iter().find(|known| *known == kind)?), device_id),
            None => (None, text),
        };
        let rest = device_id.strip_prefix("dev_")?;
        let is_good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_device = !rest.is_empty() && rest.chars().all(is_good);
        is_device.then(|| Self { kind, device_id: device_id.to_owned() })
    }

    fn is(&self, kind: AuthenticatorKind, device_id: &str) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind.as_str()) && self.device_id == device_id
    }

    fn authenticator<'a>(&self, user: &'a User) -> Option<&'a Authenticator> {
        let mut enrolled = user.authenticators.iter().filter(|it| !it.is_automatic());
        enrolled.find(|it| self.is(it.kind(), &it.device_id))
    }

    fn recovery<'a>(&self, user: &'a User) -> Option<&'a RecoveryAuthenticator> {
        let recovery = user.recovery.as_ref().filter(|recovery| recovery.has_code());
        recovery.filter(|it| self.is(AuthenticatorKind::RecoveryCode, &it.device_id))
    }
}

impl Tenant {
    /// The enrollment of any user that has this `id`.
    pub(crate) fn enrollment(&self, id: &EnrollmentId) -> Option<Enrollment> {
        self.users.iter().find_map(|user| {
            let enrolled = id.authenticator(user).map(Enrollment::of_authenticator);
            enrolled.or_else(|| id.recovery(user).map(Enrollment::of_recovery))
        })
    }

    /// Deletes it, and what was enrolled with it. Answers whose it was.
    pub(crate) fn delete_enrollment(&mut self, id: &EnrollmentId) -> Option<UserId> {
        let owner = self.users.iter_mut().position(|user| {
            if id.recovery(user).is_some() {
                user.recovery = None;
                return true;
            }
            let enrolled = id.authenticator(user).map(Authenticator::id);
            enrolled.is_some_and(|id| user.remove(&id))
        });
        owner.map(UserId)
    }
}

impl Enrollment {
    /// Those of a user, oldest first. Neither e-mail nor the recovery code is among them.
    pub(crate) fn all_of(user: &User, listed: EnrollmentsListed) -> Vec<Self> {
        let authenticators = &user.authenticators;
        let is_first_of_link = |(index, it): &(usize, &Authenticator)| {
            !authenticators.iter().take(*index).any(|earlier| earlier.link == it.link)
        };
        let enrolled = authenticators.iter().enumerate().filter(is_first_of_link).filter_map(|(_, it)| {
            let auth_method = auth_method(it.kind())?;
            let enrollment = Self { auth_method: Some(auth_method), ..Self::of_authenticator(it) };
            Some((it.confirmed, enrollment))
        });
        match listed {
            EnrollmentsListed::All => enrolled.map(|(_, enrollment)| enrollment).collect(),
            EnrollmentsListed::FirstConfirmed => {
                let mut confirmed = enrolled.filter(|(confirmed, _)| *confirmed);
                confirmed.next().map(|(_, enrollment)| enrollment).into_iter().collect()
            }
        }
    }

    fn of_authenticator(authenticator: &Authenticator) -> Self {
        let (name, phone_number) = match &authenticator.means {
            Means::Push { device_name } => (device_name.as_ref().map(|name| name.0.clone()), None),
            Means::Sms(number) | Means::Voice(number) => (None, Some(number.expose().to_owned())),
            Means::Totp { .. } | Means::Email { .. } | Means::WebauthnRoaming(_) => (None, None),
        };
        Self {
            id: authenticator.device_id.clone(),
            status: status(authenticator.confirmed),
            name,
            phone_number,
            auth_method: None,
            enrolled_at: authenticator.enrolled_at.map(Timestamp::to_iso_8601),
            last_auth: authenticator.last_auth_at.map(Timestamp::to_iso_8601),
        }
    }

    fn of_recovery(recovery: &RecoveryAuthenticator) -> Self {
        Self {
            id: recovery.device_id.clone(),
            status: status(recovery.active),
            name: None,
            phone_number: None,
            auth_method: None,
            enrolled_at: Some(recovery.created_at.to_iso_8601()),
            last_auth: None,
        }
    }
}

fn status(confirmed: bool) -> &'static str {
    if confirmed { "confirmed" } else { "pending" }
}

/// `auth_method`, for what the view knows.
fn auth_method(kind: AuthenticatorKind) -> Option<&'static str> {
    match kind {
        AuthenticatorKind::Totp => Some("authenticator"),
        AuthenticatorKind::Push => Some("guardian"),
        AuthenticatorKind::Sms | AuthenticatorKind::Voice => Some("sms"),
        AuthenticatorKind::WebauthnRoaming => Some("webauthn-roaming"),
        AuthenticatorKind::Email | AuthenticatorKind::RecoveryCode => None,
    }
}
