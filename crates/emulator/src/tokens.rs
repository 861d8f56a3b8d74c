//! The tokens that the tenant issues: JWTs, or texts from which nothing can be read.

use std::time::Duration;

use auth0_mfa_core::{AccessToken, IdToken, RefreshToken, TokenSet};
use serde::{Deserialize, Serialize};

use crate::api::Api;
use crate::base_url::BaseUrl;
use crate::refusal::Refusal;
use crate::user::UserId;
use crate::{Tenant, Timestamp, TokenFormat, grant_type};

/// How long access tokens live, in recordings.
const LIFETIME: Duration = Duration::from_secs(86_400);
/// How long those for the MFA API live. It cannot be set at Auth0.
const MFA_LIFETIME: Duration = Duration::from_secs(600);
/// How long ID tokens live: Auth0's default.
const ID_LIFETIME: Duration = Duration::from_secs(36_000);

/// Who asked for tokens, once it has proved itself.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) client_id: String,
    pub(crate) base: BaseUrl,
    /// The thumbprint of the key that the tokens are bound to, by DPoP.
    pub(crate) key: Option<String>,
}

/// What a grant asked for. Of a login, it is what its first factor asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) audience: Option<String>,
    pub(crate) scope: Option<String>,
}

impl Asked {
    pub(crate) fn new(audience: Option<&str>, scope: Option<&str>) -> Self {
        Self { audience: audience.map(str::to_owned), scope: scope.map(str::to_owned) }
    }
}

/// Tokens of a user.
pub(crate) fn issue(
    tenant: &mut Tenant,
    caller: &Caller,
    user: UserId,
    asked: &Asked,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    let api = tenant.api(&caller.base, asked.audience.as_deref());
    let scope = api.granted_to_user(asked.scope.as_deref());
    let has = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
    let mut tokens = access_token(tenant, caller, Some(user), &api, &scope, now)?;
    if has("openid") {
        tokens.id_token = Some(id_token(tenant, caller, user, &scope, now)?);
    }
    let may_refresh =
        tenant.application(&caller.client_id).is_some_and(|it| it.allows(grant_type::REFRESH_TOKEN));
    if has("offline_access") && may_refresh {
        tokens.refresh_token = Some(RefreshToken::from(tenant.generator.url_safe(45).as_str().to_owned()));
    }
    tokens.scope = Some(scope.into_owned());
    Ok(tokens)
}

/// An access token of a user, or of the application itself.
pub(crate) fn access_token(
    tenant: &mut Tenant,
    caller: &Caller,
    user: Option<UserId>,
    api: &Api<'_>,
    scope: &str,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    let lifetime = if matches!(api, Api::Mfa) { MFA_LIFETIME } else { LIFETIME };
    let text = match tenant.tokens {
        TokenFormat::Opaque => tenant.generator.url_safe(32),
        TokenFormat::Jwt => {
            let audience = tenant.audience(&caller.base, api);
            let claims = AccessClaims {
                iss: caller.base.as_str().into(),
                sub: subject(tenant, caller, user)?,
                aud: Audience::of(audience, &caller.base, scope),
                iat: now.unix_seconds(),
                exp: now.plus(lifetime).unix_seconds(),
                scope: scope.into(),
                gty: user.is_none().then(|| "client-credentials".to_owned()),
                azp: caller.client_id.clone(),
                cnf: caller.key.clone().map(|jkt| Confirmation { jkt }),
            };
            tenant.signing_key.sign(&claims).ok_or(Refusal::Internal)?
        }
    };
    let mut tokens = TokenSet::new(AccessToken::parse(text.as_str())?);
    tokens.token_type = Some(if caller.key.is_some() { "DPoP" } else { "Bearer" }.to_owned());
    tokens.expires_in = Some(lifetime);
    tokens.scope = Some(scope.to_owned());
    Ok(tokens)
}

fn subject(tenant: &Tenant, caller: &Caller, user: Option<UserId>) -> Result<String, Refusal> {
    match user {
        Some(user) => Ok(tenant.users.get(user.0).ok_or(Refusal::Internal)?.user_id().to_owned()),
        None => Ok(format!("{}@clients", caller.client_id)),
    }
}

/// It has no `amr`: tokens of the MFA API do not say that a second factor was passed.
fn id_token(
    tenant: &mut Tenant,
    caller: &Caller,
    user: UserId,
    scope: &str,
    now: Timestamp,
) -> Result<IdToken, Refusal> {
    if tenant.tokens == TokenFormat::Opaque {
        return Ok(IdToken::from(tenant.generator.url_safe(64).as_str().to_owned()));
    }
    let user = tenant.users.get(user.0).ok_or(Refusal::Internal)?;
    let has = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
    let profile = has("profile").then(|| Profile {
        nickname: user.name().split('@').next().unwrap_or_default(),
        name: user.name(),
        updated_at: "2023-11-14T22:13:20.000Z",
    });
    let email = user.name().contains('@').then(|| user.name());
    let email = email.filter(|_| has("email")).map(|email| Email { email, email_verified: true });
    let claims = IdClaims {
        profile,
        email,
        iss: caller.base.as_str(),
        aud: &caller.client_id,
        iat: now.unix_seconds(),
        exp: now.plus(ID_LIFETIME).unix_seconds(),
        sub: user.user_id(),
    };
    let token = tenant.signing_key.sign(&claims).ok_or(Refusal::Internal)?;
    Ok(IdToken::from(token.as_str().to_owned()))
}

/// The claims of an access token, in Auth0's order.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: Audience,
    pub(crate) iat: u64,
    pub(crate) exp: u64,
    pub(crate) scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gty: Option<String>,
    pub(crate) azp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cnf: Option<Confirmation>,
}

/// The key that a token is bound to.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Confirmation {
    pub(crate) jkt: String,
}

/// One audience as a text, several as a list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// With `openid`, the token is good at `/userinfo` too.
    fn of(audience: String, base: &BaseUrl, scope: &str) -> Self {
        let userinfo = base.join("userinfo");
        if audience == userinfo || !scope.split(' ').any(|scope| scope == "openid") {
            return Self::One(audience);
        }
        Self::Several(vec![audience, userinfo])
    }

    pub(crate) fn has(&self, wanted: &str) -> bool {
        match self {
            Self::One(audience) => audience == wanted,
            Self::Several(audiences) => audiences.iter().any(|audience| audience == wanted),
        }
    }
}

#[derive(Serialize)]
struct IdClaims<'a> {
    #[serde(flatten)]
    profile: Option<Profile<'a>>,
    #[serde(flatten)]
    email: Option<Email<'a>>,
    iss: &'a str,
    aud: &'a str,
    iat: u64,
    exp: u64,
    sub: &'a str,
}

#[derive(Serialize)]
struct Profile<'a> {
    nickname: &'a str,
    name: &'a str,
    updated_at: &'static str,
}

#[derive(Serialize)]
struct Email<'a> {
    email: &'a str,
    email_verified: bool,
}
