//! `POST /mfa/associate`: a new authenticator. The first one brings the recovery code, once.
//!
//! Source: <https://auth0.com/docs/api/authentication/multi-factor-authentication/add-an-authenticator>

use std::fmt;

use http::{Method, StatusCode};
use serde::Serialize;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{Received, RequestError, Serve};
use crate::wire::json::{self, Fields, Member, Object, Text};
use crate::wire::parameters::Parameters;
use crate::wire::{JSON, bearer_endpoint, client_credentials, is_of_type, json_response};
use crate::{
    ApiError, Application, AuthenticatorId, BarcodeUri, Bearer, Body, Call, CallOptions, EmailAddress,
    NewCode, NewCodes, NextStep, OobCode, OtpSecret, PhoneNumber, RecoveryCode, Replay, salvage, shown,
};

const PATH: &str = "/mfa/associate";
const NEW_CODES: &str = "recovery_codes";

/// Enrols an authenticator; it is active once it is confirmed: [`VerifyWithOtp`](crate::VerifyWithOtp) for an app,
/// [`VerifyWithOob`](crate::VerifyWithOob) with the association's `oob_code` for the others, without a challenge.
/// Answers
/// [`AuthenticatorAdded`]: what the confirmation needs *and* the recovery codes, which come with the very first
/// association of a user and never again.
///
/// Never repeated: another sending makes another unconfirmed authenticator (and sends another message), and its reply
/// has no recovery code.
///
/// A push also enrols the app's one-time passwords; SMS and voice enrol each other where both are on.
///
/// Refused with `access_denied` ("User is already enrolled.": with an `mfa_token` only the first can be enrolled),
/// `invalid_grant`, `expired_token`, `invalid_request` (a phone number is invalid, for example), `too_many_attempts`.
///
/// ```
/// use auth0_mfa_core::{AddAuthenticator, MfaToken, NewAuthenticator, PhoneNumber};
///
/// let phone = NewAuthenticator::Sms(PhoneNumber::parse("+15550100")?);
/// let call = AddAuthenticator::new(MfaToken::parse("Fe26.2*FAKE")?.into(), phone);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct AddAuthenticator {
    bearer: Bearer,
    authenticator: NewAuthenticator,
}

/// What is to be enrolled.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum NewAuthenticator {
    /// An authenticator app with one-time passwords.
    Otp,
    /// Codes by SMS.
    Sms(PhoneNumber),
    /// Codes by a call.
    Voice(PhoneNumber),
    /// Codes by e-mail; without an address, to the one that the user has.
    Email(Option<EmailAddress>),
    /// Pushes of the Guardian app (the channel `auth0`).
    Push,
}

impl NewAuthenticator {
    /// `authenticator_types`, `oob_channels` and where the messages go, in Auth0's words.
    fn members(&self) -> Vec<(&'static str, Member<'_>)> {
        let oob = |channel| vec![("authenticator_types", Member::List(["oob"])), ("oob_channels", channel)];
        let mut members = match self {
            Self::Otp => vec![("authenticator_types", Member::List(["otp"]))],
            Self::Sms(_) => oob(Member::List(["sms"])),
            Self::Voice(_) => oob(Member::List(["voice"])),
            Self::Email(_) => oob(Member::List(["email"])),
            Self::Push => oob(Member::List(["auth0"])),
        };
        match self {
            Self::Sms(number) | Self::Voice(number) => {
                members.push(("phone_number", Member::Text(number.expose())));
            }
            Self::Email(Some(address)) => members.push(("email", Member::Text(address.expose()))),
            Self::Otp | Self::Email(None) | Self::Push => {}
        }
        members
    }

