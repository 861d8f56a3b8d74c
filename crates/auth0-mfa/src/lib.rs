//! Challenge with Recovery Codes, and the MFA API of Auth0 around it.
//!
//! A user has lost the phone and types a recovery code. The call burns that single-use code and answers, once, with
//! tokens and the *next* code. This crate never loses the next code, always says what became of the old one, and
//! never shows a secret.
//!
//! # Which feature do I need?
//!
//! | You write | Feature | Client |
//! |---|---|---|
//! | an application on tokio | `hyper` | [`AsyncClient`] over `auth0_mfa::hyper::HyperTransport` |
//! | a command-line tool or another blocking program | `ureq` | [`BlockingClient`] over `auth0_mfa::ureq::UreqTransport` |
//! | an application whose calls go through a `tower` service of its own | `tower` | [`AsyncClient`] over `auth0_mfa::tower::TowerTransport` |
//! | an application that has a `reqwest` client | `reqwest` | [`AsyncClient`] over `auth0_mfa::reqwest::ReqwestTransport` |
//! | a library whose user picks the transport | none | either client, generic over its transport |
//! | an application on another async runtime, smol for example | none | [`AsyncClient`] over the `HyperTransport` of `auth0-mfa-transport-hyper`, made by its `builder_on` |
//! | a program with I/O of its own | none, or `auth0-mfa-core` alone | [`begin`] and [`Pending`] |
//! | one whose futures are not `Send`: a thread for each core | the same | the same, as in `examples/thread_per_core.rs` |
//! | a page in a browser, over its `fetch` | the same | the same, as in `examples/wasm-fetch` |
//!
//! `examples/recovery-web` is a whole web application on axum, in which a user who has lost the phone logs in;
//! `docs/UPGRADE.md` says what a new version may change, and what not.
//!
//! These features only add a module. No transport is a default, and the transport is a value given at construction. The
//! cryptography of `hyper` and `ureq` is that of ring (`ring`, a default feature, which alone brings nothing) or AWS-LC
//! (`aws-lc-rs`), or one that is given; they trust Mozilla's roots, or with `platform-verifier`, on request, what the
//! operating system trusts. With `tower` and `reqwest`, TLS is that of the client behind them.
//!
//! | Whatever you write | Feature | Module |
//! |---|---|---|
//! | an application that authenticates by a private key | `private-key-jwt` | `auth0_mfa::jwt`: signs its client assertions |
//! | one whose tokens are bound to a key | `dpop` | the same: signs DPoP proofs |
//! | one that wants to know who the user is | `id-token` | the same: validates ID tokens |
//! | an application that somebody is on call for | `tracing` | a span for each call, and events to alert on: [Traces](#traces) |
//!
//! ## What each feature costs
//!
//! Without any feature, the crate stands on 20 external crates. This is what each feature adds to that, or to the
//! feature beside which it does something; `cargo xtask budgets` holds the table. The default feature, `ring`, is not
//! counted with the others.
//!
#![doc = include_str!("../FEATURES.md")]
//!
//! At run time, a feature that is not used costs nothing: `tracing` is the only one that changes what a call does.
//!
//! # Methods
//!
//! Both clients have the same. A method takes what its call cannot be without, and sends it once.
//!
//! | Method | Call | What it does |
//! |---|---|---|
//! | **First factor** | | |
//! | [`password_grant`](AsyncClient::password_grant) | [`PasswordGrant`] | logs a user in by name and password: tokens, or [`MfaRequired`] |
//! | [`password_realm_grant`](AsyncClient::password_realm_grant) | [`PasswordRealmGrant`] | the same at one connection |
//! | [`refresh_token_grant`](AsyncClient::refresh_token_grant) | [`RefreshTokenGrant`] | exchanges a refresh token |
//! | **MFA API** | | |
//! | [`add_authenticator`](AsyncClient::add_authenticator) | [`AddAuthenticator`] | enrols an authenticator; the first brings the recovery code |
//! | [`list_authenticators`](AsyncClient::list_authenticators) | [`ListAuthenticators`] | lists the user's authenticators |
//! | [`delete_authenticator`](AsyncClient::delete_authenticator) | [`DeleteAuthenticator`] | deletes one |
//! | [`request_challenge`](AsyncClient::request_challenge) | [`RequestChallenge`] | has an SMS, a call, an e-mail or a push sent |
//! | [`verify_with_otp`](AsyncClient::verify_with_otp) | [`VerifyWithOtp`] | the second factor by one-time password |
//! | [`verify_with_oob`](AsyncClient::verify_with_oob) | [`VerifyWithOob`] | the second factor by the code of a message, or by a push |
//! | [`verify_with_recovery_code`](AsyncClient::verify_with_recovery_code) | [`VerifyWithRecoveryCode`] | the second factor by recovery code: burns it, brings the next |
//! | [`mfa_api_token_grant`](AsyncClient::mfa_api_token_grant) | [`MfaApiTokenGrant`] | logs a user in for an access token for the MFA API |
//! | **Management API** | | |
//! | [`regenerate_recovery_code`](AsyncClient::regenerate_recovery_code) | [`RegenerateRecoveryCode`] | voids a user's recovery code, brings the next |
//! | [`list_authentication_methods`](AsyncClient::list_authentication_methods) | [`ListAuthenticationMethods`] | lists a user's authentication methods |
//! | [`delete_authentication_method`](AsyncClient::delete_authentication_method) | [`DeleteAuthenticationMethod`] | deletes one of them, the recovery code for example |
//! | [`delete_all_authentication_methods`](AsyncClient::delete_all_authentication_methods) | [`DeleteAllAuthenticationMethods`] | deletes all of them |
//! | [`delete_all_authenticators`](AsyncClient::delete_all_authenticators) | [`DeleteAllAuthenticators`] | deletes every authenticator of a user |
//! | [`list_guardian_factors`](AsyncClient::list_guardian_factors) | [`ListGuardianFactors`] | lists the factors of the tenant |
//! | [`set_guardian_factor`](AsyncClient::set_guardian_factor) | [`SetGuardianFactor`] | switches a factor of the tenant on or off |
//! | **Any call** | | |
//! | [`send`](AsyncClient::send) | each [`Call`] | for what a method does not take: a scope, a page, a certain authenticator |
//! | [`send_with`](AsyncClient::send_with) | each [`Call`] | with [`CallOptions`]: a client assertion, a DPoP proof, the user's address |
//! | [`send_dpop_repeat`](AsyncClient::send_dpop_repeat) | [`DpopRepeat`] | the one repeat that a DPoP nonce asks for |
//! | [`poll_oob`](AsyncClient::poll_oob) | [`VerifyWithOob`] | waits for a push: polls until the user has decided |
//! | **As a task of its own** | | of the async client: see [below](#do-not-drop-the-future) |
//! | [`send_detached`](AsyncClient::send_detached) | each [`Call`] | `send`; there are [`send_with_detached`](AsyncClient::send_with_detached) and [`send_dpop_repeat_detached`](AsyncClient::send_dpop_repeat_detached) too |
//! | [`verify_with_recovery_code_detached`](AsyncClient::verify_with_recovery_code_detached) | [`VerifyWithRecoveryCode`] | and so of each call that can bring a recovery code: [`verify_with_otp_detached`](AsyncClient::verify_with_otp_detached), [`verify_with_oob_detached`](AsyncClient::verify_with_oob_detached), [`add_authenticator_detached`](AsyncClient::add_authenticator_detached), [`regenerate_recovery_code_detached`](AsyncClient::regenerate_recovery_code_detached) |
//!
//! [`MfaRequired`] makes the calls that come after it, for `send`; [`OobPoll`] makes the polls for a push. A client is
//! cheap to clone. What holds for all of its calls is in [`ClientSettings`]: telemetry, and who signs client assertions
//! and DPoP proofs.
//!
//! # Do not drop the future
//!
//! Dropping the future of a call between sending and answer loses the reply, and with it the new code. Web frameworks
//! drop a handler when the browser goes away. So there is a `…_detached` of each call that can bring a recovery code:
//! it runs as a task on your runtime, to its end, and when nobody waits for the outcome any more, a handler gets it.
//!
//! ```
//! use auth0_mfa::{AsyncClient, MfaToken, NewCode, Outcome, RecoveryCode, VerifyWithRecoveryCode};
//!
//! # mod tokio { pub(crate) fn spawn(_: auth0_mfa::CallTask) {} }
//! # fn store(_: &str) {}
//! async fn handler(client: AsyncClient, mfa_token: MfaToken, code: RecoveryCode) {
//!     let recovery = client.verify_with_recovery_code_detached(
//!         mfa_token,
//!         code,
//!         |task| { tokio::spawn(task); },
//!         keep, // the browser has gone: keep the new code for the user all the same
//!     );
//!     keep(recovery.await);
//! }
//!
//! fn keep(outcome: Outcome<VerifyWithRecoveryCode>) {
//!     let new_code = match outcome {
//!         Ok(accepted) => accepted.into_parts().1,
//!         Err(mut error) => error.take_new_code(),
//!     };
//!     match new_code {
//!         NewCode::Issued(code) => store(code.expose()),
//!         NewCode::Unreadable(text) => store(text.expose()),
//!         NewCode::NotReturned => {}
//!     }
//! }
//! ```
//!
//! # After a doubt
//!
//! A code whose sending is in doubt may be sent again, on purpose: `client.send(call)`, with the call that the error
//! gives back ([`CallError::into_in_doubt`]). A program that has stopped in between has stored that there is a doubt,
//! and begins with it: `client.send(call.earlier_sending_in_doubt())`. [`InDoubt`] has what can come of it.
//!
//! # Traces
//!
//! With the feature `tracing` each call is one span, which is there while the call is sent and ends with it: target
//! `auth0_mfa::call`, level `INFO`. Its fields, absent where there is nothing to say:
//!
//! | Field | What it says |
//! |---|---|
//! | `endpoint` | the call, for example `VerifyWithRecoveryCode` |
//! | `outcome` | `succeeded`, `refused`, `not_sent`, `in_doubt`, `malformed`, or `abandoned`: its future was dropped |
//! | `code_state` | what became of the recovery code at stake: [`CodeState::as_str`] |
//! | `new_code` | whether there is a new recovery code |
//! | `error` | Auth0's word, when it is a known one, and `other` otherwise |
//! | `delivery`, `status` | `not_sent`, `maybe_sent` or `answered`, and the HTTP status |
//! | `request_id` | by which Auth0's support finds the request |
//! | `duration_ms` | from the beginning of the call to its outcome |
//! | `rate_limit`, `rate_limit_remaining`, `rate_limit_reset_at`, `retry_after_s` | the figures of [`ReplyInfo`] |
//! | `repeated` | true when it was, or is, the repeat for a DPoP nonce |
//!
//! Three events are there to be counted, each with a target of its own, and in the span of its call:
//! `auth0_mfa::doubt` (nobody knows what became of a call or a code), `auth0_mfa::salvage` (a new code was saved from a
//! reply that is no success) and `auth0_mfa::rotation` (a code is used up: `INFO` with a new one, `WARN` without).
//! The [`runbook`] says what to do about each, and about each state of a code. No field holds a secret. Without the
//! feature, there is neither a cost nor a dependency.
//!
//! Not affiliated with Auth0.

