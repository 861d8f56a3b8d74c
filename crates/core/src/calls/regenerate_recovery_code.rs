//! `POST /api/v2/users/{id}/recovery-code-regeneration`: the old recovery code is void, and the new one comes once.
//!
//! Source: <https://auth0.com/docs/api/management/v2/users/post-recovery-code-regeneration>

use http::{Method, StatusCode};
use serde::Serialize;

use crate::beginning::has_field_of_an_error;
use crate::call::{SpendsRecoveryCode, Unreadable};
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::{bearer_endpoint, json, json_response, path};
use crate::{
    ApiError, Application, Body, Call, CallOptions, CodeState, Evidence, ManagementToken, NewCode, NextStep,
    RecoveryCode, Replay, UserId, salvage,
};

const PATH: &str = "/api/v2/users/{}/recovery-code-regeneration";
const NEW_CODE: &str = "recovery_code";

/// Regenerates a user's recovery code. Answers [`RecoveryCodeRegenerated`], with the new code, which the user must be
/// given. The old one, whatever it was, is void at once: it is the code that
/// [`code_state`](crate::CallError::code_state) speaks of.
///
/// The way out for a user whose code is lost or [likely spent](CodeState::LikelySpent), and the way to a first code for
/// one who enrolled before recovery codes were switched on.
///
/// Never repeated, since each sending voids the code of the one before.
///
/// Refused with 400, 401 (the token), 403 (its scope is not `update:users`), 404 ("Enrollment not found.": the user has
/// no MFA enrolment) or 429.
///
/// ```
/// use auth0_mfa_core::{ManagementToken, RegenerateRecoveryCode, UserId};
///
/// let token = ManagementToken::parse("eyJ.FAKE.FAKE")?;
/// let call = RegenerateRecoveryCode::new(token, UserId::parse("auth0|fake")?);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct RegenerateRecoveryCode {
    token: ManagementToken,
    user_id: UserId,
    code_state: CodeState,
}

impl RegenerateRecoveryCode {
    /// The call, with a token of scope `update:users`.
    pub fn new(token: ManagementToken, user_id: UserId) -> Self {
        Self { token, user_id, code_state: CodeState::Intact }
    }

    /// Says that an earlier sending is in doubt, after a restart for example: it may have voided the user's code.
    #[must_use]
    pub fn earlier_sending_in_doubt(mut self) -> Self {
        self.code_state = CodeState::Unknown;
        self
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }

    /// The user; for servers and tests.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }
}

impl Call for RegenerateRecoveryCode {
    type Output = RecoveryCodeRegenerated;
    type NewCode = NewCode;

    const NAME: &'static str = "RegenerateRecoveryCode";
    const REPLAY: Replay = Replay::SingleUse;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let path = path::write(PATH, &[self.user_id.as_str()]);
        let domain = application.management_domain();
        bearer_endpoint::request(domain, options, Method::POST, &path, self.token.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<RecoveryCodeRegenerated, Unreadable> {
        reply.fields().ok_or(Unreadable::new("is not a whole JSON object"))?;
        let new_code = self.salvage(reply);
        if !new_code.is_returned() && has_field_of_an_error(reply.text()) {
            return Err(Unreadable::new("has a field of an error and no recovery_code"));
        }
        Ok(RecoveryCodeRegenerated { new_code, info: reply.info() })
    }

    fn salvage(&self, reply: &Reply<'_>) -> NewCode {
        salvage::code(reply, NEW_CODE, None)
    }

    fn new_code(output: &RecoveryCodeRegenerated) -> Option<&NewCode> {
        Some(&output.new_code)
    }

    fn next_step(error: &ApiError) -> NextStep {
        // A 404 too: there is nothing that a code could be regenerated for.
        if error.says("Enrollment not found") { NextStep::Enroll } else { NextStep::of_management(error) }
    }

    /// The Management API's errors are their statuses. With each of these it refuses the request, and no code is
    /// touched.
    fn evidence(error: &ApiError) -> Evidence {
        match error.status().as_u16() {
            400 | 401 | 403 | 404 | 429 => Evidence::Untouched,
            _ => Evidence::Nothing,
        }
    }

    fn code_state_mut(&mut self) -> Option<&mut CodeState> {
        Some(&mut self.code_state)
    }
}

impl SpendsRecoveryCode for RegenerateRecoveryCode {
    fn code_state(&self) -> CodeState {
        self.code_state
    }
}

impl Serve for RegenerateRecoveryCode {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [user_id] = path::read(request.uri().path(), PATH)?;
        let user_id = UserId::parse(user_id).map_err(|_| RequestError::WrongPath)?;
        let call = Self::new(bearer_endpoint::read_management_token(request)?, user_id);
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(output: &RecoveryCodeRegenerated) -> http::Response<Body> {
        let recovery_code = output.new_code.issued().map(RecoveryCode::expose);
        json_response(StatusCode::OK, json::write(&RegenerationReply { recovery_code }))
    }
}

/// A recovery code was regenerated: the old one is void.
///
/// ```
/// # use auth0_mfa_core::{NewCode, RecoveryCodeRegenerated};
/// # fn hand_to_the_user(_: &str) {}
/// # fn say(_: &str) {}
/// # fn example(regenerated: RecoveryCodeRegenerated) {
/// match regenerated.into_new_code() {
///     NewCode::Issued(code) => hand_to_the_user(code.expose()),
///     NewCode::NotReturned => say("The old code is void, and Auth0 sent no new one: regenerate again."),
///     NewCode::Unreadable(text) => hand_to_the_user(text.expose()),
/// }
/// # }
/// ```
#[must_use = "it holds the new recovery code, which comes once: give it to the user"]
#[derive(Debug)]
pub struct RecoveryCodeRegenerated {
    new_code: NewCode,
    info: ReplyInfo,
}

impl RecoveryCodeRegenerated {
    /// What a server answers; for emulators and tests.
    pub fn new(new_code: NewCode) -> Self {
        Self { new_code, info: ReplyInfo::default() }
    }

    /// The new code.
    pub fn into_new_code(self) -> NewCode {
        self.new_code
    }

    /// What the head of the reply said.
    pub fn info(&self) -> &ReplyInfo {
        &self.info
    }
}

#[derive(Serialize)]
struct RegenerationReply<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_code: Option<&'a str>,
}
