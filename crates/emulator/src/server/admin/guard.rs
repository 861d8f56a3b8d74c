//! Who may look inside: programs of this machine, and no page of another site.

use std::net::IpAddr;

use http::uri::Authority;
use http::{HeaderName, Method, StatusCode, header};

use super::Request;
use super::reply::Problem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Who may use it, and by which names.
#[derive(Debug)]
pub(in crate::server) struct Access {
    /// Names of the server beside `localhost` and addresses.
    pub(in crate::server) names: Vec<String>,
    /// Whether other machines may.
    pub(in crate::server) remote: bool,
    /// `http` or `https`.
    pub(in crate::server) scheme: &'static str,
}

impl Access {
    pub(super) fn check(&self, request: &Request<'_>) -> Result<(), Problem> {
        if !self.remote && !request.peer.to_canonical().is_loopback() {
            return Err(forbidden(
                "/_emulator/ is for this machine only; --allow-remote-admin lets others in",
            ));
        }
        let host = host(request.http).ok_or_else(|| forbidden("there is no Host"))?;
        // DNS rebinding: the name of another site that resolves to this machine.
        if !self.is_named(host.host()) {
            return Err(forbidden("the emulator does not go by the name in Host; --san gives it one more"));
        }
        let changes = request.http.method() != Method::GET;
        if changes && !self.is_own_page(request.http, &host) {
            return Err(forbidden("a page of another site may not do this"));
        }
        Ok(())
    }

    fn is_named(&self, host: &str) -> bool {
        let address = host.trim_start_matches('[').trim_end_matches(']');
        address.parse::<IpAddr>().is_ok()
            || host.eq_ignore_ascii_case("localhost")
            || self.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    /// Whether this is the page here, or no page: programs send neither header, every browser sends one of them.
    fn is_own_page(&self, request: &http::Request<&[u8]>, host: &Authority) -> bool {
        let all = |name: HeaderName, good: &dyn Fn(&str) -> bool| {
            request.headers().get_all(name).iter().all(|value| value.to_str().is_ok_and(good))
        };
        let own = format!("{}://{host}", self.scheme);
        all(SEC_FETCH_SITE, &|site| site == "same-origin" || site == "none")
            && all(header::ORIGIN, &|origin| origin.eq_ignore_ascii_case(&own))
    }
}

/// The one host that a request names.
fn host(request: &http::Request<&[u8]>) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next(), request.uri().authority()) {
        (Some(host), None, None) => host.to_str().ok()?.parse().ok(),
        (Some(host), None, Some(authority)) if host == authority.as_str() => Some(authority.clone()),
        _ => None,
    }
}

fn forbidden(reason: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access() -> Access {
        Access { names: vec!["auth0.test".to_owned()], remote: false, scheme: "http" }
    }

    fn is_let_in(access: &Access, peer: &str, method: Method, headers: &[(&str, &str)]) -> bool {
        let mut request = http::Request::builder().method(method).uri("/_emulator/reset");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let http = request.body(&[][..]).expect("a request");
        access.check(&Request { http: &http, peer: peer.parse().expect("an address") }).is_ok()
    }

    fn get(peer: &str, host: &str) -> bool {
        is_let_in(&access(), peer, Method::GET, &[("host", host)])
    }

    fn post(headers: &[(&str, &str)]) -> bool {
        let headers = [&[("host", "localhost:8080")], headers].concat();
        is_let_in(&access(), "127.0.0.1", Method::POST, &headers)
    }

    #[test]
    fn other_machines_are_kept_out_unless_they_are_let_in() {
        for peer in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            assert!(get(peer, "localhost"), "{peer}");
        }
        for peer in ["192.168.0.7", "::ffff:192.168.0.7", "fe80::1"] {
            assert!(!get(peer, "localhost"), "{peer}");
            let open = Access { remote: true, ..access() };
            assert!(is_let_in(&open, peer, Method::GET, &[("host", "localhost")]), "{peer}");
        }
    }

    #[test]
    fn a_name_that_is_not_the_emulators_is_refused_even_from_this_machine() {
        for host in ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080", "auth0.test", "192.168.0.7"]
        {
            assert!(get("127.0.0.1", host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8080", "xlocalhost", ""]
        {
            assert!(!get("127.0.0.1", host), "{host}");
        }
        assert!(!is_let_in(&access(), "127.0.0.1", Method::GET, &[]), "no host");
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert!(!is_let_in(&access(), "127.0.0.1", Method::GET, &two), "two hosts");
    }

    #[test]
    fn a_page_of_another_site_changes_nothing() {
        assert!(post(&[]), "a program");
        assert!(post(&[("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin")]));
        for headers in [
            [("origin", "http://evil.example")],
            [("origin", "null")],
            [("origin", "https://localhost:8080")],
            [("origin", "http://localhost:8081")],
            [("origin", "http://127.0.0.1:8080")],
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
        ] {
            assert!(!post(&headers), "{headers:?}");
        }
        let mixed = [("origin", "http://localhost:8080"), ("sec-fetch-site", "cross-site")];
        assert!(!post(&mixed));
    }
}
