//! The tenant on a socket, plain or with TLS.
//!
//! ```
//! use auth0_mfa_emulator::server::EmulatorServer;
//!
//! # fn main() -> std::io::Result<()> {
//! let server = EmulatorServer::start()?;
//! println!("AUTH0_DOMAIN={}", server.base_url());
//! let code = server.with_tenant(|tenant, _now| {
//!     tenant.user("alice@example.com").and_then(|alice| alice.recovery_code()).map(|code| code.expose().to_owned())
//! });
//! assert_eq!(code.map(|code| code.len()), Some(24));
//! # Ok(())
//! # }
//! ```

mod admin;
mod builder;
mod connection;
mod reply_body;
mod running;
mod tls;

pub use crate::clock::Clock;
pub use builder::EmulatorBuilder;
pub use running::EmulatorServer;
pub use tls::TlsOptions;
