//! The APIs that access tokens are for, and the scopes that they grant.

use std::borrow::Cow;

use crate::Tenant;
use crate::base_url::BaseUrl;

/// The scopes of a login that asked for none.
const DEFAULT_SCOPE: &str = "openid profile";
/// The scopes of the MFA API, all of which are granted when none is asked for.
const MFA_SCOPES: [&str; 3] = ["enroll", "read:authenticators", "remove:authenticators"];
/// The scopes that any API has.
const OIDC_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// What an access token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Api<'a> {
    /// No audience was asked for: who the user is.
    Userinfo,
    /// `https://{domain}/mfa/`.
    Mfa,
    /// `https://{domain}/api/v2/`.
    Management,
    /// One that the tenant does not know. It takes any, without a slash at its end for example: a token for it is good
    /// nowhere here.
    Other(&'a str),
}

impl Tenant {
    pub(crate) fn api<'a>(&self, base: &BaseUrl, audience: Option<&'a str>) -> Api<'a> {
        let Some(audience) = audience else { return Api::Userinfo };
        [Api::Mfa, Api::Management]
            .into_iter()
            .find(|api| self.audience(base, api) == audience)
            .unwrap_or(Api::Other(audience))
    }

    /// The `aud` of an API.
    pub(crate) fn audience(&self, base: &BaseUrl, api: &Api<'_>) -> String {
        match api {
            Api::Userinfo => base.join("userinfo"),
            Api::Mfa => self.mfa_audience.clone().unwrap_or_else(|| base.join("mfa/")),
            Api::Management => base.join("api/v2/"),
            Api::Other(audience) => (*audience).to_owned(),
        }
    }
}

impl Api<'_> {
    /// What a user's token may do, of what was asked for.
    pub(crate) fn granted_to_user<'s>(&self, asked: Option<&'s str>) -> Cow<'s, str> {
        let known: &[&str] = match self {
            Self::Userinfo | Self::Other(_) => return Cow::Borrowed(asked.unwrap_or(DEFAULT_SCOPE)),
            Self::Mfa => &MFA_SCOPES,
            // Those of the Management API are for applications.
            Self::Management => &[],
        };
        match asked {
            None => Cow::Owned(known.join(" ")),
            Some(asked) => {
                Cow::Owned(only(asked, |scope| known.contains(&scope) || OIDC_SCOPES.contains(&scope)))
            }
        }
    }
}

/// The scopes that are good, in the order in which they were asked for.
pub(crate) fn only(scopes: &str, is_good: impl Fn(&str) -> bool) -> String {
    scopes.split(' ').filter(|scope| !scope.is_empty() && is_good(scope)).collect::<Vec<_>>().join(" ")
}
