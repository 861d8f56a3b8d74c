//! What a transport is built from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::Replay;
use rustls::ClientConfig;

use crate::PoolLimits;
use crate::proxy::Proxies;

/// The settings that a transport keeps to; [`Builder::build`](crate::Builder::build) makes them.
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// How long opening a connection may take: name, TCP, proxy and TLS together.
    pub connect_timeout: Duration,
    /// How long a whole call may take, to the last byte of its reply.
    pub timeout: Duration,
    /// How many bytes the body of a reply may have.
    pub max_reply_bytes: usize,
    /// How many bytes the head of a reply may have.
    pub max_reply_head_bytes: usize,
    /// How long and how many connections wait for their next request.
    pub pool: PoolLimits,
    /// Whether `Safe` and `Once` requests may travel on a connection that was used before.
    pub reuse_connections: bool,
    /// The same for `SingleUse` requests.
    pub reuse_connections_for_single_use: bool,
    /// One for all connections, so that fresh ones resume the TLS sessions of pooled ones.
    pub tls: Arc<ClientConfig>,
    /// Which origins are reached through a proxy.
    pub proxies: Proxies,
}

impl Settings {
    /// Whether a request may travel on a connection that was used before, and leave its own to the next.
    pub fn may_reuse(&self, replay: Replay) -> bool {
        match replay {
            Replay::Safe | Replay::Once => self.reuse_connections,
            // What is not known to be anything else is taken for single-use.
            _ => self.reuse_connections_for_single_use,
        }
    }
}

/// Without the TLS configuration, which is long and says little.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("max_reply_bytes", &self.max_reply_bytes)
            .field("max_reply_head_bytes", &self.max_reply_head_bytes)
            .field("pool", &self.pool)
            .field("reuse_connections", &self.reuse_connections)
            .field("reuse_connections_for_single_use", &self.reuse_connections_for_single_use)
            .field("proxies", &self.proxies)
            .finish_non_exhaustive()
    }
}
