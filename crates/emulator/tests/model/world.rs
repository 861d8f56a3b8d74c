//! The tenant under test, and what its client has got from it.

use auth0_mfa_core::{Body, OtpSecret, RecoveryCode};
use auth0_mfa_emulator::{
    ApplicationConfig, Config, Fault, FaultRule, Limit, PhoneMessageType, PushAnswer, Served, Tenant,
    Timestamp, TokenFormat, UserConfig,
};
use http::{Request, Response};
use proptest_state_machine::StateMachineTest;
use serde_json::{Value, json};
use totp_rs::{Algorithm, Secret, TOTP};

use crate::answer::Answer;
use crate::limits::*;
use crate::met;
use crate::model::{Enrolment, Model};
use crate::step::{Bearer, Call, Kind, Owned, Step, Typed, USERS, Way};
use crate::wire::{self, BASE, grant, text};

const APPS: [&str; 2] = ["public-app", "other-app"];
const NAMES: [&str; USERS] = ["alice@example.com", "bob@example.com", "carol@example.com"];
const PASSWORD: &str = "fake-password";
const FAKE_ID: &str = "totp|dev_fake";
const TOTP_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

pub(crate) struct World {
    tenant: Tenant,
    /// The model as it was before the step.
    before: Model,
    mfa_tokens: Vec<String>,
    access_tokens: Vec<String>,
    messages: Vec<Message>,
    /// Every code that was ever made.
    codes: Vec<String>,
    enrolments: Vec<Made>,
}

struct Message {
    oob_code: String,
    id: u64,
    binding_code: Option<String>,
}

struct Made {
    id: String,
    secret: Option<String>,
}

impl StateMachineTest for World {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(model: &Model) -> Self {
        let tenant = Tenant::new(config(model), 1).expect("a good config");
        let first = &tenant.users()[0];
        let code = first.recovery_code().expect("a code").expose().to_owned();
        let app = Made { id: first.authenticators()[0].id(), secret: Some(TOTP_SECRET.to_owned()) };
        Self {
            before: model.clone(),
            mfa_tokens: Vec::new(),
            access_tokens: Vec::new(),
            messages: Vec::new(),
            codes: vec![code],
            enrolments: vec![app],
            tenant,
        }
    }

    fn apply(mut world: Self, model: &Model, step: Step) -> Self {
        world.compare(model, &step);
        world.before = model.clone();
        world
    }

    fn check_invariants(world: &Self, model: &Model) {
        for (user, expected) in world.tenant.users().iter().zip(&model.users) {
            let code = user.recovery_code().map(RecoveryCode::expose);
            let good = expected.code.map(|number| world.codes[number].as_str());
            assert_eq!(code, good, "the code that is good");
            assert_eq!(user.is_enrolled(), expected.is_enrolled());
            let authenticators = user.authenticators().iter();
            let rows = authenticators.map(|it| (it.kind().as_str(), it.is_confirmed()));
            assert!(rows.eq(expected.enrolments.iter().flat_map(Enrolment::rows)), "the authenticators");
        }
    }
}

fn config(model: &Model) -> Config {
    let limit = |limit: crate::limits::Limit| Limit::new(limit.burst, limit.refill, limit.seconds);
    let mut config = Config::default();
    config.users = NAMES.map(|name| UserConfig::new(name, PASSWORD)).to_vec();
    config.users[0].enrolled = true;
    config.users[0].totp_secret = Some(OtpSecret::from(TOTP_SECRET.to_owned()));
    config.applications.push(ApplicationConfig::public(APPS[1]));
    config.phone_message_types = vec![PhoneMessageType::Sms];
    config.tokens = TokenFormat::Opaque;
    config.behaviour.mfa_token_ends_with_success = model.settings.mfa_token_ends_with_success;
    config.behaviour.codes_survive_switching_off = model.settings.codes_survive_switching_off;
    config.behaviour.failures = limit(FAILURES);
    config.behaviour.oob_exchanges = limit(EXCHANGES);
    config.behaviour.phone_messages = limit(PHONE_MESSAGES);
    config.behaviour.pushes = limit(PUSHES);
    config.behaviour.password_failures_allowed = WRONG_PASSWORDS;
    config.behaviour.password_block_seconds = BLOCK_SECONDS;
    config
}

impl World {
    /// Takes a step, and looks whether its answer is the model's.
    fn compare(&mut self, model: &Model, step: &Step) {
        let reply = self.take(step);
        let body = reply.as_ref().map(wire::json).unwrap_or_default();
        let answer = match &reply {
            Some(reply) => wire::read(reply.status(), &body, |code| self.number_of(code)),
            None if step.call.is_sent() => Answer::Lost,
            None => Answer::Nothing,
        };
        assert_eq!(answer, model.answer, "{step:?}");
        met::note(&answer);
        self.learn(model, &body);
    }

