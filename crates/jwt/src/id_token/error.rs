//! Why an ID token is not good.

use std::fmt;

/// Why an ID token is not good. Shows nothing of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdTokenError {
    /// It is not a signed token with claims; says what is wrong, as the end of a sentence that begins with "it".
    Malformed(&'static str),
    /// It is signed by another algorithm than the one that is taken (`alg`), or by none.
    Algorithm,
    /// It is signed with a key that is not in the set (`kid`). Auth0 changes its keys: fetch them again, once, and
    /// validate with what comes. A key that is not there then either is not Auth0's.
    UnknownKey,
    /// The signature is not that of the key.
    Signature,
    /// Another tenant issued it (`iss`).
    Issuer,
    /// It is for another application (`aud`, `azp`).
    Audience,
    /// It has expired (`exp`).
    Expired,
    /// It was issued in the future (`iat`), or is not good yet (`nbf`): a clock is wrong.
    NotYet,
    /// It belongs to another login (`nonce`).
    Nonce,
}

impl IdTokenError {
    /// Whether to fetch the keys again, once, and then to validate again.
    pub fn wants_new_keys(self) -> bool {
        self == Self::UnknownKey
    }
}

impl fmt::Display for IdTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self {
            Self::Malformed(reason) => reason,
            Self::Algorithm => "is not signed by the algorithm that is taken",
            Self::UnknownKey => "is signed with a key that is not in the set: fetch the keys again, once",
            Self::Signature => "has a wrong signature",
            Self::Issuer => "was issued by another tenant",
            Self::Audience => "is for another application",
            Self::Expired => "has expired",
            Self::NotYet => "is from the future",
            Self::Nonce => "belongs to another login",
        };
        write!(f, "the ID token is not good: it {reason}")
    }
}

impl std::error::Error for IdTokenError {}
