//! HTTP proxies: which origins are reached through one, and how a tunnel is asked for.

mod connect;
mod no_proxy;

use std::ffi::OsString;
use std::fmt;
use std::sync::Arc;

use base64ct::{Base64, Encoding};
use http::uri::Authority;
use percent_encoding::percent_decode_str;
use zeroize::{Zeroize, Zeroizing};

use crate::{ConfigError, Origin, origin};

pub use connect::{MOST_REPLY_BYTES, NoTunnel, is_open};
pub use no_proxy::NoProxy;

/// Which origins are reached through a proxy: none by default.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    pub(crate) proxy: Option<Arc<Proxy>>,
    pub(crate) no_proxy: NoProxy,
}

impl Proxies {
    /// The proxy through which an origin is reached. Never for http and loopback hosts: a proxy is another machine.
    pub fn of(&self, origin: &Origin) -> Option<&Proxy> {
        let proxy = self.proxy.as_deref()?;
        let direct =
            origin.is_plain() || origin.is_loopback() || self.no_proxy.covers(origin.host(), origin.port());
        if direct { None } else { Some(proxy) }
    }

    /// As [`Builder::proxy_from_environment`](crate::Builder::proxy_from_environment), with the variables as an
    /// argument.
    ///
    /// # Errors
    /// When the URL is not one that [`Proxy::parse`] takes, or a variable that counts is not UTF-8: the second names
    /// the variable.
    pub fn from_variables(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let first = |names: &[&'static str]| {
            let mut said = names.iter().filter_map(|name| Some((*name, variable(name)?)));
            said.find(|(_, value)| !value.is_empty()).map(|(name, value)| text(name, value)).transpose()
        };
        let proxy = first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?;
        let no_proxy = first(&["no_proxy", "NO_PROXY"])?;
        Ok(Self {
            proxy: proxy.map(|url| Proxy::parse(&url)).transpose()?.map(Arc::new),
            no_proxy: no_proxy.map(|hosts| NoProxy::parse(&hosts)).unwrap_or_default(),
        })
    }
}

/// What a variable says. To pass over one that cannot be read would be to go without the proxy that it names.
fn text(variable: &'static str, value: OsString) -> Result<Zeroizing<String>, ConfigError> {
    String::from_utf8(value.into_encoded_bytes()).map(Zeroizing::new).map_err(|error| {
        error.into_bytes().zeroize();
        ConfigError::new(variable, "is not UTF-8")
    })
}

/// An HTTP proxy, and what it is shown to be let in.
pub struct Proxy {
    host: String,
    port: u16,
    /// `user:password`, in Base64.
    credentials: Option<Zeroizing<String>>,
}

impl Proxy {
    /// Reads `[http://][user:password@]host[:port]`, in which user and password are percent-encoded. Port 80 when there is
    /// none.
    ///
    /// # Errors
    /// When it is none, or asks for another protocol. The value is not shown.
    pub fn parse(url: &str) -> Result<Self, ConfigError> {
        let wrong = |reason| ConfigError::new("proxy", reason);
        // It would end the host in the middle of a password.
        if url.contains('#') {
            return Err(wrong("has a fragment; a # in a password is written %23"));
        }
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        if !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong("is not an http:// URL"));
        }
        let (rest, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if !matches!(path, "" | "/") {
            return Err(wrong("has a path or a query"));
        }
        // Taken off before anything is copied: what `http` reads it keeps, and frees without wiping it.
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user), place),
            None => (None, rest),
        };
        if user.is_some_and(|user| !user.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(wrong("has user information that is not percent-encoded"));
        }
        let place: Authority = place.parse().map_err(|_| wrong("is not a URL"))?;
        let behind = place.as_str().strip_prefix(place.host()).unwrap_or_default();
        let port = origin::port(behind).map_err(|_| wrong("has a port that is none"))?;
        let host = place.host().trim_start_matches('[').trim_end_matches(']');
        if host.is_empty() {
            return Err(wrong("has no host"));
        }
        Ok(Self { host: host.to_owned(), port: port.unwrap_or(80), credentials: user.map(credentials) })
    }

    /// The host, without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The bytes that ask for a tunnel to `origin` (RFC 9110, 9.3.6).
    pub fn connect_request(&self, origin: &Origin) -> Zeroizing<Vec<u8>> {
        connect::request(origin, self.credentials.as_ref().map(|credentials| credentials.as_str()))
    }
}

