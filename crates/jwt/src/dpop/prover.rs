//! DPoP proofs.

use std::fmt;
use std::sync::Arc;

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_core::{Application, Call, DpopProof, DpopRepeat, DpopRequest, DpopSigner, ReplyInfo};
use http::{HeaderMap, Method, Request, Uri, header};
use ring::digest::{SHA256, digest};
use serde::Serialize;

use super::key::{DpopKey, PublicJwk};
use super::nonces::Nonces;
use crate::signing::{Machine, SigningError, Surroundings, base64url, seconds, sign};

/// Signs DPoP proofs with one key, and remembers the last nonce of each server, so that the next proof holds it. Make a
/// new proof for each request. A client of `auth0-mfa` does all of it by itself: the prover is a [`DpopSigner`], for
/// its settings. A program without one shares the prover, or clones of it, among the calls of a user's login:
///
/// ```
/// use auth0_mfa_core::transport::BlockingTransport;
/// use auth0_mfa_core::{Application, CallError, CallOptions, NewCode, TokenSet, VerifyWithRecoveryCode, begin};
/// use auth0_mfa_jwt::DpopProver;
///
/// # fn show_and_ask_to_keep(_: &NewCode) {}
/// fn recover(
///     transport: &dyn BlockingTransport,
///     application: &Application,
///     prover: &DpopProver,
///     call: VerifyWithRecoveryCode,
/// ) -> Result<TokenSet, Box<dyn std::error::Error>> {
///     let options = CallOptions::default().dpop_proof(prover.sign(application)?);
///     let (request, pending) = begin(call, application, options);
///     let mut outcome = pending.finish(transport.send(request));
///
///     if let Err(CallError::Api(refused)) = outcome {
///         outcome = match refused.into_dpop_repeat() {
///             Err(refused) => Err(CallError::Api(refused)),
///             Ok(repeat) => {
///                 let options = CallOptions::default().dpop_proof(prover.sign_repeat(application, &repeat)?);
///                 let (request, pending) = repeat.begin(application, options);
///                 pending.finish(transport.send(request))
///             }
///         };
///     }
///
///     let (tokens, new_code) = match outcome {
///         Ok(accepted) => accepted.into_parts(),
///         Err(mut error) => {
///             show_and_ask_to_keep(&error.take_new_code());
///             return Err(error.into());
///         }
///     };
///     show_and_ask_to_keep(&new_code);
///     prover.remember(application, &tokens.info);
///     if tokens.is_dpop_downgrade() { Err("the tokens are not bound to the key".into()) } else { Ok(tokens) }
/// }
/// ```
///
/// Source: RFC 9449; <https://auth0.com/docs/secure/sender-constraining/demonstrating-proof-of-possession-dpop>
#[derive(Clone)]
pub struct DpopProver {
    key: Arc<DpopKey>,
    nonces: Arc<Nonces>,
    surroundings: Arc<dyn Surroundings>,
}

impl DpopProver {
    /// Signs with this key. Clones have the same key and the same nonces.
    pub fn new(key: DpopKey) -> Self {
        Self { key: Arc::new(key), nonces: Arc::default(), surroundings: Arc::new(Machine) }
    }

    /// Takes the time and the `jti` from elsewhere than the machine.
    #[must_use]
    pub fn surroundings(mut self, surroundings: impl Surroundings + 'static) -> Self {
        self.surroundings = Arc::new(surroundings);
        self
    }

    /// The key.
    pub fn key(&self) -> &DpopKey {
        &self.key
    }

    /// A new proof for one grant of this application, with the last nonce that was remembered.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn sign(&self, application: &Application) -> Result<DpopProof, SigningError> {
        self.proof(&Method::POST, &application.token_endpoint(), None)
    }

    /// The proof of the one repeat that a nonce asks for. The nonce is remembered.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn sign_repeat<C: Call>(
        &self,
        application: &Application,
        repeat: &DpopRepeat<C>,
    ) -> Result<DpopProof, SigningError> {
        self.remember_nonce(&application.token_endpoint(), repeat.nonce());
        self.sign(application)
    }

    /// A new proof for any request, to an API of yours for example: of its method, its URI, and of the access token
    /// where there is one in `Authorization: DPoP`.
    ///
    /// ```
    /// use auth0_mfa_jwt::{DpopKey, DpopProver};
    ///
    /// let prover = DpopProver::new(DpopKey::generate()?);
    /// let request = http::Request::get("https://api.example.com/orders?page=2")
    ///     .header("authorization", "DPoP fake-access-token")
    ///     .body(())?;
    /// let proof = prover.sign_request(&request)?;
    /// # let _ = proof;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When the URI has no scheme or no host, or the machine gives no randomness.
    pub fn sign_request<B>(&self, request: &Request<B>) -> Result<DpopProof, SigningError> {
        self.proof(request.method(), request.uri(), access_token(request.headers()))
    }

    /// Remembers the nonce of a reply to a grant, if there is one in its head; do so after a success, too, because any
    /// reply may bring the next.
    pub fn remember(&self, application: &Application, info: &ReplyInfo) {
        if let Some(nonce) = &info.dpop_nonce {
            self.remember_nonce(&application.token_endpoint(), nonce);
        }
    }

    /// Remembers a nonce (`DPoP-Nonce`) of the server of this URI. Of a URI without a host nothing is remembered.
    pub fn remember_nonce(&self, uri: &Uri, nonce: impl Into<String>) {
        if let Some(origin) = origin(uri) {
            self.nonces.remember(origin, nonce.into());
        }
    }

    fn proof(
        &self,
        method: &Method,
        uri: &Uri,
        access_token: Option<&[u8]>,
    ) -> Result<DpopProof, SigningError> {
        let origin = origin(uri).ok_or(SigningError::new("the URI has no scheme or no host"))?;
        let header = Header { typ: "dpop+jwt", alg: "ES256", jwk: self.key.public() };
        let claims = Claims {
            htm: method.as_str(),
            htu: format!("{origin}{}", uri.path()),
            iat: seconds(self.surroundings.now()),
            jti: self.surroundings.jti()?,
            nonce: self.nonces.last(&origin),
            ath: access_token.map(|token| base64url(digest(&SHA256, token).as_ref())),
        };
        let token = sign(&header, &claims, |message| self.key.signature(message))?;
        DpopProof::parse(token).map_err(|_| SigningError::new("the token is not visible ASCII"))
    }
}

impl DpopSigner for DpopProver {
    /// With the nonce that is asked for, which is remembered, or else the last one of the server.
    fn sign_proof(&self, request: &DpopRequest<'_>) -> Result<DpopProof, BoxError> {
        if let Some(nonce) = request.nonce {
            self.remember_nonce(request.uri, nonce);
        }
        Ok(self.proof(request.method, request.uri, None)?)
    }
}

impl fmt::Debug for DpopProver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopProver")
            .field("key", &self.key)
            .field("nonces", &self.nonces)
            .finish_non_exhaustive()
    }
}

/// Scheme, host and port, without user information.
fn origin(uri: &Uri) -> Option<String> {
    let (scheme, host) = (uri.scheme_str()?, uri.host()?.to_ascii_lowercase());
    Some(
        uri.port_u16()
            .map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")),
    )
}

fn access_token(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(SCHEME.len())?;
    scheme.eq_ignore_ascii_case(SCHEME).then(|| token.trim_ascii())
}

const SCHEME: &[u8] = b"DPoP ";

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    jwk: &'a PublicJwk,
}

#[derive(Serialize)]
struct Claims<'a> {
    htm: &'a str,
    htu: String,
    iat: u64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}
