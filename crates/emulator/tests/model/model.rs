//! What is known of the tenant from outside, and by what rules it changes.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

use crate::answer::{Answer, Refusal};
use crate::draw;
use crate::limits::Bucket;
use crate::step::{Bearer, Call, Code, Kind, Owned, Step, USERS, Way};

pub(crate) const START: u64 = 1_700_000_000;
pub(crate) const MFA_TOKEN_SECONDS: u64 = 600;
pub(crate) const ACCESS_TOKEN_SECONDS: u64 = 600;
pub(crate) const OOB_CODE_SECONDS: u64 = 300;

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) settings: Settings,
    pub(crate) now: u64,
    pub(crate) codes_on: bool,
    pub(crate) users: Vec<User>,
    /// Of these three, only what the client has heard of.
    pub(crate) logins: Vec<Login>,
    pub(crate) access_tokens: Vec<AccessToken>,
    pub(crate) messages: Vec<Message>,
    pub(crate) codes_made: usize,
    pub(crate) enrolments_made: usize,
    /// What the last step is answered.
    pub(crate) answer: Answer,
}

/// Choices of the tenant's behaviour that a sequence is played with.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) mfa_token_ends_with_success: bool,
    pub(crate) codes_survive_switching_off: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct User {
    /// The one code that is good: its number, and whether a factor was confirmed.
    pub(crate) code: Option<usize>,
    pub(crate) code_is_active: bool,
    pub(crate) enrolments: Vec<Enrolment>,
    pub(crate) wrong_passwords: u32,
    pub(crate) blocked_until: u64,
    pub(crate) wrong_codes: Bucket,
    pub(crate) wrong_otps: Bucket,
    pub(crate) phone_messages: Bucket,
    pub(crate) pushes: Bucket,
    pub(crate) exchanges: Bucket,
}

#[derive(Clone, Debug)]
pub(crate) struct Enrolment {
    pub(crate) number: usize,
    pub(crate) kind: Kind,
    pub(crate) confirmed: bool,
    /// The client has the app's secret.
    pub(crate) is_known: bool,
    pub(crate) last_otp_step: Option<u64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Login {
    pub(crate) user: usize,
    pub(crate) app: usize,
    pub(crate) for_mfa_api: bool,
    pub(crate) ends_at: u64,
    pub(crate) is_used: bool,
    pub(crate) exchanges: Bucket,
}

#[derive(Clone, Debug)]
pub(crate) struct AccessToken {
    pub(crate) user: usize,
    pub(crate) app: usize,
    pub(crate) ends_at: u64,
}

/// A message or a push, and its `oob_code`.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) session: Session,
    pub(crate) enrolment: usize,
    pub(crate) is_push: bool,
    pub(crate) approved: Option<bool>,
    pub(crate) ends_at: u64,
    pub(crate) is_used: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Session {
    Login(usize),
    AccessTokensOf(usize),
}

/// For whom a token speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) user: usize,
    pub(crate) app: usize,
    pub(crate) session: Session,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        (any::<bool>(), any::<bool>())
            .prop_map(|(mfa_token_ends_with_success, codes_survive_switching_off)| {
                Self::new(Settings { mfa_token_ends_with_success, codes_survive_switching_off })
            })
            .boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Step> {
        draw::step()
    }

    fn apply(mut model: Self, step: &Step) -> Self {
        model.answer = model.answer_on_its_way(step);
        model
    }
}

impl Model {
    /// The first user has an app and a recovery code; the others have nothing.
    fn new(settings: Settings) -> Self {
        let mut users = vec![User::default(); USERS];
        users[0].code = Some(0);
        users[0].code_is_active = true;
        users[0].enrolments.push(Enrolment {
            confirmed: true,
            is_known: true,
            ..Enrolment::new(0, Kind::Otp)
        });
        Self {
            settings,
            now: START,
            codes_on: true,
            users,
            logins: Vec::new(),
            access_tokens: Vec::new(),
            messages: Vec::new(),
            codes_made: 1,
            enrolments_made: 1,
            answer: Answer::Nothing,
        }
    }

    /// Of a call that is dropped before, nothing happens; of one that is dropped after, all, and nobody hears of it.
    fn answer_on_its_way(&mut self, step: &Step) -> Answer {
        let (logins, access_tokens) = (self.logins.len(), self.access_tokens.len());
        let (messages, enrolments) = (self.messages.len(), self.enrolments_made);
        match step.way {
            Way::Whole => self.answer(&step.call),
            Way::DroppedBefore => Answer::Lost,
            Way::WithoutCode => self.answer(&step.call).without_code(),
            Way::DroppedAfter => {
                self.answer(&step.call);
                self.logins.truncate(logins);
                self.access_tokens.truncate(access_tokens);
                self.messages.truncate(messages);
                let all = self.users.iter_mut().flat_map(|user| &mut user.enrolments);
                all.filter(|it| it.number >= enrolments).for_each(|it| it.is_known = false);
                Answer::Lost
            }
        }
    }

