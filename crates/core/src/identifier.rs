//! Identifiers that name one thing in a path or a body. None is a secret.

use std::fmt;

use crate::{InvalidValue, shown};

/// One identifier type. A macro, because what has to be written for each is a set of trait impls, not behaviour.
macro_rules! identifier {
    ($(#[$attribute:meta])* $name:ident, $field:literal) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes the identifier as Auth0 gives it, not percent-encoded.
            ///
            /// # Errors
            /// When it is empty, longer than 1,024 bytes, or `.` or `..`, which cannot be a segment of a path.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidValue> {
                path_segment($field, text.into()).map(Self)
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// The `id` of an authenticator, for example `sms|dev_…` or `recovery-code|dev_…`.
    ///
    /// Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/list-authenticators>
    AuthenticatorId, "authenticator_id"
}

identifier! {
    /// The `user_id` of a user, for example `auth0|507f…`.
    ///
    /// Source: <https://auth0.com/docs/manage-users/user-accounts/identify-users>
    UserId, "user_id"
}

identifier! {
    /// The `id` of an authentication method, for example `recovery-code|dev_…`.
    ///
    /// Source: <https://auth0.com/docs/api/management/v2/users/get-authentication-methods>
    AuthenticationMethodId, "authentication_method_id"
}

identifier! {
    /// The `name` of a Guardian factor: `recovery-code`, `otp`, `sms`, `email`, `push-notification`, `duo`,
    /// `webauthn-roaming`, `webauthn-platform`, or one to come.
    ///
    /// Source: <https://auth0.com/docs/api/management/v2/guardian/get-factors>
    GuardianFactorName, "name"
}

impl fmt::Debug for AuthenticatorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthenticatorId").field(&shown::Id(&self.0)).finish()
    }
}

impl fmt::Debug for AuthenticationMethodId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthenticationMethodId").field(&shown::Id(&self.0)).finish()
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UserId").field(&self.0).finish()
    }
}

impl fmt::Debug for GuardianFactorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("GuardianFactorName").field(&shown::Word(&self.0)).finish()
    }
}

impl GuardianFactorName {
    /// `recovery-code`: the factor without which nobody gets or uses a recovery code.
    pub fn recovery_code() -> Self {
        Self("recovery-code".to_owned())
    }
}

/// Auth0's are shorter than a hundred bytes; a URI has an end.
const LONGEST: usize = 1_024;

fn path_segment(field: &'static str, text: String) -> Result<String, InvalidValue> {
    match text.as_str() {
        "" => Err(InvalidValue::new(field, "is empty")),
        "." | ".." => Err(InvalidValue::new(field, "is no name but a step in a path")),
        long if long.len() > LONGEST => Err(InvalidValue::new(field, "is too long for a path")),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_in_a_path_is_no_identifier() {
        for text in ["", ".", "..", &"x".repeat(1_025)] {
            assert_eq!(UserId::parse(text).expect_err("must be refused").field(), "user_id");
        }
    }
}
