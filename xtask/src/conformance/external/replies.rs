//! Replies from documentation, recordings and tests of SDKs, each read by the call that it belongs to.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::index::{Index, IndexedReply};
use crate::conformance::calls::{Attempt, CALLS, KnownCall, NOWHERE, Sending};
use crate::conformance::facts::Facts;
use crate::conformance::report::{Failure, Report, table};
use crate::conformance::values::Values;

/// The page whose reply must be understood, whatever else is there.
const DOCUMENTED: &str = "challenge-with-recovery-codes";

pub(crate) fn check(folder: &Path, index: &Index, report: &mut Report) {
    let (mut rows, mut others, mut documented) = (Vec::new(), Vec::new(), None);
    for indexed in &index.replies {
        let reply = match Reply::load(folder, indexed) {
            Ok(reply) => reply,
            Err(reason) => {
                report.fail(Failure::new(&indexed.file, "cannot be read", vec![reason]));
                continue;
            }
        };
        let Some(call) = call_of(indexed, &reply.body) else {
            if !indexed.file.contains(NO_REPLY) {
                report.fail(Failure::new(&indexed.file, "is the reply of no call", Vec::new()));
            }
            others.push(indexed.file.clone());
            continue;
        };
        let mut facts = Facts::default();
        let differences = report.checked(|| {
            facts = read(call, &reply);
            lost(&reply.body, &facts)
        });
        if indexed.file.contains(DOCUMENTED) {
            documented = Some(facts.clone());
        }
        let outcome = facts.get("outcome").and_then(Value::as_str).unwrap_or("nothing").to_owned();
        let error = facts.get("error").and_then(Value::as_str).unwrap_or_default();
        let told = format!("{outcome} {error}").trim_end().to_owned();
        rows.push(vec![indexed.file.clone(), call.name.to_owned(), reply.status.to_string(), told]);
        if !differences.is_empty() {
            report.fail(Failure::new(&indexed.file, "something of it was lost", differences));
        }
    }
    let text = format!(
        "{}\n{} replies; {} file is none: {}\n",
        table(&["file", "read by", "status", "outcome"], &rows),
        rows.len(),
        others.len(),
        others.join(", ")
    );
    report.section("replies", &text);
    let text = documented_text(documented, report);
    report.section("the documented reply", &text);
}

fn documented_text(facts: Option<Facts>, report: &mut Report) -> String {
    let Some(facts) = facts else {
        report.fail(Failure::new(DOCUMENTED, "the documented reply is not there", Vec::new()));
        return String::new();
    };
    let is = |name: &str, value: &str| facts.get(name).and_then(Value::as_str) == Some(value);
    if !is("outcome", "accepted") || !is("new_code", "issued") {
        report.fail(Failure::new(DOCUMENTED, "is not accepted with a new code", Vec::new()));
    }
    let rows: Vec<Vec<String>> =
        facts.names().map(|name| vec![name.to_owned(), text(facts.get(name))]).collect();
    table(&["fact", "read as"], &rows)
}

fn text(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

/// A page about the import of users: what it shows is the body of a request.
const NO_REPLY: &str = "import-user-mfa-authenticator-enrollments";

/// A reply as its file has it: a recording with request and response, or the body alone.
struct Reply {
    status: u16,
    text: String,
    body: Value,
}

impl Reply {
    fn load(folder: &Path, indexed: &IndexedReply) -> Result<Self, String> {
        let text = fs::read_to_string(folder.join(&indexed.file)).map_err(|error| error.to_string())?;
        let value: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let (status, text, body) = match value.get("response") {
            Some(response) => {
                let raw = response.get("body_raw").and_then(Value::as_str).unwrap_or_default().to_owned();
                let status = response.get("code").and_then(Value::as_u64);
                let body = serde_json::from_str(&raw).unwrap_or(Value::Null);
                (status.and_then(|status| u16::try_from(status).ok()), raw, body)
            }
            None => (indexed.http_status, text, value),
        };
        Ok(Self { status: status.unwrap_or(200), text, body })
    }
}

/// The call that a reply belongs to: by the index, and where that names the endpoint only, by the page or test that the
/// reply is from, and by what is in it.
fn call_of(indexed: &IndexedReply, body: &Value) -> Option<&'static KnownCall> {
    let has = |name: &str| body.get(name).is_some();
    let is_from = |words: &[&str]| words.iter().any(|word| indexed.file.to_ascii_lowercase().contains(word));
    let (method, target) = indexed.call.split_once(' ').unwrap_or(("", &indexed.call));
    let target = if method.starts_with('/') { indexed.call.as_str() } else { target };
    let is_delete = method == "DELETE" || is_from(&["remove_enrollments"]);
    let name = match target {
        target if target.starts_with("/mfa/associate") => "AddAuthenticator",
        target if target.starts_with("/mfa/challenge") => "RequestChallenge",
        target if target.starts_with("/mfa/authenticators") && is_delete => "DeleteAuthenticator",
        target if target.starts_with("/mfa/authenticators") => "ListAuthenticators",
        target if !target.starts_with("/oauth/token") => return None,
        _ if has("recovery_code") && !has("access_token") => "RegenerateRecoveryCode",
        _ if has("recovery_code") || is_from(&["recovery"]) => "VerifyWithRecoveryCode",
        _ if is_from(&["refresh-tokens"]) => "RefreshTokenGrant",
        _ if has("mfa_token") => "PasswordGrant",
        _ if is_from(&["with_oob", "withoob", "_oob", "email", "push", "sms"]) => "VerifyWithOob",
        _ if is_from(&["otp", "confirm_enrollment"]) => "VerifyWithOtp",
        _ => "PasswordGrant",
    };
    CALLS.iter().find(|call| call.name == name)
}

