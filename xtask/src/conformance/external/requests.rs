//! Requests of published clients, against those that our own calls render and read.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use auth0_mfa_core::MfaToken;
use http::Request;
use serde_json::Value;

use super::index::{Index, IndexedRequest};
use crate::conformance::calls::{CALLS, KnownCall};
use crate::conformance::facts::Facts;
use crate::conformance::report::{Failure, Report, table};
use crate::conformance::requests;
use crate::conformance::values::{ClientAuthName, Values};
use crate::conformance::wire::{borrowed, form_fact, parse_request, request_facts};

/// The ten samples of Auth0's page, by what the corpus calls them.
const SAMPLES: [(&str, &str); 10] = [
    ("cURL", "docs-curl"),
    ("C#", "docs-csharp-restsharp"),
    ("Go", "docs-go-net-http"),
    ("Java", "docs-java-unirest"),
    ("Node.js", "docs-node-axios"),
    ("Objective-C", "docs-objc-nsurlsession"),
    ("PHP", "docs-php-curl"),
    ("Python", "docs-python-http.client"),
    ("Ruby", "docs-ruby-net-http"),
    ("Swift", "docs-swift-urlsession"),
];

/// What stands in for an mfa_token that cannot be made, on both sides.
const STAND_IN: &str = "FAKE-STAND-IN";

/// How a request compares.
enum Verdict {
    Ok(String),
    /// The client itself breaks it, for this reason.
    OwnDefect(String),
    Failed(Vec<String>),
}

/// Each sample makes, decoded, the request that our own call renders for the same values.
pub(crate) fn check_samples(folder: &Path, index: &Index, report: &mut Report) {
    let mut rows = Vec::new();
    for (language, client) in SAMPLES {
        let mut is_ok = false;
        for indexed in index.requests.iter().filter(|it| it.client.starts_with(client) && is_recovery(it)) {
            let verdict = judge(folder, index, indexed, report, sample);
            is_ok |= matches!(verdict, Verdict::Ok(_)) && indexed.values.as_deref() == Some("plain");
            let values = indexed.values.clone().unwrap_or_else(|| "none".to_owned());
            rows.push(vec![
                language.to_owned(),
                indexed.call.clone(),
                values,
                told(verdict, indexed, report),
            ]);
        }
        if !is_ok {
            report.fail(Failure::new(language, "has no request that is ours for plain values", Vec::new()));
        }
    }
    report.section("the ten samples of Auth0's page", &table(&["sample", "form", "values", "result"], &rows));
}

fn is_recovery(indexed: &IndexedRequest) -> bool {
    indexed.call.starts_with("recovery-code")
}

/// Every other request is read to the values that the client was given.
pub(crate) fn check_others(folder: &Path, index: &Index, report: &mut Report) {
    let mut counts = BTreeMap::<&str, [usize; 2]>::new();
    let mut defects = Vec::new();
    let is_sample = |it: &IndexedRequest| {
        is_recovery(it) && SAMPLES.iter().any(|(_, client)| it.client.starts_with(client))
    };
    for indexed in index.requests.iter().filter(|it| !is_sample(it)) {
        let [read, own] = counts.entry(&indexed.client).or_default();
        match judge(folder, index, indexed, report, other) {
            Verdict::Ok(_) => *read += 1,
            verdict @ Verdict::OwnDefect(_) => {
                *own += 1;
                defects.push(vec![indexed.file.clone(), told(verdict, indexed, report)]);
            }
            verdict @ Verdict::Failed(_) => drop(told(verdict, indexed, report)),
        }
    }
    let rows: Vec<Vec<String>> = counts
        .into_iter()
        .map(|(client, counts)| {
            std::iter::once(client.to_owned()).chain(counts.map(|n| n.to_string())).collect()
        })
        .collect();
    report.section("requests of other clients", &table(&["client", "read alike", "own defect"], &rows));
    report.section("defects of clients", &table(&["file", "reason"], &defects));
}

