//! A user's recovery code.

use std::time::Duration;

use auth0_mfa_core::{NewCode, RecoveryCode};
use zeroize::Zeroizing;

use crate::behaviour::{Behaviour, CodeNormalisation};
use crate::{Timestamp, secrets};

/// The recovery code, and the one before it.
#[derive(Debug)]
pub(crate) struct RecoveryAuthenticator {
    pub(crate) device_id: String,
    /// None once a code was used and not replaced.
    pub(crate) code: Option<RecoveryCode>,
    /// Further codes, on a tenant that issues several.
    pub(crate) more: Vec<RecoveryCode>,
    pub(crate) spent: Option<SpentCode>,
    /// Whether a factor was ever confirmed beside it.
    pub(crate) active: bool,
    pub(crate) created_at: Timestamp,
}

#[derive(Debug)]
pub(crate) struct SpentCode {
    pub(crate) code: RecoveryCode,
    pub(crate) at: Timestamp,
}

impl RecoveryAuthenticator {
    pub(crate) fn new(device_id: String, code: RecoveryCode, now: Timestamp) -> Self {
        Self { device_id, code: Some(code), more: Vec::new(), spent: None, active: false, created_at: now }
    }

    /// Its `id`, for example `recovery-code|dev_i1kgKoFSZLbPt6G1`.
    pub(crate) fn id(&self) -> String {
        format!("recovery-code|{}", self.device_id)
    }

    /// Whether there is a code that is good.
    pub(crate) fn has_code(&self) -> bool {
        self.code.is_some() || !self.more.is_empty()
    }

    /// Makes this the code that is good now, when it is one of the further ones.
    pub(crate) fn bring_forward(&mut self, typed: &RecoveryCode, behaviour: &Behaviour) {
        if let Some(index) = self.more.iter().position(|code| is_same_code(code, typed, behaviour)) {
            let code = self.more.remove(index);
            self.more.extend(self.code.replace(code));
        }
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
