//! A local Auth0 tenant for the MFA API: recovery codes are burnt and rotated as Auth0 does it.
//!
//! [`Tenant`] is a state machine without clock, randomness or I/O: it is given a request and the time, and answers with
//! a reply. The feature `server` puts it on a socket. It is for tests and for development; its secrets
//! follow from a seed and are no secrets.
//!
//! Not affiliated with Auth0.

#[cfg(feature = "contract")]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "it is a server: sockets and threads")]
pub mod contract;
#[cfg(feature = "server")]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the one part with sockets and a clock"
)]
pub mod server;

pub mod grant_type;

mod api;
mod authentication_methods;
mod authenticator;
mod barcode;
mod base_url;
mod bearer;
mod behaviour;
mod brute_force;
mod bucket;
mod by_address;
mod client_authentication;
mod client_certificate;
mod client_key;
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the clock of a tenant that is hosted"
)]
mod clock;
mod config;
mod cors;
mod credential;
mod dpop;
mod endpoints;
mod enrollments;
mod events;
mod factors;
mod faults;
mod generator;
#[allow(clippy::disallowed_types, reason = "callers share a tenant")]
mod hosted;
mod iron;
mod jws;
mod login;
mod oob;
mod origin;
mod outbox;
mod personal;
mod rate_limit;
mod recovery;
mod refresh_tokens;
mod refusal;
mod secrets;
mod seen_once;
mod sending;
mod signing;
mod tenant;
mod timestamp;
mod tokens;
mod totp;
mod transport;
mod user;

pub use authenticator::{Authenticator, AuthenticatorKind};
pub use behaviour::{
    BadAccessToken, BadClient, Behaviour, CodeAlphabet, CodeNormalisation, EnrollmentsListed,
    GrantNotAllowed, MfaOnRefresh, MfaRequirementsForm, MissingBearer, NotEnrolled, OobOverLimit, OverLimit,
    PushTwin, RecoveryCodesOff, RefusedPush, SendOverLimit, UnknownAuthenticator,
};
pub use bucket::Limit;
pub use client_certificate::ClientCertificate;
pub use client_key::{ClientKey, InvalidClientKey};
pub use clock::Clock;
pub use config::{
    ApplicationConfig, AuthenticatorConfig, Config, ConfigError, ConfiguredMeans, LoginRefusal, MfaPolicy,
    RateLimits, TokenFormat, UserConfig,
};
pub use events::{Event, EventKind};
pub use factors::{Factor, PhoneMessageType};
pub use faults::{Fault, FaultCall, FaultPlan, FaultRule, PlannedFault, Served, UnknownCall};
pub use outbox::{Channel, Message, Purpose, PushAnswer, PushError};
#[cfg(feature = "server")]
#[doc(no_inline)]
pub use server::EmulatorServer;
pub use tenant::Tenant;
pub use timestamp::Timestamp;
pub use transport::EmulatorTransport;
pub use user::User;

/// What the README shows compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
