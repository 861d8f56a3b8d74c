//! A user of the tenant, and the user's authenticators.

use std::time::Duration;

use auth0_mfa_core::{NewCode, Otp, OtpSecret, Password, RecoveryCode};
use zeroize::Zeroizing;

use crate::behaviour::{Behaviour, CodeNormalisation};
use crate::brute_force::WrongPasswords;
use crate::config::UserConfig;
use crate::failures::Failures;
use crate::generator::Generator;
use crate::{Timestamp, secrets, totp};

/// A user of the tenant, as a host sees it. `Debug` shows no secret.
#[derive(Debug)]
pub struct User {
    name: String,
    user_id: String,
    password: Password,
    pub(crate) authenticators: Vec<OtpAuthenticator>,
    pub(crate) recovery: Option<RecoveryAuthenticator>,
    pub(crate) wrong_passwords: WrongPasswords,
    pub(crate) otp_failures: Failures,
    pub(crate) recovery_failures: Failures,
}

/// Identifies a user of this tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UserId(pub(crate) usize);

/// An authenticator app.
#[derive(Debug)]
pub(crate) struct OtpAuthenticator {
    pub(crate) device_id: String,
    pub(crate) secret: OtpSecret,
    pub(crate) confirmed: bool,
    /// The step of the last one-time password that was accepted; neither it nor an older one is accepted again.
    last_step: Option<u64>,
}

/// The recovery code, and the one before it.
#[derive(Debug)]
pub(crate) struct RecoveryAuthenticator {
    pub(crate) device_id: String,
    /// None once a code was used and not replaced.
    pub(crate) code: Option<RecoveryCode>,
    pub(crate) spent: Option<SpentCode>,
}

#[derive(Debug)]
pub(crate) struct SpentCode {
    pub(crate) code: RecoveryCode,
    pub(crate) at: Timestamp,
}

impl User {
    /// The name that the user logs in with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Auth0's `user_id`, for example `auth0|5f7c8ec7c33c6c004bbafe82`.
    pub fn user_id(&self) -> &str {
        &self.user_id
    }

    /// The password; for a host that tells its users how to log in.
    pub fn password(&self) -> &Password {
        &self.password
    }

    /// Whether the user has a confirmed authenticator app.
    pub fn is_enrolled(&self) -> bool {
        self.authenticators.iter().any(|authenticator| authenticator.confirmed)
    }

    /// The recovery code that is good now, or will be once an authenticator app is confirmed.
    pub fn recovery_code(&self) -> Option<&RecoveryCode> {
        self.recovery.as_ref()?.code.as_ref()
    }

    /// The secret of the user's authenticator app: of the confirmed one, or else of the newest.
    pub fn totp_secret(&self) -> Option<&OtpSecret> {
        let confirmed = self.authenticators.iter().find(|authenticator| authenticator.confirmed);
        confirmed.or(self.authenticators.last()).map(|authenticator| &authenticator.secret)
    }

    pub(crate) fn new(config: UserConfig, generator: &mut Generator) -> Self {
        let mut user = Self {
            user_id: config.user_id.unwrap_or_else(|| user_id(&config.name)),
            name: config.name,
            password: config.password,
            authenticators: Vec::new(),
            recovery: None,
            wrong_passwords: WrongPasswords::default(),
            otp_failures: Failures::default(),
            recovery_failures: Failures::default(),
        };
        if config.enrolled {
            let secret = config.totp_secret.unwrap_or_else(|| generator.otp_secret());
            let authenticator = OtpAuthenticator::new(generator.device_id(), secret);
            user.authenticators.push(OtpAuthenticator { confirmed: true, ..authenticator });
            let code = config.recovery_code.unwrap_or_else(|| generator.recovery_code());
            user.recovery = Some(RecoveryAuthenticator::new(generator.device_id(), code));
        }
        user
    }

    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    pub(crate) fn has_password(&self, password: &Password) -> bool {
        secrets::same(self.password.expose(), password.expose())
    }

    /// Takes a one-time password; it confirms the authenticator that it is of. Answers whether it was right.
    pub(crate) fn accept_otp(&mut self, otp: &Otp, now: Timestamp) -> bool {
        self.authenticators.iter_mut().any(|authenticator| authenticator.accept(otp, now))
    }
}

impl User {
    /// Removes every authenticator and the recovery code, as an administrator does it.
    pub(crate) fn reset(&mut self) {
        self.authenticators.clear();
        self.recovery = None;
    }
}

/// It follows from the name alone, so that a user who is added changes no other.
fn user_id(name: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, name.to_ascii_lowercase().as_bytes());
    let digits: String = digest.as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("auth0|{digits}")
}

impl OtpAuthenticator {
    pub(crate) fn new(device_id: String, secret: OtpSecret) -> Self {
        Self { device_id, secret, confirmed: false, last_step: None }
    }

    fn accept(&mut self, otp: &Otp, now: Timestamp) -> bool {
        let step = totp::matching_step(&self.secret, otp, now);
        let is_new = step.is_some_and(|step| self.last_step.is_none_or(|last| step > last));
        if is_new {
            self.last_step = step;
            self.confirmed = true;
        }
        is_new
    }
}

impl RecoveryAuthenticator {
    pub(crate) fn new(device_id: String, code: RecoveryCode) -> Self {
        Self { device_id, code: Some(code), spent: None }
    }

    /// Whether this is the code that is good now.
    pub(crate) fn is_current(&self, typed: &RecoveryCode, behaviour: &Behaviour) -> bool {
        self.code.as_ref().is_some_and(|code| is_same_code(code, typed, behaviour))
    }

    /// Whether this is the code before, spent so lately that its answer is repeated.
    pub(crate) fn was_just_spent(&self, typed: &RecoveryCode, behaviour: &Behaviour, now: Timestamp) -> bool {
        let leeway = Duration::from_secs(behaviour.spent_code_leeway_seconds);
        let lately = self.spent.as_ref().filter(|spent| now.since(spent.at) < leeway);
        lately.is_some_and(|spent| is_same_code(&spent.code, typed, behaviour))
    }

    /// The code that is good now, for a reply.
    pub(crate) fn current(&self) -> NewCode {
        self.code.as_ref().map_or(NewCode::NotReturned, |code| NewCode::Issued(copy(code)))
    }

    /// Spends the code that is good now; `next` takes its place, and is answered.
    pub(crate) fn spend(&mut self, next: Option<RecoveryCode>, now: Timestamp) -> NewCode {
        self.spent = self.code.take().map(|code| SpentCode { code, at: now });
        self.code = next;
        self.current()
    }
}

fn is_same_code(issued: &RecoveryCode, typed: &RecoveryCode, behaviour: &Behaviour) -> bool {
    match behaviour.code_normalisation {
        CodeNormalisation::Strict => secrets::same(issued.expose(), typed.expose()),
        CodeNormalisation::Lenient => secrets::same(&plain(issued.expose()), &plain(typed.expose())),
    }
}

/// Without white space and dashes, in upper case.
fn plain(code: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(code.len()));
    plain.extend(code.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()));
    plain
}

/// A second copy, for a reply.
pub(crate) fn copy(code: &RecoveryCode) -> RecoveryCode {
    RecoveryCode::verbatim(code.expose())
}
