//! One line of the plan.

use std::fmt;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};

use super::{Fault, FaultCall};
use crate::personal::Redacted;

/// What goes wrong, and with which requests: with each, unless it is said. `Debug` does not show the user.
///
/// ```
/// use auth0_mfa_emulator::{Config, Fault, FaultRule};
///
/// let mut config = Config::default();
/// let lost = FaultRule::new(Fault::DropAfter).call("mfa-recovery-code".parse()?).user("alice@example.com").nth(1);
/// config.faults.push(lost);
/// # Ok::<(), auth0_mfa_emulator::UnknownCall>(())
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FaultRule {
    /// What goes wrong.
    pub fault: Fault,
    /// The call; every one without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<FaultCall>,
    /// The user that the request is about, by name; every one without it. Case does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Which of the requests that the rule is for, counted from 1; each of them without it.
    #[serde(default, deserialize_with = "from_one", skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
}

impl FaultRule {
    /// A fault of every request.
    pub fn new(fault: Fault) -> Self {
        Self { fault, call: None, user: None, nth: None }
    }

    /// Of this call only.
    #[must_use]
    pub fn call(mut self, call: FaultCall) -> Self {
        self.call = Some(call);
        self
    }

    /// Of this user's requests only.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>) -> Self {
        self.user = Some(name.into());
        self
    }

    /// Of the n-th of these requests only, counted from 1.
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }
}

impl fmt::Debug for FaultRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultRule")
            .field("fault", &self.fault)
            .field("call", &self.call)
            .field("user", &self.user.as_ref().map(|_| Redacted))
            .field("nth", &self.nth)
            .finish()
    }
}

fn from_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let nth = Option::deserialize(deserializer)?;
    if nth == Some(0) { Err(D::Error::custom("requests are counted from 1")) } else { Ok(nth) }
}
