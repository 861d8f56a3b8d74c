//! The grants that the tenant knows, as they stand in `grant_type` and in an application's `grant_types`.

/// The first factor by user name and password.
pub const PASSWORD: &str = "password";
/// The second factor by one-time password.
pub const MFA_OTP: &str = "http://auth0.com/oauth/grant-type/mfa-otp";
/// The second factor by recovery code.
pub const MFA_RECOVERY_CODE: &str = "http://auth0.com/oauth/grant-type/mfa-recovery-code";

/// Each of them.
pub fn all() -> Vec<String> {
    [PASSWORD, MFA_OTP, MFA_RECOVERY_CODE].map(str::to_owned).to_vec()
}
