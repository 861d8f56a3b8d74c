//! `PUT /api/v2/guardian/factors/{name}`: a factor is switched on or off for the tenant.
//!
//! Source: <https://auth0.com/docs/api/management/v2/guardian/put-factors-by-name>

use http::{Method, StatusCode};
use serde::Serialize;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::json::{self, Fields, Text};
use crate::wire::parameters::Parameters;
use crate::wire::{JSON, bearer_endpoint, is_of_type, json_response, path};
use crate::{
    ApiError, Application, Body, Call, CallOptions, GuardianFactorName, ManagementToken, NextStep, Replay,
};

const PATH: &str = "/api/v2/guardian/factors/{}";
const ENABLED: &str = "enabled";

/// Switches a factor on or off for the whole tenant. Answers [`GuardianFactorSet`].
///
/// With `recovery-code` off, no code is issued and none is accepted.
///
/// Refused with 400 (no such factor), 401 (the token), 403 (its scope is not `update:guardian_factors`) or 429.
///
/// ```
/// use auth0_mfa_core::{GuardianFactorName, ManagementToken, SetGuardianFactor};
///
/// let token = ManagementToken::parse("eyJ.FAKE.FAKE")?;
/// let call = SetGuardianFactor::new(token, GuardianFactorName::recovery_code(), true);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct SetGuardianFactor {
    token: ManagementToken,
    name: GuardianFactorName,
    enabled: bool,
}

impl SetGuardianFactor {
    /// The call, with a token of scope `update:guardian_factors`.
    pub fn new(token: ManagementToken, name: GuardianFactorName, enabled: bool) -> Self {
        Self { token, name, enabled }
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }

    /// The factor; for servers and tests.
    pub fn name(&self) -> &GuardianFactorName {
        &self.name
    }

    /// Whether it is to be on; for servers and tests.
    pub fn enabled(&self) -> bool {
        self.enabled
    }
}

impl Call for SetGuardianFactor {
    type Output = GuardianFactorSet;
    type NewCode = ();

    const NAME: &'static str = "SetGuardianFactor";
    /// The second sending sets what the first has set.
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let path = path::write(PATH, &[self.name.as_str()]);
        let body = json::write(&Enabled { enabled: self.enabled });
        let domain = application.management_domain();
        bearer_endpoint::request(domain, options, Method::PUT, &path, self.token.expose(), Some(body))
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<GuardianFactorSet, Unreadable> {
        let fields = reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let enabled =
            fields.boolean("enabled").ok_or(Unreadable::new("does not say whether it is enabled"))?;
        Ok(GuardianFactorSet { enabled, info: reply.info() })
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_management(error)
    }
}

impl Serve for SetGuardianFactor {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [name] = path::read(request.uri().path(), PATH)?;
        let name = GuardianFactorName::parse(name).map_err(|_| RequestError::WrongPath)?;
        let call = Self::new(bearer_endpoint::read_management_token(request)?, name, read_enabled(request)?);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(output: &GuardianFactorSet) -> http::Response<Body> {
        json_response(StatusCode::OK, json::write(&Enabled { enabled: output.enabled }))
    }
}

/// From a JSON object or, as the API takes it too, a form.
fn read_enabled(request: &http::Request<&[u8]>) -> Result<bool, RequestError> {
    let parameters = Parameters::read(request)?;
    parameters.refuse_repeated(ENABLED)?;
    if is_of_type(request.headers(), JSON) {
        let text = Text::of(request.body());
        let fields = Fields::parse(text.as_str()).ok_or(RequestError::UnreadableBody)?;
        let value = fields.raw(ENABLED).ok_or(RequestError::MissingParameter(ENABLED))?;
        return value.parse().map_err(|_| RequestError::InvalidParameter(ENABLED));
    }
    parameters.required(ENABLED)?.parse().map_err(|_| RequestError::InvalidParameter(ENABLED))
}

/// A factor was switched on or off.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GuardianFactorSet {
    /// `enabled`: what it is now.
    pub enabled: bool,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl GuardianFactorSet {
    /// What a server answers; for emulators and tests.
    pub fn new(enabled: bool) -> Self {
        Self { enabled, info: ReplyInfo::default() }
    }
}

#[derive(Serialize)]
struct Enabled {
    enabled: bool,
}
