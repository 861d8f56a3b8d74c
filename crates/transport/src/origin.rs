//! Where a request may go: https, or http to this machine.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::num::{NonZeroU16, ParseIntError};

use http::uri::{Authority, Scheme, Uri};

/// Scheme, host and port of a request. Connections are reused within one origin.
#[derive(Clone, Debug, Eq)]
pub struct Origin {
    scheme: Scheme,
    authority: Authority,
    port: u16,
}

impl Origin {
    /// The origin of an absolute URI.
    ///
    /// # Errors
    /// When the URI has none, its scheme is neither https nor http, or it is http to a host that is not loopback.
    pub fn of(uri: &Uri) -> Result<Self, NoOrigin> {
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(NoOrigin("the URI of the request has no scheme or no host"));
        };
        let is_plain = *scheme == Scheme::HTTP;
        if !is_plain && *scheme != Scheme::HTTPS {
            return Err(NoOrigin("the scheme is neither https nor http"));
        }
        let (host, text) = (authority.host(), authority.as_str());
        if text.contains('@') {
            return Err(NoOrigin("the URI of the request has user information"));
        }
        let behind = text.strip_prefix(host).unwrap_or_default();
        if is_plain && !is_loopback(host) {
            return Err(NoOrigin("http is for loopback hosts only"));
        }
        let port = port(behind).map_err(|_| NoOrigin("the port is none"))?;
        let port = port.unwrap_or(if is_plain { 80 } else { 443 });
        Ok(Self { scheme: scheme.clone(), authority: authority.clone(), port })
    }

    /// Whether it is http, without TLS.
    pub fn is_plain(&self) -> bool {
        self.scheme == Scheme::HTTP
    }

    /// The host, without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        bare(self.authority.host())
    }

    /// The port: the one that is named, or that of the scheme.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Host and port as they stand in the URI: what belongs in a `Host` header.
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Whether the host is this machine itself by its name.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.authority.host())
    }

    /// Whether an address that the host was resolved to may be connected to: for http, one of this machine. A hosts file
    /// may send `localhost` elsewhere.
    pub fn allows(&self, address: IpAddr) -> bool {
        !self.is_plain() || address.is_loopback()
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        // The requests of one client share the bytes of their origin.
        let is_same = std::ptr::eq(self.authority.as_str(), other.authority.as_str());
        self.scheme == other.scheme
            && (is_same || self.authority == other.authority)
            && self.port == other.port
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || bare(host).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Without the brackets of an IPv6 address.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}

/// The port in what stands behind a host. `http` takes one that is no number for none.
pub(crate) fn port(behind_host: &str) -> Result<Option<u16>, ParseIntError> {
    let port = behind_host.strip_prefix(':').filter(|port| !port.is_empty());
    port.map(|port| port.parse::<NonZeroU16>().map(NonZeroU16::get)).transpose()
}

/// A request has no origin that it may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoOrigin(&'static str);

impl fmt::Display for NoOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for NoOrigin {}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(uri: &str) -> Result<Origin, NoOrigin> {
        Origin::of(&uri.parse().expect("is a URI"))
    }

    #[test]
    fn https_goes_anywhere_and_http_to_this_machine_only() {
        for allowed in [
            "https://tenant.auth0.com/oauth/token",
            "https://192.0.2.1/",
            "http://localhost:8080/",
            "http://127.8.9.1/",
            "http://LocalHost/",
            "http://[::1]:80/",
        ] {
            assert!(origin(allowed).is_ok(), "{allowed}");
        }
        for refused in [
            "http://tenant.auth0.com/",
            "http://192.0.2.1/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://[::2]/",
            "http://localhost@example.com/",
            "https://user@tenant.auth0.com/",
            "https://tenant.auth0.com.x@tenant.auth0.com:8443/",
            "https://tenant.auth0.comX:pw@tenant.auth0.com/",
            "http://localhost@localhost:8080/",
            "http://localhost:0/",
            "https://tenant.auth0.com:99999/",
            "ftp://localhost/",
            "/oauth/token",
            "tenant.auth0.com",
        ] {
            assert!(origin(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn an_address_loses_its_brackets_and_the_port_follows_the_scheme() {
        let host_and_port = |uri| origin(uri).map(|origin| (origin.host().to_owned(), origin.port()));
        assert_eq!(host_and_port("http://[::1]/"), Ok(("::1".to_owned(), 80)));
        assert_eq!(host_and_port("https://login.example.com/"), Ok(("login.example.com".to_owned(), 443)));
        assert_eq!(host_and_port("https://a.example.com:8443/"), Ok(("a.example.com".to_owned(), 8443)));
    }

    #[test]
    fn origins_are_the_same_by_what_they_say() {
        let one = origin("https://tenant.auth0.com/").expect("is an origin");
        assert_eq!(one, one.clone());
        assert_eq!(Ok(&one), origin("https://TENANT.auth0.com/a").as_ref());
        for other in ["https://tenant.auth0.com:444/", "https://other.auth0.com/"] {
            assert_ne!(Ok(&one), origin(other).as_ref());
        }
        assert_ne!(origin("http://localhost:443"), origin("https://localhost:443"));
    }

    #[test]
    fn http_goes_to_addresses_of_this_machine_only() {
        let elsewhere = IpAddr::from([192, 0, 2, 1]);
        let plain = origin("http://localhost/").expect("is loopback");
        assert!(plain.allows(IpAddr::from([127, 0, 0, 1])) && !plain.allows(elsewhere));
        assert!(origin("https://localhost/").expect("is https").allows(elsewhere));
    }
}
