//! `POST /mfa/challenge`: Auth0 sends the SMS, the call, the e-mail or the push.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/request-mfa-challenge>

use std::fmt;
use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};
use serde::Serialize;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{Received, RequestError, Serve};
use crate::wire::json::{self, Member, Object};
use crate::wire::parameters::Parameters;
use crate::wire::{client_credentials, json_response};
use crate::{Application, AuthenticatorId, Body, Call, CallOptions, MfaToken, OobCode, Replay, shown};

const PATH: &str = "/mfa/challenge";
const EVERY_TYPE: &str = "otp oob";

/// Requests a challenge. Answers a [`Challenge`]: with an `oob_code` for [`VerifyWithOob`](crate::VerifyWithOob), or
/// the word `otp`, for which nothing needs to be sent. A recovery code is never challenged.
///
/// Never repeated: each sending spends the user's budget of messages.
///
/// Refused with `unsupported_challenge_type` or `association_required` (the user is not enrolled with what is asked
/// for), `expired_token`, `invalid_grant` ("Malformed mfa_token": an access token is not taken here),
/// `invalid_request`, `invalid_client`, `too_many_attempts`, `too_many_requests`.
///
/// ```
/// use auth0_mfa_core::{AuthenticatorId, MfaToken, RequestChallenge};
///
/// let call = RequestChallenge::new(MfaToken::parse("Fe26.2*FAKE")?)
///     .challenge_type("oob")
///     .authenticator(AuthenticatorId::parse("sms|dev_FAKE")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct RequestChallenge {
    mfa_token: MfaToken,
    challenge_type: String,
    authenticator_id: Option<AuthenticatorId>,
}

impl RequestChallenge {
    /// The call, for whichever type and authenticator Auth0 chooses.
    pub fn new(mfa_token: MfaToken) -> Self {
        Self { mfa_token, challenge_type: EVERY_TYPE.to_owned(), authenticator_id: None }
    }

    /// The types that the application can handle: `otp`, `oob`, or both with a space between them.
    #[must_use]
    pub fn challenge_type(mut self, challenge_type: impl Into<String>) -> Self {
        self.challenge_type = challenge_type.into();
        self
    }

    /// The authenticator to challenge: an active one of [`ListAuthenticators`](crate::ListAuthenticators).
    #[must_use]
    pub fn authenticator(mut self, id: AuthenticatorId) -> Self {
        self.authenticator_id = Some(id);
        self
    }

    /// The token of the login that is under way; for servers and tests.
    pub fn mfa_token(&self) -> &MfaToken {
        &self.mfa_token
    }

    /// The types that are asked for, separated by spaces; for servers and tests.
    pub fn requested_challenge_type(&self) -> &str {
        &self.challenge_type
    }

    /// The authenticator that is asked for, when one is; for servers and tests.
    pub fn authenticator_id(&self) -> Option<&AuthenticatorId> {
        self.authenticator_id.as_ref()
    }
}

impl Call for RequestChallenge {
    type Output = Challenge;
    type NewCode = ();

    const NAME: &'static str = "RequestChallenge";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let mut pairs: Vec<_> = client_credentials::in_body(application, options).collect();
        if pairs.is_empty() {
            // Beside a Basic header: the page calls it required.
            pairs.push(("client_id", application.client_id().as_str()));
        }
        pairs.push(("mfa_token", self.mfa_token.expose()));
        pairs.push(("challenge_type", &self.challenge_type));
        pairs.extend(self.authenticator_id.as_ref().map(|id| ("authenticator_id", id.as_str())));
        let members = pairs.into_iter().map(|(name, value)| (name, Member::Text(value)));

        let mut request = http::Request::new(json::write(&Object(members.collect())));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = application.authentication_domain().static_uri(PATH);
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        client_credentials::insert(headers, application);
        options.insert_headers(headers);
        request
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<Challenge, Unreadable> {
        let fields = reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let oob_code = fields.string("oob_code").filter(|code| !code.is_empty()).map(OobCode::issued);
        let challenge_type = match (fields.text("challenge_type"), &oob_code) {
            (Some(challenge_type), _) => challenge_type,
            (None, Some(_)) => "oob".to_owned(),
            (None, None) => return Err(Unreadable::new("has neither challenge_type nor oob_code")),
        };
        if challenge_type == "oob" && oob_code.is_none() {
            return Err(Unreadable::new("has no oob_code"));
        }
        Ok(Challenge {
            challenge_type,
            oob_code,
            binding_method: fields.text("binding_method"),
            expires_in: fields.whole_number("expires_in").map(Duration::from_secs),
            interval: fields.whole_number("interval").map(Duration::from_secs),
            info: reply.info(),
        })
    }
}

impl Serve for RequestChallenge {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let parameters = Parameters::read(request)?;
        let client = client_credentials::read(request.headers(), &parameters)?;
        let mut call = Self::new(parameters.mfa_token()?);
        // Where it is missing, everything is meant.
        if let Some(challenge_type) = parameters.optional("challenge_type")? {
            call = call.challenge_type(challenge_type);
        }
        if let Some(id) = parameters.optional("authenticator_id")? {
            let id = AuthenticatorId::parse(id);
            call = call.authenticator(id.map_err(|_| RequestError::InvalidParameter("authenticator_id"))?);
        }
        Ok(Received::new(call, client))
    }

    fn write_reply(output: &Challenge) -> http::Response<Body> {
        let body = json::write(&ChallengeReply {
            challenge_type: &output.challenge_type,
            oob_code: output.oob_code.as_ref().map(OobCode::expose),
            binding_method: output.binding_method.as_deref(),
            expires_in: output.expires_in.map(|life| life.as_secs()),
            interval: output.interval.map(|wait| wait.as_secs()),
        });
        json_response(StatusCode::OK, body)
    }
}

/// A challenge that Auth0 made.
#[non_exhaustive]
pub struct Challenge {
    /// `challenge_type`: `otp`, `oob`, or a word to come.
    pub challenge_type: String,
    /// `oob_code`: the handle of an out-of-band challenge, good for five minutes.
    pub oob_code: Option<OobCode>,
    /// `binding_method`: `prompt` when the message has a code that the user is to type; absent for a push.
    pub binding_method: Option<String>,
    /// `expires_in`: how long the challenge lives. In no recording.
    pub expires_in: Option<Duration>,
    /// `interval`: how long to wait between two polls. In no recording.
    pub interval: Option<Duration>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Challenge {
    /// The challenge of an authenticator app; for servers and tests.
    pub fn otp() -> Self {
        Self {
            challenge_type: "otp".to_owned(),
            oob_code: None,
            binding_method: None,
            expires_in: None,
            interval: None,
            info: ReplyInfo::default(),
        }
    }

    /// An out-of-band challenge: a push, unless a `binding_method` is set; for servers and tests.
    pub fn oob(oob_code: OobCode) -> Self {
        Self { challenge_type: "oob".to_owned(), oob_code: Some(oob_code), ..Self::otp() }
    }

    /// Whether the user is to type the code of a message; a push is polled for.
    pub fn asks_for_binding_code(&self) -> bool {
        self.binding_method.as_deref() == Some("prompt")
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenge")
            .field("challenge_type", &shown::Word(&self.challenge_type))
            .field("oob_code", &self.oob_code)
            .field("binding_method", &shown::word(self.binding_method.as_deref()))
            .field("expires_in", &self.expires_in)
            .field("interval", &self.interval)
            .field("info", &self.info)
            .finish()
    }
}

#[derive(Serialize)]
struct ChallengeReply<'a> {
    challenge_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    oob_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<u64>,
}
