//! The emulator's tenant: any requests, in any order, at any time.

use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::Arbitrary;
use auth0_mfa_core::{
    AddAuthenticator, Application, Body, Call, CallError, CallOptions, ClientAuth, FirstFactor,
    ListAuthenticators, MfaToken, NewAuthenticator, NewCode, Otp, Password, PasswordGrant, RecoveryCode,
    VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use auth0_mfa_emulator::{Config, Tenant, Timestamp};
use http::{Request, Response};

use crate::calls;
use crate::message;

/// What happens to a tenant.
#[derive(Arbitrary, Debug)]
#[allow(missing_docs, reason = "a login, a user and whether the factor is right")]
pub enum Step<'a> {
    /// Some request.
    Raw(&'a [u8]),
    /// A first factor.
    LogIn { is_bob: bool, is_right: bool },
    /// A second factor.
    Recover { login: u8, code: Typed<'a> },
    /// A second factor.
    Verify { login: u8, is_bob: bool, is_right: bool },
    /// An authenticator is added.
    Add { login: u8 },
    /// The authenticators are listed.
    List { login: u8 },
    /// Time passes.
    Pass(u32),
    /// The factor is switched on or off.
    Switch(bool),
}

/// The code that is typed.
#[derive(Arbitrary, Debug)]
#[allow(missing_docs, reason = "a user")]
pub enum Typed<'a> {
    /// The one that is good now, of one of the users.
    Current { is_bob: bool },
    /// The one that was first.
    First,
    /// Another.
    Any(&'a str),
}

/// More of them find no more, and cost time.
const MOST_STEPS: usize = 8;

const USERS: [&str; 2] = ["alice@example.com", "bob@example.com"];
const PASSWORDS: [&str; 2] = ["fake-password-alice", "fake-password-bob"];

static APPLICATION: LazyLock<Application> =
    LazyLock::new(|| calls::application("public-app", ClientAuth::None));

struct World {
    tenant: Tenant,
    now: Timestamp,
    logins: Vec<MfaToken>,
    first_code: String,
}

/// A user's code changes only when a reply hands out the next one; a refusal changes nothing, and is one of Auth0's.
pub fn keeps_its_codes(steps: &[Step<'_>]) {
    let tenant = Tenant::new(Config::default(), 1).expect("a good config");
    let first_code = code_of(&tenant, 0).unwrap_or_default();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let mut world = World { tenant, now, logins: Vec::new(), first_code };
    for step in steps.iter().take(MOST_STEPS) {
        world.take(step);
    }
    let shown = format!("{:?}", world.tenant);
    let secrets = [code_of(&world.tenant, 0), code_of(&world.tenant, 1)].into_iter().flatten();
    for secret in secrets.chain(PASSWORDS.map(str::to_owned)) {
        assert!(!shown.contains(&secret), "a secret is shown: {shown}");
    }
}

fn code_of(tenant: &Tenant, user: usize) -> Option<String> {
    Some(tenant.user(USERS[user])?.recovery_code()?.expose().to_owned())
}

impl World {
    fn take(&mut self, step: &Step<'_>) {
        match step {
            Step::Raw(bytes) => drop(self.handle(&message::request(bytes))),
            Step::LogIn { is_bob, is_right } => self.log_in(usize::from(*is_bob), *is_right),
            Step::Recover { login, code } => self.recover(*login, code),
            Step::Verify { login, is_bob, is_right } => {
                let otp = self.tenant.otp(USERS[usize::from(*is_bob)], self.now);
                let otp = otp.filter(|_| *is_right).unwrap_or_else(|| Otp::verbatim("000000"));
                let Some(token) = self.login(*login) else { return };
                let _ = self.call(VerifyWithOtp::new(token, otp));
            }
            Step::Add { login } => {
                let Some(token) = self.login(*login) else { return };
                let _ = self.call(AddAuthenticator::new(token.into(), NewAuthenticator::Otp));
            }
            Step::List { login } => {
                let Some(token) = self.login(*login) else { return };
                let _ = self.call(ListAuthenticators::new(token.into()));
            }
            Step::Pass(seconds) => self.now = self.now.plus(Duration::from_secs((*seconds).into())),
            Step::Switch(on) => self.tenant.set_recovery_codes(*on),
        }
    }

    fn login(&self, which: u8) -> Option<MfaToken> {
        self.logins.get(usize::from(which) % self.logins.len().max(1)).cloned()
    }

    fn log_in(&mut self, user: usize, is_right: bool) {
        let password = if is_right { PASSWORDS[user] } else { "fake-wrong" };
        let outcome = self.call(PasswordGrant::new(USERS[user], Password::new(password)));
        assert_eq!(outcome.is_ok(), is_right, "{outcome:?}");
        if let Ok(FirstFactor::MfaRequired(mfa)) = outcome {
            self.logins.push(mfa.into_mfa_token());
        }
    }

    fn recover(&mut self, login: u8, code: &Typed<'_>) {
        let Some(token) = self.login(login) else { return };
        let code = match code {
            Typed::Current { is_bob } => code_of(&self.tenant, usize::from(*is_bob)).unwrap_or_default(),
            Typed::First => self.first_code.clone(),
            Typed::Any(code) => (*code).to_owned(),
        };
        let codes = |tenant: &Tenant| [code_of(tenant, 0), code_of(tenant, 1)];
        let before = codes(&self.tenant);
        let outcome = self.call(VerifyWithRecoveryCode::new(token, RecoveryCode::verbatim(code.as_str())));
        match outcome {
            Ok(accepted) => {
                assert!(before.contains(&Some(code.clone())), "a code that is not good was taken");
                let NewCode::Issued(next) = accepted.into_parts().1 else { panic!("no new code came") };
                assert_ne!(next.expose(), code, "the code is burnt");
                assert!(codes(&self.tenant).contains(&Some(next.expose().to_owned())));
            }
            Err(error) => assert!(error.api_error().is_some(), "{error:?}"),
        }
    }

    fn call<C: Call>(&mut self, call: C) -> Result<C::Output, CallError<C>> {
        let (request, pending) = begin(call, &APPLICATION, CallOptions::default());
        let reply = self.handle(&request.map(|body| body.expose().to_vec()));
        pending.answered(message::borrowed(&reply))
    }

    /// The reply to a request, which hands out a code that changed.
    fn handle(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let before = [code_of(&self.tenant, 0), code_of(&self.tenant, 1)];
        let reply: Response<Body> = self.tenant.handle(&message::received(request), self.now);
        let reply = reply.map(|body| body.expose().to_vec());
        let text = String::from_utf8_lossy(reply.body());
        let status = reply.status();
        assert!(!status.is_server_error(), "{status} {text}");
        for (user, before) in before.iter().enumerate() {
            let after = code_of(&self.tenant, user);
            if after != *before {
                assert!(status.is_success() && text.contains(&after.unwrap_or_default()), "{status} {text}");
            }
        }
        reply
    }
}
