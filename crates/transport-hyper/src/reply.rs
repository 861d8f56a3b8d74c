//! Reads a reply, up to a cap and a deadline.

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_transport::{Failure, Phase, ReplyBytes};
use http::Response;
use hyper::body::{Body as _, Incoming};

use crate::clock::Clock;
use crate::connection::Connection;

/// Reads the body; what came of it is handed over in any case.
pub(crate) async fn read(
    connection: &mut Connection,
    response: Response<Incoming>,
    cap: usize,
    clock: &mut Clock<'_>,
) -> Result<Response<Body>, TransportError> {
    let (head, mut incoming) = response.into_parts();
    let mut bytes = ReplyBytes::new(cap, incoming.size_hint().exact());
    let end = clock.within(fill(&mut bytes, connection, &mut incoming)).await;
    let reply = Response::from_parts(head, bytes.into_body());
    match end.unwrap_or_else(|exceeded| Err(exceeded.into())) {
        Ok(()) => Ok(reply),
        Err(cause) => Err(TransportError::answered(Failure::new(Phase::Body, cause), reply)),
    }
}

async fn fill(
    bytes: &mut ReplyBytes,
    connection: &mut Connection,
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
