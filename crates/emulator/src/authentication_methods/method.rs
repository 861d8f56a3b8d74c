//! An authentication method, as it is answered.

use base64ct::{Base64Unpadded, Encoding};
use serde::Serialize;

use crate::Timestamp;
use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::credential::{Credential, Passkey};
use crate::recovery::RecoveryAuthenticator;
use crate::user::User;

/// An authentication method, as it is answered.
#[derive(Serialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    pub(crate) r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    /// The ways in which a phone is reached, the preferred one first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authentication_methods: Vec<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_authentication_method: Option<&'static str>,
    /// What was enrolled in one go has the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(flatten)]
    credential: Option<Credential>,
    /// Of a password: whose it is.
    #[serde(skip_serializing_if = "Option::is_none", rename = "identity_user_id")]
    password_of: Option<String>,
    /// Of one that was just made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) totp_secret: Option<String>,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) enrolled_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_auth_at: Option<String>,
}

/// One of the ways in which a phone is reached: to the MFA API, an authenticator of its own.
#[derive(Serialize)]
struct Part {
    r#type: &'static str,
    id: String,
}

impl Method {
    /// A user's, oldest first; the recovery code is the last.
    pub(super) fn all_of(user: &User) -> Vec<Self> {
        let mut methods: Vec<Self> = Vec::new();
        for authenticator in &user.authenticators {
            let id = id_of(authenticator);
            match methods.iter_mut().find(|method| method.id == id) {
                Some(phone) => phone.authentication_methods.push(Part::of(authenticator)),
                None => methods.push(Self::of_authenticator(authenticator, user)),
            }
        }
        methods.extend(user.passkeys.iter().map(Self::of_passkey));
        let recovery = user.recovery.as_ref().filter(|recovery| recovery.has_code());
        methods.extend(recovery.map(Self::of_recovery));
        methods
    }

    /// A user's password. That its `id` is made of the user's is seen in a list of the My Account API.
    pub(super) fn password_of(user: &User) -> Self {
        let owner = user.user_id().split_once('|').map_or(user.user_id(), |(_, id)| id);
        let id = format!("password|{}", Base64Unpadded::encode_string(owner.as_bytes()));
        Self { password_of: Some(owner.to_owned()), ..Self::new(id, "password", Timestamp::default()) }
    }

    /// What no two of a user's methods share: the type with the phone, the address or the key.
    pub(super) fn identity(&self) -> Option<(&'static str, &str)> {
        let key_id = self.credential.as_ref().map(|credential| credential.key_id.as_str());
        let of = self.phone_number.as_deref().or(self.email.as_deref()).or(key_id)?;
        Some((self.r#type, of))
    }

    /// Whether this is its `id`, or that of one of the ways in which a phone is reached.
    pub(super) fn has_id(&self, id: &str) -> bool {
        self.id == id || self.authentication_methods.iter().any(|part| part.id == id)
    }

    /// The part of its `id` behind the `|`.
    pub(super) fn device_id(&self) -> &str {
        self.id.split_once('|').map_or("", |(_, device_id)| device_id)
    }

    /// The `id` by which the MFA API knows it.
    pub(super) fn authenticator_id(&self) -> &str {
        self.authentication_methods.first().map_or(&self.id, |part| &part.id)
    }

    fn of_authenticator(authenticator: &Authenticator, user: &User) -> Self {
        let id = id_of(authenticator);
        let is_linked = |it: &Authenticator| it.link == authenticator.link && id_of(it) != id;
        let link_id = user.authenticators.iter().any(is_linked).then(|| authenticator.link.clone());
        let mut method = Self {
            confirmed: Some(authenticator.confirmed),
            link_id,
            enrolled_at: authenticator.enrolled_at.map(Timestamp::to_iso_8601),
            last_auth_at: authenticator.last_auth_at.map(Timestamp::to_iso_8601),
            ..Self::new(id, type_of(authenticator), authenticator.created_at)
        };
        match &authenticator.means {
            Means::Sms(number) | Means::Voice(number) => {
                method.phone_number = Some(number.expose().to_owned());
                method.authentication_methods.push(Part::of(authenticator));
                method.preferred_authentication_method = Some(authenticator.kind().as_str());
            }
            Means::Email { address, .. } => method.email = Some(address.expose().to_owned()),
            Means::Push { device_name } => method.name = device_name.as_ref().map(|name| name.0.clone()),
            Means::WebauthnRoaming(credential) => method.credential = Some(credential.clone()),
            Means::Totp { .. } => {}
        }
        method
    }

    fn of_passkey(passkey: &Passkey) -> Self {
        Self {
            confirmed: Some(true),
            credential: Some(passkey.credential.clone()),
            enrolled_at: Some(passkey.created_at.to_iso_8601()),
            ..Self::new(passkey.id(), "passkey", passkey.created_at)
        }
    }

    fn of_recovery(recovery: &RecoveryAuthenticator) -> Self {
        let r#type = AuthenticatorKind::RecoveryCode.as_str();
        Self { confirmed: Some(recovery.active), ..Self::new(recovery.id(), r#type, recovery.created_at) }
    }

    fn new(id: String, r#type: &'static str, created_at: Timestamp) -> Self {
        Self {
            id,
            r#type,
            confirmed: None,
            name: None,
            authentication_methods: Vec::new(),
            preferred_authentication_method: None,
            link_id: None,
            phone_number: None,
            email: None,
            credential: None,
            password_of: None,
            totp_secret: None,
            created_at: created_at.to_iso_8601(),
            enrolled_at: None,
            last_auth_at: None,
        }
    }
}

impl Part {
    fn of(authenticator: &Authenticator) -> Self {
        Self { r#type: authenticator.kind().as_str(), id: authenticator.id() }
    }
}

/// The `id` here. A phone is one method, in however many ways it is reached.
fn id_of(authenticator: &Authenticator) -> String {
    match authenticator.means {
        Means::Sms(_) | Means::Voice(_) => format!("phone|{}", authenticator.device_id),
        _ => authenticator.id(),
    }
}

fn type_of(authenticator: &Authenticator) -> &'static str {
    match authenticator.means {
        Means::Sms(_) | Means::Voice(_) => "phone",
        // The Management API's word for an address that is listed because it is verified.
        Means::Email { automatic: true, .. } => "email-verification",
        _ => authenticator.kind().as_str(),
    }
}
