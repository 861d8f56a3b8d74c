//! The model of `/oauth/token`.

use crate::answer::{Answer, Refusal};
use crate::limits::{BLOCK_SECONDS, EXCHANGES, FAILURES, WRONG_PASSWORDS};
use crate::model::{
    ACCESS_TOKEN_SECONDS, AccessToken, Caller, Login, MFA_TOKEN_SECONDS, Message, Model, Session,
};
use crate::step::{Bearer, Code, Kind, Owned, Typed};

impl Model {
    pub(crate) fn log_in(
        &mut self,
        user: usize,
        app: usize,
        right: bool,
        for_mfa_api: bool,
    ) -> Result<Answer, Refusal> {
        self.check_password(user, right)?;
        if for_mfa_api && !self.users[user].is_enrolled() {
            self.access_tokens.push(AccessToken { user, app, ends_at: self.now + ACCESS_TOKEN_SECONDS });
            return Ok(Answer::Tokens(None));
        }
        let ends_at = self.now + MFA_TOKEN_SECONDS;
        let exchanges = Default::default();
        self.logins.push(Login { user, app, for_mfa_api, ends_at, is_used: false, exchanges });
        Ok(Answer::MfaRequired)
    }

    fn check_password(&mut self, user: usize, right: bool) -> Result<(), Refusal> {
        let user = &mut self.users[user];
        if self.now < user.blocked_until {
            return Err(Refusal::Blocked);
        }
        user.wrong_passwords = if right { 0 } else { user.wrong_passwords + 1 };
        if user.wrong_passwords == WRONG_PASSWORDS {
            user.wrong_passwords = 0;
            user.blocked_until = self.now + BLOCK_SECONDS;
        }
        if right { Ok(()) } else { Err(Refusal::WrongPassword) }
    }

    /// The one code that is good is spent by its use, and another one takes its place.
    pub(crate) fn recover(&mut self, token: Bearer, other_app: bool, code: Code) -> Result<Answer, Refusal> {
        let typed = self.code(token, code);
        let caller = self.continued(token, other_app)?;
        if matches!(caller.session, Session::AccessTokensOf(_)) {
            return Err(Refusal::MalformedMfaToken);
        }
        let (now, codes_on) = (self.now, self.codes_on);
        let user = &mut self.users[caller.user];
        if user.wrong_codes.is_used_up(FAILURES, now) {
            return Err(Refusal::OverLimit);
        }
        if !(codes_on && user.code_is_active && typed.is_some() && typed == user.code) {
            user.wrong_codes.add(FAILURES, now);
            return Err(Refusal::WrongCode);
        }
        let next = self.make_code();
        self.users[caller.user].code = Some(next);
        self.succeed(caller);
        Ok(Answer::Tokens(Some(next)))
    }

    pub(crate) fn verify_otp(
        &mut self,
        token: Bearer,
        other_app: bool,
        app: Owned,
        steps_old: u64,
    ) -> Result<Answer, Refusal> {
        let number = self.enrolment(token, app);
        let caller = self.continued(token, other_app)?;
        let (now, step) = (self.now, self.now / 30 - steps_old);
        let user = &mut self.users[caller.user];
        if user.wrong_otps.is_used_up(FAILURES, now) {
            return Err(Refusal::OverLimit);
        }
        let app = user.enrolments.iter_mut().find(|it| Some(it.number) == number);
        let app = app.filter(|it| it.kind == Kind::Otp && it.is_known);
        // It is as old as two steps, or was used: then neither it nor one before it is good.
        let app = app.filter(|it| steps_old < 2 && it.last_otp_step.is_none_or(|last| last < step));
        let Some(app) = app else {
            user.wrong_otps.add(FAILURES, now);
            return Err(Refusal::WrongOtp);
        };
        app.last_otp_step = Some(step);
        let number = app.number;
        self.confirm(caller, number);
        Ok(Answer::Tokens(None))
    }

    pub(crate) fn verify_oob(
        &mut self,
        token: Option<Bearer>,
        other_app: bool,
        message: usize,
        typed: Typed,
    ) -> Result<Answer, Refusal> {
        let message = self.message(message);
        let token = token.unwrap_or_else(|| self.bearer_of(message));
        let caller = self.continued(token, other_app)?;
        let now = self.now;
        let exchanges = match caller.session {
            Session::Login(index) => &mut self.logins[index].exchanges,
            Session::AccessTokensOf(user) => &mut self.users[user].exchanges,
        };
        if !exchanges.take(EXCHANGES, now) {
            return Err(Refusal::TooManyExchanges);
        }
        let index = message.ok_or(Refusal::MalformedOobCode)?;
        let message = self.messages[index].clone();
        self.judge_oob(caller, &message, typed)?;
        self.messages[index].is_used = true;
        self.confirm(caller, message.enrolment);
        Ok(Answer::Tokens(None))
    }

    fn judge_oob(&mut self, caller: Caller, message: &Message, typed: Typed) -> Result<(), Refusal> {
        let now = self.now;
        let user = &mut self.users[caller.user];
        if message.is_used {
            return Err(Refusal::MalformedOobCode);
        }
        if message.session != caller.session {
            return Err(Refusal::OtherTransaction);
        }
        if now >= message.ends_at {
            return Err(Refusal::ExpiredOobCode);
        }
        if !user.enrolments.iter().any(|it| it.number == message.enrolment) {
            return Err(Refusal::MalformedOobCode);
        }
        match (message.is_push, message.approved, typed) {
            (true, None, _) => Err(Refusal::Pending),
            (true, Some(false), _) => Err(Refusal::RefusedPush),
            (true, Some(true), _) => Ok(()),
            (false, _, Typed::Nothing) => Err(Refusal::MissingBindingCode),
            (false, ..) if user.wrong_otps.is_used_up(FAILURES, now) => Err(Refusal::OverLimit),
            (false, _, Typed::Right) => Ok(()),
            (false, _, Typed::Wrong) => {
                user.wrong_otps.add(FAILURES, now);
                Err(Refusal::WrongBindingCode)
            }
        }
    }

    /// The token of the session that a message belongs to; of access tokens, the user's newest.
    pub(crate) fn bearer_of(&self, message: Option<usize>) -> Bearer {
        match message.map(|index| self.messages[index].session) {
            Some(Session::Login(index)) => Bearer::Login(self.logins.len() - 1 - index),
            Some(Session::AccessTokensOf(user)) => self.newest_access_token(user),
            None => Bearer::Login(0),
        }
    }

    fn newest_access_token(&self, user: usize) -> Bearer {
        let back = self.access_tokens.iter().rev().position(|token| token.user == user);
        back.map_or(Bearer::Fake, Bearer::AccessToken)
    }

    /// An enrolment is confirmed by its first use, and the recovery code with it.
    fn confirm(&mut self, caller: Caller, number: usize) {
        let user = &mut self.users[caller.user];
        user.enrolments.iter_mut().filter(|it| it.number == number).for_each(|it| it.confirmed = true);
        user.code_is_active = user.code.is_some();
        self.succeed(caller);
    }

    fn succeed(&mut self, caller: Caller) {
        let Session::Login(index) = caller.session else { return };
        let login = &mut self.logins[index];
        login.is_used = true;
        if login.for_mfa_api {
            let (user, app) = (caller.user, caller.app);
            self.access_tokens.push(AccessToken { user, app, ends_at: self.now + ACCESS_TOKEN_SECONDS });
        }
    }
}
