//! Turns a request of core into one that hyper sends.

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_core::{Body, Domain};
use bytes::Bytes;
use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Uri};
use http_body_util::Full;

/// The body of a request on its way; clones share the bytes, which are wiped with the last of them.
pub(crate) type Outgoing = Full<Bytes>;

/// Where a request goes, and what is sent there.
///
/// Fails when the URI is not absolute, or leads to an origin that a [`Domain`] cannot be: plain http to a host that is
/// not loopback above all.
pub(crate) fn outgoing(request: Request<Body>) -> Result<(Domain, Request<Outgoing>), BoxError> {
    let (head, body) = request.into_parts();
    let origin = origin(&head.uri)?;
    let path = head.uri.path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));

    let mut outgoing = Request::new(Full::new(Bytes::from_owner(Shared(body))));
    *outgoing.method_mut() = head.method;
    *outgoing.uri_mut() = Uri::from(path);
    *outgoing.headers_mut() = head.headers;
    if !outgoing.headers().contains_key(HOST) {
        outgoing.headers_mut().insert(HOST, HeaderValue::from_str(origin.authority())?);
    }
    Ok((origin, outgoing))
}

fn origin(uri: &Uri) -> Result<Domain, BoxError> {
    match (uri.scheme(), uri.authority()) {
        (Some(scheme), Some(authority)) => Ok(Domain::parse(&format!("{scheme}://{authority}"))?),
        _ => Err("the URI of the request is not absolute".into()),
    }
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

    #[test]
    fn the_origin_goes_to_the_host_header_and_the_path_stays() {
        for (uri, host, path) in [
            ("https://tenant.auth0.com/oauth/token?x=1", "tenant.auth0.com", "/oauth/token?x=1"),
            ("https://tenant.auth0.com:8443", "tenant.auth0.com:8443", "/"),
            ("http://[::1]:80/mfa", "[::1]:80", "/mfa"),
        ] {
            let (_, sent) = outgoing(request(uri)).expect(uri);
            assert_eq!(sent.headers()[HOST], host);
            assert_eq!(sent.uri(), path);
        }
    }

    #[test]
    fn a_host_header_of_the_caller_is_kept() {
        let mut request = request("https://tenant.auth0.com/");
        request.headers_mut().insert(HOST, HeaderValue::from_static("custom.example.com"));
        let (_, sent) = outgoing(request).expect("is a proper request");
        assert_eq!(sent.headers()[HOST], "custom.example.com");
        assert_eq!(sent.headers().len(), 1);
    }

    #[test]
    fn sensitive_header_values_stay_sensitive() {
        let mut request = request("https://tenant.auth0.com/");
        let mut value = HeaderValue::from_static("Bearer CANARY");
        value.set_sensitive(true);
        request.headers_mut().insert("authorization", value);
        let (_, sent) = outgoing(request).expect("is a proper request");
        assert!(sent.headers()["authorization"].is_sensitive());
        assert!(!format!("{:?}", sent.headers()).contains("CANARY"));
    }

    #[test]
    fn plain_http_beyond_loopback_and_relative_uris_are_refused() {
        for uri in ["http://tenant.auth0.com/", "http://192.0.2.1/", "ftp://localhost/", "/oauth/token"] {
            assert!(outgoing(request(uri)).is_err(), "{uri}");
        }
    }
}
