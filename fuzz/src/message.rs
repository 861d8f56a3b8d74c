//! A request or a reply out of the bytes of the fuzzer: its first line, headers, an empty line, the body. Where there
//! is no empty line, all of it is the body. So a case is readable, and a seed is easily written.

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};

use crate::canary;

/// A message as it was cut into pieces.
struct Pieces {
    first_line: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

fn pieces(data: &[u8]) -> Pieces {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((&b""[..], data), |end| (&data[..end], &data[end + 2..]));
    let head = canary::put_in(head);
    let mut lines = head.split(|byte| *byte == b'\n');
    let first_line = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut headers = HeaderMap::new();
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = HeaderName::from_bytes(&line[..colon]);
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    Pieces { first_line, headers, body: canary::put_in(body) }
}

/// A reply, and which call it is for: `200 c` is the third of them.
pub fn reply(data: &[u8]) -> (Response<Vec<u8>>, usize) {
    let Pieces { first_line, headers, body } = pieces(data);
    let (status, call) = first_line.split_once(' ').unwrap_or((&first_line, ""));
    let mut reply = Response::new(body);
    *reply.status_mut() =
        status.parse().ok().and_then(|it| StatusCode::from_u16(it).ok()).unwrap_or_default();
    *reply.headers_mut() = headers;
    (reply, call.bytes().next().map_or(0, |letter| usize::from(letter.wrapping_sub(b'a'))))
}

/// A request: `POST /oauth/token`.
pub fn request(data: &[u8]) -> Request<Vec<u8>> {
    let Pieces { first_line, headers, body } = pieces(data);
    let (method, target) = first_line.split_once(' ').unwrap_or(("POST", &first_line));
    let mut request = Request::new(body);
    *request.method_mut() = method.parse().unwrap_or_default();
    *request.uri_mut() = target.parse().unwrap_or_default();
    *request.headers_mut() = headers;
    request
}

/// The same with its body borrowed, as core takes it.
pub fn borrowed<B: AsRef<[u8]>>(reply: &Response<B>) -> Response<&[u8]> {
    let mut borrowed = Response::new(reply.body().as_ref());
    *borrowed.status_mut() = reply.status();
    *borrowed.headers_mut() = reply.headers().clone();
    borrowed
}

/// The same of a request.
pub fn received<B: AsRef<[u8]>>(request: &Request<B>) -> Request<&[u8]> {
    let mut received = Request::new(request.body().as_ref());
    *received.method_mut() = request.method().clone();
    *received.uri_mut() = request.uri().clone();
    *received.headers_mut() = request.headers().clone();
    received
}