fn read(call: &KnownCall, reply: &Reply) -> Facts {
    let values = Values {
        client_id: Some("fakeClientId".to_owned()),
        mfa_token: Some("Fe26.2*FAKE".to_owned()),
        recovery_code: Some("FAKERECOVERYCODE00000000".to_owned()),
        otp: Some("012345".to_owned()),
        oob_code: Some("Fe26.2*FAKEOOBCODE".to_owned()),
        refresh_token: Some("fake-refresh-token".to_owned()),
        access_token: Some("fake-access-token".to_owned()),
        authenticator_id: Some("sms|dev_FAKE".to_owned()),
        user_id: Some("auth0|fake".to_owned()),
        username: Some("user@example.com".to_owned()),
        password: Some("fake".to_owned()),
        ..Values::default()
    };
    let send = |_| {
        let mut response = http::Response::new(reply.text.clone().into_bytes());
        *response.status_mut() = http::StatusCode::from_u16(reply.status).unwrap_or_default();
        Sending::Answered(response)
    };
    let attempt = Attempt { values: &values, origin: NOWHERE, earlier_sending_in_doubt: false, send: &send };
    call.outcome(&attempt).map(|outcome| outcome.facts).unwrap_or_default()
}

/// What the body says that did not come out of the call.
fn lost(body: &Value, facts: &Facts) -> Vec<String> {
    let outcome = facts.get("outcome").and_then(Value::as_str).unwrap_or_default();
    let mut lost = Vec::new();
    let mut expect = |is_so: bool, what: &str| {
        if !is_so {
            lost.push(format!("{what} (outcome: {outcome})"));
        }
    };
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let is_error = text("error").is_some() && text("access_token").is_none();
    expect(!is_error || matches!(outcome, "refused" | "mfa_required"), "an error is not one");
    expect(is_error || text("access_token").is_none() || outcome == "accepted", "tokens are not accepted");
    for name in [
        "access_token",
        "id_token",
        "refresh_token",
        "recovery_code",
        "mfa_token",
        "secret",
        "barcode_uri",
        "challenge_type",
        "oob_code",
        "oob_channel",
        "binding_method",
    ] {
        expect(text(name).is_none() || facts.get(name) == body.get(name), name);
    }
    let codes =
        body.get("recovery_codes").filter(|codes| codes.as_array().is_some_and(|codes| !codes.is_empty()));
    expect(codes.is_none() || facts.get("recovery_codes") == codes, "recovery_codes");
    if let Some(items) = body.as_array() {
        let listed = facts.get("authenticators").and_then(Value::as_array).map(Vec::len);
        expect(listed == Some(items.len()), "an authenticator is not listed");
    }
    lost
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_lost_is_found() {
        let body = json!({ "access_token": "FAKE", "recovery_code": "FAKECODE" });
        let all = Facts::default().with("outcome", "accepted").with("access_token", "FAKE");
        assert_eq!(lost(&body, &all).len(), 1);
        assert!(lost(&body, &all.with("recovery_code", "FAKECODE")).is_empty());
        assert_eq!(lost(&json!({ "error": "x" }), &Facts::default().with("outcome", "accepted")).len(), 1);
        assert_eq!(lost(&json!([{ "id": "x" }]), &Facts::default().with("outcome", "malformed")).len(), 1);
    }
}