fn credentials(user: &str) -> Zeroizing<String> {
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut plain = Zeroizing::new(Vec::with_capacity(user.len() + 1));
    plain.extend(percent_decode_str(name));
    plain.push(b':');
    plain.extend(percent_decode_str(password));
    Zeroizing::new(Base64::encode_string(&plain))
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("has_credentials", &self.credentials.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin_of(uri: &str) -> Origin {
        Origin::of(&uri.parse().expect("is a URI")).expect("is an origin")
    }

    fn variables(pairs: &[(&str, &str)]) -> Result<Proxies, ConfigError> {
        Proxies::from_variables(|name| {
            pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn a_proxy_is_read_with_and_without_its_parts() {
        for (url, host, port, credentials) in [
            ("http://proxy.example.com:3128", "proxy.example.com", 3128, None),
            ("proxy.example.com", "proxy.example.com", 80, None),
            ("http://[::1]:8080/", "::1", 8080, None),
            ("http://user:fake%40word@127.0.0.1:1", "127.0.0.1", 1, Some("user:fake@word")),
            ("http://user@proxy.example.com", "proxy.example.com", 80, Some("user:")),
            ("HTTP://user:p@ss@proxy.example.com/", "proxy.example.com", 80, Some("user:p@ss")),
        ] {
            let proxy = Proxy::parse(url).expect(url);
            assert_eq!((proxy.host(), proxy.port()), (host, port));
            let shown = proxy.credentials.map(|it| Base64::decode_vec(&it).expect("is Base64"));
            assert_eq!(shown.as_deref(), credentials.map(str::as_bytes));
        }
    }

    #[test]
    fn another_protocol_and_what_is_no_url_are_refused_without_being_shown() {
        for url in [
            "https://u:CANARY@proxy.example.com",
            "socks5://u:CANARY@proxy.example.com",
            "http://u:CANARY@proxy.example.com/path",
            "http://u:CANARY@proxy.example.com?query",
            "http://u:CANARY@:80",
            "http://u:1234#CANARY@proxy.example.com:3128",
            "http://u:CANARY@proxy.example.com:0",
            "http://u:CANARY@proxy.example.com:99999",
            "http://u:CANARY@",
            "http://u:CANARY@@proxy.example.com:x",
            "http://u:CANARY proxy@proxy.example.com",
            "http://u:1234/CANARY@proxy.example.com",
            "http://u:CAN://ARY@proxy.example.com",
            "u:CANARY://proxy.example.com",
            "http:// CANARY",
            "http://",
            "",
        ] {
            let error = Proxy::parse(url).expect_err(url);
            assert_eq!(error.setting(), "proxy");
            assert!(!format!("{error} {error:?}").contains("CANARY"));
        }
    }

    #[test]
    fn debug_does_not_show_the_password() {
        let proxies =
            variables(&[("https_proxy", "http://user:CANARY@proxy.example.com")]).expect("is a proxy");
        let shown = format!("{proxies:?}");
        assert!(shown.contains("proxy.example.com") && !shown.contains("CANARY"));
        assert!(!shown.contains(&Base64::encode_string(b"user:CANARY")));
    }

    #[test]
    fn http_loopback_and_excepted_hosts_are_reached_without_the_proxy() {
        let proxies =
            variables(&[("HTTPS_PROXY", "http://proxy.example.com"), ("NO_PROXY", "direct.example.com")])
                .expect("is a proxy");
        assert!(proxies.of(&origin_of("https://tenant.auth0.com")).is_some());
        for direct in [
            "http://localhost:8080",
            "https://localhost",
            "https://127.0.0.1",
            "https://[::1]:444",
            "https://direct.example.com",
        ] {
            assert!(proxies.of(&origin_of(direct)).is_none(), "{direct}");
        }
    }

    #[test]
    fn the_first_variable_that_says_something_counts() {
        let host = |pairs: &[(&str, &str)]| {
            variables(pairs).map(|proxies| proxies.proxy.map(|proxy| proxy.host().to_owned()))
        };
        let of = |name: &str| Some(name.to_owned());
        assert_eq!(host(&[("https_proxy", "one"), ("HTTPS_PROXY", "two")]).expect("a proxy"), of("one"));
        assert_eq!(host(&[("https_proxy", ""), ("HTTPS_PROXY", "two")]).expect("a proxy"), of("two"));
        assert_eq!(host(&[("ALL_PROXY", "three")]).expect("a proxy"), of("three"));
        assert_eq!(host(&[("HTTP_PROXY", "four")]).expect("no proxy"), None);
        assert_eq!(host(&[]).expect("no proxy"), None);
        assert!(host(&[("https_proxy", "socks5://one")]).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf_8_is_refused_by_its_name_unless_another_one_counts() {
        use std::os::unix::ffi::OsStringExt;

        let unreadable = || OsString::from_vec(b"http://user:CANARY\xff@proxy.example.com".to_vec());
        let with = |wrong: &str, right: &str| {
            Proxies::from_variables(|name| match name {
                name if name == wrong => Some(unreadable()),
                name if name == right => Some("http://proxy.example.com".into()),
                _ => None,
            })
        };
        for variable in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"] {
            let error = with(variable, "").expect_err(variable);
            assert_eq!(error.setting(), variable);
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("is not UTF-8") && !shown.contains("CANARY"), "{shown}");
        }
        assert!(with("HTTPS_PROXY", "https_proxy").expect("the other counts").proxy.is_some());
    }
}
