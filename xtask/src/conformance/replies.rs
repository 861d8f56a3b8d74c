//! A reply case: the outcome of the call, and that nothing of it would show a secret.

use serde_json::Value;

use super::calls::KnownCall;
use super::cases::ReplyCase;
use super::facts::Facts;
use super::values::Values;
use super::ways::{Way, Ways};

/// What is not as the case has it; nothing when all is.
pub(crate) fn check(
    call: &KnownCall,
    case: &ReplyCase,
    usual: &Values,
    way: Way,
    ways: &Ways,
) -> Vec<String> {
    let values = case.values.as_ref().unwrap_or(usual);
    let played = match ways.play(way, call, case, values) {
        Ok(played) => played,
        Err(reason) => return vec![reason],
    };
    let mut differences = case.expect.differences(&played.outcome.facts);
    differences.extend(played.misdelivered);
    differences.extend(leaks(&played.outcome.shown, values, &played.outcome.facts));
    differences
}

/// The facts that no `Debug`, `Display` or error message may show.
const SECRET_FACTS: [&str; 10] = [
    "access_token",
    "id_token",
    "refresh_token",
    "mfa_token",
    "recovery_code",
    "recovery_code_json",
    "recovery_codes",
    "secret",
    "barcode_uri",
    "oob_code",
];

/// The secrets that are in what a log would show. They are named by their place: a message is no place for them.
pub(crate) fn leaks(shown: &str, values: &Values, facts: &Facts) -> Vec<String> {
    let of_request = values.secrets().into_iter().map(|secret| ("of the request", secret));
    let of_reply = SECRET_FACTS.iter().flat_map(|&name| {
        let secrets = facts.get(name).map(strings).unwrap_or_default();
        secrets.into_iter().map(move |secret| (name, secret))
    });
    of_request
        .chain(of_reply)
        .filter(|(_, secret)| !secret.is_empty() && shown.contains(secret.as_str()))
        .map(|(place, _)| format!("shows a secret in Debug or Display: {place}"))
        .collect()
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(values) => values.iter().flat_map(strings).collect(),
        Value::Object(fields) => fields.values().flat_map(strings).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_the_request_or_of_the_reply_is_found_and_not_repeated() {
        let values = Values { otp: Some("FAKEOTP".to_owned()), ..Values::default() };
        let facts = Facts::default().with("recovery_codes", vec!["FAKECODE"]).with("scope", "openid");
        assert!(leaks("Refused { scope: openid }", &values, &facts).is_empty());
        let found = leaks("otp FAKEOTP, code FAKECODE", &values, &facts);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|line| !line.contains("FAKE")), "{found:?}");
    }
}
