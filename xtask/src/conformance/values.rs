//! The values that a call is made of, by their names on the wire.

use std::fs;
use std::path::Path;

use auth0_mfa_core::serve::ClientCredentials;
use auth0_mfa_core::{
    Application, CallOptions, ClientAssertion, ClientAuth, ClientId, ClientSecret, Domain, DpopProof,
    InvalidValue, Telemetry,
};
use serde::{Deserialize, Serialize};

use super::facts::Facts;

/// Values of a request. All of them are fake.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Values {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    pub(crate) client_auth: ClientAuthName,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mfa_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recovery_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) otp: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_assertion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) realm: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oob_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) binding_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) challenge_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authenticator_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) oob_channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) authentication_method_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) factor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) per_page: Option<u32>,
    /// What a server reads from the head of a request by itself.
    #[serde(skip_serializing)]
    pub(crate) forwarded_for: Option<String>,
    #[serde(skip_serializing)]
    pub(crate) dpop_proof: Option<String>,
    /// The name and version that `Auth0-Client` tells.
    #[serde(skip_serializing)]
    pub(crate) telemetry: Option<(String, String)>,
}

/// How the client authenticates.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ClientAuthName {
    #[default]
    None,
    Post,
    Basic,
    PrivateKeyJwt,
}

/// What a call does not send need not be named.
const CLIENT_ID_WHERE_NONE_IS_SENT: &str = "fakeClientIdThatIsNotSent";

impl Values {
    pub(crate) fn load(file: &Path) -> Result<Self, String> {
        let text = fs::read(file).map_err(|error| error.to_string())?;
        serde_json::from_slice(&text).map_err(|error| error.to_string())
    }

    pub(crate) fn application(&self, origin: &str) -> Result<Application, InvalidValue> {
        let client_id = self.client_id.as_deref().unwrap_or(CLIENT_ID_WHERE_NONE_IS_SENT);
        let secret = || ClientSecret::parse(text(self.client_secret.as_ref()));
        let client_auth = match self.client_auth {
            ClientAuthName::None => ClientAuth::None,
            ClientAuthName::Post => ClientAuth::SecretPost(secret()?),
            ClientAuthName::Basic => ClientAuth::SecretBasic(secret()?),
            ClientAuthName::PrivateKeyJwt => ClientAuth::PrivateKeyJwt,
        };
        let application = Application::new(Domain::parse(origin)?, ClientId::parse(client_id)?, client_auth);
        // The one call that takes the audience from the application; the others have it from the values themselves.
        Ok(match &self.audience {
            Some(audience) => application.with_mfa_audience(audience),
            None => application,
        })
    }

    pub(crate) fn options(&self) -> Result<CallOptions, InvalidValue> {
        let mut options = CallOptions::default();
        if let Some(address) = self.forwarded_for.as_ref().and_then(|address| address.parse().ok()) {
            options = options.forwarded_for(address);
        }
        if let Some(assertion) = &self.client_assertion {
            options = options.client_assertion(ClientAssertion::parse(assertion)?);
        }
        if let Some(proof) = &self.dpop_proof {
            options = options.dpop_proof(DpopProof::parse(proof)?);
        }
        if let Some((name, version)) = &self.telemetry {
            options = options.telemetry(Telemetry::new(name, version));
        }
        Ok(options)
    }

    /// With what a server learned about the client.
    pub(crate) fn of_client(mut self, client: &ClientCredentials) -> Self {
        self.client_id.clone_from(&client.client_id);
        self.client_secret = client.client_secret.as_ref().map(|secret| secret.expose().to_owned());
        self.client_assertion = client.client_assertion.as_ref().map(|it| it.expose().to_owned());
        self.client_auth = match (client.basic, &self.client_assertion, &self.client_secret) {
            (true, _, _) => ClientAuthName::Basic,
            (false, Some(_), _) => ClientAuthName::PrivateKeyJwt,
            (false, None, Some(_)) => ClientAuthName::Post,
            (false, None, None) => ClientAuthName::None,
        };
        self
    }

    /// Each value that a server can read back.
    pub(crate) fn facts(&self) -> Facts {
        let value = serde_json::to_value(self).unwrap_or_default();
        serde_json::from_value(value).unwrap_or_default()
    }

    /// The values that nothing may show.
    pub(crate) fn secrets(&self) -> Vec<String> {
        [
            &self.client_secret,
            &self.client_assertion,
            &self.dpop_proof,
            &self.mfa_token,
            &self.access_token,
            &self.refresh_token,
            &self.recovery_code,
            &self.otp,
            &self.oob_code,
            &self.binding_code,
            &self.username,
            &self.password,
            &self.phone_number,
            &self.email,
        ]
        .into_iter()
        .flatten()
        .cloned()
        .collect()
    }
}

/// A value that a call must have; where a case forgot it, the call refuses the empty one or the comparison shows it.
pub(crate) fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}
