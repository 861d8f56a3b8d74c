//! Refresh tokens, by the login that they came from: a family, of which one token is good.

use std::collections::BTreeMap;
use std::time::Duration;

use auth0_mfa_core::RefreshToken;

use crate::generator::Generator;
use crate::tokens::Asked;
use crate::user::UserId;
use crate::{Timestamp, secrets};

/// How many families are kept; older ones are forgotten, and their tokens are then unknown.
const KEPT: usize = 10_000;
const PREFIX: &str = "v1.";

/// What the tokens of a login are good for.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) user: UserId,
    pub(crate) asked: Asked,
    /// The thumbprint of the key that they are bound to.
    pub(crate) key: Option<String>,
    /// Whether a second factor was passed.
    pub(crate) second_factor: bool,
}

#[derive(Debug)]
struct Family {
    grant: Grant,
    current: RefreshToken,
    previous: Option<(RefreshToken, Timestamp)>,
    generation: u32,
}

/// Identifies a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct FamilyId(u64);

#[derive(Debug, Default)]
pub(crate) struct RefreshTokens {
    kept: BTreeMap<FamilyId, Family>,
    next: u64,
}

impl RefreshTokens {
    /// Begins a family. Answers its first token.
    pub(crate) fn begin(&mut self, grant: Grant, generator: &mut Generator) -> RefreshToken {
        let id = FamilyId(self.next);
        self.next += 1;
        let current = token(id, 0, generator);
        let shown = copy(&current);
        self.kept.insert(id, Family { grant, current, previous: None, generation: 0 });
        if self.kept.len() > KEPT {
            self.kept.pop_first();
        }
        shown
    }

    /// What a token is good for, when it is good. One that was replaced ends its family, except within the leeway:
    /// somebody has stolen it.
    pub(crate) fn find(
        &mut self,
        token: &RefreshToken,
        leeway: Duration,
        now: Timestamp,
    ) -> Option<(FamilyId, Grant)> {
        let (id, generation) = parts(token)?;
        let family = self.kept.get(&id)?;
        let is = |known: &RefreshToken| secrets::same(known.expose(), token.expose());
        let was_just_replaced =
            family.previous.as_ref().is_some_and(|(old, at)| is(old) && now.since(*at) < leeway);
        if is(&family.current) || was_just_replaced {
            return Some((id, family.grant.clone()));
        }
        if generation < family.generation {
            self.kept.remove(&id);
        }
        None
    }

    /// Whose family a token is of, be it replaced by now.
    pub(crate) fn owner(&self, token: &str) -> Option<UserId> {
        let token = RefreshToken::from(token.to_owned());
        Some(self.kept.get(&parts(&token)?.0)?.grant.user)
    }

    /// Replaces the token of a family. Answers the new one.
    pub(crate) fn rotate(
        &mut self,
        id: FamilyId,
        generator: &mut Generator,
        now: Timestamp,
    ) -> Option<RefreshToken> {
        let family = self.kept.get_mut(&id)?;
        family.generation = family.generation.saturating_add(1);
        let next = token(id, family.generation, generator);
        let old = std::mem::replace(&mut family.current, copy(&next));
        family.previous = Some((old, now));
        Some(next)
    }
}

/// A token that says which one it is, so that it is found without a table of secrets, and so that one which was
/// replaced long ago is known as such.
fn token(id: FamilyId, generation: u32, generator: &mut Generator) -> RefreshToken {
    let random = generator.url_safe(40);
    RefreshToken::from(format!("{PREFIX}{:016x}{generation:08x}{}", id.0, random.as_str()))
}

fn parts(token: &RefreshToken) -> Option<(FamilyId, u32)> {
    let rest = token.expose().strip_prefix(PREFIX)?;
    let id = u64::from_str_radix(rest.get(..16)?, 16).ok()?;
    let generation = u32::from_str_radix(rest.get(16..24)?, 16).ok()?;
    Some((FamilyId(id), generation))
}

fn copy(token: &RefreshToken) -> RefreshToken {
    RefreshToken::from(token.expose().to_owned())
}
