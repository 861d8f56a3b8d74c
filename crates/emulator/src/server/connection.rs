//! One connection: requests in, the tenant's replies out.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{Response, StatusCode, header};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use super::admin;
use super::reply_body::{Cut, ReplyBody};
use super::running::{Shared, stopped};
use crate::Served;

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
    peer: IpAddr,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stop: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Some(tls) = tls else {
        return speak(stream, Line { peer, scheme: Scheme::HTTP, shared }, stop).await;
    };
    let agreed = tokio::select! {
        () = stopped(&mut stop) => return,
        agreed = tokio::time::timeout(HANDSHAKE, tls.accept(stream)) => agreed,
    };
    if let Ok(Ok(stream)) = agreed {
        speak(stream, Line { peer, scheme: Scheme::HTTPS, shared }, stop).await;
    }
}

/// What is known of whoever is at the other end, and what is answered with.
struct Line {
    peer: IpAddr,
    scheme: Scheme,
    shared: Arc<Shared>,
}

async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin, line: Line, mut stop: watch::Receiver<bool>) {
    let has_answered = AtomicBool::new(false);
    let stopping = stop.clone();
    let service = service_fn(|request| answer(request, &line, &has_answered, stopping.clone()));
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
    line: &Line,
    has_answered: &AtomicBool,
    stop: watch::Receiver<bool>,
) -> Result<Response<ReplyBody>, Cut> {
    let (mut head, mut body) = request.into_parts();
    make_absolute(&mut head, &line.scheme);
    head.extensions.insert(line.peer);
    let body = match read(&mut body).await {
        Ok(body) => body,
        Err(status) => {
            discard(&mut body).await;
            return Ok(refused(status));
        }
    };
    let request = http::Request::from_parts(head, body.as_slice());
    has_answered.store(true, Ordering::Relaxed);
    let Shared { hosted, access } = line.shared.as_ref();
    if admin::is_at(request.uri().path()) {
        let request = admin::Request { http: &request, peer: line.peer };
        return Ok(admin::answer(hosted, access, &request).map(ReplyBody::from));
    }
    let served = hosted.with_tenant(|tenant, now| tenant.serve(&request, now));
    carry_out(served, stop).await
}

/// What the connection is to do; an error ends it.
async fn carry_out(served: Served, mut stop: watch::Receiver<bool>) -> Result<Response<ReplyBody>, Cut> {
    match served {
        Served::Reply { reply, after } => {
            // Not for nothing: even a sleep of no length waits for the timer.
            if !after.is_zero() {
                tokio::time::sleep(after).await;
            }
            Ok(reply.map(ReplyBody::from))
        }
        Served::CutReply { reply, bytes } => Ok(reply.map(|body| ReplyBody::cut(body, bytes))),
        Served::Dropped => Err(Cut),
        Served::Stalled => {
            stopped(&mut stop).await;
            Err(Cut)
        }
    }
}

/// Names scheme and host in the URI, where a client sends the path alone: what the tenant says of itself follows from
/// them. A `Host` that is no host stays where it is.
fn make_absolute(head: &mut http::request::Parts, scheme: &Scheme) {
    let Some(host) = head.headers.get(header::HOST).filter(|_| head.uri.scheme().is_none()) else { return };
    let mut parts = head.uri.clone().into_parts();
    parts.scheme = Some(scheme.clone());
    parts.authority = host.as_bytes().try_into().ok();
    if let Ok(uri) = http::Uri::from_parts(parts) {
        head.uri = uri;
    }
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
fn refused(status: StatusCode) -> Response<ReplyBody> {
    let body = if status == StatusCode::PAYLOAD_TOO_LARGE {
        r#"{"error":"invalid_request","error_description":"The body is longer than 1 MiB."}"#
    } else {
        r#"{"error":"invalid_request","error_description":"The body could not be read."}"#
    };
    let mut response = Response::new(ReplyBody::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
    headers.insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    response
}
