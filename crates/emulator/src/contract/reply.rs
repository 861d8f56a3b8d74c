//! The bytes of HTTP replies.

use http::StatusCode;

/// A whole reply: its head with `content-type` and the right `content-length`, and its body.
///
/// ```
/// use auth0_mfa_emulator::contract::reply;
///
/// let expected = "HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
/// assert_eq!(reply(403, "application/json", "{}"), expected.as_bytes());
/// ```
pub fn reply(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    reply_announcing(status, content_type, body.len() as u64, body)
}

/// A reply whose `content-length` is `announced`, whatever the length of `body` is: longer, it is a reply that is cut;
/// shorter, one with something behind it.
pub fn reply_announcing(status: u16, content_type: &str, announced: u64, body: impl AsRef<[u8]>) -> Vec<u8> {
    let headers = [("content-type", content_type), ("content-length", &announced.to_string())];
    let mut bytes = reply_head(status, &headers);
    bytes.extend_from_slice(body.as_ref());
    bytes
}

/// A whole reply whose body comes in these chunks (`transfer-encoding: chunked`). Without the last five bytes it is one
/// that was cut between two chunks. An empty chunk would end the body, so it is left out.
pub fn chunked_reply(status: u16, content_type: &str, chunks: &[&[u8]]) -> Vec<u8> {
    let headers = [("content-type", content_type), ("transfer-encoding", "chunked")];
    let mut bytes = reply_head(status, &headers);
    for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
        bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        bytes.extend_from_slice(chunk);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"0\r\n\r\n");
    bytes
}

/// The head of a reply, with these headers as they are and the empty line behind them.
pub fn reply_head(status: u16, headers: &[(&str, &str)]) -> Vec<u8> {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut head = format!("HTTP/1.1 {status} {}\r\n", reason.unwrap_or_default());
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    head.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_announces_the_length_it_is_told_to() {
        let bytes = reply_announcing(200, "text/plain", 1000, "short");
        assert!(bytes.ends_with(b"content-length: 1000\r\n\r\nshort"));
    }

    #[test]
    fn chunks_carry_their_length_in_hexadecimal_and_an_end() {
        let bytes = chunked_reply(200, "text/plain", &[b"0123456789abcdef", b"", b"x"]);
        assert!(bytes.ends_with(b"chunked\r\n\r\n10\r\n0123456789abcdef\r\n1\r\nx\r\n0\r\n\r\n"));
    }

    #[test]
    fn a_status_without_a_name_still_makes_a_status_line() {
        assert_eq!(reply_head(599, &[]), b"HTTP/1.1 599 \r\n\r\n");
    }
}
