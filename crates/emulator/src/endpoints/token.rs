//! `POST /oauth/token`: which grant it is, which application asks, and the tokens.

use std::time::Duration;

use auth0_mfa_core::serve::{self, ClientCredentials};
use auth0_mfa_core::{AccessToken, IdToken, MfaToken, RefreshToken, TokenSet};

use super::{Answer, mfa_otp, mfa_recovery_code, password};
use crate::generator::Generator;
use crate::login::{LoginId, TokenProblem};
use crate::refusal::Refusal;
use crate::user::UserId;
use crate::{Tenant, Timestamp, grant_type, secrets};

/// How long access tokens live, in recordings.
const TOKEN_LIFETIME: Duration = Duration::from_secs(86_400);

/// The scopes of a login that asked for none.
const DEFAULT_SCOPE: &str = "openid profile";

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    match serve::grant_type(request)?.as_str() {
        grant_type::PASSWORD => password::answer(tenant, request, now),
        grant_type::MFA_OTP => mfa_otp::answer(tenant, request, now),
        grant_type::MFA_RECOVERY_CODE => mfa_recovery_code::answer(tenant, request, now),
        _ => Err(Refusal::UnsupportedGrantType),
    }
}

/// The application that asks, once it has proved itself and may use the grant. Answers its `client_id`.
pub(super) fn authenticate(
    tenant: &Tenant,
    credentials: &ClientCredentials,
    grant_type: &'static str,
) -> Result<String, Refusal> {
    let client_id = credentials.client_id.as_deref().ok_or(Refusal::BadClient)?;
    let application = tenant.applications.iter().find(|application| application.client_id == client_id);
    let application = application.ok_or(Refusal::BadClient)?;
    if let Some(expected) = &application.client_secret {
        let given = credentials.client_secret.as_ref().ok_or(Refusal::BadClient)?;
        if !secrets::same(expected.expose(), given.expose()) {
            return Err(Refusal::BadClient);
        }
    }
    if application.allows(grant_type) {
        Ok(application.client_id.clone())
    } else {
        Err(Refusal::GrantNotAllowed(grant_type))
    }
}

/// What an MFA grant needs of the login that its `mfa_token` stands for.
pub(super) struct Continued {
    pub(super) login: LoginId,
    pub(super) user: UserId,
    pub(super) scope: Option<String>,
}

/// The login that an `mfa_token` stands for, when it was issued to this application.
pub(super) fn continued(
    tenant: &Tenant,
    mfa_token: &MfaToken,
    client_id: &str,
    now: Timestamp,
) -> Result<Continued, Refusal> {
    let found = tenant.logins.find(mfa_token.expose(), &tenant.behaviour, now);
    let (id, login) = found.map_err(|problem| match problem {
        TokenProblem::Unknown => Refusal::MalformedMfaToken,
        TokenProblem::Expired => Refusal::ExpiredMfaToken,
    })?;
    if login.client_id != client_id {
        return Err(Refusal::OtherClient);
    }
    Ok(Continued { login: id, user: login.user, scope: login.scope.clone() })
}

/// New tokens. They are opaque: nothing can be read from them.
pub(super) fn issue(generator: &mut Generator, scope: Option<&str>) -> Result<TokenSet, Refusal> {
    let scope = scope.unwrap_or(DEFAULT_SCOPE);
    let asked_for = |wanted: &str| scope.split(' ').any(|scope| scope == wanted);
    let mut tokens = TokenSet::new(AccessToken::parse(generator.url_safe(32).as_str())?);
    tokens.token_type = Some("Bearer".to_owned());
    tokens.expires_in = Some(TOKEN_LIFETIME);
    tokens.scope = Some(scope.to_owned());
    tokens.id_token = asked_for("openid").then(|| IdToken::from(generator.url_safe(64).as_str().to_owned()));
    tokens.refresh_token =
        asked_for("offline_access").then(|| RefreshToken::from(generator.url_safe(45).as_str().to_owned()));
    Ok(tokens)
}
