//! The model of `/mfa/`, of the Management API's calls, and of what the user and the administrator do.

use crate::answer::{Answer, Refusal, Row};
use crate::limits::{PHONE_MESSAGES, PUSHES};
use crate::model::{Caller, Enrolment, Message, Model, OOB_CODE_SECONDS, Session, User};
use crate::step::{Bearer, Kind, Owned};

impl Model {
    /// The first enrolment of a user who has nothing brings the recovery code.
    pub(crate) fn associate(&mut self, bearer: Bearer, kind: Kind) -> Result<Answer, Refusal> {
        let caller = self.caller(bearer)?;
        let now = self.now;
        let user = &mut self.users[caller.user];
        if user.is_enrolled() && matches!(caller.session, Session::Login(_)) {
            return Err(Refusal::AlreadyEnrolled);
        }
        if kind == Kind::Sms && !user.phone_messages.take(PHONE_MESSAGES, now) {
            return Err(Refusal::TooManyMessages);
        }
        let has_nothing = user.enrolments.is_empty() && user.code.is_none();
        let number = self.enrolments_made;
        user.enrolments.push(Enrolment::new(number, kind));
        self.enrolments_made += 1;
        if kind != Kind::Otp {
            self.send(caller, number, kind);
        }
        let code = (has_nothing && self.codes_on).then(|| self.make_code());
        let user = &mut self.users[caller.user];
        if code.is_some() {
            user.code = code;
            user.code_is_active = false;
        }
        Ok(Answer::Associated(code))
    }

    pub(crate) fn challenge(
        &mut self,
        token: Bearer,
        other_app: bool,
        authenticator: Owned,
    ) -> Result<Answer, Refusal> {
        let number = self.enrolment(token, authenticator);
        let caller = self.continued(token, other_app)?;
        if matches!(caller.session, Session::AccessTokensOf(_)) {
            return Err(Refusal::MalformedMfaToken);
        }
        let now = self.now;
        let user = &mut self.users[caller.user];
        if !user.is_enrolled() {
            return Err(Refusal::NotEnrolled);
        }
        let named = user.enrolments.iter().find(|it| it.confirmed && Some(it.number) == number);
        let Enrolment { number, kind, .. } = *named.ok_or(Refusal::UnknownAuthenticator)?;
        let may_send = match kind {
            Kind::Otp => return Ok(Answer::Challenged),
            Kind::Sms => user.phone_messages.take(PHONE_MESSAGES, now),
            Kind::Push => user.pushes.take(PUSHES, now),
        };
        if !may_send {
            return Err(Refusal::TooManyMessages);
        }
        self.send(caller, number, kind);
        Ok(Answer::Challenged)
    }

    fn send(&mut self, caller: Caller, enrolment: usize, kind: Kind) {
        self.messages.push(Message {
            session: caller.session,
            enrolment,
            is_push: kind == Kind::Push,
            approved: None,
            ends_at: self.now + OOB_CODE_SECONDS,
            is_used: false,
        });
    }

    pub(crate) fn list(&self, bearer: Bearer) -> Result<Answer, Refusal> {
        let user = &self.users[self.caller(bearer)?.user];
        let mut rows: Vec<Row> = user.enrolments.iter().flat_map(Enrolment::rows).collect();
        if self.codes_on && user.code.is_some() {
            let behind = user.enrolments.first().map_or(0, |first| first.rows().len());
            rows.insert(behind, ("recovery-code", user.code_is_active));
        }
        Ok(Answer::Listed(rows))
    }

    pub(crate) fn delete(&mut self, bearer: Bearer, authenticator: Owned) -> Result<Answer, Refusal> {
        let number = self.enrolment(bearer, authenticator);
        let caller = self.caller(bearer)?;
        if matches!(caller.session, Session::Login(_)) {
            return Err(Refusal::InvalidBearer);
        }
        let user = &mut self.users[caller.user];
        if matches!(authenticator, Owned::RecoveryCode) && user.code.is_some() {
            return Err(Refusal::Undeletable);
        }
        let had = user.enrolments.len();
        user.enrolments.retain(|it| Some(it.number) != number);
        if user.enrolments.len() == had { Err(Refusal::NoSuchAuthenticator) } else { Ok(Answer::Done) }
    }

    pub(crate) fn regenerate(&mut self, user: usize) -> Result<Answer, Refusal> {
        let is_enrolled = self.users[user].is_enrolled();
        if !is_enrolled && self.users[user].code.is_none() {
            return Err(Refusal::NoEnrolment);
        }
        let code = self.make_code();
        self.users[user].code = Some(code);
        self.users[user].code_is_active |= is_enrolled;
        Ok(Answer::Regenerated(Some(code)))
    }

    pub(crate) fn reset(&mut self, user: usize) -> Answer {
        self.users[user].forget_code();
        self.users[user].enrolments.clear();
        Answer::Done
    }

    /// A push that has ended, or was answered, stays as it is.
    pub(crate) fn answer_push(&mut self, message: usize, approve: bool) -> Answer {
        let now = self.now;
        if let Some(index) = self.message(message) {
            let message = &mut self.messages[index];
            if message.is_push && now < message.ends_at && message.approved.is_none() {
                message.approved = Some(approve);
            }
        }
        Answer::Nothing
    }

    pub(crate) fn switch_codes(&mut self, on: bool) -> Answer {
        self.codes_on = on;
        if !on && !self.settings.codes_survive_switching_off {
            self.users.iter_mut().for_each(User::forget_code);
        }
        Answer::Nothing
    }
}

impl User {
    fn forget_code(&mut self) {
        self.code = None;
        self.code_is_active = false;
    }
}

impl Enrolment {
    /// A push comes with the one-time passwords of its app.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let kinds: &[&'static str] = match self.kind {
            Kind::Otp => &["totp"],
            Kind::Sms => &["sms"],
            Kind::Push => &["push", "totp"],
        };
        kinds.iter().map(|kind| (*kind, self.confirmed)).collect()
    }
}
