//! `POST /mfa/associate`: a new authenticator. The first one brings the recovery code, once.
//!
//! Source: <https://auth0.com/docs/api/authentication/muti-factor-authentication/add-an-authenticator>

use http::{Method, StatusCode};
use serde::Serialize;

use crate::api_error::json_response;
use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::json::{self, Fields, Text};
use crate::wire::mfa_endpoint;
use crate::{
    Application, BarcodeUri, Bearer, Body, Call, CallOptions, NewCode, NewCodes, OtpSecret, RecoveryCode,
    Replay, salvage,
};

const PATH: &str = "/mfa/associate";
const NEW_CODES: &str = "recovery_codes";

/// Enrols an authenticator; it is active once it is confirmed ([`VerifyWithOtp`](crate::VerifyWithOtp)). Answers
/// [`AuthenticatorAdded`]: what the user's app needs *and* the recovery codes, which come with the very first
/// association of a user and never again.
///
/// Never repeated: another sending makes another unconfirmed authenticator, and its reply has no recovery code.
///
/// Refused with `access_denied` ("User is already enrolled.": with an `mfa_token` only the first can be enrolled),
/// `invalid_grant`, `expired_token`, `invalid_request`.
///
/// ```
/// use auth0_mfa_core::{AddAuthenticator, MfaToken, NewAuthenticator};
///
/// let call = AddAuthenticator::new(MfaToken::parse("Fe26.2*FAKE")?.into(), NewAuthenticator::Otp);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct AddAuthenticator {
    bearer: Bearer,
    authenticator: NewAuthenticator,
}

/// What is to be enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewAuthenticator {
    /// An authenticator app with one-time passwords.
    Otp,
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

    fn request(&self, application: &Application, _: &CallOptions) -> http::Request<Body> {
        let NewAuthenticator::Otp = self.authenticator;
        let body = json::write(&AssociateBody { authenticator_types: ["otp"] });
        mfa_endpoint::request(application, Method::POST, PATH, &self.bearer, Some(body))
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<AuthenticatorAdded, Unreadable> {
        let fields = reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let association = Association {
            authenticator_type: fields.text("authenticator_type").unwrap_or_default(),
            secret: fields.string("secret").map(OtpSecret::from),
            barcode_uri: fields.string("barcode_uri").map(BarcodeUri::from),
            info: reply.info(),
        };
        if association.secret.is_none() && association.barcode_uri.is_none() {
            return Err(Unreadable::new("has neither secret nor barcode_uri"));
        }
        Ok(AuthenticatorAdded::new(association, self.salvage(reply)))
    }

    fn salvage(&self, reply: &Reply<'_>) -> NewCodes {
        salvage::codes(reply.text(), NEW_CODES)
    }
}

impl Serve for AddAuthenticator {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let bearer = mfa_endpoint::read_bearer(request)?;
        let text = Text::of(request.body());
        let fields = Fields::parse(text.as_str()).ok_or(RequestError::UnreadableBody)?;
        let types =
            fields.raw("authenticator_types").ok_or(RequestError::MissingParameter("authenticator_types"))?;
        let types = json::elements(types).ok_or(RequestError::InvalidParameter("authenticator_types"))?;
        match types.iter().map(|raw| json::string(raw.get())).collect::<Vec<_>>().as_slice() {
            [Some(only)] if only.as_str() == "otp" => {}
            _ => return Err(RequestError::InvalidParameter("authenticator_types")),
        }
        let client =
            ClientCredentials { client_id: fields.text("client_id"), ..ClientCredentials::default() };
        Ok(Received::new(Self::new(bearer, NewAuthenticator::Otp), client))
    }

    fn write_reply(output: &AuthenticatorAdded) -> http::Response<Body> {
        let codes: Vec<&str> =
            output.new_codes.iter().filter_map(NewCode::issued).map(RecoveryCode::expose).collect();
        let body = json::write(&AssociateReply {
            authenticator_type: &output.association.authenticator_type,
            secret: output.association.secret.as_ref().map(OtpSecret::expose),
            barcode_uri: output.association.barcode_uri.as_ref().map(BarcodeUri::expose),
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

/// What the user's app needs for a new authenticator.
#[derive(Debug)]
#[non_exhaustive]
pub struct Association {
    /// `authenticator_type`: `otp`.
    pub authenticator_type: String,
    /// `secret`: base32, for typing into the app.
    pub secret: Option<OtpSecret>,
    /// `barcode_uri`: `otpauth://…`, for a QR code.
    pub barcode_uri: Option<BarcodeUri>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Association {
    /// The association of an authenticator app; for servers and tests.
    pub fn otp(secret: OtpSecret, barcode_uri: BarcodeUri) -> Self {
        Self {
            authenticator_type: "otp".to_owned(),
            secret: Some(secret),
            barcode_uri: Some(barcode_uri),
            info: ReplyInfo::default(),
        }
    }
}

#[derive(Serialize)]
struct AssociateBody {
    authenticator_types: [&'static str; 1],
}

#[derive(Serialize)]
struct AssociateReply<'a> {
    authenticator_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_codes: Option<Vec<&'a str>>,
}
