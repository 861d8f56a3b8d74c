//! Who sends a request: an application with any credential and any setting, and what a server is to see of it.

use auth0_mfa_core::serve::{ClientCredentials, Received, Serve};
use auth0_mfa_core::{
    Application, Call, CallOptions, ClientAssertion, ClientAuth, ClientId, ClientSecret, Domain, begin,
};
use proptest::option;
use proptest::prelude::*;

use super::{parameter, visible};
use crate::support::received;

const DOMAIN: &str = "login.example.com";
const MTLS: &str = "mtls.login.example.com";
const MANAGEMENT: &str = "tenant.eu.auth0.com";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Auth {
    None,
    Post,
    Basic,
    PrivateKeyJwt,
    Mtls,
}

/// Where a request goes, which decides what it says of the application.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Endpoint {
    /// `/oauth/token` and `/mfa/challenge`: the application authenticates.
    Authenticating,
    /// `/mfa/associate`: the token authenticates, and a credential of the body goes with it.
    Associate,
    /// The other calls under `/mfa/`: nothing but the token.
    Mfa,
    /// The Management API: nothing but the token.
    Management,
}

#[derive(Clone, Debug)]
pub(super) struct Client {
    id: String,
    secret: String,
    assertion: Option<String>,
    auth: Auth,
    has_mtls_domain: bool,
    has_management_domain: bool,
    mfa_audience: Option<String>,
}

pub(super) fn client() -> impl Strategy<Value = Client> {
    let auth = prop_oneof![
        Just(Auth::None),
        Just(Auth::Post),
        Just(Auth::Basic),
        Just(Auth::PrivateKeyJwt),
        Just(Auth::Mtls)
    ];
    let assertion = option::weighted(0.8, visible());
    let settings = (any::<bool>(), any::<bool>(), option::of(parameter()));
    (parameter(), parameter(), assertion, auth, settings).prop_map(
        |(id, secret, assertion, auth, (has_mtls_domain, has_management_domain, mfa_audience))| Client {
            id,
            secret,
            assertion,
            auth,
            has_mtls_domain,
            has_management_domain,
            mfa_audience,
        },
    )
}

impl Client {
    /// The call as a server reads it, sent by this client, after a look at the request. What the server is to see of
    /// the client is checked.
    pub(super) fn send<C: Serve>(
        &self,
        endpoint: Endpoint,
        call: C,
        look: impl FnOnce(&http::Request<&[u8]>) -> Result<(), TestCaseError>,
    ) -> Result<C, TestCaseError> {
        let (request, _) = begin(call, &self.application(), self.options());
        prop_assert_eq!(request.uri().scheme_str(), Some("https"));
        prop_assert_eq!(request.uri().host(), Some(self.host(endpoint)));
        let request = received(&request);
        look(&request)?;
        let Received { call, client, .. } = C::read_request(&request)
            .map_err(|error| TestCaseError::fail(format!("{}: {error}", <C as Call>::NAME)))?;
        self.check(endpoint, &client)?;
        Ok(call)
    }

    /// The audience of the MFA API, as it was set or as it follows from the domain.
    pub(super) fn mfa_audience(&self) -> String {
        self.mfa_audience.clone().unwrap_or_else(|| format!("https://{DOMAIN}/mfa/"))
    }

    fn application(&self) -> Application {
        let secret = || ClientSecret::parse(self.secret.as_str()).unwrap();
        let auth = match self.auth {
            Auth::None => ClientAuth::None,
            Auth::Post => ClientAuth::SecretPost(secret()),
            Auth::Basic => ClientAuth::SecretBasic(secret()),
            Auth::PrivateKeyJwt => ClientAuth::PrivateKeyJwt,
            Auth::Mtls => ClientAuth::Mtls,
        };
        let id = ClientId::parse(self.id.as_str()).unwrap();
        let mut application = Application::new(Domain::parse(DOMAIN).unwrap(), id, auth);
        if self.has_mtls_domain {
            application = application.with_mtls_domain(Domain::parse(MTLS).unwrap());
        }
        if self.has_management_domain {
            application = application.with_management_domain(Domain::parse(MANAGEMENT).unwrap());
        }
        match &self.mfa_audience {
            Some(audience) => application.with_mfa_audience(audience.as_str()),
            None => application,
        }
    }

    /// An assertion is there for every application; only one that authenticates by it may send it.
    fn options(&self) -> CallOptions {
        match &self.assertion {
            Some(assertion) => {
                CallOptions::default().client_assertion(ClientAssertion::parse(assertion.as_str()).unwrap())
            }
            None => CallOptions::default(),
        }
    }

    fn host(&self, endpoint: Endpoint) -> &'static str {
        let authenticates = matches!(endpoint, Endpoint::Authenticating | Endpoint::Associate);
        match endpoint {
            Endpoint::Management if self.has_management_domain => MANAGEMENT,
            _ if authenticates && self.auth == Auth::Mtls && self.has_mtls_domain => MTLS,
            _ => DOMAIN,
        }
    }

    fn check(&self, endpoint: Endpoint, read: &ClientCredentials) -> Result<(), TestCaseError> {
        let is_named = match endpoint {
            Endpoint::Authenticating => true,
            Endpoint::Associate => !matches!(self.auth, Auth::None | Auth::Basic),
            Endpoint::Mfa | Endpoint::Management => false,
        };
        let only = |text: &str, auths: &[Auth]| {
            Some(text.to_owned()).filter(|_| is_named && auths.contains(&self.auth))
        };
        let secret = read.client_secret.as_ref().map(|secret| secret.expose().to_owned());
        let assertion = read.client_assertion.as_ref().map(|assertion| assertion.expose().to_owned());
        prop_assert_eq!(read.client_id.as_deref(), Some(self.id.as_str()).filter(|_| is_named));
        prop_assert_eq!(secret, only(&self.secret, &[Auth::Post, Auth::Basic]));
        prop_assert_eq!(assertion, self.assertion.as_deref().and_then(|it| only(it, &[Auth::PrivateKeyJwt])));
        prop_assert_eq!(read.basic, is_named && self.auth == Auth::Basic);
        Ok(())
    }
}
