//! What a tenant is made of: its applications, its users and its settings.

mod authenticator;
mod login_refusal;
mod rate_limits;
mod user;

use std::fmt;

use auth0_mfa_core::ClientSecret;
use serde::{Deserialize, Serialize};

use crate::client_certificate::ClientCertificate;
use crate::client_key::ClientKey;
use crate::factors::{Factor, Factors, PhoneMessageType};
use crate::{Behaviour, FaultRule, cors, grant_type, secrets};

pub use authenticator::{AuthenticatorConfig, ConfiguredMeans};
pub(crate) use authenticator::{is_email_address, is_phone_number};
pub use login_refusal::LoginRefusal;
pub use rate_limits::RateLimits;
pub use user::UserConfig;

/// A tenant before it begins. Read with serde from any format; every field has a default, and a field that is not known
/// is an error.
///
/// [`Config::default`] is a tenant for demonstrations: the application `confidential-app` with the secret
/// `fake-client-secret`, the application `public-app` without one, the user `alice@example.com` with the password
/// `fake-password-alice` who is enrolled, and `bob@example.com` with `fake-password-bob` who has no authenticator yet.
///
/// ```
/// use auth0_mfa_emulator::{Config, UserConfig};
///
/// let mut config = Config::default();
/// config.users.push(UserConfig::new("carol@example.com", "fake-password-carol").enrolled());
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Config {
    /// The tenant's name, as authenticator apps show it.
    pub tenant_name: String,
    /// The applications that may call.
    pub applications: Vec<ApplicationConfig>,
    /// The users that can log in.
    pub users: Vec<UserConfig>,
    /// Whether the factor `recovery-code` is on. Auth0's own default is off; here it is on, because it is what this
    /// tenant is for.
    pub recovery_codes: bool,
    /// Which other factors are on: `sms`, `push-notification`, `email` and `otp`, unless it is said.
    pub factors: Vec<Factor>,
    /// How the factor `sms` reaches a phone: both by SMS and by a call, unless it is said.
    pub phone_message_types: Vec<PhoneMessageType>,
    /// How many requests the tenant takes, and how many logins of one user: by its plan, or as is said. No limits and
    /// no headers that tell of them, unless it is said, so that tests can call as often as they like.
    pub rate_limits: RateLimits,
    /// The name of the one connection, which is the `realm` of `password-realm`.
    pub connection: String,
    /// Where the tenant is for its clients, for example `https://login.example.com`: what tokens have in `iss`, and what
    /// an assertion must have in `aud`. Unless it is said, it is what a request was sent to (scheme and `Host`), so
    /// that an SDK finds in `iss` the domain that it was given. Say it where clients call the tenant by several names.
    pub issuer: Option<String>,
    /// The audience of the MFA API, where it is not `{issuer}/mfa/`. With a custom domain, sources disagree: the
    /// documentation has the custom domain in it, an engineer of Auth0's said that it stays the tenant's.
    pub mfa_audience: Option<String>,
    /// What the customer's edge proves itself with when it forwards a client's certificate: the `cname-api-key` of the
    /// custom domain.
    #[serde(deserialize_with = "secrets::optional_client_secret")]
    pub cname_api_key: Option<ClientSecret>,
    /// The form of access tokens and ID tokens.
    pub tokens: TokenFormat,
    /// When a login needs a second factor.
    pub mfa_policy: MfaPolicy,
    /// How the tenant behaves where Auth0's behaviour is not known.
    pub behaviour: Behaviour,
    /// What goes wrong on the way; nothing, unless it is said.
    pub faults: Vec<FaultRule>,
}

/// Those of the calls of the Management API that the tenant has.
const MANAGEMENT_SCOPES: [&str; 12] = [
    "read:users",
    "update:users",
    "read:authentication_methods",
    "create:authentication_methods",
    "update:authentication_methods",
    "delete:authentication_methods",
    "read:guardian_enrollments",
    "delete:guardian_enrollments",
    "read:guardian_factors",
    "update:guardian_factors",
    "read:mfa_policies",
    "update:mfa_policies",
];

