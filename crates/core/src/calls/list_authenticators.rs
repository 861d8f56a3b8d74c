//! `GET /mfa/authenticators`: the user's authenticators.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/list-authenticators>

use std::fmt;

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::json::{self, Fields};
use crate::wire::{bearer_endpoint, json_response};
use crate::{
    ApiError, Application, AuthenticatorId, Bearer, Body, Call, CallOptions, NextStep, Replay, shown,
};

const PATH: &str = "/mfa/authenticators";

/// Lists the user's authenticators, unconfirmed ones and the recovery code included. Answers [`Authenticators`].
///
/// Refused with `invalid_grant` ("The mfa_token provided is invalid. …") or `expired_token`.
///
/// ```
/// use auth0_mfa_core::{ListAuthenticators, MfaToken};
///
/// let call = ListAuthenticators::new(MfaToken::parse("Fe26.2*FAKE")?.into());
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct ListAuthenticators {
    bearer: Bearer,
}

impl ListAuthenticators {
    /// The call, with an `mfa_token` or an access token of scope `read:authenticators`.
    pub fn new(bearer: Bearer) -> Self {
        Self { bearer }
    }

    /// The token; for servers and tests.
    pub fn bearer(&self) -> &Bearer {
        &self.bearer
    }
}

impl Call for ListAuthenticators {
    type Output = Authenticators;
    type NewCode = ();

    const NAME: &'static str = "ListAuthenticators";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let domain = application.domain();
        bearer_endpoint::request(domain, options, Method::GET, PATH, self.bearer.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<Authenticators, Unreadable> {
        let elements = json::elements(reply.text()).ok_or(Unreadable::new("is not a JSON array"))?;
        let elements = elements.into_iter().map(RawValue::get).filter(|element| *element != "null");
        let authenticators = elements.map(Authenticator::read);
        Ok(Authenticators { authenticators: authenticators.collect::<Result<_, _>>()?, info: reply.info() })
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_bearer(error)
    }
}

impl Serve for ListAuthenticators {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let call = Self::new(bearer_endpoint::read_bearer(request)?);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(output: &Authenticators) -> http::Response<Body> {
        let items: Vec<Item<'_>> = output.authenticators.iter().map(Item::of).collect();
        json_response(StatusCode::OK, json::write(&items))
    }
}

/// The user's authenticators, in the reply's order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Authenticators {
    /// Each of them, those that are not active included.
    pub authenticators: Vec<Authenticator>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Authenticators {
    /// Those that can be used now: an authenticator that was never confirmed is listed, but not active.
    pub fn active(&self) -> impl Iterator<Item = &Authenticator> {
        self.authenticators.iter().filter(|authenticator| authenticator.is_active())
    }
}

impl From<Vec<Authenticator>> for Authenticators {
    fn from(authenticators: Vec<Authenticator>) -> Self {
        Self { authenticators, info: ReplyInfo::default() }
    }
}

/// One authenticator of the user. Words that this crate does not know are kept as text.
#[derive(Clone)]
#[non_exhaustive]
pub struct Authenticator {
    /// `id`, for example `totp|dev_…`; absent when the reply has none that could be sent.
    pub id: Option<AuthenticatorId>,
    /// `authenticator_type`: `otp`, `oob`, `recovery-code`, or a word to come.
    pub authenticator_type: String,
    /// `active`: false while it is not confirmed.
    pub active: Option<bool>,
    /// `oob_channel`: `sms`, `voice`, `auth0` (push), `email`, or a word to come. Recordings have one; Auth0's
    /// reference page has a list, `oob_channels`.
    pub oob_channels: Vec<String>,
    /// `name`: a masked phone number or e-mail address, or a device's name. Personal: not shown by `Debug`.
    pub name: Option<String>,
    /// `type`: sent by some tenants only.
    pub r#type: Option<String>,
    /// `phone_number`. Personal: not shown by `Debug`. In no recording.
    pub phone_number: Option<String>,
    /// `created_at`, as it came. In no recording.
    pub created_at: Option<String>,
    /// `last_auth`, as it came. In no recording.
    pub last_auth: Option<String>,
}

impl Authenticator {
    /// An active authenticator; for servers and tests.
    pub fn new(id: impl Into<Option<AuthenticatorId>>, authenticator_type: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            authenticator_type: authenticator_type.into(),
            active: Some(true),
            oob_channels: Vec::new(),
            name: None,
            r#type: None,
            phone_number: None,
            created_at: None,
            last_auth: None,
        }
    }

    /// Whether it is the recovery code, which is listed like an authenticator.
    pub fn is_recovery_code(&self) -> bool {
        self.authenticator_type == "recovery-code"
    }

    /// Whether it can be used: unless the reply says that it is not active, it is.
    pub fn is_active(&self) -> bool {
        self.active != Some(false)
    }

    fn read(raw: &str) -> Result<Self, Unreadable> {
        let fields = Fields::parse(raw).ok_or(Unreadable::new("lists something that is not an object"))?;
        Ok(Self {
            id: fields.text("id").and_then(|id| AuthenticatorId::parse(id).ok()),
            authenticator_type: fields.text("authenticator_type").unwrap_or_default(),
            active: fields.boolean("active"),
            oob_channels: fields.oob_channels(),
            name: fields.text("name"),
            r#type: fields.text("type"),
            phone_number: fields.text("phone_number"),
            created_at: fields.text("created_at"),
            last_auth: fields.text("last_auth"),
        })
    }
}

impl fmt::Debug for Authenticator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authenticator")
            .field("id", &self.id)
            .field("authenticator_type", &shown::Word(&self.authenticator_type))
            .field("active", &self.active)
            .field("oob_channels", &shown::words(&self.oob_channels))
            .field("type", &shown::word(self.r#type.as_deref()))
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    authenticator_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oob_channel: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    oob_channels: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_auth: Option<&'a str>,
}

impl<'a> Item<'a> {
    fn of(authenticator: &'a Authenticator) -> Self {
        let (oob_channel, oob_channels): (_, &[String]) = match authenticator.oob_channels.as_slice() {
            [only] => (Some(only.as_str()), &[]),
            several => (None, several),
        };
        Self {
            id: authenticator.id.as_ref().map(AuthenticatorId::as_str),
            authenticator_type: &authenticator.authenticator_type,
            active: authenticator.active,
            oob_channel,
            oob_channels,
            name: authenticator.name.as_deref(),
            r#type: authenticator.r#type.as_deref(),
            phone_number: authenticator.phone_number.as_deref(),
            created_at: authenticator.created_at.as_deref(),
            last_auth: authenticator.last_auth.as_deref(),
        }
    }
}
