//! Log in on a runtime that keeps each future on its thread: password, `mfa_required`, recovery code, new code.
//! Futures are not `Send` here, so that no trait of ours fits: `auth0-mfa-core`'s `begin` and `Pending` are enough.
//! hyper speaks HTTP/1.1, without TLS, to an address of the loopback.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::net::{IpAddr, TcpStream};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use async_executor::{LocalExecutor, Task};
use async_io::{Async, Timer};
use auth0_mfa_core::transport::{BoxError, TransportError};
use auth0_mfa_core::{
    Application, Body, Call, CallError, CallOptions, ClientAuth, ClientId, Domain, FirstFactor, NewCode,
    Password, PasswordGrant, RecoveryCode, begin,
};
use bytes::Bytes;
use futures_lite::{AsyncRead, AsyncWrite, FutureExt};
use http::{HeaderValue, Request, Response, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;

const TIMEOUT: Duration = Duration::from_secs(30);

/// Replies are a few kilobytes; a server that sends more is not listened to.
const MOST_BYTES: usize = 256 * 1024;

/// Without a number hyper takes 100, and a reply with more is lost, with the new code in it.
const MOST_HEADERS: usize = 128;

fn main() -> Result<(), Box<dyn Error>> {
    let application = Application::new(
        Domain::parse(&std::env::var("AUTH0_DOMAIN")?)?,
        ClientId::parse(std::env::var("AUTH0_CLIENT_ID")?)?,
        ClientAuth::None,
    );
    let mut typed = io::stdin().lines();
    let mut line = || typed.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
    let login = PasswordGrant::new(std::env::var("AUTH0_USERNAME")?, Password::new(line()?));
    let recovery_code = RecoveryCode::parse(&line()?)?;

    // A server has one of these on each core, and what is spawned on it never leaves the core.
    let executor = LocalExecutor::new();
    async_io::block_on(executor.run(log_in(&executor, &application, login, recovery_code)));
    Ok(())
}

async fn log_in(
    executor: &LocalExecutor<'_>,
    application: &Application,
    login: PasswordGrant,
    recovery_code: RecoveryCode,
) {
    let mfa = match send(executor, application, login).await {
        Ok(FirstFactor::MfaRequired(mfa)) => mfa,
        Ok(FirstFactor::Tokens(_)) => return println!("accepted; the code was not asked for"),
        // The code is not a part of this call.
        Err(error) => return println!("{error}; the code is intact"),
    };
    match send(executor, application, mfa.verify_with_recovery_code(recovery_code)).await {
        Ok(accepted) => {
            let (_tokens, new_code) = accepted.into_parts();
            println!("accepted");
            show(&new_code);
        }
        Err(error) => {
            println!("{error}; the code is {}", error.code_state());
            error.new_code().into_iter().for_each(show);
        }
    }
}

/// The whole seam.
async fn send<C: Call>(
    executor: &LocalExecutor<'_>,
    application: &Application,
    call: C,
) -> Result<C::Output, CallError<C>> {
    let (request, pending) = begin(call, application, CallOptions::default());
    pending.finish(exchange(executor, request, TIMEOUT).await)
}

/// One request on a connection of its own, sent once.
pub(crate) async fn exchange(
    executor: &LocalExecutor<'_>,
    request: Request<Body>,
    timeout: Duration,
) -> Result<Response<Body>, TransportError> {
    let mut deadline = Timer::after(timeout);
    // Shared with the connection without a lock. An `Rc` that is held while this waits: the future is not `Send`.
    let is_sent = Rc::new(Cell::new(false));
    let answered = reply_head(executor, request, &is_sent).or(too_late(&mut deadline)).await;
    let (reply, _connection) = match answered {
        Ok(answered) => answered,
        Err(error) if is_sent.get() => return Err(TransportError::maybe_sent(error)),
        Err(error) => return Err(TransportError::not_sent(error)),
    };

    let (head, mut incoming) = reply.into_parts();
    let mut body = Body::with_capacity(4096);
    let read = read_to_end(&mut incoming, &mut body).or(too_late(&mut deadline)).await;
    let reply = Response::from_parts(head, body);
    match read {
        Ok(()) => Ok(reply),
        Err(error) => Err(TransportError::answered(error, reply)),
    }
}

/// The head of the reply, and the connection, which ends when it is dropped: nothing is written behind the back of
/// whoever does not wait any longer.
async fn reply_head(
    executor: &LocalExecutor<'_>,
    request: Request<Body>,
    is_sent: &Rc<Cell<bool>>,
) -> Result<(Response<Incoming>, Task<hyper::Result<()>>), BoxError> {
    let socket = connect(request.uri()).await?;
    let socket = Socket { socket, is_sent: Rc::clone(is_sent) };
    let (mut requests, connection) =
        http1::Builder::new().max_headers(MOST_HEADERS).handshake(socket).await?;
    let connection = executor.spawn(connection);
    let reply = requests.send_request(outgoing(request)?).await?;
    Ok((reply, connection))
}

async fn connect(uri: &Uri) -> Result<Async<TcpStream>, BoxError> {
    if uri.scheme_str() != Some("http") {
        return Err("this example speaks plain http".into());
    }
    // A name would take a resolver that does not block the core.
    let address: IpAddr = uri.host().unwrap_or_default().trim_matches(['[', ']']).parse()?;
    Ok(Async::<TcpStream>::connect((address, uri.port_u16().unwrap_or(80))).await?)
}

/// As it travels on a connection to its server.
fn outgoing(request: Request<Body>) -> Result<Request<Full<Bytes>>, BoxError> {
    let (mut head, body) = request.into_parts();
    let server = head.uri.authority().map_or("", |authority| authority.as_str());
    head.headers.insert(header::HOST, HeaderValue::from_str(server)?);
    head.uri = head.uri.path_and_query().map_or("/", |path| path.as_str()).parse()?;
    Ok(Request::from_parts(head, Full::new(Bytes::from_owner(Exposed(body)))))
}

async fn read_to_end(incoming: &mut Incoming, body: &mut Body) -> Result<(), BoxError> {
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        let room = MOST_BYTES - body.len();
        body.append(data.get(..room).unwrap_or(&data));
        if data.len() > room {
            return Err("the reply is too long".into());
        }
    }
    Ok(())
}

async fn too_late<T>(deadline: &mut Timer) -> Result<T, BoxError> {
    deadline.await;
    Err(io::Error::from(io::ErrorKind::TimedOut).into())
}

/// A socket that notes when a byte has left: before that, and only then, a request was not sent.
struct Socket {
    socket: Async<TcpStream>,
    is_sent: Rc<Cell<bool>>,
}

impl hyper::rt::Write for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.socket).poll_write(cx, bytes));
        if matches!(written, Ok(1..)) {
            self.is_sent.set(true);
        }
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_close(cx)
    }
}

impl hyper::rt::Read for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut room: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; 4096];
        let most = room.remaining().min(bytes.len());
        let (bytes, _) = bytes.split_at_mut(most);
        let read = ready!(Pin::new(&mut self.socket).poll_read(cx, bytes))?;
        room.put_slice(bytes.get(..read).unwrap_or(bytes));
        Poll::Ready(Ok(()))
    }
}

/// Lends hyper the body without a copy that would not be wiped.
struct Exposed(Body);

impl AsRef<[u8]> for Exposed {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

fn show(new_code: &NewCode) {
    match new_code {
        NewCode::Issued(code) => println!("new code: {}", code.expose()),
        NewCode::NotReturned => println!("new code: none"),
        NewCode::Unreadable(text) => println!("new code, unreadable: {}", text.expose()),
    }
}
