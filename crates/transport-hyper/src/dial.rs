//! Opens a stream to an origin: name, TCP, proxy, TLS.

use std::future::{Ready, poll_fn, ready};
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
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiResolver, Name};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower_service::Service;

/// What carries the request: TCP, or TLS above it.
pub(crate) type Stream = TokioIo<MaybeHttpsStream<Tcp>>;
type Tcp = TokioIo<TcpStream>;

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
    pub(crate) async fn dial(
        &self,
        origin: &Origin,
        time: Duration,
        progress: &Progress,
    ) -> Result<Stream, BoxError> {
        let proxy = self.proxies.of(origin);
        let tcp = match proxy {
            None => {
                progress.enter(Phase::Resolve);
                let mut addresses = resolve(origin.host(), origin.port()).await?;
                addresses.retain(|address| origin.allows(address.ip()));
                progress.enter(Phase::Connect);
                connect(addresses, time).await?
            }
            Some(proxy) => {
                progress.enter(Phase::Resolve);
                let addresses = resolve(proxy.host(), proxy.port()).await?;
                progress.enter(Phase::Connect);
                let mut tcp = connect(addresses, time).await?;
                progress.enter(Phase::Proxy);
                open_tunnel(tcp.inner_mut(), proxy, origin).await?;
                tcp
            }
        };
        if origin.is_plain() {
            return Ok(TokioIo::new(MaybeHttpsStream::Http(tcp)));
        }
        progress.enter(Phase::Tls);
        Ok(TokioIo::new(self.secure(tcp, origin).await?))
    }

    async fn secure(&self, tcp: Tcp, origin: &Origin) -> Result<MaybeHttpsStream<Tcp>, BoxError> {
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
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, BoxError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let found = GaiResolver::new().call(host.parse::<Name>()?).await?;
    Ok(found.map(|address| SocketAddr::new(address.ip(), port)).collect())
}

/// Connects to the first address that answers.
async fn connect(addresses: Vec<SocketAddr>, time: Duration) -> Result<Tcp, BoxError> {
    if addresses.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "the host has no address").into());
    }
    let several = addresses.len() > 1;
    let mut connector = HttpConnector::new_with_resolver(Found(addresses));
    connector.set_nodelay(true);
    // Shared out between the addresses: a dead one must not use up the time of all.
    connector.set_connect_timeout(several.then_some(time));
    poll_fn(|context| connector.poll_ready(context)).await?;
    // A name, so that the addresses that were found are asked for.
    Ok(connector.call(Uri::from_static("http://found")).await?)
}

async fn open_tunnel(tcp: &mut TcpStream, proxy: &Proxy, origin: &Origin) -> Result<(), BoxError> {
    tcp.write_all(&proxy.connect_request(origin)).await?;
    let mut answer = Vec::with_capacity(1024);
    while !is_open(&answer)? {
        let most = MOST_REPLY_BYTES.saturating_sub(answer.len());
        if (&mut *tcp).take(most as u64).read_buf(&mut answer).await? == 0 {
            return Err(NoTunnel::cut().into());
        }
    }
    Ok(())
}

/// A resolver that knows the answer.
#[derive(Clone)]
struct Found(Vec<SocketAddr>);

impl Service<Name> for Found {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        ready(Ok(std::mem::take(&mut self.0).into_iter()))
    }
}

/// A connector whose connection is there: what TLS is spoken on.
struct Opened(Option<Tcp>);

impl Service<Uri> for Opened {
    type Response = Tcp;
    type Error = io::Error;
    type Future = Ready<io::Result<Tcp>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        ready(self.0.take().ok_or_else(|| io::ErrorKind::NotConnected.into()))
    }
}
