//! Log in with a recovery code over I/O of one's own: `auth0-mfa-core` alone, plain `std::net`, no transport trait.
//! It speaks HTTP/1.1 without TLS to a loopback host, which is enough to show the seam; all three promises are kept.

#![allow(clippy::print_stdout)] // an example shows what it does

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use auth0_mfa_core::{
    Application, Body, CallOptions, ClientAuth, ClientId, Domain, MfaToken, NewCode, RecoveryCode,
    VerifyWithRecoveryCode, begin,
};

/// Replies are a few kilobytes; a server that sends more is not listened to.
const MOST_BYTES: u64 = 256 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let application = Application::new(
        Domain::parse(&std::env::var("AUTH0_DOMAIN")?)?,
        ClientId::parse(std::env::var("AUTH0_CLIENT_ID")?)?,
        ClientAuth::None,
    );
    let mfa_token = MfaToken::parse(std::env::var("AUTH0_MFA_TOKEN")?)?;
    let recovery_code = RecoveryCode::parse(&std::io::read_to_string(std::io::stdin())?)?;

    let call = VerifyWithRecoveryCode::new(mfa_token, recovery_code);
    let (request, pending) = begin(call, &application, CallOptions::default());
    let outcome = match exchange(&request) {
        Exchange::Answered(reply) => pending.answered(borrowed(&reply)),
        Exchange::NotSent(error) => pending.not_sent(error),
        Exchange::Lost(error, read) => pending.lost(error, read.as_ref().map(borrowed)),
    };

    match outcome {
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
    Ok(())
}

/// What became of a request: the three sentences that `Pending` takes.
pub(crate) enum Exchange {
    Answered(http::Response<Vec<u8>>),
    /// No byte of the request was handed to the network.
    NotSent(io::Error),
    /// Some of it was; and what was read of a reply, if its whole head was.
    Lost(io::Error, Option<http::Response<Vec<u8>>>),
}

pub(crate) fn exchange(request: &http::Request<Body>) -> Exchange {
    let mut stream = match connect(request) {
        Ok(stream) => stream,
        Err(error) => return Exchange::NotSent(error),
    };
    // From the first byte on, nobody can say that it was not sent.
    if let Err(error) =
        stream.write_all(&head(request)).and_then(|()| stream.write_all(request.body().expose()))
    {
        return Exchange::Lost(error, None);
    }
    let mut bytes = Vec::with_capacity(4096);
    let read = stream.take(MOST_BYTES).read_to_end(&mut bytes);
    match (parse(&bytes), read) {
        (Some((reply, true)), _) => Exchange::Answered(reply),
        (Some((reply, false)), read) => Exchange::Lost(read.err().unwrap_or_else(cut_off), Some(reply)),
        (None, read) => Exchange::Lost(read.err().unwrap_or_else(cut_off), None),
    }
}

fn connect(request: &http::Request<Body>) -> io::Result<TcpStream> {
    if request.uri().scheme_str() != Some("http") {
        return Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "this example speaks plain http, to loopback only",
        ));
    }
    let host = request.uri().host().unwrap_or_default().trim_matches(['[', ']']);
    let stream = TcpStream::connect((host, request.uri().port_u16().unwrap_or(80)))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn head(request: &http::Request<Body>) -> Vec<u8> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let host = request.uri().authority().map_or("", |authority| authority.as_str());
    let mut head = format!(
        "{} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n",
        request.method(),
        request.body().len(),
    )
    .into_bytes();
    for (name, value) in request.headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head
}

/// The reply, and whether it is whole. `None` while its head is not. (Replies with a length only: the emulator's.)
fn parse(bytes: &[u8]) -> Option<(http::Response<Vec<u8>>, bool)> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let mut body = bytes.get(end + 4..)?.to_vec();
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut reply = http::Response::builder().status(status);
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok();
        }
        reply = reply.header(name, value.trim());
    }
    let is_whole = length.is_some_and(|length: usize| body.len() >= length);
    body.truncate(length.unwrap_or(body.len()));
    Some((reply.body(body).ok()?, is_whole))
}

fn borrowed(reply: &http::Response<Vec<u8>>) -> http::Response<&[u8]> {
    let mut borrowed = http::Response::new(reply.body().as_slice());
    *borrowed.status_mut() = reply.status();
    *borrowed.headers_mut() = reply.headers().clone();
    borrowed
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the reply was cut off")
}

fn show(new_code: &NewCode) {
    match new_code {
        NewCode::Issued(code) => println!("new code: {}", code.expose()),
        NewCode::NotReturned => println!("new code: none"),
        NewCode::Unreadable(text) => println!("new code, unreadable: {}", text.expose()),
    }
}
