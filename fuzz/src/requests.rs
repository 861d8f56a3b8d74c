//! Any request, read by a server as any call.

use auth0_mfa_core::serve::{Serve, grant_type};
use auth0_mfa_core::{
    AddAuthenticator, Application, Body, CallOptions, ClientAuth, DeleteAllAuthenticationMethods,
    DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator, ListAuthenticationMethods,
    ListAuthenticators, ListGuardianFactors, MfaApiTokenGrant, PasswordGrant, PasswordRealmGrant,
    RefreshTokenGrant, RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use http::Request;

use crate::calls;
use crate::canary;
use crate::json::{Object, string};
use crate::message::received;

/// What `Debug` may show of a call: its parameters that are no secrets.
type Words<C> = fn(&C) -> String;

/// A request, read as the calls that are made at its path, or, where nothing is, as one of all.
pub fn any(request: &Request<Vec<u8>>) {
    let request = received(request);
    let grant_type = grant_type(&request);
    if let Err(error) = &grant_type {
        canary::hides_in_error(error);
    }
    let grants = READERS.iter().filter(|(place, _)| grant_type.as_ref().is_ok_and(|grant| grant == place));
    let path = request.uri().path();
    let others = READERS.iter().filter(|(place, _)| place.starts_with('/') && path.starts_with(place));
    let mut readers = grants.chain(others).map(|(_, read)| read).peekable();
    if readers.peek().is_none() {
        READERS[request.body().len() % READERS.len()].1(&request);
    }
    readers.for_each(|read| read(&request));
}

/// Each call with its grant type, or where its path begins.
type Reader = (&'static str, fn(&Request<&[u8]>));

const READERS: [Reader; 18] = [
    ("password", |it| read::<PasswordGrant>(it, password_words)),
    ("password", |it| read::<MfaApiTokenGrant>(it, |call| password_words(call.login()))),
    ("http://auth0.com/oauth/grant-type/password-realm", |it| {
        read::<PasswordRealmGrant>(it, |call| call.realm().to_owned() + &password_words(call.login()));
    }),
    ("refresh_token", |it| {
        read::<RefreshTokenGrant>(it, |call| {
            format!("{:?} {:?}", call.requested_audience(), call.requested_scope())
        });
    }),
    ("http://auth0.com/oauth/grant-type/mfa-otp", |it| read::<VerifyWithOtp>(it, |_| String::new())),
    ("http://auth0.com/oauth/grant-type/mfa-oob", |it| read::<VerifyWithOob>(it, |_| String::new())),
    ("http://auth0.com/oauth/grant-type/mfa-recovery-code", |it| {
        read::<VerifyWithRecoveryCode>(it, |_| String::new());
    }),
    ("/mfa/associate", |it| read::<AddAuthenticator>(it, |_| String::new())),
    ("/mfa/authenticators", |it| read::<ListAuthenticators>(it, |_| String::new())),
    ("/mfa/authenticators/", |it| {
        read::<DeleteAuthenticator>(it, |call| call.authenticator_id().as_str().to_owned());
    }),
    ("/mfa/challenge", |it| {
        read::<RequestChallenge>(it, |call| {
            format!("{} {:?}", call.requested_challenge_type(), call.authenticator_id())
        });
    }),
    ("/api/v2/users/", |it| {
        read::<RegenerateRecoveryCode>(it, |call| call.user_id().as_str().to_owned());
    }),
    ("/api/v2/users/", |it| {
        read::<ListAuthenticationMethods>(it, |call| call.user_id().as_str().to_owned());
    }),
    ("/api/v2/users/", |it| {
        read::<DeleteAuthenticationMethod>(it, |call| {
            [call.user_id().as_str(), call.authentication_method_id().as_str()].concat()
        });
    }),
    ("/api/v2/users/", |it| {
        read::<DeleteAllAuthenticationMethods>(it, |call| call.user_id().as_str().to_owned());
    }),
    ("/api/v2/users/", |it| {
        read::<DeleteAllAuthenticators>(it, |call| call.user_id().as_str().to_owned());
    }),
    ("/api/v2/guardian/factors", |it| read::<ListGuardianFactors>(it, |_| String::new())),
    ("/api/v2/guardian/factors/", |it| {
        read::<SetGuardianFactor>(it, |call| call.name().as_str().to_owned());
    }),
];

fn password_words(call: &PasswordGrant) -> String {
    format!("{:?} {:?}", call.requested_audience(), call.requested_scope())
}

/// An error of the reading names parameters, never values. What is read and sent by a client reads the same again.
fn read<C: Serve + std::fmt::Debug>(request: &Request<&[u8]>, words: Words<C>) {
    let received = match C::read_request(request) {
        Ok(received) => received,
        Err(error) => {
            canary::hides_in_error(&error);
            let answer = error.to_api_error().to_response();
            let body = String::from_utf8_lossy(answer.body().expose());
            assert!(answer.status().is_client_error() && !body.is_empty());
            canary::hides(&body);
            return;
        }
    };
    let client_id = received.client.client_id.clone().unwrap_or_default();
    let shown = format!("{received:?}");
    let may_show = canary::is_in(&client_id) || canary::is_in(&words(&received.call));
    assert!(may_show || !canary::is_in(&shown), "a secret is shown: {shown}");
    let secret = || received.client.client_secret.clone();
    let application = application(&client_id, secret(), received.client.basic);
    let first = received.call.request(&application, &CallOptions::default());
    says_what_came(request, &as_bytes(&first));
    let again = C::read_request(&as_bytes(&first)).expect("what was read can be sent");
    if let Some(id) = again.client.client_id.as_deref() {
        assert_eq!(id, application.client_id().as_str());
    }
    let second = again.call.request(&application, &CallOptions::default());
    assert_eq!(parts(&first), parts(&second), "{shown}");
}

/// A parameter that is sent on has the value that came: both bodies are read here a second time. What names the client
/// and the grant is its own matter.
fn says_what_came(came: &Request<&[u8]>, sent: &Request<&[u8]>) {
    // Which of the two it is, its head says; what is both is read as one, and the other has words of its own.
    let came = [of_json(came.body()), of_form(came.body())].concat();
    let sent = if sent.body().starts_with(b"{") { of_json(sent.body()) } else { of_form(sent.body()) };
    for (name, value) in sent {
        let mut values = came.iter().filter(|(known, _)| *known == name).map(|(_, value)| value).peekable();
        let is_own = matches!(name.as_str(), "grant_type" | "client_id" | "client_secret");
        let is_new = values.peek().is_none();
        // What is sent when the one that was read has none.
        let is_default = name == "challenge_type" && value == "otp oob";
        assert!(is_own || is_new || is_default || values.any(|it| *it == value), "{name:?} is {value:?}");
    }
}

/// The strings of a JSON object; an empty one is absent.
fn of_json(body: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let object = Object::parse(text.strip_prefix('\u{feff}').unwrap_or(&text));
    let fields = object.map(|object| object.fields).unwrap_or_default().into_iter();
    let strings = fields.filter_map(|field| Some((field.name, string(field.value.ok()?)?)));
    strings.filter(|(_, value)| !value.is_empty()).collect()
}

/// The pairs of a form; an empty value is absent.
fn of_form(body: &[u8]) -> Vec<(String, String)> {
    let pairs = body.split(|byte| *byte == b'&').map(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        (decoded(&pair[..end]), decoded(pair.get(end + 1..).unwrap_or_default()))
    });
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

/// A name or value of a form.
fn decoded(text: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match (first, byte.and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
                continue;
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
        rest = behind;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The application that a request says it is from.
fn application(id: &str, secret: Option<auth0_mfa_core::ClientSecret>, basic: bool) -> Application {
    let client_auth = match secret {
        None => ClientAuth::None,
        Some(secret) if basic => ClientAuth::SecretBasic(secret),
        Some(secret) => ClientAuth::SecretPost(secret),
    };
    calls::application(if id.is_empty() { "fakeClientId" } else { id }, client_auth)
}

fn as_bytes(request: &Request<Body>) -> Request<&[u8]> {
    let mut bytes = Request::new(request.body().expose());
    *bytes.method_mut() = request.method().clone();
    *bytes.uri_mut() = request.uri().clone();
    *bytes.headers_mut() = request.headers().clone();
    bytes
}

fn parts(request: &Request<Body>) -> (&http::Method, &http::Uri, &http::HeaderMap, &[u8]) {
    (request.method(), request.uri(), request.headers(), request.body().expose())
}
