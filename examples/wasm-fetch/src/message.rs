//! Requests and replies as messages: a line of its own, a line for each header, an empty line, the body.

use auth0_mfa_core::Body;

/// Begins with method and URL.
pub(crate) fn of_request(request: &http::Request<Body>) -> Body {
    let mut message = Body::with_capacity(4096);
    let mut line =
        |parts: [&[u8]; 3]| parts.iter().chain(&[&b"\n"[..]]).for_each(|part| message.append(part));
    line([request.method().as_str().as_bytes(), b" ", request.uri().to_string().as_bytes()]);
    for (name, value) in request.headers() {
        line([name.as_str().as_bytes(), b": ", value.as_bytes()]);
    }
    line([b"", b"", b""]);
    message.append(request.body().expose());
    message
}

/// Begins with the status. A header that cannot be one is passed over: the body may hold the new code.
pub(crate) fn reply(mut message: &[u8]) -> Option<http::Response<&[u8]>> {
    let mut line = || -> Option<&[u8]> {
        let end = message.iter().position(|&byte| byte == b'\n')?;
        let (line, rest) = message.split_at_checked(end)?;
        message = rest.get(1..)?;
        Some(line)
    };
    let mut reply = http::Response::new(&b""[..]);
    *reply.status_mut() = http::StatusCode::from_bytes(line()?).ok()?;
    loop {
        let header = line()?;
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header_of(header) {
            reply.headers_mut().append(name, value);
        }
    }
    *reply.body_mut() = message;
    Some(reply)
}

fn header_of(line: &[u8]) -> Option<(http::HeaderName, http::HeaderValue)> {
    let colon = line.windows(2).position(|window| window == b": ")?;
    let (name, value) = line.split_at_checked(colon)?;
    Some((http::HeaderName::from_bytes(name).ok()?, http::HeaderValue::from_bytes(value.get(2..)?).ok()?))
}