    /// Takes a step. None when no reply comes.
    fn take(&mut self, step: &Step) -> Option<Response<Body>> {
        let request = match step.call {
            Call::LogIn { user, app, right, for_mfa_api } => log_in(user, app, right, for_mfa_api),
            Call::Associate { bearer, kind } => self.associate(bearer, kind),
            Call::Otp { token, other_app, app, steps_old } => self.otp(token, other_app, app, steps_old),
            Call::Oob { token, other_app, message, typed } => self.oob(token, other_app, message, typed),
            Call::Recover { token, other_app, code } => {
                let number = self.before.code(token, code);
                let code = number.map_or("FAKECODEFAKECODEFAKECODE", |number| &self.codes[number]);
                self.factor("mfa-recovery-code", token, other_app, &[("recovery_code", code)])
            }
            Call::List { bearer } => {
                wire::with_bearer("GET", "/mfa/authenticators", self.token(bearer), None)
            }
            Call::Delete { bearer, authenticator } => {
                let id = self.id(bearer, authenticator);
                let path = format!("/mfa/authenticators/{id}");
                wire::with_bearer("DELETE", &path, self.token(bearer), None)
            }
            Call::Challenge { token, other_app, authenticator } => {
                self.challenge(token, other_app, authenticator)
            }
            Call::Regenerate { user } => self.manage("POST", user, "recovery-code-regeneration"),
            Call::Reset { user } => self.manage("DELETE", user, "authenticators"),
            Call::AnswerPush { message, approve } => return self.answer_push(message, approve),
            Call::SwitchCodes { on } => {
                self.tenant.set_recovery_codes(on);
                return None;
            }
            Call::Wait { .. } => return None,
        };
        self.send(request, step.way)
    }

    fn associate(&self, bearer: Bearer, kind: Kind) -> Request<Vec<u8>> {
        let body = match kind {
            Kind::Otp => json!({ "authenticator_types": ["otp"] }),
            Kind::Sms => json!({
                "authenticator_types": ["oob"], "oob_channels": ["sms"], "phone_number": "+15550109167",
            }),
            Kind::Push => json!({ "authenticator_types": ["oob"], "oob_channels": ["auth0"] }),
        };
        wire::with_bearer("POST", "/mfa/associate", self.token(bearer), Some(body))
    }

    fn challenge(&mut self, token: Bearer, other_app: bool, authenticator: Owned) -> Request<Vec<u8>> {
        let id = self.id(token, authenticator);
        let pairs = [
            ("client_id", self.app(token, other_app)),
            ("mfa_token", self.token(token)),
            ("challenge_type", "otp oob"),
            ("authenticator_id", &id),
        ];
        wire::form("/mfa/challenge", &pairs)
    }

    fn otp(&self, token: Bearer, other_app: bool, app: Owned, steps_old: u64) -> Request<Vec<u8>> {
        let secret =
            self.before.enrolment(token, app).and_then(|number| self.enrolments[number].secret.as_ref());
        let otp = secret.map(|secret| one_time_password(secret, self.before.now / 30 - steps_old));
        self.factor("mfa-otp", token, other_app, &[("otp", otp.as_deref().unwrap_or("xxxxxx"))])
    }

    fn oob(&self, token: Option<Bearer>, other_app: bool, message: usize, typed: Typed) -> Request<Vec<u8>> {
        let index = self.before.message(message);
        let token = token.unwrap_or_else(|| self.before.bearer_of(index));
        let message = index.map(|index| &self.messages[index]);
        let oob_code = message.map_or("Fe26.2*fake", |message| &message.oob_code);
        let mut pairs = vec![("oob_code", oob_code)];
        let binding_code = message.and_then(|message| message.binding_code.as_deref());
        match typed {
            Typed::Right => pairs.extend(binding_code.map(|code| ("binding_code", code))),
            Typed::Wrong => pairs.push(("binding_code", "xxxxxx")),
            Typed::Nothing => {}
        }
        self.factor("mfa-oob", token, other_app, &pairs)
    }

    fn factor(
        &self,
        grant_type: &str,
        token: Bearer,
        other: bool,
        more: &[(&str, &str)],
    ) -> Request<Vec<u8>> {
        grant(grant_type, self.app(token, other), &[&[("mfa_token", self.token(token))], more].concat())
    }

    fn answer_push(&mut self, message: usize, approve: bool) -> Option<Response<Body>> {
        let answer = if approve { PushAnswer::Approve } else { PushAnswer::Deny };
        if let Some(index) = self.before.message(message) {
            // That it cannot be answered any more is seen by what an exchange is answered.
            let _ = self.tenant.answer_push(self.messages[index].id, answer, self.now());
        }
        None
    }

    fn manage(&mut self, method: &str, user: usize, what: &str) -> Request<Vec<u8>> {
        let audience = format!("{BASE}/api/v2/");
        let more = [("client_secret", "fake-client-secret"), ("audience", &audience)];
        let reply = self.send(grant("client_credentials", "confidential-app", &more), Way::Whole);
        let token = wire::json(&reply.expect("a reply"));
        let path = format!("/api/v2/users/{}/{what}", self.tenant.users()[user].user_id());
        wire::with_bearer(method, &path, text(&token, "access_token"), None)
    }

