//! Where a request may go: https, or http to this machine.

use auth0_mfa_core::Domain;
use http::uri::{Authority, Scheme, Uri};

use crate::error::Failure;

/// What a connection is for: connections are reused within one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Scheme,
    authority: Authority,
}

/// The origin of `uri`.
///
/// Fails when it has none, when its scheme is neither https nor http, and when it is http to a host that is not
/// loopback.
pub(crate) fn origin(uri: &Uri) -> Result<Origin, Failure> {
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(Failure::refused("the URI of the request has no scheme or no host"));
    };
    if is_plain(uri) && !is_loopback(authority) {
        return Err(Failure::refused("http is for loopback hosts only"));
    }
    if !is_plain(uri) && *scheme != Scheme::HTTPS {
        return Err(Failure::refused("the scheme is neither https nor http"));
    }
    Ok(Origin { scheme: scheme.clone(), authority: authority.clone() })
}

/// Whether the request goes without TLS.
pub(crate) fn is_plain(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTP)
}

/// The host without the brackets of an IPv6 address.
pub(crate) fn bare_host(uri: &Uri) -> &str {
    let host = uri.host().unwrap_or_default();
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

pub(crate) fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if is_plain(uri) { 80 } else { 443 })
}

fn is_loopback(authority: &Authority) -> bool {
    Domain::parse(authority.as_str()).is_ok_and(|domain| domain.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_goes_anywhere_and_http_to_this_machine_only() {
        for allowed in [
            "https://tenant.auth0.com/oauth/token",
            "https://192.0.2.1/",
            "http://localhost:8080/",
            "http://127.8.9.1/",
            "http://[::1]:80/",
        ] {
            assert!(origin(&allowed.parse().expect("is a URI")).is_ok(), "{allowed}");
        }
        for refused in [
            "http://tenant.auth0.com/",
            "http://192.0.2.1/",
            "http://127.0.0.1.example.com/",
            "http://localhost@example.com/",
            "ftp://localhost/",
            "/oauth/token",
            "tenant.auth0.com",
        ] {
            assert!(origin(&refused.parse().expect("is a URI")).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_loses_its_brackets_and_the_port_follows_the_scheme() {
        let plain: Uri = "http://[::1]/".parse().expect("is a URI");
        assert_eq!((bare_host(&plain), port(&plain)), ("::1", 80));
        let secure: Uri = "https://login.example.com/".parse().expect("is a URI");
        assert_eq!((bare_host(&secure), port(&secure)), ("login.example.com", 443));
        let other: Uri = "https://login.example.com:8443/".parse().expect("is a URI");
        assert_eq!(port(&other), 8443);
    }
}
