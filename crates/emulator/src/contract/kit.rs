//! The contract of a transport, as scenarios that any transport can be put through.
//!
//! Each [`Scenario`] is a fault, or a peculiarity, of a server or of the way to it. A round of it makes a real call of
//! core through the transport, and holds what the transport said of it against what the server saw. Whatever the
//! scenario, these must be 0:
//!
//! - the server saw any byte of a request that was said not to be sent,
//! - a request arrived more often than it may (a [`Safe`](auth0_mfa_core::Replay::Safe) one twice, when the first was
//!   on a connection that had been used before; any other once),
//! - a whole new code came back and did not reach the caller,
//! - a secret arrived anywhere but at the configured origin,
//!
//! and beside them, each scenario says what it expects. Each is run with a call with a body
//! ([`VerifyWithRecoveryCode`](auth0_mfa_core::VerifyWithRecoveryCode)), one without
//! ([`RegenerateRecoveryCode`](auth0_mfa_core::RegenerateRecoveryCode)) and a read
//! ([`ListAuthenticators`](auth0_mfa_core::ListAuthenticators)); where connections are used again also with
//! [`RequestChallenge`](auth0_mfa_core::RequestChallenge).
//!
//! # How to examine a transport
//!
//! A [`Subject`] is a function that makes the transport for given [`Terms`]. Here it is a transport that never sends,
//! which is right where nothing listens, and wrong elsewhere:
//!
//! ```
//! use auth0_mfa_core::transport::{TransportError, from_blocking_fn};
//! use auth0_mfa_emulator::contract::kit::{Ability, Subject, blocking, scenarios};
//!
//! # fn main() -> std::io::Result<()> {
//! let subject = Subject::new("offline", |_terms| {
//!     // A real one takes its settings from the terms.
//!     blocking(from_blocking_fn(|_request| Err(TransportError::not_sent("there is no network"))))
//! })
//! .without(Ability::Tls);
//!
//! for scenario in scenarios() {
//!     match scenario.name() {
//!         "port closed" => assert!(scenario.run(&subject, 1)?.is_kept()),
//!         "a whole reply" if scenario.wire() == auth0_mfa_emulator::contract::kit::Wire::Plain => {
//!             let report = scenario.run(&subject, 1)?;
//!             assert!(!report.is_kept());
//!             println!("{report}");
//!         }
//!         _ => {}
//!     }
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`examine`] runs them all. [`asynchronous`] takes an [`AsyncTransport`](auth0_mfa_core::transport::AsyncTransport)
//! and the `block_on` of its runtime; and any closure from a request to a [`Sent`] is a subject as well, which is what
//! one has who uses core's seam without a transport.

mod call;
mod families;
mod judge;
mod report;
mod round;
mod scenario;
mod subject;

use std::io;
use std::thread;

pub use call::Kind;
pub use families::scenarios;
pub use report::{Report, Row};
pub use scenario::{Scenario, Wire};
pub use subject::{Ability, Sent, Subject, Terms, asynchronous, blocking};

/// Runs every scenario once: the slow ones, which do nothing but wait, beside one another.
///
/// # Errors
/// When the system gives no port or no thread; that says nothing about the subject.
pub fn examine(subject: &Subject) -> io::Result<Report> {
    let (slow, quick): (Vec<Scenario>, Vec<Scenario>) = scenarios().into_iter().partition(Scenario::is_slow);
    let mut report = Report::default();
    let waited = thread::scope(|scope| {
        let threads: Vec<_> = slow.iter().map(|scenario| scope.spawn(|| scenario.run(subject, 1))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| io::Error::other("a scenario panicked"))?)
            .collect::<io::Result<Vec<Report>>>()
    })?;
    for scenario in &quick {
        report += scenario.run(subject, 1)?;
    }
    waited.into_iter().for_each(|waited| report += waited);
    Ok(report)
}
