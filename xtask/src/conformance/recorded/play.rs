//! A recorded request, sent again to a tenant that stands where the recorded one stood.

use std::collections::BTreeMap;

use auth0_mfa_core::ClientSecret;
use auth0_mfa_emulator::{
    ApplicationConfig, Authenticator, AuthenticatorConfig, Behaviour, Config, ConfiguredMeans,
    PhoneMessageType, PushAnswer, Tenant, Timestamp, UserConfig,
};
use http::{Request, header};
use serde_json::{Value, json};

use super::Recording;
use crate::conformance::wire::borrowed;

/// The recordings, each with what came before it.
pub(super) const ORDER: [&str; 9] = [
    "TestMFAAddAuthenticator__Should_return_response_for_OOB__SMS_channel",
    "TestMFAAddAuthenticator__Should_return_response_for_OOB__Auth0_channel",
    "TestMFAAddAuthenticator__Should_return_response_for_OTP",
    "TestMFAListAuthenticators",
    "TestMFAChallenge__Should_make_a_challenge_request_using_OTP",
    "TestMFAChallenge__Should_make_a_challenge_request_using_OOB",
    "TestMFAVerifyWithOTP__Should_return_tokens_for_a_valid_request",
    "TestMFAVerifyWithOOB__Should_return_an_error_when_requesting_before_authorizing",
    "TestMFAVerifyWithOOB__Should_return_tokens_when_authorization_is_approved",
];

const NEW: &str = "new@example.com";
const ENROLLED: &str = "enrolled@example.com";
const PASSWORD: &str = "fake-password";
const CLIENT: (&str, &str) = ("test-client_id", "test-client_secret");
const NOW: u64 = 1_726_830_032;

/// What the emulator answered.
pub(super) struct Played {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) body: Value,
}

pub(super) struct Player(Tenant);

impl Player {
    /// A tenant with a user who has nothing but a verified e-mail address, and one who has an app and a push.
    pub(super) fn new() -> Result<Self, String> {
        let mut config = Config::default();
        let secret = ClientSecret::parse(CLIENT.1).map_err(|error| error.to_string())?;
        config.applications = vec![ApplicationConfig::confidential(CLIENT.0, secret)];
        config.behaviour = Behaviour::recorded();
        // The recorded user's list has no call beside the SMS.
        config.phone_message_types = vec![PhoneMessageType::Sms];
        let mut new = UserConfig::new(NEW, PASSWORD);
        new.email_verified = true;
        let push = ConfiguredMeans::Push { name: "Fake Phone".to_owned() };
        let enrolled = UserConfig::new(ENROLLED, PASSWORD).enrolled();
        config.users = vec![new, enrolled.with_authenticator(AuthenticatorConfig::new(push))];
        Tenant::new(config, 1).map(Self).map_err(|error| error.to_string())
    }

    pub(super) fn play(&mut self, name: &str, recording: &Recording) -> Result<Played, String> {
        let is_about_new = name.starts_with("TestMFAAdd") || name.starts_with("TestMFAList");
        let user = if is_about_new { NEW } else { ENROLLED };
        let mfa_token = self.login(user)?;
        for before in before(name) {
            self.associate(&mfa_token, before)?;
        }
        let mut values = BTreeMap::from([("mfa_token", mfa_token.clone())]);
        if let Some(otp) = self.0.otp(user, Timestamp::from_unix_seconds(NOW)) {
            values.insert("otp", otp.expose().to_owned());
        }
        let kind = if name.ends_with("OTP") { "totp" } else { "push" };
        if let Some(id) = self.authenticator(user, kind) {
            values.insert("authenticator_id", id);
        }
        if name.contains("VerifyWithOOB") {
            values.insert("oob_code", self.challenge(&values)?);
        }
        if name.ends_with("approved") {
            self.approve()?;
        }
        self.send(&again(recording, &mfa_token, &values)?)
    }

    fn login(&mut self, user: &str) -> Result<String, String> {
        let form = [
            ("grant_type", "password"),
            ("client_id", CLIENT.0),
            ("client_secret", CLIENT.1),
            ("username", user),
            ("password", PASSWORD),
            ("scope", "openid profile"),
        ];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = request("POST", "/oauth/token", "application/x-www-form-urlencoded", "", body)?;
        text(&self.send(&request)?.body, "mfa_token")
    }

    fn associate(&mut self, mfa_token: &str, body: &str) -> Result<(), String> {
        let request = request("POST", "/mfa/associate", "application/json", mfa_token, body.to_owned())?;
        match self.send(&request)? {
            Played { status: 200, .. } => Ok(()),
            refused => Err(format!("an association before it was refused: {}", refused.body)),
        }
    }

