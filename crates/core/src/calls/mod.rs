//! Every call, one file each: the first factors, the MFA API, the Management API.

mod password_grant;
mod password_realm_grant;
mod refresh_token_grant;

mod add_authenticator;
mod delete_authenticator;
mod list_authenticators;
mod request_challenge;
mod verify_with_oob;
mod verify_with_otp;
mod verify_with_recovery_code;

mod mfa_api_token_grant;

mod delete_all_authentication_methods;
mod delete_all_authenticators;
mod delete_authentication_method;
mod list_authentication_methods;
mod list_guardian_factors;
mod regenerate_recovery_code;
mod set_guardian_factor;

mod deleted;
mod factor_accepted;
mod first_factor;

pub use add_authenticator::{AddAuthenticator, Association, AuthenticatorAdded, NewAuthenticator};
pub use delete_all_authentication_methods::DeleteAllAuthenticationMethods;
pub use delete_all_authenticators::DeleteAllAuthenticators;
pub use delete_authentication_method::DeleteAuthenticationMethod;
pub use delete_authenticator::DeleteAuthenticator;
pub use deleted::Deleted;
pub use factor_accepted::FactorAccepted;
pub use first_factor::FirstFactor;
pub use list_authentication_methods::{
    AuthenticationMethod, AuthenticationMethods, ListAuthenticationMethods,
};
pub use list_authenticators::{Authenticator, Authenticators, ListAuthenticators};
pub use list_guardian_factors::{GuardianFactor, GuardianFactors, ListGuardianFactors};
pub use mfa_api_token_grant::{MfaApiScope, MfaApiTokenGrant};
pub use password_grant::PasswordGrant;
pub use password_realm_grant::PasswordRealmGrant;
pub use refresh_token_grant::RefreshTokenGrant;
pub use regenerate_recovery_code::{RecoveryCodeRegenerated, RegenerateRecoveryCode};
pub use request_challenge::{Challenge, RequestChallenge};
pub use set_guardian_factor::{GuardianFactorSet, SetGuardianFactor};
pub use verify_with_oob::VerifyWithOob;
pub use verify_with_otp::VerifyWithOtp;
pub use verify_with_recovery_code::{RecoveryCodeAccepted, VerifyWithRecoveryCode};
