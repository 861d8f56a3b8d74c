//! What opens the calls under `/mfa/`.

use crate::{MfaApiToken, MfaToken};

/// The token of a call under `/mfa/`: the opaque `mfa_token` of a login that is under way, or an access token for the
/// MFA API.
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Bearer {
    /// The `mfa_token` of a login.
    MfaToken(MfaToken),
    /// An access token.
    AccessToken(MfaApiToken),
}

impl Bearer {
    /// The token's text.
    pub fn expose(&self) -> &str {
        match self {
            Self::MfaToken(token) => token.expose(),
            Self::AccessToken(token) => token.expose(),
        }
    }
}

impl From<MfaToken> for Bearer {
    fn from(token: MfaToken) -> Self {
        Self::MfaToken(token)
    }
}

impl From<MfaApiToken> for Bearer {
    fn from(token: MfaApiToken) -> Self {
        Self::AccessToken(token)
    }
}