    fn answer(&mut self, call: &Call) -> Answer {
        let answer = match *call {
            Call::LogIn { user, app, right, for_mfa_api } => self.log_in(user, app, right, for_mfa_api),
            Call::Otp { token, other_app, app, steps_old } => {
                self.verify_otp(token, other_app, app, steps_old)
            }
            Call::Oob { token, other_app, message, typed } => {
                self.verify_oob(token, other_app, message, typed)
            }
            Call::Recover { token, other_app, code } => self.recover(token, other_app, code),
            Call::Associate { bearer, kind } => self.associate(bearer, kind),
            Call::Challenge { token, other_app, authenticator } => {
                self.challenge(token, other_app, authenticator)
            }
            Call::List { bearer } => self.list(bearer),
            Call::Delete { bearer, authenticator } => self.delete(bearer, authenticator),
            Call::Regenerate { user } => self.regenerate(user),
            Call::Reset { user } => Ok(self.reset(user)),
            Call::AnswerPush { message, approve } => Ok(self.answer_push(message, approve)),
            Call::SwitchCodes { on } => Ok(self.switch_codes(on)),
            Call::Wait { seconds } => {
                self.now += seconds;
                Ok(Answer::Nothing)
            }
        };
        answer.unwrap_or_else(Answer::Refused)
    }

    /// For whom the Bearer of a call under `/mfa/` speaks.
    pub(crate) fn caller(&self, bearer: Bearer) -> Result<Caller, Refusal> {
        self.speaker(bearer, Refusal::InvalidBearer, Refusal::BadAccessToken)
    }

    /// For whom the parameter `mfa_token` speaks, sent by the application that it was issued to or by the other one.
    pub(crate) fn continued(&self, token: Bearer, other_app: bool) -> Result<Caller, Refusal> {
        let caller = self.speaker(token, Refusal::MalformedMfaToken, Refusal::MalformedMfaToken)?;
        if other_app { Err(Refusal::OtherClient) } else { Ok(caller) }
    }

    fn speaker(&self, bearer: Bearer, unknown: Refusal, old: Refusal) -> Result<Caller, Refusal> {
        if let Some(index) = self.login(bearer) {
            let login = &self.logins[index];
            if login.is_used && self.settings.mfa_token_ends_with_success {
                return Err(unknown);
            }
            if self.now >= login.ends_at {
                return Err(Refusal::ExpiredMfaToken);
            }
            return Ok(Caller { user: login.user, app: login.app, session: Session::Login(index) });
        }
        let token = &self.access_tokens[self.access_token(bearer).ok_or(unknown)?];
        if self.now >= token.ends_at {
            return Err(old);
        }
        Ok(Caller { user: token.user, app: token.app, session: Session::AccessTokensOf(token.user) })
    }

    pub(crate) fn login(&self, bearer: Bearer) -> Option<usize> {
        let Bearer::Login(back) = bearer else { return None };
        self.logins.len().checked_sub(back + 1)
    }

    pub(crate) fn access_token(&self, bearer: Bearer) -> Option<usize> {
        let Bearer::AccessToken(back) = bearer else { return None };
        self.access_tokens.len().checked_sub(back + 1)
    }

    pub(crate) fn message(&self, back: usize) -> Option<usize> {
        self.messages.len().checked_sub(back + 1)
    }

    /// Whose a token is, be it good or not.
    pub(crate) fn owner(&self, bearer: Bearer) -> Option<usize> {
        let by_login = self.login(bearer).map(|index| self.logins[index].user);
        by_login.or_else(|| self.access_token(bearer).map(|index| self.access_tokens[index].user))
    }

    /// The number of an enrolment.
    pub(crate) fn enrolment(&self, bearer: Bearer, named: Owned) -> Option<usize> {
        match named {
            Owned::Own(back) => {
                let own = &self.users[self.owner(bearer)?].enrolments;
                Some(own.get(own.len().checked_sub(back + 1)?)?.number)
            }
            Owned::Anyones(back) => self.enrolments_made.checked_sub(back + 1),
            Owned::RecoveryCode | Owned::Fake => None,
        }
    }

    /// The number of a code.
    pub(crate) fn code(&self, token: Bearer, code: Code) -> Option<usize> {
        match code {
            Code::Current => self.users[self.owner(token)?].code,
            Code::CurrentOf(user) => self.users[user].code,
            Code::Made(back) => self.codes_made.checked_sub(back + 1),
            Code::Wrong => None,
        }
    }

    pub(crate) fn make_code(&mut self) -> usize {
        self.codes_made += 1;
        self.codes_made - 1
    }
}

impl User {
    pub(crate) fn is_enrolled(&self) -> bool {
        self.enrolments.iter().any(|enrolment| enrolment.confirmed)
    }
}

impl Enrolment {
    pub(crate) fn new(number: usize, kind: Kind) -> Self {
        Self { number, kind, confirmed: false, is_known: kind == Kind::Otp, last_otp_step: None }
    }
}

impl Answer {
    fn without_code(self) -> Self {
        match self {
            Self::Tokens(_) => Self::Tokens(None),
            Self::Associated(_) => Self::Associated(None),
            Self::Regenerated(_) => Self::Regenerated(None),
            other => other,
        }
    }
}
