//! Values that must not be seen: their own types, one door out of each.
//!
//! Every type here is redacted in `Debug`, wiped when dropped, and has no `Display`, `Serialize`, `Deref` or
//! `PartialEq`; `expose()` is the one way to its text. What cannot be wiped (buffers of the HTTP client, of TLS and
//! of the kernel) is said in SECURITY.md.

use crate::InvalidValue;
use crate::wiped::Wiped;

/// One secret type. A macro, because what has to be written for each is a set of trait impls, not behaviour.
macro_rules! secret {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        pub struct $name(crate::wiped::Wiped);

        impl $name {
            /// The secret's text. Keep it out of logs, errors and argument lists.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}
pub(crate) use secret;

secret! {
    /// The opaque `mfa_token` of an `mfa_required` answer: it stands for a passed first factor.
    ///
    /// About 2,000 characters, contains `*`, and lives about ten minutes; Auth0 gives no lifetime with it.
    /// It can be stored between two requests of an application with [`MfaToken::expose`] and [`MfaToken::parse`].
    ///
    /// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa>
    #[derive(Clone)]
    MfaToken
}

impl MfaToken {
    /// Takes a token that Auth0 gave.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII: it could not travel in an `Authorization` header.
    pub fn parse(token: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("mfa_token", token.into()).map(Self)
    }
}

secret! {
    /// An access token, as issued with a [`TokenSet`](crate::TokenSet).
    #[derive(Clone)]
    AccessToken
}

impl AccessToken {
    /// Takes an access token that is to be sent as a Bearer.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII: it could not travel in an `Authorization` header.
    pub fn parse(token: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("access_token", token.into()).map(Self)
    }

    /// A token as it came in a reply; nothing is refused, because a login is not to fail on it.
    pub(crate) fn issued(token: Wiped) -> Self {
        Self(token)
    }
}

secret! {
    /// An access token for the MFA API (audience `https://{domain}/mfa/`): what a further association and a deletion
    /// need, for which an `mfa_token` is not enough. [`MfaApiTokenGrant`](crate::MfaApiTokenGrant) gets one.
    ///
    /// Source: <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>
    #[derive(Clone)]
    MfaApiToken
}

impl MfaApiToken {
    /// Takes an access token that is to be sent as a Bearer.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII: it could not travel in an `Authorization` header.
    pub fn parse(token: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("access_token", token.into()).map(Self)
    }
}

impl TryFrom<&AccessToken> for MfaApiToken {
    type Error = InvalidValue;

    /// Takes the access token of a [`TokenSet`](crate::TokenSet).
    ///
    /// # Errors
    /// When it is not visible ASCII: it could not travel in an `Authorization` header.
    fn try_from(token: &AccessToken) -> Result<Self, InvalidValue> {
        Self::parse(token.expose())
    }
}

secret! {
    /// An access token for the Management API (audience `https://{tenant}/api/v2/`), with the scope of the call.
    ///
    /// Source: <https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens>
    #[derive(Clone)]
    ManagementToken
}

impl ManagementToken {
    /// Takes an access token that is to be sent as a Bearer.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII: it could not travel in an `Authorization` header.
    pub fn parse(token: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("access_token", token.into()).map(Self)
    }
}

secret! {
    /// An ID token (a JWT). It is not validated by this crate; `auth0-mfa-jwt` does that.
    #[derive(Clone)]
    IdToken
}

secret! {
    /// A refresh token.
    #[derive(Clone)]
    RefreshToken
}

impl RefreshToken {
    /// Takes a token that an application stored.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(token: impl Into<String>) -> Result<Self, InvalidValue> {
        not_empty("refresh_token", token.into()).map(Self)
    }
}

secret! {
    /// The secret of a confidential application.
    #[derive(Clone)]
    ClientSecret
}

impl ClientSecret {
    /// Takes the secret as the Dashboard shows it.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(secret: impl Into<String>) -> Result<Self, InvalidValue> {
        not_empty("client_secret", secret.into()).map(Self)
    }
}

secret! {
    /// A signed JWT by which an application proves itself (`private_key_jwt`).
    ///
    /// Each request needs one of its own, polls included: its `jti` is accepted once. `iss` and `sub` are the
    /// `client_id`, `aud` is `https://{domain}/` with the slash, `exp` is at most five minutes ahead.
    ///
    /// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt>
    ClientAssertion
}

impl ClientAssertion {
    /// Takes a finished assertion. Making one (a key, a clock) is not this crate's, but `auth0-mfa-jwt`'s.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII.
    pub fn parse(assertion: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("client_assertion", assertion.into()).map(Self)
    }
}

secret! {
    /// A DPoP proof (RFC 9449): a signed JWT that binds the tokens to a key. Each request needs one of its own.
    DpopProof
}

