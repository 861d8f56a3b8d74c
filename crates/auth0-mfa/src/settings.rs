//! What holds for every call of a client.

use std::fmt;
use std::sync::Arc;

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_core::{
    Application, Call, CallOptions, ClientAssertionSigner, ClientAuth, DpopRequest, DpopSigner, Telemetry,
};

/// What holds for every call of a client. What [`CallOptions`] bring for one sending goes before it.
///
/// ```
/// use auth0_mfa::transport::{BoxError, TransportError, from_blocking_fn};
/// use auth0_mfa::{
///     Application, BlockingClient, ClientAssertion, ClientAuth, ClientId, ClientSettings, Domain, Telemetry,
/// };
///
/// # fn sign(_: &Application) -> Result<String, BoxError> { Ok("eyJ.FAKE.FAKE".to_owned()) }
/// let domain = Domain::parse("tenant.eu.auth0.com")?;
/// let application = Application::new(domain, ClientId::parse("fakeClientId")?, ClientAuth::PrivateKeyJwt);
/// let settings = ClientSettings::default()
///     .telemetry(Telemetry::new("my-app", "1.2.3"))
///     .client_assertion_signer(|application: &Application| Ok(ClientAssertion::parse(sign(application)?)?));
/// # let transport = from_blocking_fn(|_| Err(TransportError::not_sent("there is no network")));
/// let client = BlockingClient::with_settings(transport, application, settings);
/// # let _ = client;
/// # Ok::<(), auth0_mfa::InvalidValue>(())
/// ```
#[derive(Clone, Default)]
pub struct ClientSettings {
    telemetry: Option<Telemetry>,
    client_assertion_signer: Option<Arc<dyn ClientAssertionSigner>>,
    dpop_signer: Option<Arc<dyn DpopSigner>>,
}

impl ClientSettings {
    /// What to tell Auth0 about the program, with every call. Nothing, unless it is set.
    #[must_use]
    pub fn telemetry(mut self, telemetry: Telemetry) -> Self {
        self.telemetry = Some(telemetry);
        self
    }

    /// Who signs the assertions of an application that authenticates by [`ClientAuth::PrivateKeyJwt`], anew for each
    /// request that takes one. When that fails, the call is [not sent](crate::CallError::NotSent).
    #[must_use]
    pub fn client_assertion_signer(mut self, signer: impl ClientAssertionSigner + 'static) -> Self {
        self.client_assertion_signer = Some(Arc::new(signer));
        self
    }

    /// Who signs DPoP proofs, anew for each request that takes one. When that fails, the call is
    /// [not sent](crate::CallError::NotSent).
    ///
    /// The client keeps the nonce that Auth0 gave last, for the next proof. When Auth0 refuses a proof for its nonce,
    /// and has not looked at the call, the client sends the call once more with a new one (RFC 9449, section 8), unless
    /// the options of the call brought an assertion or a proof.
    #[must_use]
    pub fn dpop_signer(mut self, signer: impl DpopSigner + 'static) -> Self {
        self.dpop_signer = Some(Arc::new(signer));
        self
    }

    /// Whether the client signs the DPoP proofs of this call.
    pub(crate) fn sign_proof_of<C: Call>(&self) -> bool {
        C::TAKES_DPOP_PROOF && self.dpop_signer.is_some()
    }

    /// The options with what they do not bring.
    pub(crate) fn complete<C: Call>(
        &self,
        mut options: CallOptions,
        application: &Application,
        dpop_nonce: Option<&str>,
    ) -> Result<CallOptions, BoxError> {
        if let Some(telemetry) = self.telemetry.as_ref().filter(|_| !options.has_telemetry()) {
            options = options.telemetry(telemetry.clone());
        }
        let is_asserted = matches!(application.client_auth(), ClientAuth::PrivateKeyJwt);
        let wants_assertion = C::TAKES_CLIENT_ASSERTION && is_asserted && !options.has_client_assertion();
        if let Some(signer) = self.client_assertion_signer.as_ref().filter(|_| wants_assertion) {
            options = options.client_assertion(signer.sign_assertion(application)?);
        }
        let wants_proof = C::TAKES_DPOP_PROOF && !options.has_dpop_proof();
        if let Some(signer) = self.dpop_signer.as_ref().filter(|_| wants_proof) {
            let uri = application.token_endpoint();
            let request = DpopRequest::new(&http::Method::POST, &uri).nonce(dpop_nonce);
            options = options.dpop_proof(signer.sign_proof(&request)?);
        }
        Ok(options)
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("telemetry", &self.telemetry)
            .field("client_assertion_signer", &self.client_assertion_signer.is_some())
            .field("dpop_signer", &self.dpop_signer.is_some())
            .finish()
    }
}
