//! What signs for a program: anew for each request, since nothing of it is good for two.

use std::sync::Arc;

use http::{Method, Uri};

use crate::transport::BoxError;
use crate::{Application, ClientAssertion, DpopProof};

/// Makes the client assertions of an application that authenticates by
/// [`ClientAuth::PrivateKeyJwt`](crate::ClientAuth::PrivateKeyJwt), one for each request. A function is one, too.
///
/// ```
/// use auth0_mfa_core::transport::BoxError;
/// use auth0_mfa_core::{Application, CallOptions, ClientAssertion, ClientAssertionSigner};
///
/// # fn sign(_issuer_and_subject: &str, _audience: &str) -> Result<String, BoxError> { Ok("eyJ.FAKE.FAKE".to_owned()) }
/// # fn example(application: &Application) -> Result<(), BoxError> {
/// let signer = |application: &Application| {
///     let jwt = sign(application.client_id().as_str(), &application.assertion_audience())?;
///     Ok(ClientAssertion::parse(jwt)?)
/// };
/// let options = CallOptions::default().client_assertion(signer.sign_assertion(application)?);
/// # let _ = options;
/// # Ok(())
/// # }
/// ```
pub trait ClientAssertionSigner: Send + Sync {
    /// An assertion that was not sent before (a new `jti`): `iss` and `sub` are the
    /// [`client_id`](Application::client_id), `aud` is the [`assertion_audience`](Application::assertion_audience).
    ///
    /// # Errors
    /// When there is none to be had. The error is shown as the cause of a request that was not sent, so it must not
    /// show the key.
    fn sign_assertion(&self, application: &Application) -> Result<ClientAssertion, BoxError>;
}

/// Makes DPoP proofs, one for each request, all of them with one key. A function is one, too.
///
/// ```
/// use auth0_mfa_core::transport::BoxError;
/// use auth0_mfa_core::{Application, CallOptions, DpopProof, DpopRequest, DpopSigner};
///
/// # fn sign(_: &DpopRequest<'_>) -> Result<String, BoxError> { Ok("eyJ.FAKE.FAKE".to_owned()) }
/// # fn example(application: &Application) -> Result<(), BoxError> {
/// let signer = |request: &DpopRequest<'_>| Ok(DpopProof::parse(sign(request)?)?);
/// let token_endpoint = application.token_endpoint();
/// let proof = signer.sign_proof(&DpopRequest::new(&http::Method::POST, &token_endpoint))?;
/// let options = CallOptions::default().dpop_proof(proof);
/// # let _ = options;
/// # Ok(())
/// # }
/// ```
pub trait DpopSigner: Send + Sync {
    /// A proof that was not sent before (a new `jti`), for this request.
    ///
    /// # Errors
    /// When there is none to be had. The error is shown as the cause of a request that was not sent, so it must not
    /// show the key.
    fn sign_proof(&self, request: &DpopRequest<'_>) -> Result<DpopProof, BoxError>;
}

/// What a DPoP proof says of the request that it goes with (RFC 9449, 4.2).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DpopRequest<'a> {
    /// `htm`.
    pub method: &'a Method,
    /// `htu`; of the calls that take a proof it is the [`token_endpoint`](Application::token_endpoint).
    pub uri: &'a Uri,
    /// `nonce`, when Auth0 has given one.
    pub nonce: Option<&'a str>,
}

impl<'a> DpopRequest<'a> {
    /// A request, without a nonce.
    pub fn new(method: &'a Method, uri: &'a Uri) -> Self {
        Self { method, uri, nonce: None }
    }

    /// The same with the [nonce](crate::DpopRepeat::nonce) that Auth0 has given, if it has.
    #[must_use]
    pub fn nonce(mut self, nonce: Option<&'a str>) -> Self {
        self.nonce = nonce;
        self
    }
}

impl<F> ClientAssertionSigner for F
where
    F: Fn(&Application) -> Result<ClientAssertion, BoxError> + Send + Sync,
{
    fn sign_assertion(&self, application: &Application) -> Result<ClientAssertion, BoxError> {
        self(application)
    }
}

impl<F> DpopSigner for F
where
    F: Fn(&DpopRequest<'_>) -> Result<DpopProof, BoxError> + Send + Sync,
{
    fn sign_proof(&self, request: &DpopRequest<'_>) -> Result<DpopProof, BoxError> {
        self(request)
    }
}

impl<S: ClientAssertionSigner + ?Sized> ClientAssertionSigner for Arc<S> {
    fn sign_assertion(&self, application: &Application) -> Result<ClientAssertion, BoxError> {
        (**self).sign_assertion(application)
    }
}

impl<S: DpopSigner + ?Sized> DpopSigner for Arc<S> {
    fn sign_proof(&self, request: &DpopRequest<'_>) -> Result<DpopProof, BoxError> {
        (**self).sign_proof(request)
    }
}