fn told(verdict: Verdict, indexed: &IndexedRequest, report: &mut Report) -> String {
    match verdict {
        Verdict::Ok(remark) if remark.is_empty() => "ok".to_owned(),
        Verdict::Ok(remark) => format!("ok; {remark}"),
        Verdict::OwnDefect(reason) => format!("the client's own defect: {reason}"),
        Verdict::Failed(differences) => {
            report.fail(Failure::new(&indexed.file, "is not as our call has it", differences));
            "FAILED".to_owned()
        }
    }
}

type Compare = fn(&KnownCall, &Values, &Request<&[u8]>, &Facts) -> Vec<String>;

fn sample(call: &KnownCall, values: &Values, _: &Request<&[u8]>, recorded: &Facts) -> Vec<String> {
    requests::rendered(call, values, recorded)
}

fn other(call: &KnownCall, values: &Values, request: &Request<&[u8]>, _: &Facts) -> Vec<String> {
    requests::read(call, values, request)
}

fn judge(
    folder: &Path,
    index: &Index,
    indexed: &IndexedRequest,
    report: &mut Report,
    compare: Compare,
) -> Verdict {
    let read = fs::read(folder.join(&indexed.file)).map_err(|error| error.to_string());
    let request = match read.and_then(|bytes| parse_request(&bytes)) {
        Ok(request) => request,
        Err(reason) => return Verdict::Failed(vec![reason]),
    };
    let request = borrowed(&request, Vec::as_slice);
    let recorded = request_facts(&request);
    let called = call_of(&recorded);
    let Some(set) = &indexed.values else { return without_values(called.is_some()) };
    let Some((call, client_auth)) = called else {
        return Verdict::Failed(vec!["it is the request of no call".to_owned()]);
    };
    let Some(mut values) = index.values(set, call.name, client_auth) else {
        return Verdict::Failed(vec![format!("there are no values {set}")]);
    };
    if let Some(reason) = own_defect(indexed, &recorded, &values) {
        return Verdict::OwnDefect(reason);
    }
    add_optional(&mut values, call, &recorded);
    let token = values.mfa_token.clone().or_else(|| values.access_token.clone()).unwrap_or_default();
    let is_refused = MfaToken::parse(token.as_str()).is_err() && !token.is_empty();
    let (differences, remark) = if is_refused {
        let check = || with_stand_in(call, values, &token, &request, recorded);
        (report.checked(check), "but for the token, which is refused when made: not visible ASCII")
    } else {
        (report.checked(|| compare(call, &values, &request, &recorded)), "")
    };
    if differences.is_empty() { Verdict::Ok(remark.to_owned()) } else { Verdict::Failed(differences) }
}

/// A sample as it is printed, with its placeholders, is a request of no call.
fn without_values(is_of_a_call: bool) -> Verdict {
    if is_of_a_call {
        return Verdict::Failed(vec!["the index does not say which values it was made of".to_owned()]);
    }
    Verdict::OwnDefect("it is printed with its placeholders, and they are part of the path".to_owned())
}

/// A token that cannot be made must not be readable either; the rest of the request is compared with another token in
/// its place, on both sides.
fn with_stand_in(
    call: &KnownCall,
    mut values: Values,
    token: &str,
    request: &Request<&[u8]>,
    mut recorded: Facts,
) -> Vec<String> {
    if call.received_facts(request).is_ok() {
        return vec!["a token that cannot be made was read".to_owned()];
    }
    for (name, given, other) in [
        (form_fact("mfa_token"), Value::from(vec![token]), Value::from(vec![STAND_IN])),
        ("credentials".to_owned(), token.into(), STAND_IN.into()),
    ] {
        if recorded.get(&name) == Some(&given) {
            recorded.set(name, other);
        }
    }
    if let Some(Value::Object(mut json)) = recorded.get("json").cloned() {
        json.iter_mut().filter(|(_, value)| **value == token).for_each(|(_, value)| *value = STAND_IN.into());
        recorded.set("json", json);
    }
    for value in [&mut values.mfa_token, &mut values.access_token] {
        if value.as_deref() == Some(token) {
            *value = Some(STAND_IN.to_owned());
        }
    }
    requests::rendered(call, &values, &without_extras(call, recorded))
}

