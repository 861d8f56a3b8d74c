//! Every call, one file each, in the order of Auth0's API reference.

mod add_authenticator;
mod first_factor;
mod list_authenticators;
mod password_grant;
mod verify_with_otp;
mod verify_with_recovery_code;

pub use add_authenticator::{AddAuthenticator, Association, AuthenticatorAdded, NewAuthenticator};
pub use first_factor::FirstFactor;
pub use list_authenticators::{Authenticator, Authenticators, ListAuthenticators};
pub use password_grant::PasswordGrant;
pub use verify_with_otp::VerifyWithOtp;
pub use verify_with_recovery_code::{RecoveryCodeAccepted, VerifyWithRecoveryCode};
