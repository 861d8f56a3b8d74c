//! `GET /api/v2/guardian/factors`: which factors the tenant has switched on.
//!
//! Source: <https://auth0.com/docs/api/management/v2/guardian/get-factors>

use std::fmt;

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::json::{self, Fields};
use crate::wire::{bearer_endpoint, json_response};
use crate::{ApiError, Application, Body, Call, CallOptions, ManagementToken, NextStep, Replay, shown};

const PATH: &str = "/api/v2/guardian/factors";

/// Lists the tenant's factors. Answers [`GuardianFactors`].
///
/// `recovery-code` is off in a new tenant, and needs another factor beside it.
///
/// Refused with 400, 401 (the token), 403 (its scope is not `read:guardian_factors`) or 429.
///
/// ```
/// use auth0_mfa_core::{ListGuardianFactors, ManagementToken};
///
/// let call = ListGuardianFactors::new(ManagementToken::parse("eyJ.FAKE.FAKE")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct ListGuardianFactors {
    token: ManagementToken,
}

impl ListGuardianFactors {
    /// The call, with a token of scope `read:guardian_factors`.
    pub fn new(token: ManagementToken) -> Self {
        Self { token }
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }
}

impl Call for ListGuardianFactors {
    type Output = GuardianFactors;
    type NewCode = ();

    const NAME: &'static str = "ListGuardianFactors";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let domain = application.management_domain();
        bearer_endpoint::request(domain, options, Method::GET, PATH, self.token.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<GuardianFactors, Unreadable> {
        let elements = json::elements(reply.text()).ok_or(Unreadable::new("is not a JSON array"))?;
        let elements = elements.into_iter().map(RawValue::get).filter(|element| *element != "null");
        let factors = elements.map(GuardianFactor::read);
        Ok(GuardianFactors { factors: factors.collect::<Result<_, _>>()?, info: reply.info() })
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_management(error)
    }
}

impl Serve for ListGuardianFactors {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let call = Self::new(bearer_endpoint::read_management_token(request)?);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(output: &GuardianFactors) -> http::Response<Body> {
        let items: Vec<Item<'_>> = output.factors.iter().map(Item::of).collect();
        json_response(StatusCode::OK, json::write(&items))
    }
}

/// The tenant's factors, in the reply's order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GuardianFactors {
    /// Each of them.
    pub factors: Vec<GuardianFactor>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl GuardianFactors {
    /// Whether a factor is switched on; `None` when it is not listed, or the reply does not say.
    ///
    /// ```
    /// use auth0_mfa_core::{GuardianFactor, GuardianFactors};
    ///
    /// let factors = GuardianFactors::from(vec![GuardianFactor::new("recovery-code", true)]);
    /// assert_eq!(factors.is_enabled("recovery-code"), Some(true));
    /// assert_eq!(factors.is_enabled("otp"), None);
    /// ```
    pub fn is_enabled(&self, name: &str) -> Option<bool> {
        self.factors.iter().find(|factor| factor.name.as_deref() == Some(name))?.enabled
    }
}

impl From<Vec<GuardianFactor>> for GuardianFactors {
    fn from(factors: Vec<GuardianFactor>) -> Self {
        Self { factors, info: ReplyInfo::default() }
    }
}

/// One factor of the tenant.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GuardianFactor {
    /// `name`: `recovery-code`, `otp`, `sms`, `email`, `push-notification`, `duo`, `webauthn-roaming`,
    /// `webauthn-platform`, or a word to come.
    pub name: Option<String>,
    /// `enabled`: whether it is switched on.
    pub enabled: Option<bool>,
    /// `trial_expired`: whether a trial of it has ended.
    pub trial_expired: Option<bool>,
}

impl GuardianFactor {
    /// A factor; for servers and tests.
    pub fn new(name: impl Into<String>, enabled: bool) -> Self {
        Self { name: Some(name.into()), enabled: Some(enabled), trial_expired: None }
    }

    fn read(element: &str) -> Result<Self, Unreadable> {
        let fields =
            Fields::parse(element).ok_or(Unreadable::new("lists something that is not an object"))?;
        Ok(Self {
            name: fields.text("name"),
            enabled: fields.boolean("enabled"),
            trial_expired: fields.boolean("trial_expired"),
        })
    }
}

impl fmt::Debug for GuardianFactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardianFactor")
            .field("name", &shown::word(self.name.as_deref()))
            .field("enabled", &self.enabled)
            .field("trial_expired", &self.trial_expired)
            .finish()
    }
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trial_expired: Option<bool>,
}

impl<'a> Item<'a> {
    fn of(factor: &'a GuardianFactor) -> Self {
        let GuardianFactor { name, enabled, trial_expired } = factor;
        Self { name: name.as_deref(), enabled: *enabled, trial_expired: *trial_expired }
    }
}
