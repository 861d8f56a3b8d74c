//! Opens a stream to an origin: name, TCP, proxy, TLS.

use std::future::{Ready, ready};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::proxy::{MOST_REPLY_BYTES, NoTunnel, Proxies, Proxy, is_open};
use auth0_mfa_transport::{Origin, Phase};
use http::Uri;
use hyper::rt::{Read, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower_service::Service;

use crate::Runtime;
use crate::stream::{Stream, Tcp};

pub(crate) struct Dialer {
    /// One for all connections, so that TLS sessions are shared between them.
    tls: Arc<ClientConfig>,
    proxies: Proxies,
}

impl Dialer {
    pub(crate) fn new(tls: Arc<ClientConfig>, proxies: Proxies) -> Self {
        Self { tls, proxies }
    }

    /// Notes in `progress` how far it came. `time` is what it may take; the caller keeps it.
    pub(crate) async fn dial<R: Runtime>(
        &self,
        runtime: &R,
        origin: &Origin,
        time: Duration,
        progress: &Progress,
    ) -> Result<Stream<R::Stream>, BoxError> {
        let proxy = self.proxies.of(origin);
        let tcp = match proxy {
            None => {
                progress.enter(Phase::Resolve);
                let mut addresses = resolve(runtime, origin.host(), origin.port()).await?;
                addresses.retain(|address| origin.allows(address.ip()));
                progress.enter(Phase::Connect);
                connect(runtime, addresses, time).await?
            }
            Some(proxy) => {
                progress.enter(Phase::Resolve);
                let addresses = resolve(runtime, proxy.host(), proxy.port()).await?;
                progress.enter(Phase::Connect);
                let mut tcp = connect(runtime, addresses, time).await?;
                progress.enter(Phase::Proxy);
                open_tunnel(&mut tcp, proxy, origin).await?;
                tcp
            }
        };
        if origin.is_plain() {
            return Ok(TokioIo::new(MaybeHttpsStream::Http(tcp)));
        }
        progress.enter(Phase::Tls);
        Ok(TokioIo::new(self.secure(tcp, origin).await?))
    }

    async fn secure<S: Read + Write + Send + Unpin + 'static>(
        &self,
        tcp: Tcp<S>,
        origin: &Origin,
    ) -> Result<MaybeHttpsStream<Tcp<S>>, BoxError> {
        let origin = Uri::builder().scheme("https").authority(origin.authority().clone());
        let origin = origin.path_and_query("/").build()?;
        HttpsConnector::from((Opened(Some(tcp)), Arc::clone(&self.tls))).call(origin).await
    }
}

/// How far the dialling of one call has come.
pub(crate) struct Progress(AtomicU8);

const PHASES: [Phase; 4] = [Phase::Resolve, Phase::Connect, Phase::Proxy, Phase::Tls];

impl Progress {
    fn enter(&self, phase: Phase) {
        let number = PHASES.iter().position(|known| *known == phase).and_then(|at| u8::try_from(at).ok());
        self.0.store(number.unwrap_or_default(), Ordering::Relaxed);
    }

    pub(crate) fn phase(&self) -> Phase {
        PHASES.get(usize::from(self.0.load(Ordering::Relaxed))).copied().unwrap_or(Phase::Resolve)
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self(AtomicU8::new(0))
    }
}

/// The addresses of a host; an address stands for itself.
async fn resolve<R: Runtime>(runtime: &R, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    match host.parse::<IpAddr>() {
        Ok(address) => Ok(vec![SocketAddr::new(address, port)]),
        Err(_) => runtime.resolve(host, port).await,
    }
}

/// Connects to the first address that answers.
async fn connect<R: Runtime>(
    runtime: &R,
    addresses: Vec<SocketAddr>,
    time: Duration,
) -> Result<Tcp<R::Stream>, BoxError> {
    if addresses.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the host has no address").into());
    }
    Ok(Tcp(runtime.connect(addresses, time).await?))
}

async fn open_tunnel<S: Read + Write + Unpin>(
    tcp: &mut Tcp<S>,
    proxy: &Proxy,
    origin: &Origin,
) -> Result<(), BoxError> {
    let mut tcp = TokioIo::new(tcp);
    tcp.write_all(&proxy.connect_request(origin)).await?;
    tcp.flush().await?;
    let mut answer = Vec::with_capacity(1024);
    while !is_open(&answer)? {
        let most = MOST_REPLY_BYTES.saturating_sub(answer.len());
        if (&mut tcp).take(most as u64).read_buf(&mut answer).await? == 0 {
            return Err(NoTunnel::cut().into());
        }
    }
    Ok(())
}

/// A connector whose connection is there: what TLS is spoken on.
struct Opened<S>(Option<Tcp<S>>);

impl<S> Service<Uri> for Opened<S> {
    type Response = Tcp<S>;
    type Error = io::Error;
    type Future = Ready<io::Result<Tcp<S>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}
