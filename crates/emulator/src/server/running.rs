//! A tenant that is being served.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::admin::Access;
use super::builder::EmulatorBuilder;
use super::connection;
use super::tls::Identity;
use crate::hosted::Hosted;
use crate::{Tenant, Timestamp};

/// How long answers that are under way may take when the server stops.
const GRACE: Duration = Duration::from_secs(2);

/// How long the server waits when the system has no socket for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// A tenant on a socket. It is served until it is stopped or dropped, on a thread of its own, so that it can be started
/// from programs that are async and from those that are not.
pub struct EmulatorServer {
    address: SocketAddr,
    ca_pem: Option<String>,
    shared: Arc<Shared>,
    stopping: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// What all connections share.
pub(super) struct Shared {
    pub(super) hosted: Hosted,
    pub(super) access: Access,
}

/// A socket that is listened on, and what is spoken there.
pub(super) struct Listening {
    pub(super) listener: TcpListener,
    pub(super) identity: Option<Identity>,
}

impl EmulatorServer {
    /// Starts the tenant for demonstrations on a free port of 127.0.0.1, without TLS.
    ///
    /// # Errors
    /// When the system gives no socket or no thread.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Starts another one.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Where it answers, for example `http://127.0.0.1:49152`: what an application has as its Auth0 domain.
    pub fn base_url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}", self.address.port())
    }

    /// The address that is listened on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the authority that clients are to trust, in PEM; none without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Looks at the tenant, or changes it, at the time that its clock shows. Requests wait meanwhile.
    pub fn with_tenant<R>(&self, f: impl FnOnce(&mut Tenant, Timestamp) -> R) -> R {
        self.shared.hosted.with_tenant(f)
    }

    /// Stops it: no connection is taken any more, connections without an answer are closed, and the others have two
    /// seconds to end.
    pub fn stop(self) {}

    pub(super) fn run(hosted: Hosted, access: Access, listening: Listening) -> io::Result<Self> {
        let address = listening.listener.local_addr()?;
        let ca_pem = listening.identity.as_ref().map(|identity| identity.ca_pem.clone());
        let shared = Arc::new(Shared { hosted, access });
        let (stopping, stop) = watch::channel(false);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let served = shared.clone();
        let thread = std::thread::Builder::new().name("auth0-mfa-emulator".to_owned()).spawn(move || {
            // The socket was taken over by the runtime or the server has nothing to do: either way this ends.
            let _ = runtime.block_on(serve(listening, served, stop));
            runtime.shutdown_timeout(Duration::ZERO);
        })?;
        Ok(Self { address, ca_pem, shared, stopping, thread: Some(thread) })
    }
}

impl Drop for EmulatorServer {
    fn drop(&mut self) {
        let _ = self.stopping.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for EmulatorServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmulatorServer").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

async fn serve(listening: Listening, shared: Arc<Shared>, mut stop: watch::Receiver<bool>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listening.listener)?;
    let tls = listening.identity.map(|identity| TlsAcceptor::from(identity.config));
    let (done, mut all_done) = tokio::sync::mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            () = stopped(&mut stop) => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = connection::serve(stream, peer.ip(), tls.clone(), shared.clone(), stop.clone());
        let done = done.clone();
        tokio::spawn(async move {
            connection.await;
            drop(done);
        });
    }
    drop(listener);
    drop(done);
    // Ends when each connection has dropped its half; whoever is late is cut off with the runtime.
    let _ = tokio::time::timeout(GRACE, all_done.recv()).await;
    Ok(())
}

/// Waits until the server is to stop.
pub(super) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // An error says that the server is gone, which is the same.
    let _ = stop.wait_for(|stopping| *stopping).await;
}
