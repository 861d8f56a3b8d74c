//! Which call a rule is for.

use std::fmt;
use std::str::FromStr;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::grant_type;

/// Which requests a rule is for: a grant, or a path.
///
/// As text, a grant is its `grant_type`, whole or only behind the last `/`: `mfa-recovery-code`. A path may have a
/// method before it, and a `*` at its end: `/mfa/associate`, `DELETE /mfa/authenticators/*`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct FaultCall {
    text: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Grant,
    Path { method: Option<Method>, path: String },
}

/// A text that names neither a grant of the tenant's nor a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCall(());

impl FaultCall {
    pub(super) fn is(&self, method: &Method, path: &str, grant_type: Option<&str>) -> bool {
        match &self.kind {
            Kind::Grant => grant_type.is_some_and(|grant| is_called(grant, &self.text)),
            Kind::Path { method: wanted, path: pattern } => {
                wanted.as_ref().is_none_or(|wanted| wanted == method) && fits(path, pattern)
            }
        }
    }
}

fn is_called(grant: &str, name: &str) -> bool {
    grant == name || grant.rsplit('/').next() == Some(name)
}

fn fits(path: &str, pattern: &str) -> bool {
    pattern.strip_suffix('*').map_or(path == pattern, |start| path.starts_with(start))
}

impl FromStr for FaultCall {
    type Err = UnknownCall;

    fn from_str(text: &str) -> Result<Self, UnknownCall> {
        let kind = kind_of(text).ok_or(UnknownCall(()))?;
        Ok(Self { text: text.to_owned(), kind })
    }
}

fn kind_of(text: &str) -> Option<Kind> {
    if grant_type::all().iter().any(|grant| is_called(grant, text)) {
        return Some(Kind::Grant);
    }
    let (method, path) = match text.split_once(' ') {
        Some((method, path)) => (Some(method.parse().ok()?), path),
        None => (None, text),
    };
    path.starts_with('/').then(|| Kind::Path { method, path: path.to_owned() })
}

impl TryFrom<String> for FaultCall {
    type Error = UnknownCall;

    fn try_from(text: String) -> Result<Self, UnknownCall> {
        text.parse()
    }
}

impl From<FaultCall> for String {
    fn from(call: FaultCall) -> Self {
        call.text
    }
}

impl fmt::Display for FaultCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for UnknownCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a call is a grant that the tenant knows, or a path")
    }
}

impl std::error::Error for UnknownCall {}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> FaultCall {
        text.parse().expect("a call")
    }

    #[test]
    fn a_grant_is_known_by_its_last_word_and_by_its_whole_name() {
        let whole = Some(grant_type::MFA_RECOVERY_CODE);
        for name in ["mfa-recovery-code", grant_type::MFA_RECOVERY_CODE] {
            assert!(call(name).is(&Method::POST, "/oauth/token", whole));
            assert!(!call(name).is(&Method::POST, "/oauth/token", Some(grant_type::MFA_OTP)));
            assert!(!call(name).is(&Method::POST, "/oauth/token", None));
        }
    }

    #[test]
    fn a_path_is_met_whole_or_up_to_its_star_and_by_its_method() {
        let is = |pattern: &str, method: Method, path| call(pattern).is(&method, path, None);
        assert!(is("/mfa/associate", Method::POST, "/mfa/associate"));
        assert!(!is("/mfa/associate", Method::POST, "/mfa/associate/x"));
        assert!(is("DELETE /mfa/authenticators/*", Method::DELETE, "/mfa/authenticators/totp%7Cdev_1"));
        assert!(!is("DELETE /mfa/authenticators/*", Method::GET, "/mfa/authenticators/totp%7Cdev_1"));
        assert!(!is("DELETE /mfa/authenticators/*", Method::DELETE, "/mfa/authenticators"));
    }

    #[test]
    fn a_word_that_is_no_call_is_refused() {
        for text in ["", "mfa-recovery-kode", "POST mfa/associate", "PO ST /mfa/associate", " "] {
            assert_eq!(text.parse::<FaultCall>(), Err(UnknownCall(())), "{text}");
        }
    }
}
