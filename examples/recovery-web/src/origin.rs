//! Where browsers find the application, and what its cookie is like there.

use std::fmt;

use axum::http::header::{COOKIE, HeaderMap, HeaderValue, InvalidHeaderValue};
use axum::http::uri::{Scheme, Uri};

use crate::random::Unguessable;

/// The origin that browsers see: https, or http on this machine alone.
#[derive(Clone, Debug)]
pub struct Origin {
    is_https: bool,
}

/// An origin that is neither https nor on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAnOrigin;

impl fmt::Display for NotAnOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither https://… nor http://127.0.0.1, http://[::1] or http://localhost")
    }
}

impl std::error::Error for NotAnOrigin {}

impl Origin {
    /// Takes an origin, for example `https://login.example.com`.
    ///
    /// # Errors
    /// When it is neither https nor http on a loopback host.
    pub fn parse(text: &str) -> Result<Self, NotAnOrigin> {
        let uri: Uri = text.parse().map_err(|_| NotAnOrigin)?;
        let is_https = uri.scheme() == Some(&Scheme::HTTPS);
        let is_http = uri.scheme() == Some(&Scheme::HTTP);
        let is_loopback = matches!(uri.host(), Some("127.0.0.1" | "[::1]" | "localhost"));
        if is_https || (is_http && is_loopback) { Ok(Self { is_https }) } else { Err(NotAnOrigin) }
    }

    /// The cookie that a browser is to keep. It holds the session's identifier and nothing else.
    pub(crate) fn set_cookie(&self, session: &Unguessable) -> Result<HeaderValue, InvalidHeaderValue> {
        let secure = if self.is_https { "; Secure" } else { "" };
        let (name, value) = (self.cookie_name(), session.expose());
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}").parse()
    }

    /// The session that a request names.
    pub(crate) fn session_named_by(&self, headers: &HeaderMap) -> Option<Unguessable> {
        let cookies = headers.get_all(COOKIE).into_iter().filter_map(|header| header.to_str().ok());
        let mut pairs = cookies.flat_map(|header| header.split(';')).filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| name.trim() == self.cookie_name())?;
        Some(Unguessable::received(value.trim()))
    }

    /// Browsers take `__Host-` from this very host over https only: no neighbour can plant one.
    fn cookie_name(&self) -> &'static str {
        if self.is_https { "__Host-session" } else { "session" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_secure_everywhere_but_on_this_machine() {
        let id = Unguessable::received("fake");
        let cookie = |origin: &str| Origin::parse(origin).unwrap().set_cookie(&id).unwrap();
        let bare = "session=fake; Path=/; HttpOnly; SameSite=Strict";
        assert_eq!(cookie("https://login.example.com"), format!("__Host-{bare}; Secure"));
        for loopback in ["http://127.0.0.1:3000", "http://localhost", "http://[::1]:80"] {
            assert_eq!(cookie(loopback), bare, "{loopback}");
        }
    }

    #[test]
    fn plain_http_elsewhere_is_refused() {
        for text in ["http://login.example.com", "http://127.0.0.1.example.com", "ftp://localhost", "", "/"] {
            assert_eq!(Origin::parse(text).unwrap_err(), NotAnOrigin, "{text}");
        }
    }

    #[test]
    fn the_cookie_is_found_among_others_by_its_whole_name() {
        let origin = Origin::parse("http://localhost").unwrap();
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("other=1; xsession=2"));
        assert!(origin.session_named_by(&headers).is_none());
        headers.append(COOKIE, HeaderValue::from_static("a=b; session=fake"));
        assert!(origin.session_named_by(&headers).unwrap().is("fake"));
    }
}
