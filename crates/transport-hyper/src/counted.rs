//! Counts what passes through a connection, above TLS: the proof of what was sent.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How often a connection was written to and read from. Whoever has the connection has its meter: the atomics are for
/// connections that move between threads.
#[derive(Default)]
pub(crate) struct Meter {
    written: AtomicU64,
    read: AtomicU64,
    /// Whether everything that was written was flushed, too.
    flushed: AtomicBool,
}

/// A moment in the life of a connection.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    written: u64,
    read: u64,
}

impl Meter {
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark { written: self.written.load(Relaxed), read: self.read.load(Relaxed) }
    }

    #[inline]
    pub(crate) fn is_unwritten_since(&self, mark: Mark) -> bool {
        self.written.load(Relaxed) == mark.written
    }

    /// Whether something was written since, and nothing of it waits to be handed to the network. hyper flushes a
    /// request when it has written it to its end.
    #[inline]
    pub(crate) fn is_flushed_since(&self, mark: Mark) -> bool {
        !self.is_unwritten_since(mark) && self.flushed.load(Relaxed)
    }

    #[inline]
    pub(crate) fn is_unread_since(&self, mark: Mark) -> bool {
        self.read.load(Relaxed) == mark.read
    }

    #[inline]
    fn count_write(&self, result: &Poll<io::Result<usize>>) {
        // An error counts: TLS may have sent a part of the bytes before it failed.
        if !matches!(result, Poll::Pending | Poll::Ready(Ok(0))) {
            self.written.fetch_add(1, Relaxed);
            self.flushed.store(false, Relaxed);
        }
    }
}

/// A stream that is counted by a [`Meter`].
pub(crate) struct Counted<T> {
    stream: T,
    meter: Arc<Meter>,
}

impl<T> Counted<T> {
    pub(crate) fn new(stream: T, meter: Arc<Meter>) -> Self {
        Self { stream, meter }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Counted<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.meter.read.fetch_add(1, Relaxed);
        }
        result
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Counted<T> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Self { stream, meter } = self.get_mut();
        let result = Pin::new(stream).poll_write(context, bytes);
        meter.count_write(&result);
        result
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let Self { stream, meter } = self.get_mut();
        let result = Pin::new(stream).poll_write_vectored(context, slices);
        meter.count_write(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(result, Poll::Ready(Ok(()))) {
            self.meter.flushed.store(true, Relaxed);
        }
        result
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Answers every write with the same result.
    struct Peer(fn() -> Poll<io::Result<usize>>);

    impl AsyncWrite for Peer {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            (self.0)()
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn write(stream: &mut Counted<Peer>) -> Poll<io::Result<usize>> {
        Pin::new(stream).poll_write(&mut Context::from_waker(Waker::noop()), b"request")
    }

    fn stream(peer: fn() -> Poll<io::Result<usize>>) -> (Counted<Peer>, Arc<Meter>) {
        let meter = Arc::new(Meter::default());
        (Counted::new(Peer(peer), Arc::clone(&meter)), meter)
    }

    #[test]
    fn what_was_written_before_the_mark_does_not_count() {
        let (mut stream, meter) = stream(|| Poll::Ready(Ok(7)));
        let before = meter.mark();
        assert!(matches!(write(&mut stream), Poll::Ready(Ok(7))));
        let after = meter.mark();
        assert!(!meter.is_unwritten_since(before));
        assert!(meter.is_unwritten_since(after));
    }

    #[test]
    fn a_write_that_failed_may_have_sent_a_part() {
        let (mut stream, meter) = stream(|| Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())));
        let mark = meter.mark();
        assert!(matches!(write(&mut stream), Poll::Ready(Err(_))));
        assert!(!meter.is_unwritten_since(mark));
    }

    #[test]
    fn what_was_written_is_sent_once_it_was_flushed() {
        let (mut stream, meter) = stream(|| Poll::Ready(Ok(7)));
        let mark = meter.mark();
        let flush = |stream: &mut Counted<Peer>| {
            Pin::new(stream).poll_flush(&mut Context::from_waker(Waker::noop())).is_ready()
        };
        assert!(flush(&mut stream) && !meter.is_flushed_since(mark));
        assert!(write(&mut stream).is_ready() && !meter.is_flushed_since(mark));
        assert!(flush(&mut stream) && meter.is_flushed_since(mark));
    }

    #[test]
    fn a_write_that_has_to_wait_sent_nothing() {
        let (mut stream, meter) = stream(|| Poll::Pending);
        let mark = meter.mark();
        assert!(write(&mut stream).is_pending());
        assert!(meter.is_unwritten_since(mark));
    }
}
