//! What a first factor answers.

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::{Body, MfaRequired, NewCode, TokenSet};

/// A first factor was accepted: either that is enough, or a second one is asked for.
#[derive(Debug)]
#[allow(clippy::exhaustive_enums)] // a login is one or the other
#[allow(clippy::large_enum_variant)] // made once a login
pub enum FirstFactor {
    /// No second factor is needed.
    Tokens(TokenSet),
    /// A second factor is needed; it hands out the calls that come next.
    MfaRequired(MfaRequired),
}

impl FirstFactor {
    pub(crate) fn read(reply: &Reply<'_>) -> Result<Self, Unreadable> {
        TokenSet::read(reply).map(Self::Tokens)
    }

    pub(crate) fn to_response(&self) -> http::Response<Body> {
        match self {
            Self::Tokens(tokens) => tokens.to_response(&NewCode::NotReturned),
            Self::MfaRequired(mfa) => crate::ApiError::require_mfa(mfa.clone()).to_response(),
        }
    }
}