impl Default for Config {
    fn default() -> Self {
        Self {
            tenant_name: "Local Tenant".to_owned(),
            applications: vec![
                ApplicationConfig {
                    client_secret: ClientSecret::parse("fake-client-secret").ok(),
                    management_scopes: MANAGEMENT_SCOPES.map(str::to_owned).to_vec(),
                    ..ApplicationConfig::public("confidential-app")
                },
                ApplicationConfig::public("public-app"),
            ],
            users: vec![
                UserConfig::new("alice@example.com", "fake-password-alice").enrolled(),
                UserConfig::new("bob@example.com", "fake-password-bob"),
            ],
            recovery_codes: true,
            factors: vec![Factor::Sms, Factor::PushNotification, Factor::Email, Factor::Otp],
            phone_message_types: vec![PhoneMessageType::Sms, PhoneMessageType::Voice],
            rate_limits: RateLimits::none(),
            connection: "Username-Password-Authentication".to_owned(),
            issuer: None,
            mfa_audience: None,
            cname_api_key: None,
            tokens: TokenFormat::default(),
            mfa_policy: MfaPolicy::default(),
            behaviour: Behaviour::default(),
            faults: Vec::new(),
        }
    }
}

/// The form of access tokens and ID tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TokenFormat {
    /// JWTs, signed by RS256 with the key of `/.well-known/jwks.json`.
    #[default]
    Jwt,
    /// Texts from which nothing can be read.
    Opaque,
}

/// When a login needs a second factor (the tenant's Guardian policy).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum MfaPolicy {
    /// Always, of every user and in every application; a user without an authenticator is to enrol one.
    #[default]
    AllApplications,
    /// By how sure Auth0 is of the user (`confidence-score`). Of everybody, as far as this tenant knows: it asks for
    /// nothing.
    ConfidenceScore,
    /// Never.
    Never,
}

/// An application of the tenant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ApplicationConfig {
    /// Its identifier.
    pub client_id: String,
    /// Its secret: with one it is confidential and must prove itself, without one it is public.
    #[serde(default, deserialize_with = "secrets::optional_client_secret")]
    pub client_secret: Option<ClientSecret>,
    /// Its public keys: with one it must prove itself by an assertion that the private half has signed
    /// (`private_key_jwt`).
    #[serde(default)]
    pub client_keys: Vec<ClientKey>,
    /// Whether a refresh token is replaced when it is used. Auth0's own default is that it is not.
    #[serde(default)]
    pub refresh_token_rotation: bool,
    /// For how long a refresh token that was replaced is taken all the same; after that it ends all that came from the
    /// same login.
    #[serde(default)]
    pub refresh_token_leeway_seconds: u64,
    /// Its certificates: with one it must prove itself by mTLS, that is by the headers that the customer's edge sends
    /// (`cname-api-key`, `client-certificate`, `client-certificate-ca-verified`); see [`Config::cname_api_key`].
    #[serde(default)]
    pub client_certificates: Vec<ClientCertificate>,
    /// Whether it has to send DPoP proofs. Those that it sends are looked at in any case.
    #[serde(default)]
    pub requires_dpop: bool,
    /// Whether `auth0-forwarded-for` at `/oauth/token` says for whom it calls: what it says stands in the log. Of no use
    /// to an application without a secret. Auth0's own default is that it is not.
    #[serde(default)]
    pub is_token_endpoint_ip_header_trusted: bool,
    /// Pages whose scripts may call: their origins, for example `http://localhost:3000`. Those of all applications are
    /// let in alike, since a browser asks before it is known which one calls; to the Management API, none.
    #[serde(default)]
    pub allowed_origins: Vec<String>,
    /// The scopes of the Management API that it is granted: those of its tokens by `client_credentials`. Without any,
    /// it gets none.
    #[serde(default)]
    pub management_scopes: Vec<String>,
    /// The grants that it may use, as they stand in `grant_type`; all that the tenant knows, unless it is said.
    #[serde(default = "grant_type::all")]
    pub grant_types: Vec<String>,
}

