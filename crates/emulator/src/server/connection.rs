//! One connection: requests in, the tenant's replies out.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth0_mfa_core::Body;
use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use super::running::{Shared, stopped};

/// The longest body that is read, in bytes.
const LONGEST_BODY: usize = 1024 * 1024;
/// How much of the head of a request is kept while it is not whole, in bytes: one that is longer is refused, at the
/// latest at twice this.
const LONGEST_HEAD: usize = 64 * 1024;
/// The most headers of a request.
const MOST_HEADERS: usize = 100;
/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Serves a connection to its end. What goes wrong on it is the client's to see: nothing is logged.
pub(super) async fn serve(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else { return speak(stream, shared, stop).await };
    let agreed = tokio::select! {
        () = stopped(&mut stop) => return,
        agreed = tokio::time::timeout(HANDSHAKE, tls.accept(stream)) => agreed,
    };
    if let Ok(Ok(stream)) = agreed {
        speak(stream, shared, stop).await;
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let has_answered = AtomicBool::new(false);
    let service = service_fn(|request| answer(request, &shared, &has_answered));
    let connection = http1::Builder::new()
        .max_buf_size(LONGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stopped(&mut stop) => {}
    }
    // Without an answer there is none that could get lost. hyper would wait for a request that may never come.
    if has_answered.load(Ordering::Relaxed) {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}

async fn answer(
    request: http::Request<Incoming>,
    shared: &Shared,
    has_answered: &AtomicBool,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, mut body) = request.into_parts();
    let body = match read(&mut body).await {
        Ok(body) => body,
        Err(status) => {
            discard(&mut body).await;
            return Ok(refused(status));
        }
    };
    let request = http::Request::from_parts(head, body.as_slice());
    has_answered.store(true, Ordering::Relaxed);
    let response = shared.with_tenant(|tenant, now| tenant.handle(&request, now));
    Ok(response.map(|body| Full::new(Bytes::from_owner(Exposed(body)))))
}

/// The whole body, or the status that says why it is not read.
async fn read(body: &mut Incoming) -> Result<Zeroizing<Vec<u8>>, StatusCode> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > LONGEST_BODY {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let mut read = Zeroizing::new(Vec::with_capacity(announced));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| StatusCode::BAD_REQUEST)?;
        let Ok(data) = frame.into_data() else { continue };
        if read.len() + data.len() > LONGEST_BODY {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        read.extend_from_slice(&data);
    }
    Ok(read)
}

/// Reads on for a while: a client that is still sending when the connection ends does not see the reply.
async fn discard(body: &mut Incoming) {
    let mut left = 16 * LONGEST_BODY;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// A reply to a request that the tenant does not get to see; the connection ends with it.
fn refused(status: StatusCode) -> Response<Full<Bytes>> {
    let body = if status == StatusCode::PAYLOAD_TOO_LARGE {
        r#"{"error":"invalid_request","error_description":"The body is longer than 1 MiB."}"#
    } else {
        r#"{"error":"invalid_request","error_description":"The body could not be read."}"#
    };
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}

/// Hands the bytes to hyper without a copy that would not be wiped.
struct Exposed(Body);

impl AsRef<[u8]> for Exposed {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}
