//! Reads the body of a reply, up to a cap and a deadline.

use std::pin::pin;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::ReplyBytes;
use hyper::body::{Body as _, Incoming};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::Runtime;
use crate::clock::Clock;
use crate::connection::Connection;

/// Reads the body of a reply: what came of it, and how it ended.
pub(crate) async fn read<R: Runtime>(
    connection: &mut Connection<impl AsyncRead + AsyncWrite + Unpin>,
    mut incoming: Incoming,
    cap: usize,
    clock: &mut Clock<'_, R>,
) -> (Body, Result<(), BoxError>) {
    let mut bytes = ReplyBytes::new(cap, incoming.size_hint().exact());
    let end = clock.within(pin!(fill(&mut bytes, connection, &mut incoming))).await;
    (bytes.into_body(), end.unwrap_or_else(|exceeded| Err(exceeded.into())))
}

async fn fill(
    bytes: &mut ReplyBytes,
    connection: &mut Connection<impl AsyncRead + AsyncWrite + Unpin>,
    incoming: &mut Incoming,
) -> Result<(), BoxError> {
    while let Some(frame) = connection.frame(incoming).await {
        // The other kind of frame are trailers.
        if let Ok(data) = frame?.into_data() {
            bytes.push(&data)?;
        }
    }
    Ok(())
}