    fn challenge(&mut self, values: &BTreeMap<&str, String>) -> Result<String, String> {
        let body = json!({
            "client_id": CLIENT.0,
            "client_secret": CLIENT.1,
            "challenge_type": "oob",
            "mfa_token": values.get("mfa_token"),
            "authenticator_id": values.get("authenticator_id"),
        });
        let request = request("POST", "/mfa/challenge", "application/json", "", body.to_string())?;
        text(&self.send(&request)?.body, "oob_code")
    }

    fn approve(&mut self) -> Result<(), String> {
        let message = self.0.outbox().last().map(|message| message.id).ok_or("no push was sent")?;
        let answered = self.0.answer_push(message, PushAnswer::Approve, Timestamp::from_unix_seconds(NOW));
        answered.map_err(|error| error.to_string())
    }

    fn authenticator(&self, user: &str, kind: &str) -> Option<String> {
        let ids = self.0.user(user)?.authenticators().iter().map(Authenticator::id);
        ids.into_iter().find(|id| id.split('|').next() == Some(kind))
    }

    fn send(&mut self, request: &Request<Vec<u8>>) -> Result<Played, String> {
        let request = borrowed(request, Vec::as_slice);
        let reply = self.0.handle(&request, Timestamp::from_unix_seconds(NOW));
        let content_type = reply.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Ok(Played {
            status: reply.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: serde_json::from_slice(reply.body().expose()).map_err(|error| error.to_string())?,
        })
    }
}

/// The associations that the recorded user already had, in their order.
fn before(name: &str) -> Vec<&'static str> {
    const SMS: &str =
        r#"{"authenticator_types":["oob"],"oob_channels":["sms"],"phone_number":"+15550109167"}"#;
    const PUSH: &str = r#"{"authenticator_types":["oob"],"oob_channels":["auth0"]}"#;
    const OTP: &str = r#"{"authenticator_types":["otp"]}"#;
    match name {
        "TestMFAAddAuthenticator__Should_return_response_for_OOB__Auth0_channel" => vec![SMS],
        "TestMFAAddAuthenticator__Should_return_response_for_OTP" => vec![SMS, PUSH],
        // A push brings one-time passwords of its own: the first of the two apps in the recorded list.
        "TestMFAListAuthenticators" => vec![SMS, PUSH, OTP],
        _ => Vec::new(),
    }
}

/// The recorded request, with what is this tenant's in it.
fn again(
    recording: &Recording,
    mfa_token: &str,
    values: &BTreeMap<&str, String>,
) -> Result<Request<Vec<u8>>, String> {
    let recorded = &recording.request;
    let path =
        recorded.url.find("/mfa/").or(recorded.url.find("/oauth/")).map(|at| recorded.url.split_at(at).1);
    let path = path.ok_or("its path is no call")?;
    let (body, content_type) = if recorded.form.is_empty() {
        (json_again(&recorded.body, values), "application/json")
    } else {
        // Its body lacks what the redactor took out; the form has it.
        let pairs = recorded.form.iter().filter_map(|(name, recorded)| {
            Some((name.as_str(), values.get(name.as_str()).or(recorded.first())?.as_str()))
        });
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        (body, "application/x-www-form-urlencoded")
    };
    let bearer = if matches!(path, "/mfa/associate" | "/mfa/authenticators") { mfa_token } else { "" };
    request(&recorded.method, path, content_type, bearer, body)
}

fn json_again(body: &str, values: &BTreeMap<&str, String>) -> String {
    let Ok(Value::Object(mut fields)) = serde_json::from_str(body) else { return body.to_owned() };
    for (name, value) in &mut fields {
        if let Some(own) = values.get(name.as_str()) {
            *value = own.as_str().into();
        }
    }
    Value::Object(fields).to_string()
}

fn request(
    method: &str,
    path: &str,
    content_type: &str,
    bearer: &str,
    body: String,
) -> Result<Request<Vec<u8>>, String> {
    let mut request = Request::builder().method(method).uri(format!("https://tenant.example.com{path}"));
    request = request.header(header::CONTENT_TYPE, content_type);
    if !bearer.is_empty() {
        request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
    }
    request.body(body.into_bytes()).map_err(|error| error.to_string())
}

fn text(body: &Value, field: &str) -> Result<String, String> {
    let text = body.get(field).and_then(Value::as_str).map(str::to_owned);
    text.ok_or_else(|| format!("no {field} came: {}", body.get("error").unwrap_or(body)))
}