/// Which call a request is for, and how its client authenticates.
fn call_of(recorded: &Facts) -> Option<(&'static KnownCall, ClientAuthName)> {
    let text = |name: &str| parameter(recorded, name);
    let is_basic = recorded.get("authorization") == Some(&"Basic".into());
    let auth = match (is_basic, text("client_assertion"), text("client_secret")) {
        (true, _, _) => ClientAuthName::Basic,
        (false, Some(_), _) => ClientAuthName::PrivateKeyJwt,
        (false, None, Some(_)) => ClientAuthName::Post,
        (false, None, None) => ClientAuthName::None,
    };
    let name = match recorded.get("target")?.as_str()? {
        "/mfa/authenticators" => "ListAuthenticators",
        "/mfa/associate" => "AddAuthenticator",
        "/mfa/challenge" => "RequestChallenge",
        target if target.starts_with("/mfa/authenticators/") => "DeleteAuthenticator",
        "/oauth/token" => {
            let is_for =
                |call: &&KnownCall| call.grant_type.is_some_and(|grant| grants(recorded).contains(&grant));
            return Some((CALLS.iter().find(is_for)?, auth));
        }
        _ => return None,
    };
    Some((CALLS.iter().find(|call| call.name == name)?, auth))
}

/// Every `grant_type` that was sent: one client cannot help sending its own beside the one that it was given.
fn grants(recorded: &Facts) -> Vec<&str> {
    let form = recorded.get(&form_fact("grant_type")).and_then(Value::as_array);
    let json = recorded.get("json").and_then(|json| json.get("grant_type"));
    form.into_iter().flatten().chain(json).filter_map(Value::as_str).collect()
}

fn own_defect(indexed: &IndexedRequest, recorded: &Facts, values: &Values) -> Option<String> {
    if grants(recorded).len() > 1 {
        return Some("it sends grant_type twice".to_owned());
    }
    if indexed.call.ends_with("private_key_jwt") && parameter(recorded, "client_assertion").is_none() {
        return Some("it authenticates by private_key_jwt, and sends no assertion".to_owned());
    }
    let broken = indexed.broken();
    if !broken.is_empty() {
        return Some(format!("it does not encode {}", broken.join(", ")));
    }
    let secret = recorded.get("basic client_secret").and_then(Value::as_str);
    let is_secret_broken = secret.is_some() && secret != values.client_secret.as_deref();
    (indexed.client == "docs-curl" && is_secret_broken)
        .then(|| "curl -u does not form-encode the secret (RFC 6749, 2.3.1)".to_owned())
}

fn parameter(recorded: &Facts, name: &str) -> Option<String> {
    let form = recorded.get(&form_fact(name)).and_then(|values| values.get(0));
    let json = recorded.get("json").and_then(|json| json.get(name));
    form.or(json)?.as_str().map(str::to_owned)
}

/// What a client may send beside the values of its set.
fn add_optional(values: &mut Values, call: &KnownCall, recorded: &Facts) {
    match call.name {
        "PasswordGrant" => {
            values.audience = parameter(recorded, "audience");
            values.scope = parameter(recorded, "scope");
        }
        "AddAuthenticator" => {
            values.client_id = parameter(recorded, "client_id");
            let channels = recorded.get("json").and_then(|json| json.get("oob_channels"));
            values.oob_channel = channels.and_then(|it| it.get(0)?.as_str()).map(str::to_owned);
            keep_what_was_sent(&mut values.phone_number, recorded, "phone_number");
            keep_what_was_sent(&mut values.email, recorded, "email");
        }
        "RequestChallenge" => {
            values.challenge_type = parameter(recorded, "challenge_type");
            keep_what_was_sent(&mut values.authenticator_id, recorded, "authenticator_id");
        }
        _ => {}
    }
    values.client_assertion = parameter(recorded, "client_assertion");
    if let Some(address) = recorded.get("auth0-forwarded-for").and_then(|value| value.as_str()) {
        values.forwarded_for = Some(address.to_owned());
    }
}

/// A value of the set, where the client sent one of that name.
fn keep_what_was_sent(value: &mut Option<String>, recorded: &Facts, name: &str) {
    if parameter(recorded, name).is_none() {
        *value = None;
    }
}

