//! Reads a reply, up to a cap and a deadline.

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{BoxError, TransportError};
use http::Response;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::timeout_at;
use zeroize::Zeroizing;

use crate::client::Deadline;
use crate::error::{Exceeded, Failure, Phase};

/// Reads the body; what came of it is handed over in any case.
pub(crate) async fn read(
    response: Response<Incoming>,
    cap: usize,
    deadline: Deadline,
) -> Result<Response<Body>, TransportError> {
    let (head, mut incoming) = response.into_parts();
    let mut bytes = Zeroizing::default();
    let end = timeout_at(deadline.at, fill(&mut bytes, &mut incoming, cap)).await;
    let reply = Response::from_parts(head, Body::from(std::mem::take(&mut *bytes)));
    match end.unwrap_or_else(|_| Err(deadline.exceeded.into())) {
        Ok(()) => Ok(reply),
        Err(cause) => Err(TransportError::answered(Failure::new(Phase::ReplyBody, cause), reply)),
    }
}

async fn fill(bytes: &mut Zeroizing<Vec<u8>>, incoming: &mut Incoming, cap: usize) -> Result<(), BoxError> {
    while let Some(frame) = incoming.frame().await {
        // The other kind of frame are trailers.
        let Ok(data) = frame?.into_data() else { continue };
        match data.get(..cap - bytes.len()) {
            Some(fits) if fits.len() < data.len() => {
                append(bytes, fits);
                return Err(Exceeded::ReplyBytes(cap).into());
            }
            _ => append(bytes, &data),
        }
    }
    Ok(())
}

/// Grows by hand: a vector that grows by itself leaves unwiped copies behind.
fn append(bytes: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    let needed = bytes.len() + more.len();
    if needed > bytes.capacity() {
        let mut wider = Zeroizing::new(Vec::with_capacity(needed.max(2 * bytes.capacity())));
        wider.extend_from_slice(bytes);
        *bytes = wider;
    }
    bytes.extend_from_slice(more);
}