impl ApplicationConfig {
    /// An application without a secret, with every grant.
    pub fn public(client_id: impl Into<String>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            client_keys: Vec::new(),
            client_certificates: Vec::new(),
            refresh_token_rotation: false,
            refresh_token_leeway_seconds: 0,
            requires_dpop: false,
            is_token_endpoint_ip_header_trusted: false,
            allowed_origins: Vec::new(),
            management_scopes: Vec::new(),
            grant_types: grant_type::all(),
        }
    }

    /// An application with a secret, with every grant.
    pub fn confidential(client_id: impl Into<String>, client_secret: ClientSecret) -> Self {
        Self { client_secret: Some(client_secret), ..Self::public(client_id) }
    }

    /// Whether it has nothing to prove itself with.
    pub fn is_public(&self) -> bool {
        self.client_secret.is_none() && self.client_keys.is_empty() && self.client_certificates.is_empty()
    }

    /// Whether it may use a grant.
    pub fn allows(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|allowed| allowed == grant_type)
    }
}

impl Config {
    /// Every factor that is on.
    pub(crate) fn factors(&self) -> Factors {
        let recovery_code = self.recovery_codes.then_some(Factor::RecoveryCode);
        let on = self.factors.iter().copied().chain(recovery_code);
        Factors::new(on, self.phone_message_types.clone())
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        for (index, application) in self.applications.iter().enumerate() {
            let invalid = |field, reason| Err(ConfigError::new("applications", index, field, reason));
            if application.client_id.is_empty() {
                return invalid("client_id", "is empty");
            }
            if self.applications.iter().take(index).any(|other| other.client_id == application.client_id) {
                return invalid("client_id", "is there twice");
            }
            application.check(self).or_else(|(field, reason)| invalid(field, reason))?;
        }
        for (index, user) in self.users.iter().enumerate() {
            let earlier = self.users.iter().take(index).map(|user| user.name.as_str());
            user.check(earlier).map_err(|(field, reason)| ConfigError::new("users", index, field, reason))?;
        }
        for (index, rule) in self.faults.iter().enumerate() {
            let is_known = |name: &String| self.users.iter().any(|user| user.name.eq_ignore_ascii_case(name));
            if !rule.user.as_ref().is_none_or(is_known) {
                return Err(ConfigError::new("faults", index, "user", "is no user of the tenant"));
            }
        }
        if self.factors.contains(&Factor::RecoveryCode) {
            let reason = "has recovery-code, which recovery_codes says";
            return Err(ConfigError { field: "factors".to_owned(), reason });
        }
        Ok(())
    }
}

impl ApplicationConfig {
    fn check(&self, config: &Config) -> Result<(), (&'static str, &'static str)> {
        let (keys, certificates) = (!self.client_keys.is_empty(), !self.client_certificates.is_empty());
        if keys && self.client_secret.is_some() {
            return Err(("client_keys", "are given beside a client_secret"));
        }
        if certificates && (keys || self.client_secret.is_some()) {
            return Err(("client_certificates", "are given beside another credential"));
        }
        if certificates && config.cname_api_key.is_none() {
            return Err(("client_certificates", "are given, and the tenant has no cname_api_key"));
        }
        if !self.allowed_origins.iter().all(|origin| cors::is_origin(origin)) {
            return Err(("allowed_origins", "has one that is no scheme and host"));
        }
        Ok(())
    }
}

/// A config that no tenant can be made of. It names the field, never the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    field: String,
    reason: &'static str,
}

impl ConfigError {
    fn new(list: &str, index: usize, field: &str, reason: &'static str) -> Self {
        Self { field: format!("{list}[{index}].{field}"), reason }
    }

    pub(crate) fn of_seed() -> Self {
        Self { field: "seed".to_owned(), reason: "chooses a key that is broken" }
    }

    /// The field, for example `users[1].name`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What is wrong with it, as the end of a sentence that begins with the field.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.reason)
    }
}

impl std::error::Error for ConfigError {}
