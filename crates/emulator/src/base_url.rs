//! Where the tenant is, as the one who calls it sees it.

use http::uri::Authority;
use http::{Request, header};

/// The tenant's base URL with a slash at its end: what `iss` says, and what its own audiences begin with.
///
/// It is that of the settings, or else what the request was sent to: SDKs verify that `iss` is the domain which they
/// were given, and a tenant on a free port of 127.0.0.1 cannot know it before. A request that names no scheme came over
/// https: the server of this crate, which may be plain, names it always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(String);

impl BaseUrl {
    pub(crate) fn of<B>(setting: Option<&str>, request: &Request<B>) -> Self {
        if let Some(issuer) = setting {
            return Self(with_slash(issuer));
        }
        let uri = request.uri();
        let scheme = uri.scheme_str().unwrap_or("https");
        let host = uri.authority().map(Authority::as_str).or_else(|| host(request)).unwrap_or("localhost");
        Self([scheme, "://", host, "/"].concat())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// A path on it, which begins without a slash.
    pub(crate) fn join(&self, path: &str) -> String {
        [&self.0, path].concat()
    }
}

fn with_slash(issuer: &str) -> String {
    format!("{}/", issuer.trim_end_matches('/'))
}

/// The `Host`, when it is a host and nothing else.
fn host<B>(request: &Request<B>) -> Option<&str> {
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let authority: Authority = host.parse().ok()?;
    (authority.as_str() == host && !host.contains('@')).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(setting: Option<&str>, uri: &str, host: &str) -> String {
        let request = Request::get(uri).header("host", host).body(()).expect("a request");
        BaseUrl::of(setting, &request).0
    }

    #[test]
    fn it_is_the_setting_or_else_what_was_called() {
        let setting = Some("https://login.example.com");
        assert_eq!(of(setting, "http://127.0.0.1:81/x", "127.0.0.1:81"), "https://login.example.com/");
        assert_eq!(of(Some("https://login.example.com/"), "/x", "a"), "https://login.example.com/");
        assert_eq!(of(None, "http://127.0.0.1:81/x?y", "other"), "http://127.0.0.1:81/");
        assert_eq!(of(None, "/x", "localhost:81"), "https://localhost:81/");
        assert_eq!(of(None, "/x", "user@host"), "https://localhost/");
        assert_eq!(of(None, "/x", "a/b"), "https://localhost/");
    }
}
