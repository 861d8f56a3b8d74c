//! Tokens of the form that Auth0 seals them in: eight fields, joined by `*`.

use zeroize::Zeroizing;

use crate::Timestamp;
use crate::generator::Generator;

const PREFIX: &str = "Fe26.2*SERVER_1700000000*";

/// A new token. The salt begins with a number, by which it is found again without a table of secrets. `payload` is how
/// many characters the sealed field has; the others have 236 in all.
pub(crate) fn sealed(
    number: u64,
    payload: usize,
    generator: &mut Generator,
    expires_at: Timestamp,
) -> Zeroizing<String> {
    let expiry = expires_at.since_unix().as_millis();
    let mut token = Zeroizing::new(String::with_capacity(payload + 250));
    token.push_str(&format!("{PREFIX}{number:016x}"));
    for part in [
        generator.hexadecimal(48).as_str(),
        "*",
        &generator.url_safe(22),
        "*",
        &generator.url_safe(payload),
        &format!("*{expiry:013}*"),
        &generator.hexadecimal(64),
        "*",
        &generator.url_safe(43),
    ] {
        token.push_str(part);
    }
    token
}

/// The number that a token was made with; None when it is no token of this form.
pub(crate) fn number_of(token: &str) -> Option<u64> {
    let number = token.strip_prefix(PREFIX)?.get(..16)?;
    u64::from_str_radix(number, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CodeAlphabet;

    #[test]
    fn a_token_has_the_form_of_recorded_ones_and_its_number() {
        let expires_at = Timestamp::from_unix_seconds(1_700_000_600);
        let token = sealed(3, 1_750, &mut Generator::new(1, CodeAlphabet::default()), expires_at);
        let fields: Vec<&str> = token.split('*').collect();
        assert_eq!(fields.len(), 8);
        assert_eq!(fields[0], "Fe26.2");
        assert_eq!(fields[5], "1700000600000");
        assert_eq!(token.len(), 1_986);
        assert_eq!(number_of(&token), Some(3));
        assert_eq!(number_of("Fe26.2*SERVER_1700000000*\u{e9}00000000000000"), None);
    }
}
