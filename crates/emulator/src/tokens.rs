//! The tokens that the tenant issues: JWTs, or texts from which nothing can be read.

use std::collections::BTreeMap;
use std::time::Duration;

use auth0_mfa_core::{AccessToken, IdToken, TokenSet};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::api::Api;
use crate::base_url::BaseUrl;
use crate::generator::Generator;
use crate::refresh_tokens::Grant;
use crate::refusal::Refusal;
use crate::user::UserId;
use crate::{Tenant, Timestamp, TokenFormat, grant_type, secrets};

/// How long access tokens live, in recordings.
const LIFETIME: Duration = Duration::from_secs(86_400);
/// How long those for the MFA API live. It cannot be set at Auth0.
const MFA_LIFETIME: Duration = Duration::from_secs(600);
/// How long ID tokens live: Auth0's default.
const ID_LIFETIME: Duration = Duration::from_secs(36_000);

/// How many opaque tokens are kept; older ones are forgotten, and are then unknown.
const KEPT: usize = 10_000;

/// Who asked for tokens, once it has proved itself.
#[derive(Debug)]
pub(crate) struct Client {
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

/// Tokens of a user who has passed a second factor.
pub(crate) fn issue(
    tenant: &mut Tenant,
    client: &Client,
    user: UserId,
    asked: &Asked,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    of_login(tenant, client, user, asked, true, now)
}

/// Tokens of a user who was not asked for a second factor.
pub(crate) fn issue_without_mfa(
    tenant: &mut Tenant,
    client: &Client,
    user: UserId,
    asked: &Asked,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    of_login(tenant, client, user, asked, false, now)
}

fn of_login(
    tenant: &mut Tenant,
    client: &Client,
    user: UserId,
    asked: &Asked,
    second_factor: bool,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    let mut tokens = access_and_id_token(tenant, client, user, asked, now)?;
    let may_refresh =
        || tenant.application(&client.client_id).is_some_and(|it| it.allows(grant_type::REFRESH_TOKEN));
    if has_scope(tokens.scope.as_deref().unwrap_or_default(), "offline_access") && may_refresh() {
        let grant = Grant {
            client_id: client.client_id.clone(),
            user,
            asked: Asked { audience: asked.audience.clone(), scope: tokens.scope.clone() },
            key: client.key.clone(),
            second_factor,
        };
        tokens.refresh_token = Some(tenant.refresh_tokens.begin(grant, &mut tenant.generator));
    }
    Ok(tokens)
}

/// An access token and, with `openid`, an ID token.
pub(crate) fn access_and_id_token(
    tenant: &mut Tenant,
    client: &Client,
    user: UserId,
    asked: &Asked,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    let api = tenant.api(&client.base, asked.audience.as_deref());
    let scope = api.granted_to_user(asked.scope.as_deref());
    let mut tokens = access_token(tenant, client, Some(user), &api, &scope, now)?;
    if has_scope(&scope, "openid") {
        tokens.id_token = Some(id_token(tenant, client, user, &scope, now)?);
    }
    Ok(tokens)
}

fn has_scope(scopes: &str, wanted: &str) -> bool {
    scopes.split(' ').any(|scope| scope == wanted)
}

/// An access token of a user, or of the application itself.
pub(crate) fn access_token(
    tenant: &mut Tenant,
    client: &Client,
    user: Option<UserId>,
    api: &Api<'_>,
    scope: &str,
    now: Timestamp,
) -> Result<TokenSet, Refusal> {
    let lifetime = if matches!(api, Api::Mfa) { MFA_LIFETIME } else { LIFETIME };
    // A token for another API is of no use here, so nobody has to know what an opaque one says.
    let is_ours = matches!(api, Api::Mfa | Api::Management);
    let mut text = if tenant.tokens == TokenFormat::Opaque && !is_ours {
        tenant.generator.url_safe(32)
    } else {
        let claims = AccessClaims {
            iss: client.base.as_str().to_owned(),
            sub: subject(tenant, client, user)?,
            aud: Audience::of(tenant.audience(&client.base, api), &client.base, scope),
            iat: now.unix_seconds(),
            exp: now.plus(lifetime).unix_seconds(),
            scope: scope.to_owned(),
            gty: user.is_none().then(|| "client-credentials".to_owned()),
            azp: client.client_id.clone(),
            cnf: client.key.clone().map(|jkt| Confirmation { jkt }),
        };
        match tenant.tokens {
            TokenFormat::Jwt => tenant.signing_key.sign(&claims).ok_or(Refusal::Internal)?,
            TokenFormat::Opaque => tenant.opaque_tokens.add(claims, &mut tenant.generator),
        }
    };
    let mut tokens = TokenSet::new(AccessToken::parse(std::mem::take(&mut *text))?);
    tokens.token_type = Some(if client.key.is_some() { "DPoP" } else { "Bearer" }.to_owned());
    tokens.expires_in = Some(lifetime);
    tokens.scope = Some(scope.to_owned());
    Ok(tokens)
}

fn subject(tenant: &Tenant, client: &Client, user: Option<UserId>) -> Result<String, Refusal> {
    match user {
        Some(user) => Ok(tenant.users.get(user.0).ok_or(Refusal::Internal)?.user_id().to_owned()),
        None => Ok(format!("{}@clients", client.client_id)),
    }
}

/// It has no `amr`: tokens of the MFA API do not say that a second factor was passed.
fn id_token(
    tenant: &mut Tenant,
    client: &Client,
    user: UserId,
    scope: &str,
    now: Timestamp,
) -> Result<IdToken, Refusal> {
    if tenant.tokens == TokenFormat::Opaque {
        return Ok(IdToken::from(std::mem::take(&mut *tenant.generator.url_safe(64))));
    }
    let user = tenant.users.get(user.0).ok_or(Refusal::Internal)?;
    let has = |wanted: &str| has_scope(scope, wanted);
    let profile = has("profile").then(|| Profile {
        nickname: user.name().split('@').next().unwrap_or_default(),
        name: user.name(),
        updated_at: "2023-11-14T22:13:20.000Z",
    });
    let email = user.email().filter(|_| has("email"));
    let email = email.map(|email| Email { email: email.expose(), email_verified: user.is_email_verified() });
    let claims = IdClaims {
        profile,
        email,
        iss: client.base.as_str(),
        aud: &client.client_id,
        iat: now.unix_seconds(),
        exp: now.plus(ID_LIFETIME).unix_seconds(),
        sub: user.user_id(),
    };
    let mut token = tenant.signing_key.sign(&claims).ok_or(Refusal::Internal)?;
    Ok(IdToken::from(std::mem::take(&mut *token)))
}

/// The claims of an access token, in Auth0's order.
#[derive(Clone, Debug, Serialize, Deserialize)]
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

impl AccessClaims {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        has_scope(&self.scope, scope)
    }
}

