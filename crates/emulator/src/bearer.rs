//! For whom a token speaks, and what it may do: the `mfa_token` of a login that is under way, an access token for the
//! MFA API, or one for the Management API.

use auth0_mfa_core::{MfaApiScope, MfaToken};
use http::header;

use crate::base_url::BaseUrl;
use crate::login::{LoginId, TokenProblem};
use crate::refusal::Refusal;
use crate::tokens::{AccessClaims, Asked, Client};
use crate::user::UserId;
use crate::{Tenant, Timestamp};

/// For whom a token speaks.
#[derive(Debug)]
pub(crate) struct Caller {
    pub(crate) user: UserId,
    /// The application that the token was issued to.
    pub(crate) client_id: String,
    pub(crate) session: Session,
    /// What the first factor asked for.
    pub(crate) asked: Asked,
}

impl Caller {
    /// Whether it is an access token that speaks, and no `mfa_token`.
    pub(crate) fn is_access_token(&self) -> bool {
        matches!(self.session, Session::AccessToken(_))
    }
}

/// What a token belongs to. An `oob_code` is good only in the session that it was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    /// A login that is under way.
    Login(LoginId),
    /// The access tokens of a user.
    AccessToken(UserId),
}

/// For whom the Bearer of a call under `/mfa/` speaks. An access token must have the scope; an `mfa_token` does not
/// need one, and opens every call but the deletion.
pub(crate) fn caller(
    tenant: &Tenant,
    request: &http::Request<&[u8]>,
    bearer: &str,
    scope: MfaApiScope,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    if let Some(claims) = tenant.access_claims(bearer) {
        return access_token(tenant, &claims, Some(scope), now);
    }
    let caller = login(tenant, &tenant.base_url(request), bearer, now).map_err(|problem| match problem {
        TokenProblem::Unknown => Refusal::InvalidBearer,
        TokenProblem::Expired => Refusal::ExpiredMfaToken,
    })?;
    if scope == MfaApiScope::RemoveAuthenticators && !tenant.behaviour.mfa_token_removes_authenticators {
        return Err(Refusal::InvalidBearer);
    }
    Ok(caller)
}

/// For whom the parameter `mfa_token` of a grant or a challenge speaks, when it was issued to this application. Whether
/// an access token will do there, the caller of this function says by the session.
pub(crate) fn continued(
    tenant: &Tenant,
    mfa_token: &MfaToken,
    client: &Client,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let caller = match tenant.access_claims(mfa_token.expose()) {
        Some(claims) => access_token(tenant, &claims, None, now).map_err(|_| Refusal::MalformedMfaToken)?,
        None => login(tenant, &client.base, mfa_token.expose(), now).map_err(|problem| match problem {
            TokenProblem::Unknown => Refusal::MalformedMfaToken,
            TokenProblem::Expired => Refusal::ExpiredMfaToken,
        })?,
    };
    if caller.client_id == client.client_id { Ok(caller) } else { Err(Refusal::OtherClient) }
}

/// The application whose token for the Management API the request has, when it has this scope.
pub(crate) fn management(
    tenant: &Tenant,
    request: &http::Request<&[u8]>,
    scope: &'static str,
    now: Timestamp,
) -> Result<String, Refusal> {
    let header = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let (scheme, token) = header.and_then(|value| value.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(Refusal::NoManagementToken);
    }
    let claims = tenant.access_claims(token.trim()).ok_or(Refusal::BadManagementToken("Invalid token"))?;
    if now.unix_seconds() >= claims.exp {
        return Err(Refusal::BadManagementToken("Expired token received for JSON Web Token validation"));
    }
    if !claims.aud.has(&format!("{}api/v2/", claims.iss)) {
        return Err(Refusal::BadManagementToken("Bad audience"));
    }
    if claims.has_scope(scope) { Ok(claims.azp) } else { Err(Refusal::InsufficientManagementScope(scope)) }
}

fn login(tenant: &Tenant, base: &BaseUrl, token: &str, now: Timestamp) -> Result<Caller, TokenProblem> {
    let (id, login) = tenant.logins.find(token, &tenant.behaviour, now)?;
    if tenant.behaviour.mfa_token_is_of_one_host && login.base != *base {
        return Err(TokenProblem::Unknown);
    }
    Ok(Caller {
        user: login.user,
        client_id: login.client_id.clone(),
        session: Session::Login(id),
        asked: login.asked.clone(),
    })
}

fn access_token(
    tenant: &Tenant,
    claims: &AccessClaims,
    scope: Option<MfaApiScope>,
    now: Timestamp,
) -> Result<Caller, Refusal> {
    let audience = tenant.mfa_audience.clone().unwrap_or_else(|| format!("{}mfa/", claims.iss));
    let user = tenant.users.iter().position(|user| user.user_id() == claims.sub);
    let user = user.map(UserId).filter(|_| claims.aud.has(&audience) && now.unix_seconds() < claims.exp);
    let user = user.ok_or(Refusal::BadAccessToken)?;
    if scope.is_some_and(|scope| !claims.has_scope(scope.as_str())) {
        return Err(Refusal::InsufficientScope);
    }
    Ok(Caller {
        user,
        client_id: claims.azp.clone(),
        session: Session::AccessToken(user),
        asked: Asked::default(),
    })
}
