//! Auth0's MFA API without I/O.

pub mod calls;
pub mod serve;
pub mod transport;

mod api_error;
mod application;
mod bearer;
mod body;
mod call;
mod code_state;
mod domain;
mod error;
mod mfa_required;
mod recovery_code;
mod replay;
mod reply;
mod salvage;
mod secret;
mod token_set;
mod wire;

pub use api_error::{ApiError, ErrorCode};
pub use application::{Application, ClientAuth, ClientId};
pub use bearer::Bearer;
pub use body::Body;
pub use call::{Call, CallOptions, Pending, SpendsRecoveryCode, Unreadable, begin};
#[doc(no_inline)]
pub use calls::{
    AddAuthenticator, Association, Authenticator, AuthenticatorAdded, Authenticators, FirstFactor,
    ListAuthenticators, NewAuthenticator, PasswordGrant, RecoveryCodeAccepted, VerifyWithOtp,
    VerifyWithRecoveryCode,
};
pub use code_state::{CodeState, Evidence, code_state};
pub use domain::Domain;
pub use error::{CallError, InDoubt, Malformed, NotSent, Refused};
pub use mfa_required::{MfaRequired, MfaRequirements};
pub use recovery_code::{NewCode, NewCodes, RecoveryCode, UnreadableCode};
pub use replay::Replay;
pub use reply::{RateLimit, Reply, ReplyInfo};
pub use secret::{
    AccessToken, BarcodeUri, ClientSecret, IdToken, InvalidValue, MfaToken, OobCode, Otp, OtpSecret,
    Password, RefreshToken, Username,
};
pub use token_set::TokenSet;