impl DpopProof {
    /// Takes a finished proof. Making one (a key, a clock) is not this crate's, but `auth0-mfa-jwt`'s.
    ///
    /// # Errors
    /// When it is empty, or not visible ASCII: it could not travel in a `DPoP` header.
    pub fn parse(proof: impl Into<String>) -> Result<Self, InvalidValue> {
        bearer("dpop_proof", proof.into()).map(Self)
    }
}

secret! {
    /// A user's name or e-mail address: personal, so no log shows it.
    Username
}

impl Username {
    /// Takes the name as it was typed.
    pub fn new(username: impl Into<String>) -> Self {
        Self(Wiped::from(username.into()))
    }
}

secret! {
    /// A user's password.
    Password
}

impl Password {
    /// Takes the password exactly as it was typed.
    pub fn new(password: impl Into<String>) -> Self {
        Self(Wiped::from(password.into()))
    }
}

secret! {
    /// A one-time password of an authenticator app: six digits, kept as text because a zero may lead.
    ///
    /// Not `Clone`: an accepted one is not accepted again.
    Otp
}

impl Otp {
    /// Takes what a person typed; white space (apps show `123 456`) is removed.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn parse(typed: &str) -> Result<Self, InvalidValue> {
        without_white_space("otp", typed).map(Self)
    }

    /// Takes the value as it is.
    pub fn verbatim(otp: impl Into<String>) -> Self {
        Self(Wiped::from(otp.into()))
    }
}

secret! {
    /// The handle of an out-of-band challenge (`oob_code`): about 600 characters, good for five minutes, which is less
    /// than the `mfa_token` lives.
    #[derive(Clone)]
    OobCode
}

impl OobCode {
    /// Takes a handle that an application stored.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(oob_code: impl Into<String>) -> Result<Self, InvalidValue> {
        not_empty("oob_code", oob_code.into()).map(Self)
    }
}

secret! {
    /// The code of an SMS, call or e-mail (`binding_code`): six digits, kept as text because a zero may lead.
    ///
    /// Not `Clone`: an accepted one is not accepted again.
    BindingCode
}

impl BindingCode {
    /// Takes what a person typed; white space is removed.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn parse(typed: &str) -> Result<Self, InvalidValue> {
        without_white_space("binding_code", typed).map(Self)
    }

    /// Takes the value as it is.
    pub fn verbatim(binding_code: impl Into<String>) -> Self {
        Self(Wiped::from(binding_code.into()))
    }
}

secret! {
    /// A phone number (`phone_number`): personal, so no log shows it.
    #[derive(Clone)]
    PhoneNumber
}

impl PhoneNumber {
    /// Takes a number in the form of E.164: `+`, country, number, without spaces. Auth0 judges it.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(number: impl Into<String>) -> Result<Self, InvalidValue> {
        not_empty("phone_number", number.into()).map(Self)
    }
}

secret! {
    /// An e-mail address (`email`): personal, so no log shows it.
    #[derive(Clone)]
    EmailAddress
}

impl EmailAddress {
    /// Takes an address. Auth0 judges it.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(address: impl Into<String>) -> Result<Self, InvalidValue> {
        not_empty("email", address.into()).map(Self)
    }
}

secret! {
    /// The shared secret of a new authenticator app: base32, 32 characters in recordings.
    OtpSecret
}

secret! {
    /// An `otpauth://` URI to show as a QR code. It carries the authenticator's secret.
    BarcodeUri
}

/// A type that wraps a secret of a reply as it came.
macro_rules! from_reply {
    ($($name:ident),*) => {
        $(impl From<String> for $name {
            /// Takes the value as it is.
            fn from(value: String) -> Self {
                Self(Wiped::from(value))
            }
        }

        impl $name {
            pub(crate) fn issued(value: Wiped) -> Self {
                Self(value)
            }
        })*
    };
}

from_reply!(IdToken, RefreshToken, OobCode, OtpSecret, BarcodeUri);

/// Apps and messages show codes in groups: `123 456`.
fn without_white_space(field: &'static str, typed: &str) -> Result<Wiped, InvalidValue> {
    let mut kept = String::with_capacity(typed.len());
    kept.extend(typed.chars().filter(|c| !c.is_whitespace()));
    not_empty(field, kept)
}

fn not_empty(field: &'static str, value: String) -> Result<Wiped, InvalidValue> {
    let value = Wiped::from(value);
    if value.is_empty() { Err(InvalidValue::new(field, "is empty")) } else { Ok(value) }
}

fn bearer(field: &'static str, value: String) -> Result<Wiped, InvalidValue> {
    let value = not_empty(field, value)?;
    // Looks at every byte, whatever stands before it: so the compiler looks at many at a time.
    if value.bytes().fold(true, |so_far, byte| so_far & byte.is_ascii_graphic()) {
        Ok(value)
    } else {
        Err(InvalidValue::new(field, "has characters that are not visible ASCII"))
    }
}

#[cfg(test)]
mod tests;
