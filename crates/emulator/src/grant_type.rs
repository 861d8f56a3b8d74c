//! The grants that the tenant knows, as they stand in `grant_type` and in an application's `grant_types`.

/// The first factor by user name and password.
pub const PASSWORD: &str = "password";
/// The first factor by user name and password, at one connection (`realm`).
pub const PASSWORD_REALM: &str = "http://auth0.com/oauth/grant-type/password-realm";
/// New tokens for a refresh token.
pub const REFRESH_TOKEN: &str = "refresh_token";
/// A token of the application itself, for the Management API.
pub const CLIENT_CREDENTIALS: &str = "client_credentials";
/// The second factor by one-time password.
pub const MFA_OTP: &str = "http://auth0.com/oauth/grant-type/mfa-otp";
/// The second factor out of band: by a code of an SMS, a call or an e-mail, or by a push.
pub const MFA_OOB: &str = "http://auth0.com/oauth/grant-type/mfa-oob";
/// The second factor by recovery code.
pub const MFA_RECOVERY_CODE: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";

/// Each of them.
pub fn all() -> Vec<String> {
    [PASSWORD, PASSWORD_REALM, REFRESH_TOKEN, CLIENT_CREDENTIALS, MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE]
        .map(str::to_owned)
        .to_vec()
}
