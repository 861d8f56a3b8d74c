//! Turns a request of core into one that hyper sends.

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BoxError;
use auth0_mfa_transport::Origin;
use bytes::Bytes;
use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Uri};
use http_body_util::Full;

/// The body of a request on its way; clones share the bytes, which are wiped with the last of them.
pub(crate) type Outgoing = Full<Bytes>;

/// What is sent to the origin of a request. Boxed: it is handed on many times.
pub(crate) fn outgoing(request: Request<Body>, origin: &Origin) -> Result<Box<Request<Outgoing>>, BoxError> {
    let (head, body) = request.into_parts();
    let path = head.uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));

    let mut outgoing = Box::new(Request::new(Full::new(Bytes::from_owner(Shared(body)))));
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = Uri::from(path);
    *outgoing.headers_mut() = head.headers;
    if !outgoing.headers().contains_key(HOST) {
        outgoing.headers_mut().insert(HOST, HeaderValue::from_str(origin.authority().as_str())?);
    }
    Ok(outgoing)
}

/// Lends the bytes of a body to hyper without a copy.
struct Shared(Body);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(uri: &str) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        *request.uri_mut() = uri.parse().expect("is a URI");
        request
    }

    fn sent(request: Request<Body>) -> Box<Request<Outgoing>> {
        let origin = Origin::of(request.uri()).expect("is an origin");
        outgoing(request, &origin).expect("is a proper request")
    }

    #[test]
    fn the_origin_goes_to_the_host_header_and_the_path_stays() {
        for (uri, host, path) in [
            ("https://tenant.auth0.com/oauth/token?x=1", "tenant.auth0.com", "/oauth/token?x=1"),
            ("https://tenant.auth0.com:8443", "tenant.auth0.com:8443", "/"),
            ("http://[::1]:80/mfa", "[::1]:80", "/mfa"),
        ] {
            let sent = sent(request(uri));
            assert_eq!(sent.headers()[HOST], host);
            assert_eq!(sent.uri(), path);
        }
    }

    #[test]
    fn a_host_header_of_the_caller_is_kept() {
        let mut request = request("https://tenant.auth0.com/");
        request.headers_mut().insert(HOST, HeaderValue::from_static("custom.example.com"));
        let sent = sent(request);
        assert_eq!(sent.headers()[HOST], "custom.example.com");
        assert_eq!(sent.headers().len(), 1);
    }

    #[test]
    fn sensitive_header_values_stay_sensitive() {
        let mut request = request("https://tenant.auth0.com/");
        let mut value = HeaderValue::from_static("Bearer CANARY");
        value.set_sensitive(true);
        request.headers_mut().insert("authorization", value);
        let sent = sent(request);
        assert!(sent.headers()["authorization"].is_sensitive());
        assert!(!format!("{:?}", sent.headers()).contains("CANARY"));
    }
}
