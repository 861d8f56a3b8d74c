//! `GET /.well-known/jwks.json`: the keys with which a tenant signs.

use auth0_mfa_core::{Application, Body, Call, CallOptions, Replay, Reply, Unreadable};
use http::{Request, Uri};

use super::KeySet;

/// Gets the public keys with which a tenant signs its tokens. A call like the others: begin it, or send it with a
/// client.
///
/// Keep what it answers: Auth0 changes its keys rarely, and
/// [`IdTokenError::UnknownKey`](crate::IdTokenError::UnknownKey) says when to ask again.
///
/// ```
/// use auth0_mfa_core::{Application, CallOptions, ClientAuth, ClientId, Domain, begin};
/// use auth0_mfa_jwt::GetKeySet;
///
/// let application =
///     Application::new(Domain::parse("tenant.eu.auth0.com")?, ClientId::parse("fakeClientId")?, ClientAuth::None);
/// let (request, pending) = begin(GetKeySet::new(), &application, CallOptions::default());
/// assert_eq!(request.uri(), "https://tenant.eu.auth0.com/.well-known/jwks.json");
///
/// let reply = http::Response::new(&br#"{"keys":[{"kty":"RSA","kid":"fake","n":"u1W_","e":"AQAB"}]}"#[..]);
/// let keys = pending.answered(reply)?;
/// assert!(keys.contains("fake"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Source: <https://auth0.com/docs/secure/tokens/json-web-tokens/json-web-key-sets>
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct GetKeySet;

impl GetKeySet {
    /// The call; it needs nothing but an application.
    pub fn new() -> Self {
        Self
    }
}

impl Call for GetKeySet {
    type Output = KeySet;
    type NewCode = ();

    const NAME: &'static str = "GetKeySet";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, _options: &CallOptions) -> Request<Body> {
        let mut request = Request::new(Body::empty());
        // A domain is an origin: with a path behind it, it is a URI.
        *request.uri_mut() =
            Uri::try_from(format!("{}/.well-known/jwks.json", application.domain())).unwrap_or_default();
        request
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<KeySet, Unreadable> {
        KeySet::parse(reply.body()).map(|keys| keys.with_info(reply.info()))
    }
}