mod async_client;
mod blocking_client;
mod detached;
mod exchange;
mod handover;
#[cfg(any(feature = "reqwest", feature = "tower"))]
#[cfg_attr(not(feature = "tower"), allow(unreachable_pub, reason = "the module `tower` shows it"))]
mod incoming;
#[cfg(any(feature = "private-key-jwt", feature = "dpop", feature = "id-token"))]
pub mod jwt;
mod oob;
#[cfg(any(feature = "reqwest", feature = "tower"))]
#[cfg_attr(not(feature = "tower"), allow(unreachable_pub, reason = "the module `tower` shows it"))]
mod outgoing;
#[cfg(feature = "reqwest")]
pub mod reqwest;
mod settings;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "tracing")]
mod trace;
#[cfg(not(feature = "tracing"))]
#[path = "no_trace.rs"]
mod trace;

pub use async_client::AsyncClient;
pub use auth0_mfa_core::*;
pub use blocking_client::BlockingClient;
pub use detached::{CallTask, Detached};
pub use exchange::Outcome;
pub use oob::OobError;
pub use settings::ClientSettings;

/// The async transport on hyper and rustls.
#[cfg(feature = "hyper")]
pub mod hyper {
    pub use auth0_mfa_transport_hyper::*;
}

/// The blocking transport on ureq and rustls.
#[cfg(feature = "ureq")]
pub mod ureq {
    pub use auth0_mfa_transport_ureq::*;
}

#[cfg(doc)]
#[doc = include_str!("../RUNBOOK.md")]
pub mod runbook {}

/// The README's examples, compiled.
#[cfg(all(doctest, feature = "hyper", feature = "ureq"))]
#[doc = include_str!("../README.md")]
struct Readme;
