//! Where a request came from, as the log has it.

use std::net::IpAddr;

use http::HeaderMap;

/// The header in which an application says for whom it calls.
const FORWARDED_FOR: &str = "auth0-forwarded-for";

/// The addresses of a request. A tenant has no I/O: the caller's is known where the request's extensions hold an
/// [`IpAddr`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    /// The end user's; or the caller's, as long as nobody is known to stand between them.
    pub(crate) ip: Option<IpAddr>,
    /// The caller's, when the end user's is another.
    pub(crate) client_ip: Option<IpAddr>,
}

impl Origin {
    pub(crate) fn of<B>(request: &http::Request<B>) -> Self {
        Self { ip: request.extensions().get().copied(), client_ip: None }
    }

    /// The same, as an application that is trusted tells it; a header that is no address tells nothing.
    pub(crate) fn told_by(self, headers: &HeaderMap) -> Self {
        let told = headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        told.map_or(self, |ip| Self { ip: Some(ip), client_ip: self.ip })
    }
}
