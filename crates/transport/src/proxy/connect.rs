//! CONNECT: what is asked of a proxy, and what it answers (RFC 9110, 9.3.6).

use std::error::Error;
use std::fmt;

use zeroize::Zeroizing;

use crate::Origin;

/// The longest answer of a proxy that is read.
pub const MOST_REPLY_BYTES: usize = 16 * 1024;

const MOST_HEADERS: usize = 100;

/// Only the proxy reads this; the origin's own request travels in the tunnel.
pub(super) fn request(origin: &Origin, credentials: Option<&str>) -> Zeroizing<Vec<u8>> {
    let (host, port) = (origin.authority().host(), origin.port());
    let mut request =
        Zeroizing::new(Vec::with_capacity(128 + 2 * host.len() + credentials.map_or(0, str::len)));
    request.extend(format!("CONNECT {host}:{port} HTTP/1.1\r\nhost: {host}:{port}\r\n").bytes());
    if let Some(credentials) = credentials {
        for part in ["proxy-authorization: Basic ", credentials, "\r\n"] {
            request.extend(part.bytes());
        }
    }
    request.extend(b"\r\n");
    request
}

/// Whether these bytes of an answer open the tunnel; `false` while its head is not whole.
///
/// # Errors
/// When the proxy refuses, or what it sends is not the answer to a CONNECT. Bytes behind the head are that as well: in
/// the tunnel the client speaks first.
pub fn is_open(answer: &[u8]) -> Result<bool, NoTunnel> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut reply = httparse::Response::new(&mut headers);
    let parsed = reply.parse(answer).map_err(|_| NoTunnel { status: None })?;
    match (parsed, reply.code) {
        (httparse::Status::Partial, _) if answer.len() < MOST_REPLY_BYTES => Ok(false),
        (httparse::Status::Complete(head), Some(200..=299)) if head == answer.len() => Ok(true),
        (_, status) => Err(NoTunnel { status: status.filter(|status| !(200..300).contains(status)) }),
    }
}

/// A proxy opened no tunnel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoTunnel {
    status: Option<u16>,
}

impl NoTunnel {
    /// The connection ended before the answer did.
    pub fn cut() -> Self {
        Self { status: None }
    }

    /// The status with which it refused, for example 407; `None` when its answer is none to a CONNECT.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

impl fmt::Display for NoTunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "the proxy refused the tunnel with status {status}"),
            None => f.write_str("what the proxy sent is not an answer to CONNECT"),
        }
    }
}

impl Error for NoTunnel {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_request_names_host_and_port_and_shows_the_credentials() {
        let origin = |uri: &str| Origin::of(&uri.parse().expect("is a URI")).expect("is an origin");
        let text = |uri, credentials| {
            String::from_utf8(request(&origin(uri), credentials).to_vec()).expect("is ASCII")
        };
        assert_eq!(
            text("https://tenant.auth0.com/oauth/token", None),
            "CONNECT tenant.auth0.com:443 HTTP/1.1\r\nhost: tenant.auth0.com:443\r\n\r\n"
        );
        assert_eq!(
            text("https://[2001:db8::1]:444", Some("RkFLRTpGQUtF")),
            "CONNECT [2001:db8::1]:444 HTTP/1.1\r\nhost: [2001:db8::1]:444\r\n\
             proxy-authorization: Basic RkFLRTpGQUtF\r\n\r\n"
        );
    }

    #[test]
    fn a_tunnel_is_open_at_the_end_of_the_head_and_not_before() {
        let answer = b"HTTP/1.1 200 Connection established\r\nvia: proxy\r\n\r\n";
        for end in 0..answer.len() {
            assert_eq!(is_open(&answer[..end]), Ok(false), "{end}");
        }
        assert_eq!(is_open(answer), Ok(true));
    }

    #[test]
    fn whatever_else_comes_is_no_tunnel() {
        let refused = |status| Err(NoTunnel { status });
        assert_eq!(is_open(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), refused(Some(407)));
        assert_eq!(
            is_open(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 9\r\n\r\nno tunnel"),
            refused(Some(502))
        );
        assert_eq!(is_open(b"HTTP/1.1 200 OK\r\n\r\nbytes behind"), refused(None));
        assert_eq!(is_open(b"SSH-2.0\r\n\r\n"), refused(None));
        let endless = [b"HTTP/1.1 200 OK\r\nx: ".as_slice(), &[b'x'; MOST_REPLY_BYTES]].concat();
        assert_eq!(is_open(&endless), refused(None));
    }

    proptest! {
        #[test]
        fn a_tunnel_is_open_for_a_whole_head_with_a_2xx_and_nothing_behind_it(
            status in 100_u16..1000,
            headers in prop::collection::vec("[a-z-]{1,12}: [ -~]{0,20}", 0..5),
            behind in prop::collection::vec(any::<u8>(), 0..3),
        ) {
            let lines: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
            let head = format!("HTTP/1.1 {status} reason\r\n{lines}\r\n");
            let is_tunnel = (200..300).contains(&status) && behind.is_empty();
            prop_assert_eq!(is_open(&[head.as_bytes(), &behind].concat()) == Ok(true), is_tunnel);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = is_open(&bytes);
        }
    }
}
