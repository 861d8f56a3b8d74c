//! What belongs to one sending of a call.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::wire::{DPOP, sensitive};
use crate::{ClientAssertion, DpopProof, Telemetry};

/// What belongs to one sending of a call and not to the call itself. Not `Clone`: an assertion and a proof are good for
/// one request.
///
/// ```
/// use auth0_mfa_core::{CallOptions, ClientAssertion, DpopProof};
///
/// # fn sign_assertion() -> String { "eyJ.FAKE.FAKE".to_owned() }
/// # fn sign_proof() -> String { "eyJ.FAKE.FAKE".to_owned() }
/// let options = CallOptions::default()
///     .forwarded_for([192, 0, 2, 1].into())
///     .client_assertion(ClientAssertion::parse(sign_assertion())?)
///     .dpop_proof(DpopProof::parse(sign_proof())?);
/// # let _ = options;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug, Default)]
pub struct CallOptions {
    forwarded_for: Option<IpAddr>,
    client_assertion: Option<ClientAssertion>,
    dpop_proof: Option<DpopProof>,
    telemetry: Option<Telemetry>,
}

impl CallOptions {
    /// The address of the end user, sent as `auth0-forwarded-for` to `/oauth/token`. It has an effect only for an
    /// application that authenticates with a client secret and has "Trust Token Endpoint IP Header" on;
    /// [`ClientAuth::honours_forwarded_for`](crate::ClientAuth::honours_forwarded_for) tells the first half.
    ///
    /// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/resource-owner-password-flow/avoid-common-issues-with-resource-owner-password-flow-and-attack-protection>
    #[must_use]
    pub fn forwarded_for(mut self, address: IpAddr) -> Self {
        self.forwarded_for = Some(address);
        self
    }

    /// The proof of an application that authenticates by
    /// [`ClientAuth::PrivateKeyJwt`](crate::ClientAuth::PrivateKeyJwt); sent by no other.
    #[must_use]
    pub fn client_assertion(mut self, assertion: ClientAssertion) -> Self {
        self.client_assertion = Some(assertion);
        self
    }

    /// A DPoP proof for this very request, sent to `/oauth/token`. Use the same key for the first factor and for the
    /// second; look at [`TokenSet::is_dpop_downgrade`](crate::TokenSet::is_dpop_downgrade) afterwards.
    ///
    /// Source: <https://auth0.com/docs/secure/sender-constraining/demonstrating-proof-of-possession-dpop>
    #[must_use]
    pub fn dpop_proof(mut self, proof: DpopProof) -> Self {
        self.dpop_proof = Some(proof);
        self
    }

    /// What to tell Auth0 about the program, with every call.
    #[must_use]
    pub fn telemetry(mut self, telemetry: Telemetry) -> Self {
        self.telemetry = Some(telemetry);
        self
    }

    /// Whether there is a client assertion.
    pub fn has_client_assertion(&self) -> bool {
        self.client_assertion.is_some()
    }

    /// Whether there is a DPoP proof.
    pub fn has_dpop_proof(&self) -> bool {
        self.dpop_proof.is_some()
    }

    /// Whether there is something to tell Auth0 about the program.
    pub fn has_telemetry(&self) -> bool {
        self.telemetry.is_some()
    }

    /// The same for another sending; `None` when there is an assertion or a proof, which are good for one request.
    pub fn try_clone(&self) -> Option<Self> {
        if self.has_client_assertion() || self.has_dpop_proof() {
            return None;
        }
        let telemetry = self.telemetry.clone();
        Some(Self { forwarded_for: self.forwarded_for, telemetry, ..Self::default() })
    }

    pub(crate) fn assertion(&self) -> Option<&ClientAssertion> {
        self.client_assertion.as_ref()
    }

    /// The headers that every call takes.
    pub(crate) fn insert_headers(&self, headers: &mut HeaderMap) {
        if let Some(value) = self.telemetry.as_ref().and_then(Telemetry::header_value) {
            headers.insert(HeaderName::from_static("auth0-client"), value);
        }
    }

    /// The headers that `/oauth/token` takes.
    pub(crate) fn insert_token_endpoint_headers(&self, headers: &mut HeaderMap) {
        self.insert_headers(headers);
        // An IP address is visible ASCII in every spelling.
        let address = self.forwarded_for.and_then(|address| HeaderValue::try_from(address.to_string()).ok());
        if let Some(value) = address {
            headers.insert(HeaderName::from_static("auth0-forwarded-for"), value);
        }
        if let Some(proof) = &self.dpop_proof {
            headers.insert(DPOP, sensitive(proof.expose()));
        }
    }
}
