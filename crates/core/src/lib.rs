//! Auth0's MFA API without I/O: requests are built, and replies are parsed, by pure functions.
//!
//! The moment that all of it is about: a user has lost the phone and types a **recovery code**. The call burns that
//! single-use code and answers, once, with tokens and the *next* code, which the user must be shown and asked to keep.
//!
//! Three promises, kept with nothing but this crate:
//!
//! 1. **A code that was issued is never lost.** If the reply that came back holds the whole new code in plain JSON,
//!    the caller gets it, whatever else is wrong with the reply.
//! 2. **What became of the old code is always said**: [`CodeState`] is intact, spent, not accepted, likely spent or
//!    honestly unknown, over all sendings of it.
//! 3. **No secret is shown**: not by `Debug`, `Display`, an error or a panic. `expose()` is the one door.
//!
//! # How a call goes
//!
//! [`begin`] makes a request and a [`Pending`]. Send the request by any means, and say what happened:
//!
//! ```
//! # use auth0_mfa_core::{Application, CallError, CallOptions, RecoveryCodeAccepted, VerifyWithRecoveryCode, begin};
//! # use auth0_mfa_core::Body;
//! # struct IoError { nothing_was_sent: bool }
//! # fn my_io(_: http::Request<Body>) -> Result<http::Response<Vec<u8>>, IoError> { Err(IoError { nothing_was_sent: true }) }
//! fn recover(
//!     call: VerifyWithRecoveryCode,
//!     application: &Application,
//! ) -> Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>> {
//!     let (request, pending) = begin(call, application, &CallOptions::default());
//!     match my_io(request) {
//!         Ok(reply) => pending.answered(http::Response::new(reply.body())),
//!         Err(error) if error.nothing_was_sent => pending.not_sent("the connection was refused"),
//!         Err(_) => pending.lost("the connection broke", None),
//!     }
//! }
//! ```
//!
//! (Hand over the status and headers of the reply too; the example leaves them out.) A program with a
//! [`transport`] says `pending.finish(transport.send(request))` instead.
//!
//! # Endpoints
//!
//! | Call | Request | Answers | [`Replay`] |
//! |---|---|---|---|
//! | [`PasswordGrant`] | `POST /oauth/token`, `password` | [`FirstFactor`]: tokens, or [`MfaRequired`] | `Once` |
//! | [`AddAuthenticator`] | `POST /mfa/associate` | [`AuthenticatorAdded`], with [`NewCodes`] | `Once` |
//! | [`ListAuthenticators`] | `GET /mfa/authenticators` | [`Authenticators`] | `Safe` |
//! | [`VerifyWithOtp`] | `POST /oauth/token`, `…/mfa-otp` | [`TokenSet`] | `Once` |
//! | [`VerifyWithRecoveryCode`] | `POST /oauth/token`, `…/mfa-recovery-code` | [`RecoveryCodeAccepted`], with [`NewCode`] | `SingleUse` |
//!
//! # What a reply means
//!
//! First match wins.
//!
//! | Reply | Outcome |
//! |---|---|
//! | a JSON object with `error` and without `access_token`, at any status; another envelope of Auth0 at a 4xx | [`CallError::Api`] (for a first factor, `mfa_required` is a success) |
//! | a 2xx that holds what the call is for, behind which the reply may be cut | the call's output |
//! | any other 2xx, whole or cut | [`CallError::Malformed`], with what could be saved of a new code |
//! | any other 5xx: a gateway spoke, and Auth0 may have processed the request | [`CallError::InDoubt`] |
//! | anything else | [`CallError::Malformed`] |
//! | no whole head of a reply | [`CallError::InDoubt`], or [`CallError::NotSent`] by proof |
//!
//! The table of [`code_state`] says what that means for the recovery code.
//!
//! # The other direction
//!
//! [`serve`] reads the requests of every call and writes their replies, for emulators and tests.
//!
//! Not affiliated with Auth0.

pub mod calls;
pub mod serve;
pub mod transport;

mod api_error;
mod application;
mod bearer;
mod beginning;
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
