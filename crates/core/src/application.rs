//! Which application calls which tenant, and how it proves itself.

use std::fmt;

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
}

impl Application {
    /// Puts the three together.
    pub fn new(domain: Domain, client_id: ClientId, client_auth: ClientAuth) -> Self {
        Self { domain, client_id, client_auth }
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
    /// `client_secret_basic`: an `Authorization: Basic` header, each part form-encoded first (RFC 6749, 2.3.1).
    SecretBasic(ClientSecret),
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