impl Tenant {
    /// What an access token says that this tenant has issued. Whether it is still good, and for what, is to be looked
    /// at.
    pub(crate) fn access_claims(&self, token: &str) -> Option<AccessClaims> {
        match self.tokens {
            TokenFormat::Jwt => self.signing_key.verify(token)?.claims(),
            TokenFormat::Opaque => self.opaque_tokens.find(token).cloned(),
        }
    }
}

/// What the opaque access tokens say that are of use here.
#[derive(Default)]
pub(crate) struct OpaqueTokens {
    kept: BTreeMap<u64, (Zeroizing<String>, AccessClaims)>,
    next: u64,
}

impl OpaqueTokens {
    /// The number of the token is in it, so that it is found without a table of secrets.
    fn add(&mut self, claims: AccessClaims, generator: &mut Generator) -> Zeroizing<String> {
        let number = self.next;
        self.next += 1;
        let token = Zeroizing::new(format!("{number:016x}{}", generator.url_safe(32).as_str()));
        self.kept.insert(number, (token.clone(), claims));
        if self.kept.len() > KEPT {
            self.kept.pop_first();
        }
        token
    }

    fn find(&self, token: &str) -> Option<&AccessClaims> {
        let number = u64::from_str_radix(token.get(..16)?, 16).ok()?;
        let (known, claims) = self.kept.get(&number)?;
        secrets::same(known, token).then_some(claims)
    }
}

/// The key that a token is bound to.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Confirmation {
    pub(crate) jkt: String,
}

/// One audience as a text, several as a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// With `openid`, the token is good at `/userinfo` too.
    fn of(audience: String, base: &BaseUrl, scope: &str) -> Self {
        let userinfo = base.join("userinfo");
        if audience == userinfo || !has_scope(scope, "openid") {
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
