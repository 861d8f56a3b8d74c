//! Identifiers that name one thing in a path or a body. None is a secret.

use std::fmt;

use crate::InvalidValue;

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
            /// When it is empty, is `.` or `..`, which cannot be a segment of a path, or is longer than any path.
            pub fn parse(text: impl Into<String>) -> Result<Self, InvalidValue> {
                path_segment($field, text.into()).map(Self)
            }

            /// The identifier's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }
    };
}

identifier! {
    /// The `id` of an authenticator, for example `sms|dev_…` or `recovery-code|dev_…`.
    ///
    /// Source: <https://auth0.com/docs/api/authentication/muti-factor-authentication/list-authenticators>
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

impl GuardianFactorName {
    /// `recovery-code`: the factor without which nobody gets or uses a recovery code.
    pub fn recovery_code() -> Self {
        Self("recovery-code".to_owned())
    }
}

/// A path has 64 KiB at most, in which two identifiers have room with each of their bytes written as three.
const MOST_BYTES: usize = 8 * 1024;

fn path_segment(field: &'static str, text: String) -> Result<String, InvalidValue> {
    match text.as_str() {
        "" => Err(InvalidValue::new(field, "is empty")),
        "." | ".." => Err(InvalidValue::new(field, "is no name but a step in a path")),
        _ if text.len() > MOST_BYTES => Err(InvalidValue::new(field, "is too long")),
        _ => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_in_a_path_is_no_identifier() {
        for text in ["", ".", ".."] {
            assert_eq!(UserId::parse(text).expect_err("must be refused").field(), "user_id");
        }
    }
}
