//! One call, the recovery-code grant, over each of several HTTP clients: what `cargo xtask bench transports` measures.
//!
//! Each program is one client, against the server that is a process of its own and so is not measured. Everything that
//! is there before a call is made ahead.

#![allow(missing_docs, reason = "a library for the programs beside it")]

pub mod fixture;
pub mod player;
pub mod subjects;

use std::path::PathBuf;

/// Where the calls go, and how.
pub struct Site {
    /// `http://localhost:1234`
    pub origin: String,
    /// The certificate to trust, as PEM.
    pub root: String,
    /// Whether each call is on a connection of its own. A TLS session may be resumed.
    pub fresh: bool,
}

impl Site {
    pub fn token_url(&self) -> String {
        format!("{}{}", self.origin, fixture::PATH)
    }
}

/// What every program is told: `<subject> <origin> <file of the root> <fresh|pooled>`, and numbers that are its own.
pub struct Arguments<const N: usize> {
    pub subject: String,
    pub site: Site,
    pub numbers: [usize; N],
}

impl<const N: usize> Arguments<N> {
    /// # Panics
    /// When they are others.
    pub fn read() -> Self {
        let mut arguments = std::env::args().skip(1);
        let mut next = || arguments.next().expect("<subject> <origin> <root> <fresh|pooled> <number>...");
        let (subject, origin, root, connection) = (next(), next(), PathBuf::from(next()), next());
        let root = std::fs::read_to_string(root).expect("a file of the root");
        let numbers = [(); N].map(|()| next().parse().expect("a number"));
        Self { subject, site: Site { origin, root, fresh: connection == "fresh" }, numbers }
    }
}
