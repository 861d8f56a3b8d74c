//! What opens the calls under `/mfa/`.

use crate::{AccessToken, InvalidValue, MfaToken};

/// The token of a call under `/mfa/`: the opaque `mfa_token` of a login that is under way, or an access token for the
/// MFA API (audience `https://{domain}/mfa/`).
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/manage-mfa-auth0-apis/manage-authenticator-factors-mfa-api>
#[derive(Clone, Debug)]
pub struct Bearer(MfaToken);

impl Bearer {
    /// The token's text.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl From<MfaToken> for Bearer {
    fn from(token: MfaToken) -> Self {
        Self(token)
    }
}

impl TryFrom<&AccessToken> for Bearer {
    type Error = InvalidValue;

    /// Takes an access token.
    ///
    /// # Errors
    /// When it is not visible ASCII: it could not travel in an `Authorization` header.
    fn try_from(token: &AccessToken) -> Result<Self, InvalidValue> {
        let token = AccessToken::parse(token.expose())?;
        MfaToken::parse(token.expose()).map(Self)
    }
}