    fn send(&mut self, request: Request<Vec<u8>>, way: Way) -> Option<Response<Body>> {
        let fault = match way {
            Way::Whole => None,
            Way::DroppedBefore => Some(Fault::DropBefore),
            Way::DroppedAfter => Some(Fault::DropAfter),
            Way::WithoutCode => Some(Fault::MissingCode),
        };
        fault.into_iter().for_each(|fault| self.tenant.faults_mut().add(FaultRule::new(fault)));
        let now = self.now();
        let (head, body) = request.into_parts();
        let served = self.tenant.serve(&Request::from_parts(head, body.as_slice()), now);
        self.tenant.faults_mut().clear();
        match served {
            Served::Reply { reply, .. } => Some(reply),
            Served::Dropped => None,
            other => panic!("{other:?}"),
        }
    }

    /// Takes what the model says is new from the reply; what a lost one had, the tenant's host sees.
    fn learn(&mut self, model: &Model, body: &Value) {
        if self.codes.len() < model.codes_made {
            let newest = Some(self.codes.len());
            let user = model.users.iter().position(|user| user.code == newest).expect("whose it is");
            let code = self.tenant.users()[user].recovery_code().expect("a code").expose().to_owned();
            assert!(!self.codes.contains(&code), "no code comes twice");
            self.codes.push(code);
        }
        if self.enrolments.len() < model.enrolments_made {
            self.enrolments.push(self.newest_enrolment(model, body));
        }
        if self.mfa_tokens.len() < model.logins.len() {
            self.mfa_tokens.push(text(body, "mfa_token").to_owned());
        }
        if self.access_tokens.len() < model.access_tokens.len() {
            self.access_tokens.push(text(body, "access_token").to_owned());
        }
        if self.messages.len() < model.messages.len() {
            let sent = self.tenant.outbox().next_back().expect("a message");
            self.messages.push(Message {
                oob_code: text(body, "oob_code").to_owned(),
                id: sent.id,
                binding_code: sent.code.as_ref().map(|code| code.expose().to_owned()),
            });
        }
    }

    fn newest_enrolment(&self, model: &Model, body: &Value) -> Made {
        let newest = |user: &crate::model::User| {
            user.enrolments.last().map(|it| it.number) == Some(self.enrolments.len())
        };
        let user = model.users.iter().position(newest).expect("whose it is");
        let kind = model.users[user].enrolments.last().expect("it is there").rows()[0].0;
        let mut all = self.tenant.users()[user].authenticators().iter().rev();
        let made = all.find(|it| it.kind().as_str() == kind).expect("it is there");
        Made { id: made.id(), secret: body["secret"].as_str().map(str::to_owned) }
    }

    /// The number of a code: of a new one, the next.
    fn number_of(&self, code: &str) -> usize {
        self.codes.iter().position(|known| known == code).unwrap_or(self.codes.len())
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_unix_seconds(self.before.now)
    }

    fn token(&self, bearer: Bearer) -> &str {
        let by_login = self.before.login(bearer).map(|index| &self.mfa_tokens[index]);
        let token =
            by_login.or_else(|| self.before.access_token(bearer).map(|index| &self.access_tokens[index]));
        token.map_or("Fe26.2*fake", String::as_str)
    }

    /// The application that a token was issued to, or the other one.
    fn app(&self, bearer: Bearer, other: bool) -> &'static str {
        let by_login = self.before.login(bearer).map(|index| self.before.logins[index].app);
        let by_token = || self.before.access_token(bearer).map(|index| self.before.access_tokens[index].app);
        APPS[by_login.or_else(by_token).unwrap_or(0) ^ usize::from(other)]
    }

    fn id(&mut self, bearer: Bearer, authenticator: Owned) -> String {
        let number = self.before.enrolment(bearer, authenticator);
        match (number, authenticator, self.before.owner(bearer)) {
            (Some(number), ..) => self.enrolments[number].id.clone(),
            (None, Owned::RecoveryCode, Some(user)) => self.recovery_code_id(user),
            _ => FAKE_ID.to_owned(),
        }
    }

    /// As the administrator sees it; a user who has no code has none.
    fn recovery_code_id(&mut self, user: usize) -> String {
        let request = self.manage("GET", user, "authentication-methods");
        let methods = wire::json(&self.send(request, Way::Whole).expect("a reply"));
        let mut ids = methods.as_array().into_iter().flatten().map(|method| text(method, "id"));
        ids.find(|id| id.starts_with("recovery-code|")).unwrap_or(FAKE_ID).to_owned()
    }
}

fn log_in(user: usize, app: usize, right: bool, for_mfa_api: bool) -> Request<Vec<u8>> {
    let password = if right { PASSWORD } else { "fake-wrong-password" };
    let audience = format!("{BASE}/mfa/");
    let mut more = vec![("username", NAMES[user]), ("password", password)];
    more.extend(for_mfa_api.then_some(("audience", audience.as_str())));
    grant("password", APPS[app], &more)
}

fn one_time_password(secret: &str, step: u64) -> String {
    let bytes = Secret::Encoded(secret.to_owned()).to_bytes().expect("base32");
    TOTP::new_unchecked(Algorithm::SHA1, 6, 0, 30, bytes).generate(step * 30)
}