    fn read(fields: &Fields<'_>, parameters: &Parameters<'_>) -> Result<Self, RequestError> {
        parameters.refuse_repeated("authenticator_types")?;
        parameters.refuse_repeated("oob_channels")?;
        match only(fields, "authenticator_types", fields.elements("authenticator_types"))?.as_str() {
            "otp" => return Ok(Self::Otp),
            "oob" => {}
            _ => return Err(RequestError::InvalidParameter("authenticator_types")),
        }
        let phone_number = || {
            let number = parameters.required("phone_number")?;
            PhoneNumber::parse(number).map_err(|_| RequestError::InvalidParameter("phone_number"))
        };
        let email = || parameters.optional("email").map(|it| it.and_then(|it| EmailAddress::parse(it).ok()));
        // Some pages show it without the list.
        match only(fields, "oob_channels", fields.texts("oob_channels"))?.as_str() {
            "sms" => Ok(Self::Sms(phone_number()?)),
            "voice" => Ok(Self::Voice(phone_number()?)),
            "email" => Ok(Self::Email(email()?)),
            "auth0" => Ok(Self::Push),
            _ => Err(RequestError::InvalidParameter("oob_channels")),
        }
    }
}

/// The one word of a list.
fn only(fields: &Fields<'_>, name: &'static str, words: Vec<String>) -> Result<String, RequestError> {
    match <[String; 1]>::try_from(words) {
        Ok([word]) => Ok(word),
        Err(_) if fields.has(name) => Err(RequestError::InvalidParameter(name)),
        Err(_) => Err(RequestError::MissingParameter(name)),
    }
}

impl AddAuthenticator {
    /// The call, with an `mfa_token` (while the user has no active authenticator) or an access token of scope `enroll`.
    pub fn new(bearer: Bearer, authenticator: NewAuthenticator) -> Self {
        Self { bearer, authenticator }
    }

    /// The token; for servers and tests.
    pub fn bearer(&self) -> &Bearer {
        &self.bearer
    }

    /// What is to be enrolled; for servers and tests.
    pub fn authenticator(&self) -> &NewAuthenticator {
        &self.authenticator
    }
}

impl Call for AddAuthenticator {
    type Output = AuthenticatorAdded;
    type NewCode = NewCodes;

    const NAME: &'static str = "AddAuthenticator";
    const REPLAY: Replay = Replay::Once;
    const TAKES_CLIENT_ASSERTION: bool = true;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let credentials = client_credentials::in_body_beside_bearer(application, options);
        let mut members: Vec<_> =
            credentials.into_iter().map(|(name, it)| (name, Member::Text(it))).collect();
        members.extend(self.authenticator.members());
        let body = Some(json::write(&Object(members)));
        let domain = application.authentication_domain();
        bearer_endpoint::request(domain, options, Method::POST, PATH, self.bearer.expose(), body)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<AuthenticatorAdded, Unreadable> {
        let fields = reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let association = Association {
            authenticator_type: fields.text("authenticator_type").unwrap_or_default(),
            secret: fields.string("secret").map(OtpSecret::issued),
            barcode_uri: fields.string("barcode_uri").map(BarcodeUri::issued),
            oob_channel: fields.oob_channels().into_iter().next(),
            oob_code: fields.string("oob_code").filter(|code| !code.is_empty()).map(OobCode::issued),
            binding_method: fields.text("binding_method"),
            id: fields.text("id").and_then(|id| AuthenticatorId::parse(id).ok()),
            info: reply.info(),
        };
        if association.is_useless() {
            return Err(Unreadable::new("has neither secret, barcode_uri nor oob_code"));
        }
        Ok(AuthenticatorAdded::new(association, self.salvage(reply)))
    }

    fn salvage(&self, reply: &Reply<'_>) -> NewCodes {
        salvage::codes(reply, NEW_CODES)
    }

    fn new_code(output: &AuthenticatorAdded) -> Option<&NewCodes> {
        Some(&output.new_codes)
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_bearer(error)
    }
}

impl Serve for AddAuthenticator {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let bearer = bearer_endpoint::read_bearer(request)?;
        if !is_of_type(request.headers(), JSON) {
            return Err(RequestError::UnreadableBody);
        }
        let text = Text::of(request.body());
        let fields = Fields::parse(text.as_str()).ok_or(RequestError::UnreadableBody)?;
        let parameters = Parameters::of_fields(&fields);
        let authenticator = NewAuthenticator::read(&fields, &parameters)?;
        let client = client_credentials::read(request.headers(), &parameters)?;
        Ok(Received::new(Self::new(bearer, authenticator), client))
    }

    fn write_reply(output: &AuthenticatorAdded) -> http::Response<Body> {
        let codes: Vec<&str> =
            output.new_codes.iter().filter_map(NewCode::issued).map(RecoveryCode::expose).collect();
        let body = json::write(&AssociateReply {
            authenticator_type: &output.association.authenticator_type,
            secret: output.association.secret.as_ref().map(OtpSecret::expose),
            barcode_uri: output.association.barcode_uri.as_ref().map(BarcodeUri::expose),
            oob_channel: output.association.oob_channel.as_deref(),
            oob_code: output.association.oob_code.as_ref().map(OobCode::expose),
            binding_method: output.association.binding_method.as_deref(),
            id: output.association.id.as_ref().map(AuthenticatorId::as_str),
            recovery_codes: (!codes.is_empty()).then_some(codes),
        });
        json_response(StatusCode::OK, body)
    }
}

