//! How many requests a tenant takes: by its plan, or as is said.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::Limit;

/// How many requests the tenant takes, of everybody together, and how many logins of one user. There is no limit that
/// is not said.
///
/// Over a limit of requests nothing is looked at, and the answer is a 429 `too_many_requests`, in the shape of the API.
/// Where there is one, replies have `x-ratelimit-limit`, `-remaining` and `-reset` (when more is given back): those of
/// the endpoint's bucket, or of the API's where the endpoint has none or the API's is over. Whether replies under
/// `/mfa/` have them is not known; it is [`rate_limit_headers_of_mfa`](crate::Behaviour::rate_limit_headers_of_mfa).
///
/// Read with serde it is the name of a plan (`none`, `free`, `essentials`, `enterprise`), or a table of limits.
///
/// ```
/// use auth0_mfa_emulator::{Config, Limit, RateLimits};
///
/// let mut config = Config::default();
/// config.rate_limits = RateLimits::free();
/// config.rate_limits.management = Some(Limit::new(10, 2, 1)); // 10, and 2 a second
/// ```
///
/// # The published limits
/// A limit is so many at once, and so many more when a [window](Limit) ends. The pages are Auth0's, below
/// `troubleshoot/customer-support/operational-policies/rate-limit-policy`.
///
/// | What | Limit | Of | Page | Setting |
/// |---|---|---|---|---|
/// | Authentication API, free | 300, 300 a minute | tenant | `free-public` | `authentication` |
/// | `/oauth/token`, free | 30, 30 a second | tenant | `free-public` | `token` |
/// | Management API, free | 2, 2 a second | tenant | `free-public` | `management` |
/// | Authentication API, essentials | 25, 25 a second | tenant | `essentials-professional-b2b` | `authentication` |
/// | Authentication API, enterprise | 100, 100 a second | tenant | `enterprise-public` | `authentication` |
/// | Management API, enterprise | 50, 16 a second | tenant in production | `enterprise-public` | `management` |
/// | Logins | 20, 10 a minute | user and address | `database-connections-rate-limits` | `logins_per_user` |
/// | Exchanges of an `oob_code` | 12, 12 a minute | session | `enterprise-public` | [`oob_exchanges`] |
/// | Wrong one-time passwords | 10, 10 an hour: one in 6 minutes | user | `enterprise-public` | [`failures`] |
/// | Wrong recovery codes | 10, 10 an hour: one in 6 minutes | user | `enterprise-public` | [`failures`] |
/// | SMS | 10, 1 an hour | user | `enterprise-public` | [`phone_messages`] |
/// | E-mails | 20, 1 a minute | user | `enterprise-public` | [`emails`] |
/// | Pushes | 5, 5 a minute | user | `enterprise-public` | [`pushes`] |
///
/// Those of [`Behaviour`](crate::Behaviour) hold whatever the plan is: the pages of the paid plans have them, and the
/// pages on this flow have that of wrong codes without naming a plan. Two more have nothing to apply to here: that of
/// WebAuthn (15, 15 a minute), which is no part of the MFA API, and that of Custom Token Exchange, which this tenant
/// has not.
///
/// [`oob_exchanges`]: crate::Behaviour::oob_exchanges
/// [`failures`]: crate::Behaviour::failures
/// [`phone_messages`]: crate::Behaviour::phone_messages
/// [`emails`]: crate::Behaviour::emails
/// [`pushes`]: crate::Behaviour::pushes
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RateLimits {
    /// Of requests to the Authentication API: all that are not to the Management API.
    pub authentication: Option<Limit>,
    /// Of those to `/oauth/token`, by a bucket of their own. The Authentication API's is looked at first, as
    /// documented, and they count there, too.
    pub token: Option<Limit>,
    /// Of requests to the Management API: below `/api/v2/`.
    pub management: Option<Limit>,
    /// How often one user's password is looked at, be it right or wrong, when it comes from one address: the end user's
    /// as the log has it ([`Event::ip`](crate::Event::ip)). Where no address is known, all come from the same.
    pub logins_per_user: Option<Limit>,
}

const LOGINS: Limit = Limit::new(20, 10, 60);

impl RateLimits {
    /// No limits.
    pub const fn none() -> Self {
        Self { authentication: None, token: None, management: None, logins_per_user: None }
    }

    /// Those of a free plan.
    pub const fn free() -> Self {
        Self {
            authentication: Some(Limit::new(300, 300, 60)),
            token: Some(Limit::new(30, 30, 1)),
            management: Some(Limit::new(2, 2, 1)),
            logins_per_user: Some(LOGINS),
        }
    }

    /// Those of the plans Essentials and Professional. Of the Management API these have none as a whole, but one for
    /// each of its parts, which this tenant does not tell apart.
    pub const fn essentials() -> Self {
        Self { authentication: Some(Limit::new(25, 25, 1)), logins_per_user: Some(LOGINS), ..Self::none() }
    }

    /// Those of an enterprise's tenant in production.
    pub const fn enterprise() -> Self {
        Self {
            authentication: Some(Limit::new(100, 100, 1)),
            management: Some(Limit::new(50, 16, 1)),
            logins_per_user: Some(LOGINS),
            ..Self::none()
        }
    }
}

/// The names of the plans.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Plan {
    None,
    Free,
    Essentials,
    Enterprise,
}

impl Plan {
    fn rate_limits(self) -> RateLimits {
        match self {
            Self::None => RateLimits::none(),
            Self::Free => RateLimits::free(),
            Self::Essentials => RateLimits::essentials(),
            Self::Enterprise => RateLimits::enterprise(),
        }
    }
}

impl<'de> Deserialize<'de> for RateLimits {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlanOrTable)
    }
}

struct PlanOrTable;

impl<'de> Visitor<'de> for PlanOrTable {
    type Value = RateLimits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a plan, or a table of limits")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<RateLimits, E> {
        Plan::deserialize(name.into_deserializer()).map(Plan::rate_limits)
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<RateLimits, A::Error> {
        RateLimits::deserialize(MapAccessDeserializer::new(table))
    }
}
