//! Logins that wait for a second factor, by their `mfa_token`.

use std::collections::BTreeMap;
use std::time::Duration;

use auth0_mfa_core::{InvalidValue, MfaToken};

use crate::base_url::BaseUrl;
use crate::bucket::Bucket;
use crate::generator::Generator;
use crate::tokens::{Asked, Client};
use crate::user::UserId;
use crate::{Behaviour, Timestamp, iron, secrets};

/// How many logins are kept; older ones are forgotten, and their tokens are then unknown.
const KEPT: usize = 10_000;

/// A login that waits for a second factor.
#[derive(Debug)]
pub(crate) struct Login {
    pub(crate) user: UserId,
    pub(crate) client_id: String,
    /// Where the tenant was when it began.
    pub(crate) base: BaseUrl,
    /// What the first factor asked for.
    pub(crate) asked: Asked,
    pub(crate) turn: Turn,
    mfa_token: MfaToken,
    expires_at: Timestamp,
    /// When a second factor was verified.
    succeeded_at: Option<Timestamp>,
    failed: bool,
    /// Exchanges of an `oob_code`.
    pub(crate) oob_exchanges: Bucket,
}

/// Which second factor a login waits for, on a tenant that asks for two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    First,
    Second,
}

/// Why an `mfa_token` is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenProblem {
    /// It is none of this tenant's, or is used up.
    Unknown,
    /// It is too old.
    Expired,
}

/// Identifies a login of this tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LoginId(u64);

#[derive(Debug, Default)]
pub(crate) struct Logins {
    kept: BTreeMap<LoginId, Login>,
    next: u64,
}

impl Logins {
    /// Begins a login. Answers its `mfa_token`.
    pub(crate) fn open(
        &mut self,
        user: UserId,
        client: Client,
        asked: Asked,
        turn: Turn,
        generator: &mut Generator,
        expires_at: Timestamp,
    ) -> Result<MfaToken, InvalidValue> {
        let sealed = iron::sealed(self.next, PAYLOAD, generator, expires_at);
        let mfa_token = MfaToken::parse(sealed.as_str())?;
        let token = mfa_token.clone();
        self.keep(Login {
            user,
            client_id: client.client_id,
            base: client.base,
            asked,
            turn,
            mfa_token,
            expires_at,
            succeeded_at: None,
            failed: false,
            oob_exchanges: Bucket::default(),
        });
        Ok(token)
    }

    fn keep(&mut self, login: Login) {
        self.kept.insert(LoginId(self.next), login);
        self.next += 1;
        if self.kept.len() > KEPT {
            self.kept.pop_first();
        }
    }

    /// The login of an `mfa_token`, when it can go on.
    pub(crate) fn find(
        &self,
        mfa_token: &str,
        behaviour: &Behaviour,
        now: Timestamp,
    ) -> Result<(LoginId, &Login), TokenProblem> {
        let id = iron::number_of(mfa_token).map(LoginId).ok_or(TokenProblem::Unknown)?;
        let login = self.kept.get(&id).ok_or(TokenProblem::Unknown)?;
        if !secrets::same(login.mfa_token.expose(), mfa_token) || login.is_used_up(behaviour, now) {
            return Err(TokenProblem::Unknown);
        }
        if now >= login.expires_at { Err(TokenProblem::Expired) } else { Ok((id, login)) }
    }

    pub(crate) fn get(&self, id: LoginId) -> Option<&Login> {
        self.kept.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: LoginId) -> Option<&mut Login> {
        self.kept.get_mut(&id)
    }

    /// Whose login an `mfa_token` is of, be it used up or too old.
    pub(crate) fn owner(&self, mfa_token: &str) -> Option<UserId> {
        let login = self.kept.get(&iron::number_of(mfa_token).map(LoginId)?)?;
        secrets::same(login.mfa_token.expose(), mfa_token).then_some(login.user)
    }

    pub(crate) fn note_success(&mut self, id: LoginId, now: Timestamp) {
        if let Some(login) = self.kept.get_mut(&id) {
            login.succeeded_at.get_or_insert(now);
        }
    }

    pub(crate) fn note_failure(&mut self, id: LoginId) {
        if let Some(login) = self.kept.get_mut(&id) {
            login.failed = true;
        }
    }
}

impl Login {
    fn is_used_up(&self, behaviour: &Behaviour, now: Timestamp) -> bool {
        let leeway = Duration::from_secs(behaviour.spent_code_leeway_seconds);
        let ended = self.succeeded_at.is_some_and(|then| now.since(then) >= leeway);
        (behaviour.mfa_token_ends_with_success && ended)
            || (behaviour.mfa_token_ends_with_failure && self.failed)
    }
}

/// The length of the sealed field that makes a token as long as recorded ones: 1,986 characters.
const PAYLOAD: usize = 1_750;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_login_is_forgotten_when_there_are_too_many() {
        let mut logins = Logins::default();
        let mfa_token = |number: usize| format!("Fe26.2*SERVER_1700000000*{number:016x}");
        for number in 0..=KEPT {
            logins.keep(Login {
                user: UserId(0),
                client_id: "app".to_owned(),
                base: BaseUrl::of(Some("https://tenant.example.com"), &http::Request::new(())),
                asked: Asked::default(),
                turn: Turn::First,
                mfa_token: MfaToken::parse(mfa_token(number)).expect("visible ASCII"),
                expires_at: Timestamp::from_unix_seconds(600),
                succeeded_at: None,
                failed: false,
                oob_exchanges: Bucket::default(),
            });
        }
        let find = |number| {
            let found = logins.find(&mfa_token(number), &Behaviour::default(), Timestamp::default());
            found.map(|(id, _)| id)
        };
        assert_eq!(find(0), Err(TokenProblem::Unknown));
        assert_eq!(find(1), Ok(LoginId(1)));
        assert_eq!(find(KEPT), Ok(LoginId(10_000)));
    }
}