/// An authenticator was added, and is to be confirmed.
///
/// The one way to what the app needs hands out the recovery codes with it; leaving them takes a visible `_`.
#[must_use = "it holds the recovery codes, which come once: show them to the user"]
#[derive(Debug)]
pub struct AuthenticatorAdded {
    association: Association,
    new_codes: NewCodes,
}

impl AuthenticatorAdded {
    /// What a server answers; for emulators and tests.
    pub fn new(association: Association, new_codes: NewCodes) -> Self {
        Self { association, new_codes }
    }

    /// What the app needs, and the recovery codes.
    pub fn into_parts(self) -> (Association, NewCodes) {
        (self.association, self.new_codes)
    }
}

/// What confirms a new authenticator.
#[non_exhaustive]
pub struct Association {
    /// `authenticator_type`: `otp`, `oob`, or a word to come.
    pub authenticator_type: String,
    /// `secret`, for an app: base32, for typing.
    pub secret: Option<OtpSecret>,
    /// `barcode_uri`, for an app or a push: `otpauth://…`, for a QR code. For a push it must be scanned within five
    /// minutes.
    pub barcode_uri: Option<BarcodeUri>,
    /// `oob_channel`: `sms`, `voice`, `email`, `auth0`, or a word to come.
    pub oob_channel: Option<String>,
    /// `oob_code`: what [`VerifyWithOob`](crate::VerifyWithOob) takes, without a challenge.
    pub oob_code: Option<OobCode>,
    /// `binding_method`: `prompt` when the message has a code that the user is to type; absent for a push.
    pub binding_method: Option<String>,
    /// `id` of the authenticator. In no recording.
    pub id: Option<AuthenticatorId>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Association {
    /// The association of an authenticator app; for servers and tests.
    pub fn otp(secret: OtpSecret, barcode_uri: BarcodeUri) -> Self {
        Self { secret: Some(secret), barcode_uri: Some(barcode_uri), ..Self::empty("otp") }
    }

    /// The association of an out-of-band authenticator, without a `binding_method`; for servers and tests.
    pub fn oob(channel: impl Into<String>, oob_code: OobCode) -> Self {
        Self { oob_channel: Some(channel.into()), oob_code: Some(oob_code), ..Self::empty("oob") }
    }

    fn empty(authenticator_type: &str) -> Self {
        Self {
            authenticator_type: authenticator_type.to_owned(),
            secret: None,
            barcode_uri: None,
            oob_channel: None,
            oob_code: None,
            binding_method: None,
            id: None,
            info: ReplyInfo::default(),
        }
    }

    /// Whether the user is to type the code of a message; a push is polled for.
    pub fn asks_for_binding_code(&self) -> bool {
        self.binding_method.as_deref() == Some("prompt")
    }

    fn is_useless(&self) -> bool {
        self.secret.is_none() && self.barcode_uri.is_none() && self.oob_code.is_none()
    }
}

impl fmt::Debug for Association {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Association")
            .field("authenticator_type", &shown::Word(&self.authenticator_type))
            .field("secret", &self.secret)
            .field("barcode_uri", &self.barcode_uri)
            .field("oob_channel", &shown::word(self.oob_channel.as_deref()))
            .field("oob_code", &self.oob_code)
            .field("binding_method", &shown::word(self.binding_method.as_deref()))
            .field("id", &self.id)
            .field("info", &self.info)
            .finish()
    }
}

#[derive(Serialize)]
struct AssociateReply<'a> {
    authenticator_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oob_channel: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    oob_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    binding_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<&'a str>>,
}
