//! The runtime that is used when no other is given.
//!
//! A transport is compiled where its runtime is chosen, in the program: what is small and called for each read is
//! offered to be inlined there, here and wherever it is no part of a generic type.

use std::future::{Ready, poll_fn, ready};
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use auth0_mfa_core::transport::BoxError;
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};
use tokio::runtime::{Handle, Id};
use tokio::time::{Sleep, sleep_until};
use tower_service::Service;

use crate::Runtime;

/// The runtime of tokio that a call is awaited on, whichever that is.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Tokio;

impl Runtime for Tokio {
    type Stream = TokioStream;
    type Sleep = Sleep;
    type Id = Id;

    #[inline]
    fn id(&self) -> io::Result<Id> {
        Handle::try_current().map(|runtime| runtime.id()).map_err(io::Error::other)
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(lookup_host((host, port)).await?.collect())
    }

    /// By turns of the address families (RFC 8305), by hyper-util.
    async fn connect(&self, addresses: Vec<SocketAddr>, time: Duration) -> Result<TokioStream, BoxError> {
        let several = addresses.len() > 1;
        let mut connector = HttpConnector::new_with_resolver(Found(addresses));
        connector.set_nodelay(true);
        // Shared out between the addresses: a dead one must not use up the time of all.
        connector.set_connect_timeout(several.then_some(time));
        poll_fn(|context| connector.poll_ready(context)).await?;
        // A name, so that the addresses that were found are asked for.
        Ok(TokioStream(connector.call(Uri::from_static("http://found")).await?))
    }

    #[inline]
    fn sleep_until(&self, at: Instant) -> Sleep {
        sleep_until(at.into())
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(task);
        }
    }
}

/// A TCP connection of [`Tokio`].
#[derive(Debug)]
pub struct TokioStream(TokioIo<TcpStream>);

impl Read for TokioStream {
    #[inline]
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl Write for TokioStream {
    #[inline]
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    #[inline]
    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(context, slices)
    }

    #[inline]
    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    #[inline]
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    #[inline]
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
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
