//! `mfa_required`: the first factor has passed, and the calls that come next.

use std::fmt;

use http::StatusCode;

use crate::wire::json::{self, Fields};
use crate::{
    AddAuthenticator, ListAuthenticators, MfaToken, NewAuthenticator, OobCode, OobPoll, Otp, RecoveryCode,
    ReplyInfo, RequestChallenge, VerifyWithOob, VerifyWithOtp, VerifyWithRecoveryCode, shown,
};

/// Auth0 asks for a second factor: its `mfa_token`, and the calls that it opens.
///
/// Any grant can answer so, a verification included (chained MFA); the new token replaces the old one.
///
/// Source: <https://auth0.com/docs/secure/multi-factor-authentication/authenticate-using-ropg-flow-with-mfa>
#[derive(Clone, Debug)]
pub struct MfaRequired {
    mfa_token: MfaToken,
    requirements: MfaRequirements,
    info: ReplyInfo,
}

impl MfaRequired {
    /// What an `mfa_required` answer says; for servers and tests.
    pub fn new(mfa_token: MfaToken, requirements: MfaRequirements) -> Self {
        Self { mfa_token, requirements, info: ReplyInfo::default() }
    }

    /// Takes up a login whose `mfa_token` an application has stored between two of its own requests.
    pub fn resume(mfa_token: MfaToken) -> Self {
        Self::new(mfa_token, MfaRequirements::default())
    }

    /// The token that the next calls carry. It stands for a passed first factor.
    pub fn mfa_token(&self) -> &MfaToken {
        &self.mfa_token
    }

    /// The token alone, for example to store it.
    pub fn into_mfa_token(self) -> MfaToken {
        self.mfa_token
    }

    /// `mfa_requirements`, when the tenant sends it.
    pub fn requirements(&self) -> &MfaRequirements {
        &self.requirements
    }

    /// What the head of the reply said.
    pub fn info(&self) -> &ReplyInfo {
        &self.info
    }

    /// The call for a user who has lost the phone: burns the code, answers with the next one.
    pub fn verify_with_recovery_code(&self, recovery_code: RecoveryCode) -> VerifyWithRecoveryCode {
        VerifyWithRecoveryCode::new(self.mfa_token.clone(), recovery_code)
    }

    /// The call for a one-time password of an authenticator app.
    pub fn verify_with_otp(&self, otp: Otp) -> VerifyWithOtp {
        VerifyWithOtp::new(self.mfa_token.clone(), otp)
    }

    /// The call that asks for a challenge: an SMS, a call, an e-mail or a push that Auth0 sends.
    pub fn request_challenge(&self) -> RequestChallenge {
        RequestChallenge::new(self.mfa_token.clone())
    }

    /// The call for a challenge that was answered out of band. For an SMS, a call or an e-mail, add what the user typed
    /// with [`VerifyWithOob::with_binding_code`]; for a push, [`OobPoll`] says when to ask again.
    pub fn verify_with_oob(&self, oob_code: OobCode) -> VerifyWithOob {
        VerifyWithOob::new(self.mfa_token.clone(), oob_code)
    }

    /// The polls for a push that the user is to accept.
    pub fn oob_poll(&self, oob_code: OobCode) -> OobPoll {
        OobPoll::new(self.mfa_token.clone(), oob_code)
    }

    /// The call that lists the user's authenticators.
    pub fn list_authenticators(&self) -> ListAuthenticators {
        ListAuthenticators::new(self.mfa_token.clone().into())
    }

    /// The call that enrols an authenticator; with this token only while the user has no active one.
    pub fn add_authenticator(&self, authenticator: NewAuthenticator) -> AddAuthenticator {
        AddAuthenticator::new(self.mfa_token.clone().into(), authenticator)
    }

    pub(crate) fn read(fields: &Fields<'_>, info: ReplyInfo) -> Option<Self> {
        let token = fields.string("mfa_token")?;
        let mfa_token = MfaToken::parse(token.as_str()).ok()?;
        let requirements = fields.raw("mfa_requirements").map(MfaRequirements::read).unwrap_or_default();
        Some(Self { mfa_token, requirements, info })
    }

    /// Documentation and threads agree on 403; OpenAPI has 401; clients decide by `error`.
    pub(crate) const STATUS: StatusCode = StatusCode::FORBIDDEN;
}

/// `mfa_requirements`: what the tenant allows this user now. Sent only by some tenants, in several forms; what is not
/// sent is empty, and an empty list forbids nothing. Types are kept as text: new ones appear.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MfaRequirements {
    /// `challenge[].type`: factors that the user is enrolled with, for example `otp`, `recovery-code`.
    pub challenge: Vec<String>,
    /// `enroll[].type`: factors that the user may enrol.
    pub enroll: Vec<String>,
    /// `challenge_types[]`: the form of the passwordless database flow, for example `otp`, `oob`.
    pub challenge_types: Vec<String>,
}

impl MfaRequirements {
    fn read(raw: &str) -> Self {
        let Some(fields) = Fields::parse(raw) else { return Self::default() };
        let list = |name| fields.raw(name).and_then(json::elements).unwrap_or_default();
        let types =
            |name| list(name).into_iter().filter_map(|element| requirement_type(element.get())).collect();
        Self {
            challenge: types("challenge"),
            enroll: types("enroll"),
            challenge_types: types("challenge_types"),
        }
    }

    /// Whether the tenant sent nothing of it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Debug for MfaRequirements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MfaRequirements")
            .field("challenge", &shown::words(&self.challenge))
            .field("enroll", &shown::words(&self.enroll))
            .field("challenge_types", &shown::words(&self.challenge_types))
            .finish()
    }
}

/// `{"type":"otp"}` or `"otp"`.
fn requirement_type(raw: &str) -> Option<String> {
    let text = json::string(raw).or_else(|| Fields::parse(raw)?.string("type"))?;
    Some(text.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<MfaRequired> {
        MfaRequired::read(&Fields::parse(text).expect("an object"), ReplyInfo::default())
    }

    #[test]
    fn every_form_of_the_requirements_is_kept() {
        for (text, expected) in [
            (r#"{"mfa_token":"t"}"#, [vec![], vec![], vec![]]),
            (r#"{"mfa_token":"t","mfa_requirements":null}"#, [vec![], vec![], vec![]]),
            (r#"{"mfa_token":"t","mfa_requirements":7}"#, [vec![], vec![], vec![]]),
            (
                r#"{"mfa_token":"t","mfa_requirements":{"challenge":[{"type":"otp"},{"type":"recovery-code"}]}}"#,
                [vec!["otp", "recovery-code"], vec![], vec![]],
            ),
            (
                r#"{"mfa_token":"t","mfa_requirements":{"enroll":[{"type":"new"},{"x":1}],"challenge":"odd"}}"#,
                [vec![], vec!["new"], vec![]],
            ),
            (
                r#"{"mfa_token":"t","mfa_requirements":{"challenge_types":["otp","oob"]}}"#,
                [vec![], vec![], vec!["otp", "oob"]],
            ),
        ] {
            let requirements = read(text).expect(text).requirements().clone();
            let found = [requirements.challenge, requirements.enroll, requirements.challenge_types];
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn without_a_token_that_can_be_sent_there_is_no_way_on() {
        for text in ["{}", r#"{"mfa_token":7}"#, r#"{"mfa_token":""}"#, r#"{"mfa_token":"two words"}"#] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
