//! The emulator's tenant: any requests, in any order, at any time.

use std::sync::LazyLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use auth0_mfa_core::{
    AddAuthenticator, Application, Body, Call, CallError, CallOptions, ClientAuth, FirstFactor,
    ListAuthenticators, MfaToken, NewAuthenticator, NewCode, Otp, Password, PasswordGrant, RecoveryCode,
    VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use auth0_mfa_emulator::{Config, Tenant, Timestamp};
use http::{Request, Response};

use crate::calls;
use crate::message;

/// What happens to a tenant, in order.
#[derive(Debug)]
pub struct Steps<'a>(Vec<Step<'a>>);

/// More of them find no more, and cost time.
const MOST_STEPS: usize = 8;

#[derive(Debug)]
enum Step<'a> {
    /// Some request.
    Raw(&'a [u8]),
    /// A first factor.
    LogIn { user: usize, is_right: bool },
    /// A second factor.
    Recover { login: usize, code: Typed<'a> },
    /// A second factor.
    Verify { login: usize, user: usize, is_right: bool },
    /// An authenticator is added.
    Add { login: usize },
    /// The authenticators are listed.
    List { login: usize },
    /// Time passes.
    Pass(u32),
    /// The factor is switched on or off.
    Switch(bool),
}

/// The code that is typed.
#[derive(Debug)]
enum Typed<'a> {
    /// The one of a user that is good now.
    Current(usize),
    /// The one that was first.
    First,
    /// Another.
    Any(&'a str),
}

impl<'a> Arbitrary<'a> for Steps<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut steps = Vec::new();
        while steps.len() < MOST_STEPS && !u.is_empty() {
            steps.push(u.arbitrary()?);
        }
        Ok(Self(steps))
    }
}

/// Two bytes a step, so that what was found once is easily varied: what it is, and with what.
impl<'a> Arbitrary<'a> for Step<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let [step, with] = <[u8; 2]>::arbitrary(u)?;
        let (user, login, rest) = (usize::from(with & 1), usize::from(with >> 1 & 3), with >> 3);
        Ok(match step % 16 {
            0 => Self::Raw(raw(u)?),
            1..4 => Self::LogIn { user, is_right: rest > 3 },
            4..8 => Self::Recover { login, code: typed(user, rest, u)? },
            8..11 => Self::Verify { login, user, is_right: rest > 3 },
            11..13 => Self::Add { login },
            13 => Self::List { login },
            14 => Self::Pass(u.arbitrary()?),
            _ => Self::Switch(with & 1 == 1),
        })
    }
}

/// So many bytes, or those that there are.
fn raw<'a>(u: &mut Unstructured<'a>) -> arbitrary::Result<&'a [u8]> {
    let wanted: u16 = u.arbitrary()?;
    u.bytes(usize::from(wanted).min(u.len()))
}

fn typed<'a>(user: usize, rest: u8, u: &mut Unstructured<'a>) -> arbitrary::Result<Typed<'a>> {
    Ok(match rest {
        0..20 => Typed::Current(user),
        20..24 => Typed::First,
        _ => Typed::Any(u.arbitrary()?),
    })
}

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
pub fn keeps_its_codes(Steps(steps): &Steps<'_>) {
    let tenant = Tenant::new(Config::default(), 1).expect("a good config");
    let first_code = code_of(&tenant, 0).unwrap_or_default();
    let now = Timestamp::from_unix_seconds(1_700_000_000);
    let mut world = World { tenant, now, logins: Vec::new(), first_code };
    for step in steps {
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
            Step::LogIn { user, is_right } => self.log_in(*user, *is_right),
            Step::Recover { login, code } => self.recover(*login, code),
            Step::Verify { login, user, is_right } => {
                let otp = self.tenant.otp(USERS[*user], self.now);
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

    fn login(&self, which: usize) -> Option<MfaToken> {
        self.logins.get(which % self.logins.len().max(1)).cloned()
    }

    fn log_in(&mut self, user: usize, is_right: bool) {
        let password = if is_right { PASSWORDS[user] } else { "fake-wrong" };
        let outcome = self.call(PasswordGrant::new(USERS[user], Password::new(password)));
        assert_eq!(outcome.is_ok(), is_right, "{outcome:?}");
        if let Ok(FirstFactor::MfaRequired(mfa)) = outcome {
            self.logins.push(mfa.into_mfa_token());
        }
    }

    fn recover(&mut self, login: usize, code: &Typed<'_>) {
        let Some(token) = self.login(login) else { return };
        let code = match code {
            Typed::Current(user) => code_of(&self.tenant, *user).unwrap_or_default(),
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
