//! What a served tenant is started with.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use super::Clock;
use super::admin::Access;
use super::running::{EmulatorServer, Listening};
use super::tls::{Identity, TlsOptions};
use crate::hosted::Hosted;
use crate::{Config, Tenant};

/// Starts an [`EmulatorServer`] that is not the usual one.
///
/// ```
/// use auth0_mfa_emulator::Config;
/// use auth0_mfa_emulator::server::{EmulatorServer, TlsOptions};
///
/// # fn main() -> std::io::Result<()> {
/// let server = EmulatorServer::builder().config(Config::default()).seed(7).tls(TlsOptions::new()).start()?;
/// assert!(server.base_url().starts_with("https://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct EmulatorBuilder {
    config: Config,
    seed: u64,
    port: u16,
    tls: Option<TlsOptions>,
    names: Vec<String>,
    remote: bool,
    remote_admin: bool,
    clock: Clock,
}

impl EmulatorBuilder {
    /// The tenant; the one for demonstrations, unless it is said.
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// What every code, token and secret of the tenant follows from; 0, unless it is said.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The port; 0, a free one, unless it is said.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Speaks TLS and nothing else.
    pub fn tls(mut self, options: TlsOptions) -> Self {
        self.tls = Some(options);
        self
    }

    /// One more host name that it goes by, beside `localhost` and addresses: the certificate is valid for it, and
    /// `/_emulator/` answers to it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.names.push(name.into());
        self
    }

    /// Listens on every address of the machine, not on 127.0.0.1 only: everybody on the network can then use it.
    pub fn allow_remote(mut self) -> Self {
        self.remote = true;
        self
    }

    /// Lets other machines use `/_emulator/` too, which shows every code and steers the tenant; without this it answers
    /// to this machine only. In a container every caller is another machine.
    pub fn allow_remote_admin(mut self) -> Self {
        self.remote_admin = true;
        self
    }

    /// Where the time comes from; the system, unless it is said.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Starts it, on a thread of its own.
    ///
    /// # Errors
    /// When the config contradicts itself or a name is no host name (`InvalidInput`), when the port is taken or not
    /// allowed, or when the system gives no thread.
    pub fn start(self) -> io::Result<EmulatorServer> {
        let tenant = Tenant::new(self.config, self.seed).map_err(invalid_input)?;
        let tls = self.tls.map(|options| self.names.iter().fold(options, TlsOptions::name));
        let names =
            self.names.into_iter().chain(tls.iter().flat_map(|options| options.names().iter().cloned()));
        let access = Access {
            names: names.collect(),
            remote: self.remote_admin,
            scheme: if tls.is_some() { "https" } else { "http" },
        };
        let identity = tls.as_ref().map(Identity::make).transpose()?;
        let host = if self.remote { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
        let listener = TcpListener::bind(SocketAddr::from((host, self.port)))?;
        listener.set_nonblocking(true)?;
        EmulatorServer::run(Hosted::new(tenant, self.clock), access, Listening { listener, identity })
    }
}

fn invalid_input(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
