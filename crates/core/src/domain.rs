//! Where a tenant answers: an https origin.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::uri::{Authority, PathAndQuery, Scheme, Uri};

use crate::InvalidValue;

/// The origin of a tenant or of its custom domain, for example `https://tenant.eu.auth0.com`.
///
/// It is https, except for loopback hosts (`localhost`, `127.0.0.0/8`, `[::1]`), where http is taken too: a secret
/// never crosses a network in clear.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Domain {
    scheme: Scheme,
    authority: Authority,
}

impl Domain {
    /// Takes a host name (`tenant.eu.auth0.com`, https is meant), an https URL, or an http URL of a loopback host.
    /// A port may follow; one trailing `/` is dropped.
    ///
    /// # Errors
    /// When there is user information, a path, a query or a fragment, another scheme, http to a host that is not
    /// loopback, or no proper host.
    ///
    /// ```
    /// use auth0_mfa_core::Domain;
    ///
    /// assert_eq!(Domain::parse("Tenant.eu.auth0.com")?.to_string(), "https://tenant.eu.auth0.com");
    /// assert!(Domain::parse("http://127.0.0.1:8080").is_ok());
    /// assert!(Domain::parse("http://tenant.eu.auth0.com").is_err());
    /// # Ok::<(), auth0_mfa_core::InvalidValue>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        let (scheme, rest) = match text.split_once("://") {
            None => (Scheme::HTTPS, text),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::HTTPS, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::HTTP, rest),
            Some(_) => return Err(invalid("has a scheme other than https")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('@') {
            return Err(invalid("has user information"));
        }
        if rest.contains(['/', '?', '#', '\\']) {
            return Err(invalid("has a path, a query or a fragment: give the host only"));
        }
        let authority: Authority =
            rest.to_ascii_lowercase().parse().map_err(|_| invalid("is not a host name"))?;
        check_port(&authority)?;
        check_host(authority.host())?;
        let domain = Self { scheme, authority };
        if domain.scheme == Scheme::HTTP && !domain.is_loopback() {
            return Err(invalid("is http, which is for loopback hosts only"));
        }
        Ok(domain)
    }

    /// The host, without the port.
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// The host, with the port when there is one: what belongs in a `Host` header.
    pub fn authority(&self) -> &str {
        self.authority.as_str()
    }

    /// Whether the host is this machine itself.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// The URI of a path on this origin, each of whose segments is percent-encoded.
    pub(crate) fn uri(&self, path: &str) -> Uri {
        // Such a path is visible ASCII.
        self.with(PathAndQuery::try_from(path).ok())
    }

    /// The same for a path that is always the same: it is not copied.
    pub(crate) fn static_uri(&self, path: &'static str) -> Uri {
        self.with(Some(PathAndQuery::from_static(path)))
    }

    fn with(&self, path: Option<PathAndQuery>) -> Uri {
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = path;
        // Scheme, authority and path are all there, which is the one thing that `from_parts` asks for.
        Uri::from_parts(parts).unwrap_or_default()
    }
}

fn check_port(authority: &Authority) -> Result<(), InvalidValue> {
    match authority.as_str().strip_prefix(authority.host()) {
        Some("") => Ok(()),
        Some(port) if port.strip_prefix(':').is_some_and(is_port) => Ok(()),
        _ => Err(invalid("has a port that is not a number from 1 to 65535")),
    }
}

/// `parse` alone takes a leading `+`.
fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port != 0)
}

fn check_host(host: &str) -> Result<(), InvalidValue> {
    if let Some(address) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address
            .parse::<std::net::Ipv6Addr>()
            .map(drop)
            .map_err(|_| invalid("is not an IPv6 address"));
    }
    let proper_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    if host.len() <= 253 && host.split('.').all(proper_label) {
        Ok(())
    } else {
        Err(invalid("is not a host name"))
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn invalid(reason: &'static str) -> InvalidValue {
    InvalidValue::new("domain", reason)
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Domain({self})")
    }
}

impl FromStr for Domain {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_taken_in_each_of_its_spellings() {
        for (text, origin) in [
            ("tenant.eu.auth0.com", "https://tenant.eu.auth0.com"),
            ("TENANT.auth0.com/", "https://tenant.auth0.com"),
            ("https://login.example.com:8443/", "https://login.example.com:8443"),
            ("HTTPS://login.example.com", "https://login.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://127.8.9.1", "http://127.8.9.1"),
            ("http://[::1]:80/", "http://[::1]:80"),
            ("localhost:3000", "https://localhost:3000"),
        ] {
            assert_eq!(Domain::parse(text).expect(text).to_string(), origin);
        }
    }

    #[test]
    fn whatever_is_not_an_origin_is_refused_without_its_value() {
        for text in [
            "",
            "/",
            "https://",
            "http://tenant.auth0.com",
            "ftp://tenant.auth0.com",
            "user:CANARY@tenant.auth0.com",
            "https://CANARY@tenant.auth0.com/",
            "tenant.auth0.com/path",
            "tenant.auth0.com//",
            "tenant.auth0.com?x=1",
            "tenant.auth0.com#x",
            "tenant..auth0.com",
            "tenant auth0.com",
            "tenant.auth0.com:",
            "tenant.auth0.com:0",
            "tenant.auth0.com:99999",
            "tenant.auth0.com:+80",
            "tenant.auth0.com:x",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "https://[::1",
            "t\u{e9}nant.auth0.com",
        ] {
            let error = Domain::parse(text).expect_err(text);
            assert!(!error.to_string().contains("CANARY"), "{error}");
            assert_eq!(error.field(), "domain");
        }
    }

    #[test]
    fn a_path_is_put_on_the_origin() {
        let domain = Domain::parse("https://login.example.com:8443").expect("is an origin");
        let uri = domain.uri("/oauth/token");
        assert_eq!(uri.to_string(), "https://login.example.com:8443/oauth/token");
    }
}
