//! Recovery codes: the one that is typed, and the one that comes back.

use std::fmt;

use crate::InvalidValue;
use crate::secret::secret;
use crate::wiped::Wiped;

/// How many letters and digits every recovery code seen so far has.
const USUAL_LENGTH: usize = 24;

secret! {
    /// A recovery code: 24 letters and digits in every sample, single-use, valid until it is used, regenerated or
    /// reset.
    ///
    /// Not `Clone`: a code that is sent is used up.
    ///
    /// Source: <https://auth0.com/docs/secure/multi-factor-authentication/configure-recovery-codes-for-mfa>
    RecoveryCode
}

impl RecoveryCode {
    /// Takes what a person typed.
    ///
    /// White space around it is removed. White space and dashes inside are removed, and letters made upper-case,
    /// only when exactly 24 ASCII letters and digits remain, since that is the one form that Auth0 is known to
    /// issue; otherwise it is left as typed. No alphabet is enforced: a failed try costs one of ten, a wrongly
    /// refused code costs the account.
    ///
    /// # Errors
    /// When nothing was typed.
    ///
    /// ```
    /// use auth0_mfa_core::RecoveryCode;
    ///
    /// let code = RecoveryCode::parse(" fake-reco-very-code-0000-0000 ")?;
    /// assert_eq!(code.expose(), "FAKERECOVERYCODE00000000");
    /// assert!(code.looks_complete());
    /// # Ok::<(), auth0_mfa_core::InvalidValue>(())
    /// ```
    pub fn parse(typed: &str) -> Result<Self, InvalidValue> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(InvalidValue::new("recovery_code", "is empty"));
        }
        let mut kept = Wiped::from(String::with_capacity(typed.len()));
        kept.extend(typed.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)));
        if is_usual_form(&kept) {
            kept.make_ascii_uppercase();
            return Ok(Self(kept));
        }
        Ok(Self::verbatim(typed))
    }

    /// Takes a code that a program stored, exactly as it is.
    pub fn verbatim(code: impl Into<String>) -> Self {
        Self(Wiped::from(code.into()))
    }

    /// A code as it came in a reply.
    pub(crate) fn issued(code: Wiped) -> Self {
        Self(code)
    }

    /// Whether it has the form of every code seen so far: 24 ASCII letters and digits. When it has not, ask the
    /// person to look again before one of ten tries is spent; do not refuse it.
    pub fn looks_complete(&self) -> bool {
        is_usual_form(&self.0)
    }
}

fn is_usual_form(code: &str) -> bool {
    code.len() == USUAL_LENGTH && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Hyphens and dashes of every kind that a word processor puts in the place of one.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

secret! {
    /// A `recovery_code` in a reply that is not a string of text: kept as its JSON text, for a person to make out.
    UnreadableCode
}

impl UnreadableCode {
    pub(crate) fn json_text(text: &str) -> Self {
        Self(Wiped::from(text.to_owned()))
    }
}

/// What can be saved of a new recovery code when a call fails: [`NewCode`], [`NewCodes`], or `()` for a call that
/// issues none. The default is "none".
pub trait Salvaged: Default + fmt::Debug {
    /// Whether there is anything that the user must see kept.
    fn is_returned(&self) -> bool;
}

impl Salvaged for () {
    fn is_returned(&self) -> bool {
        false
    }
}

impl Salvaged for NewCode {
    fn is_returned(&self) -> bool {
        NewCode::is_returned(self)
    }
}

impl Salvaged for NewCodes {
    fn is_returned(&self) -> bool {
        !self.is_empty()
    }
}

/// The new recovery code of a reply that replaces the one that was sent.
///
/// Each of the three must reach the user: "here is your new code, keep it", "your old code is used up and there is
/// no new one", or "there is a new one that this program could not read".
#[must_use = "the new recovery code is shown once: show it to the user"]
#[derive(Debug, Default)]
#[allow(clippy::exhaustive_enums)] // a catch-all arm is where a code would be dropped
pub enum NewCode {
    /// The next code. It has been shown by nobody yet and will not come again.
    Issued(RecoveryCode),
    /// The server sent none.
    #[default]
    NotReturned,
    /// The server sent something that is not a string.
    Unreadable(UnreadableCode),
}

impl NewCode {
    /// The code, when one was issued.
    pub fn issued(&self) -> Option<&RecoveryCode> {
        match self {
            Self::Issued(code) => Some(code),
            Self::NotReturned | Self::Unreadable(_) => None,
        }
    }

    /// Whether there is anything that the user must see kept.
    pub fn is_returned(&self) -> bool {
        !matches!(self, Self::NotReturned)
    }
}

/// The recovery codes of a first association: one in every recording, none (the usual case) when the user has been
/// shown one before or recovery codes are off.
#[must_use = "recovery codes are shown once: show them to the user"]
#[derive(Debug, Default)]
pub struct NewCodes(Vec<NewCode>);

impl NewCodes {
    /// Whether none came.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many came.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Each of them, in the reply's order.
    pub fn iter(&self) -> std::slice::Iter<'_, NewCode> {
        self.0.iter()
    }
}

impl FromIterator<NewCode> for NewCodes {
    fn from_iter<I: IntoIterator<Item = NewCode>>(codes: I) -> Self {
        Self(codes.into_iter().collect())
    }
}

impl IntoIterator for NewCodes {
    type Item = NewCode;
    type IntoIter = std::vec::IntoIter<NewCode>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a NewCodes {
    type Item = &'a NewCode;
    type IntoIter = std::slice::Iter<'a, NewCode>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for NewCode {
    /// Says which of the three it is, never the code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Issued(_) => "issued",
            Self::NotReturned => "not returned",
            Self::Unreadable(_) => "unreadable",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_normalised_only_to_the_usual_form() {
        for (typed, taken) in [
            ("fakerecoverycode00000000", "FAKERECOVERYCODE00000000"),
            ("\tFAKE RECOVERY CODE 00000000\n", "FAKERECOVERYCODE00000000"),
            ("FAKE\u{2013}RECOVERY\u{2212}CODE\u{a0}00000000", "FAKERECOVERYCODE00000000"),
            ("  abcd-efgh-ijkl ", "abcd-efgh-ijkl"),
            ("fakerecoverycode0000000\u{e9}", "fakerecoverycode0000000\u{e9}"),
            ("fakerecoverycode0000000 00", "fakerecoverycode0000000 00"),
        ] {
            assert_eq!(RecoveryCode::parse(typed).expect(typed).expose(), taken);
        }
    }

    #[test]
    fn nothing_typed_is_refused_and_no_alphabet_is() {
        assert!(RecoveryCode::parse(" \n").is_err());
        assert_eq!(RecoveryCode::parse("-").expect("is something").expose(), "-");
        assert!(!RecoveryCode::parse("r\u{e9}cup\u{e9}r\u{2603}").expect("is something").looks_complete());
    }

    #[test]
    fn a_stored_code_is_left_as_it_is() {
        assert_eq!(RecoveryCode::verbatim(" a-b ").expose(), " a-b ");
    }
}
