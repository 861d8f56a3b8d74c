//! A TCP server that does to each connection exactly what a script says: what tests of a transport are written
//! against.
//!
//! It knows nothing of HTTP but where the head of a request ends and how long its body says it is, so it can do what
//! no HTTP server does: stop in the middle of a head, announce more than it sends, reset, flood, or say nothing. Its
//! other half is the record: for each connection, which bytes of a request arrived, and how the connection ended. That
//! is what a claim such as "the request was not sent" is held against.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
//! use auth0_mfa_emulator::contract::{End, Outcome, Script, ScriptedServer, Step};
//!
//! # fn main() -> std::io::Result<()> {
//! // Reads the head of a request, begins to answer it, and resets the connection.
//! let server = ScriptedServer::plain(Script::new(
//!     [Step::ReadHead, Step::Write(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec())],
//!     End::Reset,
//! ))?;
//!
//! let mut client = TcpStream::connect(server.address())?;
//! client.write_all(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")?;
//! let read = client.read_to_end(&mut Vec::new());
//! assert!(read.is_err(), "a reset is an error, not an end");
//!
//! let seen = server.finish();
//! assert_eq!(seen[0].bytes(), b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n");
//! assert_eq!(seen[0].outcome(), Some(Outcome::Completed));
//! # Ok(())
//! # }
//! ```
//!
//! | What a test needs | What it takes |
//! |---|---|
//! | a reply, once or for each request of a connection | [`Script::answer`], [`Script::answer_each`], [`reply`] |
//! | a reply cut at byte N | [`Step::Write`] of a part of a [`reply`], then an [`End`] |
//! | a reply without end | [`Step::Write`] of a [`reply_head`], then [`Step::Flood`] or [`Step::Trickle`] |
//! | a server that never answers | [`Step::ReadToEnd`]; one that does not even read: [`End::Stall`] |
//! | a connection that breaks | [`End::Close`], [`End::Truncate`], [`End::Abandon`], [`End::Reset`] |
//! | TLS that fails | [`ScriptedServer::tls`] with a [`Tls`] other than `Valid` |
//! | no server at all | [`ClosedPort`], [`BlackHole`] |

pub mod kit;

mod certificates;
mod channel;
mod connection;
mod reply;
mod script;
mod seen;
mod server;
mod socket;
mod state;
mod tls;
mod unreachable;

pub use reply::{chunked_reply, reply, reply_announcing, reply_head};
pub use script::{End, Script, Scripts, Step};
pub use seen::{Outcome, Seen};
pub use server::ScriptedServer;
pub use tls::Tls;
pub use unreachable::{BlackHole, ClosedPort};
