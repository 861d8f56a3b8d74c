//! What a second factor other than the recovery code answers.

use crate::call::Unreadable;
use crate::reply::Reply;
use crate::{Body, NewCode, TokenSet, salvage};

const NEW_CODE: &str = "recovery_code";

/// A second factor was accepted: the user is in.
///
/// One client claims that the confirmation of a first authenticator can bring a recovery code; no recording shows it.
/// So the one way to the tokens hands out what came of one: [`NewCode::NotReturned`], usually, and there is nothing to
/// say then, since no code was used up.
///
/// ```
/// # use auth0_mfa_core::{FactorAccepted, NewCode};
/// # fn show_and_ask_to_keep(_: NewCode) {}
/// # fn example(accepted: FactorAccepted) {
/// let (tokens, new_code) = accepted.into_parts();
/// if new_code.is_returned() {
///     show_and_ask_to_keep(new_code);
/// }
/// # let _ = tokens;
/// # }
/// ```
#[must_use = "it holds the tokens, and may hold a recovery code, which comes once"]
#[derive(Debug)]
pub struct FactorAccepted {
    tokens: TokenSet,
    new_code: NewCode,
}

impl FactorAccepted {
    /// What a server answers; for emulators and tests.
    pub fn new(tokens: TokenSet) -> Self {
        Self { tokens, new_code: NewCode::NotReturned }
    }

    /// The same, with a recovery code; for emulators and tests.
    pub fn with_new_code(mut self, new_code: NewCode) -> Self {
        self.new_code = new_code;
        self
    }

    /// The tokens, and what came of a recovery code.
    pub fn into_parts(self) -> (TokenSet, NewCode) {
        (self.tokens, self.new_code)
    }

    pub(crate) fn read(reply: &Reply<'_>) -> Result<Self, Unreadable> {
        Ok(Self { tokens: TokenSet::read(reply)?, new_code: salvaged(reply) })
    }

    pub(crate) fn new_code(&self) -> &NewCode {
        &self.new_code
    }

    pub(crate) fn to_response(&self) -> http::Response<Body> {
        self.tokens.to_response(&self.new_code)
    }
}

/// A recovery code that came with another factor.
pub(crate) fn salvaged(reply: &Reply<'_>) -> NewCode {
    salvage::code(reply, NEW_CODE, None)
}