/// Without the parameters that our call does not send, and that have no effect.
fn without_extras(call: &KnownCall, mut recorded: Facts) -> Facts {
    recorded.remove("auth0-client");
    if call.name != "PasswordGrant" {
        recorded.remove(&form_fact("audience"));
        recorded.remove(&form_fact("scope"));
    }
    recorded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(head: &str, body: &str) -> Facts {
        let text = format!("{head}\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\n{body}");
        request_facts(&borrowed(&parse_request(text.as_bytes()).expect("a request"), Vec::as_slice))
    }

    #[test]
    fn the_call_of_a_request_is_known_by_its_grant_or_its_path() {
        let name = |facts: &Facts| call_of(facts).map(|(call, _)| call.name);
        let token = "POST /oauth/token HTTP/1.1";
        assert_eq!(name(&recorded(token, "grant_type=password")), Some("PasswordGrant"));
        assert_eq!(name(&recorded(token, "grant_type=another")), None);
        assert_eq!(name(&recorded("GET /mfa/authenticators HTTP/1.1", "")), Some("ListAuthenticators"));
        assert_eq!(name(&recorded("POST /mfa/challenge HTTP/1.1", "")), Some("RequestChallenge"));
        let delete = recorded("DELETE /mfa/authenticators/sms%7Cdev_1 HTTP/1.1", "");
        assert_eq!(name(&delete), Some("DeleteAuthenticator"));
        assert_eq!(name(&recorded("GET /mfa/another HTTP/1.1", "")), None);
        let twice = "grant_type=client_credentials&grant_type=password";
        assert_eq!(name(&recorded(token, twice)), Some("PasswordGrant"));
    }

    #[test]
    fn a_token_that_cannot_be_made_must_still_arrive_and_the_rest_with_it() {
        let call = CALLS.iter().find(|call| call.name == "VerifyWithOtp").expect("the call");
        let values = Values {
            client_id: Some("c".to_owned()),
            mfa_token: Some("t o".to_owned()),
            otp: Some("012345".to_owned()),
            ..Values::default()
        };
        let differences = |body: &str| {
            let text = format!(
                "POST /oauth/token HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n\r\n\
                 grant_type=http://auth0.com/oauth/grant-type/mfa-otp&client_id=c&{body}"
            );
            let request = parse_request(text.as_bytes()).expect("a request");
            let request = borrowed(&request, Vec::as_slice);
            with_stand_in(call, values.clone(), "t o", &request, request_facts(&request))
        };
        assert_eq!(differences("mfa_token=t+o&otp=012345"), [""; 0]);
        assert_eq!(differences("mfa_token=t+x&otp=012345").len(), 1, "another token");
        assert_eq!(differences("otp=012345").len(), 1, "no token");
        assert_eq!(differences("mfa_token=t+o&otp=12345").len(), 1, "another code");
        assert_eq!(differences("mfa_token=to&otp=012345"), ["a token that cannot be made was read"]);
    }

    #[test]
    fn only_a_sample_without_its_placeholders_filled_has_no_values() {
        assert!(matches!(without_values(false), Verdict::OwnDefect(_)));
        assert!(matches!(without_values(true), Verdict::Failed(_)));
    }

    #[test]
    fn a_sample_with_another_code_fails() {
        let call = CALLS.iter().find(|call| call.name == "VerifyWithRecoveryCode").expect("the call");
        let body = "grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code&client_id=c&mfa_token=t&recovery_code=";
        let values = Values {
            client_id: Some("c".to_owned()),
            mfa_token: Some("t".to_owned()),
            recovery_code: Some("RIGHT".to_owned()),
            ..Values::default()
        };
        let differences = |code: &str| {
            requests::rendered(
                call,
                &values,
                &recorded("POST /oauth/token HTTP/1.1", &format!("{body}{code}")),
            )
        };
        assert!(differences("RIGHT").is_empty(), "{:?}", differences("RIGHT"));
        assert_eq!(differences("WRONG").len(), 1);
    }
}
