//! What `Debug` shows of a server's words: those of Auth0, and no others, since what stands in their place may repeat a
//! secret.

use std::fmt;

/// Auth0's own words: types, channels, methods, factors, and the scopes of this API.
const WORDS: [&str; 30] = [
    "Bearer",
    "DPoP",
    "auth0",
    "bearer",
    "duo",
    "email",
    "email-verification",
    "enroll",
    "guardian",
    "none",
    "offline_access",
    "oob",
    "openid",
    "otp",
    "passkey",
    "password",
    "phone",
    "profile",
    "prompt",
    "push",
    "push-notification",
    "read:authenticators",
    "recovery-code",
    "remove:authenticators",
    "sms",
    "totp",
    "transfer",
    "voice",
    "webauthn-platform",
    "webauthn-roaming",
];

/// A word, shown when it is one of Auth0's.
pub(crate) struct Word<'a>(pub(crate) &'a str);

impl fmt::Debug for Word<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if WORDS.contains(&self.0) { fmt::Debug::fmt(self.0, f) } else { f.write_str("[other]") }
    }
}

pub(crate) fn word(text: Option<&str>) -> Option<Word<'_>> {
    text.map(Word)
}

pub(crate) fn words(texts: &[String]) -> Vec<Word<'_>> {
    texts.iter().map(|text| Word(text)).collect()
}

/// Each of the scopes.
pub(crate) fn scopes(scope: Option<&str>) -> Option<Vec<Word<'_>>> {
    scope.map(|scope| scope.split(' ').map(Word).collect())
}

/// An identifier, shown when it has the form of Auth0's: a word and a device, for example `sms|dev_…`.
pub(crate) struct Id<'a>(pub(crate) &'a str);

impl fmt::Debug for Id<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if is_device(self.0) { fmt::Debug::fmt(self.0, f) } else { f.write_str("[other]") }
    }
}

fn is_device(id: &str) -> bool {
    let (kind, device) = id.split_once('|').unwrap_or(("otp", id));
    let is_plain =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    WORDS.contains(&kind) && device.strip_prefix("dev_").is_some_and(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth0s_words_and_identifiers_are_shown_and_nothing_else() {
        let shown = format!("{:?} {:?}", Word("recovery-code"), Word("FAKERECOVERYCODE00000000"));
        assert_eq!(shown, "\"recovery-code\" [other]");
        for (id, is_shown) in [
            ("sms|dev_Ab-1_", true),
            ("dev_Ab1", true),
            ("FAKERECOVERYCODE00000000", false),
            ("FAKE|dev_1", false),
            ("sms|FAKE", false),
            ("sms|dev_a b", false),
        ] {
            assert_eq!(format!("{:?}", Id(id)) != "[other]", is_shown, "{id}");
        }
    }
}
