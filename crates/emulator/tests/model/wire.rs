//! Requests as a client writes them, and what their replies say.

use auth0_mfa_core::Body;
use http::{Request, Response, StatusCode};
use serde_json::Value;

use crate::answer::{Answer, Refusal, Row};

pub(crate) const BASE: &str = "https://tenant.example.com";

pub(crate) fn grant(grant_type: &str, app: &str, more: &[(&str, &str)]) -> Request<Vec<u8>> {
    let grant_type = match grant_type {
        "password" | "client_credentials" => grant_type.to_owned(),
        factor => format!("http://auth0.com/oauth/grant-type/{factor}"),
    };
    form("/oauth/token", &[&[("grant_type", grant_type.as_str()), ("client_id", app)], more].concat())
}

pub(crate) fn form(path: &str, pairs: &[(&str, &str)]) -> Request<Vec<u8>> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    pairs.iter().for_each(|(name, value)| {
        form.append_pair(name, value);
    });
    let request =
        Request::post(format!("{BASE}{path}")).header("content-type", "application/x-www-form-urlencoded");
    request.body(form.finish().into_bytes()).expect("a request")
}

/// A request with a Bearer and, where it is one, a body of JSON.
pub(crate) fn with_bearer(method: &str, path: &str, bearer: &str, body: Option<Value>) -> Request<Vec<u8>> {
    let request = Request::builder().method(method).uri(format!("{BASE}{}", path.replace('|', "%7C")));
    let request = request.header("authorization", format!("Bearer {bearer}"));
    let request = request.header("content-type", "application/json");
    request.body(body.map(|body| body.to_string().into_bytes()).unwrap_or_default()).expect("a request")
}

pub(crate) fn json(reply: &Response<Body>) -> Value {
    serde_json::from_slice(reply.body().expose()).unwrap_or_default()
}

pub(crate) fn text<'a>(json: &'a Value, name: &str) -> &'a str {
    json[name].as_str().unwrap_or_else(|| panic!("no {name} in {json}"))
}

/// What a reply says; `number` knows the codes.
pub(crate) fn read(status: StatusCode, json: &Value, number: impl Fn(&str) -> usize) -> Answer {
    let code = |code: &Value| code.as_str().map(&number);
    if status.is_client_error() {
        return refused(status.as_u16(), json);
    }
    match json {
        Value::Array(listed) => Answer::Listed(listed.iter().map(row).collect()),
        json if json.get("access_token").is_some() => Answer::Tokens(code(&json["recovery_code"])),
        json if json.get("authenticator_type").is_some() => {
            Answer::Associated(code(&json["recovery_codes"][0]))
        }
        json if json.get("challenge_type").is_some() => Answer::Challenged,
        json if status == StatusCode::OK => Answer::Regenerated(code(&json["recovery_code"])),
        Value::Null if status == StatusCode::NO_CONTENT => Answer::Done,
        json => panic!("{status} {json}"),
    }
}

fn refused(status: u16, json: &Value) -> Answer {
    let word = |names: [&str; 2]| names.iter().find_map(|name| json[name].as_str()).unwrap_or_default();
    let error = word(["errorCode", "error"]);
    if error == "mfa_required" {
        return Answer::MfaRequired;
    }
    let refusal = Refusal::read(status, error, word(["error_description", "message"]));
    Answer::Refused(refusal.unwrap_or_else(|| panic!("an unknown refusal: {status} {json}")))
}

fn row(listed: &Value) -> Row {
    let kind = text(listed, "id").split('|').next().unwrap_or_default();
    let known = ["totp", "sms", "push", "recovery-code"].into_iter().find(|known| *known == kind);
    (known.unwrap_or_else(|| panic!("an unknown kind: {listed}")), listed["active"] == true)
}
