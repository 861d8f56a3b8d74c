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
//!     let (request, pending) = begin(call, application, CallOptions::default());
//!     match my_io(request) {
//!         Ok(reply) => {
//!             let (head, body) = reply.into_parts();
//!             pending.answered(http::Response::from_parts(head, &body[..]))
//!         }
//!         Err(error) if error.nothing_was_sent => pending.not_sent("the connection was refused"),
//!         Err(_) => pending.lost("the connection broke", None),
//!     }
//! }
//! ```
//!
//! A program with a [`transport`] says `pending.finish(transport.send(request))` instead. In the error, too, there may
//! be a new code: [`CallError::take_new_code`] before a `?`.
//!
//! # Endpoints
//!
//! | Call | Request | Answers | [`Replay`] |
//! |---|---|---|---|
//! | **First factor** | | | |
//! | [`PasswordGrant`] | `POST /oauth/token`, `password` | [`FirstFactor`]: tokens, or [`MfaRequired`] | `Once` |
//! | [`PasswordRealmGrant`] | `POST /oauth/token`, `…/password-realm` | [`FirstFactor`] | `Once` |
//! | [`RefreshTokenGrant`] | `POST /oauth/token`, `refresh_token` | [`FirstFactor`] | `Once` |
//! | **MFA API** | | | |
//! | [`AddAuthenticator`] | `POST /mfa/associate` | [`AuthenticatorAdded`], with [`NewCodes`] | `Once` |
//! | [`ListAuthenticators`] | `GET /mfa/authenticators` | [`Authenticators`] | `Safe` |
//! | [`DeleteAuthenticator`] | `DELETE /mfa/authenticators/{id}` | [`Deleted`] | `Safe` |
//! | [`RequestChallenge`] | `POST /mfa/challenge` | [`Challenge`] | `Once` |
//! | [`VerifyWithOtp`] | `POST /oauth/token`, `…/mfa-otp` | [`FactorAccepted`] | `Once` |
//! | [`VerifyWithOob`] | `POST /oauth/token`, `…/mfa-oob` | [`FactorAccepted`] | `Once` |
//! | [`VerifyWithRecoveryCode`] | `POST /oauth/token`, `…/mfa-recovery-code` | [`RecoveryCodeAccepted`], with [`NewCode`] | `SingleUse` |
//! | [`MfaApiTokenGrant`] | `POST /oauth/token`, `password` for the audience `…/mfa/` | [`FirstFactor`] | `Once` |
//! | **Management API** | under `/api/v2` | | |
//! | [`RegenerateRecoveryCode`] | `POST /users/{id}/recovery-code-regeneration` | [`RecoveryCodeRegenerated`], with [`NewCode`] | `SingleUse` |
//! | [`ListAuthenticationMethods`] | `GET /users/{id}/authentication-methods` | [`AuthenticationMethods`] | `Safe` |
//! | [`DeleteAuthenticationMethod`] | `DELETE /users/{id}/authentication-methods/{id}` | [`Deleted`] | `Safe` |
//! | [`DeleteAllAuthenticationMethods`] | `DELETE /users/{id}/authentication-methods` | [`Deleted`] | `Safe` |
//! | [`DeleteAllAuthenticators`] | `DELETE /users/{id}/authenticators` | [`Deleted`] | `Safe` |
//! | [`ListGuardianFactors`] | `GET /guardian/factors` | [`GuardianFactors`] | `Safe` |
//! | [`SetGuardianFactor`] | `PUT /guardian/factors/{name}` | [`GuardianFactorSet`] | `Safe` |
//!
//! [`OobPoll`] says when to ask again for a push; [`DpopRepeat`] is the one repeat that a DPoP nonce asks for.
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
mod call_options;
mod code_state;
mod domain;
mod dpop_repeat;
mod error;
mod error_code;
mod identifier;
mod invalid_value;
mod mfa_required;
mod next_step;
mod oob_poll;
mod recovery_code;
mod replay;
mod reply;
mod salvage;
mod secret;
mod shown;
mod signer;
mod telemetry;
mod token_set;
mod wiped;
mod wire;

pub use api_error::{ApiError, ValidationError};
pub use application::{Application, ClientAuth, ClientId};
pub use bearer::Bearer;
pub use body::Body;
pub use call::{Call, Pending, SpendsRecoveryCode, Unreadable, begin};
pub use call_options::CallOptions;
#[doc(no_inline)]
pub use calls::*;
pub use code_state::{CodeState, Evidence, code_state};
pub use domain::Domain;
pub use dpop_repeat::DpopRepeat;
pub use error::{CallError, InDoubt, Malformed, NotSent, Refused};
pub use error_code::ErrorCode;
pub use identifier::{AuthenticationMethodId, AuthenticatorId, GuardianFactorName, UserId};
pub use invalid_value::InvalidValue;
pub use mfa_required::{MfaRequired, MfaRequirements};
pub use next_step::NextStep;
pub use oob_poll::{OobPoll, OobStep};
pub use recovery_code::{NewCode, NewCodes, RecoveryCode, Salvaged, UnreadableCode};
pub use replay::Replay;
pub use reply::{ApplicationRateLimit, RateLimit, Reply, ReplyInfo};
pub use secret::{
    AccessToken, BarcodeUri, BindingCode, ClientAssertion, ClientSecret, DpopProof, EmailAddress, IdToken,
    ManagementToken, MfaApiToken, MfaToken, OobCode, Otp, OtpSecret, Password, PhoneNumber, RefreshToken,
    Username,
};
pub use signer::{ClientAssertionSigner, DpopRequest, DpopSigner};
pub use telemetry::Telemetry;
pub use token_set::TokenSet;
