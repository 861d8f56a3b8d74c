//! Tokens, as `/oauth/token` issues them.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::wiped::Wiped;
use crate::wire::json;
use crate::wire::json_response;
use crate::{AccessToken, Body, IdToken, NewCode, RecoveryCode, RefreshToken, shown};

/// The tokens of a successful grant.
///
/// Read liberally: only an `access_token` must be there. The tokens are not validated, and tokens of the MFA API carry
/// no `amr` claim.
///
/// Source: <https://auth0.com/docs/api/authentication/resource-owner-password-flow/get-token>
#[non_exhaustive]
pub struct TokenSet {
    /// `access_token`, for the API that was asked for.
    pub access_token: AccessToken,
    /// `token_type`, as it came; usually `Bearer`.
    pub token_type: Option<String>,
    /// `expires_in`: how long the access token lives; absent when it could not be read.
    pub expires_in: Option<Duration>,
    /// `scope`: the scopes granted, separated by spaces.
    pub scope: Option<String>,
    /// `id_token`, with the scope `openid`.
    pub id_token: Option<IdToken>,
    /// `refresh_token`, with the scope `offline_access`.
    pub refresh_token: Option<RefreshToken>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
    is_dpop_downgrade: bool,
}

impl TokenSet {
    /// A set with nothing but an access token; for servers and tests.
    pub fn new(access_token: AccessToken) -> Self {
        Self {
            access_token,
            token_type: None,
            expires_in: None,
            scope: None,
            id_token: None,
            refresh_token: None,
            info: ReplyInfo::default(),
            is_dpop_downgrade: false,
        }
    }

    /// Whether a DPoP proof was sent and the tokens are not bound to its key all the same (`token_type` is not
    /// `DPoP`). Such tokens are to be refused: whoever gets hold of them can use them (RFC 9449, 5). A new recovery
    /// code that came with them is good nevertheless.
    pub fn is_dpop_downgrade(&self) -> bool {
        self.is_dpop_downgrade
    }

    pub(crate) fn read(reply: &Reply<'_>) -> Result<Self, Unreadable> {
        let fields = reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let is_there = |token: &Wiped| !token.is_empty();
        let access_token =
            fields.string("access_token").filter(is_there).ok_or(Unreadable::new("has no access_token"))?;
        let token_type = fields.text("token_type");
        let is_bound = token_type.as_ref().is_some_and(|it| it.eq_ignore_ascii_case("DPoP"));
        Ok(Self {
            access_token: AccessToken::issued(access_token),
            token_type,
            expires_in: fields.whole_number("expires_in").map(Duration::from_secs),
            scope: fields.text("scope"),
            id_token: fields.string("id_token").map(IdToken::issued),
            refresh_token: fields.string("refresh_token").map(RefreshToken::issued),
            info: reply.info(),
            is_dpop_downgrade: reply.dpop_proof_sent() && !is_bound,
        })
    }

    /// A server's reply, with the new code where there is one.
    pub(crate) fn to_response(&self, new_code: &NewCode) -> http::Response<Body> {
        let body = json::write(&Envelope {
            access_token: self.access_token.expose(),
            id_token: self.id_token.as_ref().map(IdToken::expose),
            refresh_token: self.refresh_token.as_ref().map(RefreshToken::expose),
            scope: self.scope.as_deref(),
            expires_in: self.expires_in.map(|life| life.as_secs()),
            recovery_code: new_code.issued().map(RecoveryCode::expose),
            token_type: self.token_type.as_deref(),
        });
        json_response(http::StatusCode::OK, body)
    }
}

impl fmt::Debug for TokenSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenSet")
            .field("token_type", &shown::word(self.token_type.as_deref()))
            .field("expires_in", &self.expires_in)
            .field("scope", &shown::scopes(self.scope.as_deref()))
            .field("id_token", &self.id_token)
            .field("refresh_token", &self.refresh_token)
            .field("is_dpop_downgrade", &self.is_dpop_downgrade)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Envelope<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'a str>,
}
