//! Which application calls which tenant, and how it proves itself.

use std::fmt;

use crate::wire::token_endpoint;
use crate::{ClientSecret, Domain, InvalidValue};

/// An application of a tenant: the `domain`, the `client_id` and the application's authentication method.
///
/// ```
/// use auth0_mfa_core::{Application, ClientAuth, ClientId, ClientSecret, Domain};
///
/// let application = Application::new(
///     Domain::parse("tenant.eu.auth0.com")?,
///     ClientId::parse("fakeClientId")?,
///     ClientAuth::SecretPost(ClientSecret::parse("fake-secret")?),
/// );
/// assert_eq!(application.domain().to_string(), "https://tenant.eu.auth0.com");
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Clone, Debug)]
pub struct Application {
    domain: Domain,
    client_id: ClientId,
    client_auth: ClientAuth,
    mfa_audience: Option<String>,
    management_domain: Option<Domain>,
    mtls_domain: Option<Domain>,
}

impl Application {
    /// Puts the three together.
    pub fn new(domain: Domain, client_id: ClientId, client_auth: ClientAuth) -> Self {
        Self {
            domain,
            client_id,
            client_auth,
            mfa_audience: None,
            management_domain: None,
            mtls_domain: None,
        }
    }

    /// Sets the audience of access tokens for the MFA API, where it is not `https://{domain}/mfa/`: with a custom
    /// domain, sources disagree whether it is the custom domain's or the tenant's.
    ///
    /// Source: <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>
    #[must_use]
    pub fn with_mfa_audience(mut self, audience: impl Into<String>) -> Self {
        self.mfa_audience = Some(audience.into());
        self
    }

    /// Sets where the Management API answers, where it is not the [domain](Self::domain): with a custom domain it is
    /// the tenant's own.
    ///
    /// Source: <https://auth0.com/docs/customize/custom-domains/configure-features-to-use-custom-domains>
    #[must_use]
    pub fn with_management_domain(mut self, domain: Domain) -> Self {
        self.management_domain = Some(domain);
        self
    }

    /// Sets the host that asks for the application's certificate, where it is not the [domain](Self::domain). With
    /// [`ClientAuth::Mtls`], the calls that authenticate the application go there.
    ///
    /// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-mtls>
    #[must_use]
    pub fn with_mtls_domain(mut self, domain: Domain) -> Self {
        self.mtls_domain = Some(domain);
        self
    }

    /// Where the tenant answers.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The application's identifier.
    pub fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// How the application proves itself.
    pub fn client_auth(&self) -> &ClientAuth {
        &self.client_auth
    }

    /// The audience of access tokens for the MFA API: `https://{domain}/mfa/`, with the slash, unless it was set.
    pub fn mfa_audience(&self) -> String {
        self.mfa_audience.clone().unwrap_or_else(|| format!("{}/mfa/", self.domain))
    }

    /// Where the Management API answers.
    pub fn management_domain(&self) -> &Domain {
        self.management_domain.as_ref().unwrap_or(&self.domain)
    }

    /// Where the grants go: what the `htu` of a DPoP proof has to say (RFC 9449, 4.2).
    ///
    /// ```
    /// # use auth0_mfa_core::{Application, ClientAuth, ClientId, Domain};
    /// let domain = Domain::parse("tenant.eu.auth0.com")?;
    /// let application = Application::new(domain, ClientId::parse("fakeClientId")?, ClientAuth::None);
    /// assert_eq!(application.token_endpoint(), "https://tenant.eu.auth0.com/oauth/token");
    /// assert_eq!(application.assertion_audience(), "https://tenant.eu.auth0.com/");
    /// # Ok::<(), auth0_mfa_core::InvalidValue>(())
    /// ```
    pub fn token_endpoint(&self) -> http::Uri {
        self.authentication_domain().static_uri(token_endpoint::PATH)
    }

    /// What the `aud` of a [`ClientAssertion`](crate::ClientAssertion) has to say: the domain, with a slash at its end.
    pub fn assertion_audience(&self) -> String {
        format!("{}/", self.domain)
    }

    /// Where the calls go that authenticate the application.
    pub fn authentication_domain(&self) -> &Domain {
        match (&self.client_auth, &self.mtls_domain) {
            (ClientAuth::Mtls, Some(domain)) => domain,
            _ => &self.domain,
        }
    }
}

/// How the application authenticates at `/oauth/token` and `/mfa/challenge`
/// (the Dashboard's "Authentication Methods").
///
/// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-client-secret>
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ClientAuth {
    /// A public application (native, single page): only `client_id` is sent.
    None,
    /// `client_secret_post`: `client_id` and `client_secret` in the body.
    SecretPost(ClientSecret),
    /// `client_secret_basic`: an `Authorization: Basic` header, each part form-encoded first (RFC 6749, 2.3.1). Auth0
    /// documents it for `/oauth/token`; whether `/mfa/challenge` takes it is not known.
    SecretBasic(ClientSecret),
    /// `private_key_jwt`: a signed assertion in the body. It comes in with
    /// [`CallOptions::client_assertion`](crate::CallOptions::client_assertion), a fresh one for each request; without
    /// one, only `client_id` is sent, and Auth0 refuses it.
    PrivateKeyJwt,
    /// mTLS: the connection's certificate is the proof, and only `client_id` is sent. The certificate is the
    /// transport's; Auth0 refuses a request that has another credential too.
    Mtls,
}

impl ClientAuth {
    /// Whether Auth0 takes notice of [`CallOptions::forwarded_for`](crate::CallOptions::forwarded_for): only for an
    /// application that authenticates with a client secret (and has "Trust Token Endpoint IP Header" on).
    pub fn honours_forwarded_for(&self) -> bool {
        matches!(self, Self::SecretPost(_) | Self::SecretBasic(_))
    }
}

/// The `client_id` of an application. Not a secret.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// Takes the identifier as the Dashboard shows it.
    ///
    /// # Errors
    /// When it is empty.
    pub fn parse(client_id: impl Into<String>) -> Result<Self, InvalidValue> {
        let client_id = client_id.into();
        if client_id.is_empty() {
            return Err(InvalidValue::new("client_id", "is empty"));
        }
        Ok(Self(client_id))
    }

    /// The identifier's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientId({})", self.0)
    }
}
