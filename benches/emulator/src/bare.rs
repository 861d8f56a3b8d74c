//! hyper with nothing on top: it reads each request to its end, and answers a constant.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

/// What is answered, whatever is asked.
pub struct Constant {
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Serves on a thread of its own, in a runtime like the emulator's, until the process ends.
///
/// # Panics
/// When the system gives no socket.
pub fn start(constant: Constant) -> SocketAddr {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    listener.set_nonblocking(true).expect("a socket of a runtime");
    let address = listener.local_addr().expect("an address");
    let constant: &'static Constant = Box::leak(Box::new(constant));
    thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(serve(listener, constant));
    });
    address
}

async fn serve(listener: std::net::TcpListener, constant: &'static Constant) {
    let listener = TcpListener::from_std(listener).expect("a socket of a runtime");
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let service = service_fn(move |request| answer(request, constant));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn answer(
    request: Request<Incoming>,
    constant: &'static Constant,
) -> Result<Response<Full<Bytes>>, Infallible> {
    // A request that is cut off ends its connection, whatever is answered.
    let _ = request.into_body().collect().await;
    let mut response = Response::new(Full::new(constant.body.clone()));
    *response.headers_mut() = constant.headers.clone();
    Ok(response)
}
