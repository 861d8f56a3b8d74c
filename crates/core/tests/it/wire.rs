//! The exact requests.

use std::net::IpAddr;

use auth0_mfa_core::{
    AccessToken, AddAuthenticator, Application, Bearer, Body, Call, CallOptions, ClientAuth, ClientId,
    Domain, ListAuthenticators, MfaApiToken, MfaToken, NewAuthenticator, RecoveryCode, Replay,
    VerifyWithRecoveryCode, begin,
};
use http::{Request, header};

use crate::support::{
    add_authenticator, application, client_secret, list_authenticators, mfa_token, password_grant,
    public_application, verify_with_otp, verify_with_recovery_code,
};

const FORM: &str = "application/x-www-form-urlencoded";
const RECOVERY: &str = "grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code";
const PARAMETERS: &str = "mfa_token=Fe26.2*FAKE*TOKEN&recovery_code=FAKEOLDCODE0000000000000";

fn request<C: Call>(call: C, application: &Application) -> Request<Body> {
    begin(call, application, CallOptions::default()).0
}

fn body(request: &Request<Body>) -> &str {
    std::str::from_utf8(request.body().expose()).unwrap()
}

/// The headers as text, in order of name; sensitive ones are marked.
fn headers(request: &Request<Body>) -> Vec<String> {
    let mut lines: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            let mark = if value.is_sensitive() { "!" } else { "" };
            format!("{mark}{name}: {}", value.to_str().unwrap())
        })
        .collect();
    lines.sort();
    lines
}

fn secret_basic() -> Application {
    application(ClientAuth::SecretBasic(client_secret("fake-secret")))
}

fn secret_post() -> Application {
    application(ClientAuth::SecretPost(client_secret("fake-secret")))
}

#[test]
fn a_recovery_code_of_a_public_application() {
    let request = request(verify_with_recovery_code(), &public_application());
    assert_eq!(request.method(), "POST");
    assert_eq!(request.uri(), "https://tenant.eu.auth0.com/oauth/token");
    assert_eq!(headers(&request), ["accept: application/json", &format!("content-type: {FORM}")]);
    assert_eq!(body(&request), format!("{RECOVERY}&client_id=fakeClientId&{PARAMETERS}"));
}

#[test]
fn a_recovery_code_of_an_application_with_its_secret_in_the_body() {
    let request = request(verify_with_recovery_code(), &secret_post());
    assert_eq!(headers(&request), ["accept: application/json", &format!("content-type: {FORM}")]);
    let credentials = "client_id=fakeClientId&client_secret=fake-secret";
    assert_eq!(body(&request), format!("{RECOVERY}&{credentials}&{PARAMETERS}"));
}

#[test]
fn a_recovery_code_of_an_application_with_its_secret_in_the_header() {
    let request = request(verify_with_recovery_code(), &secret_basic());
    let content_type = format!("content-type: {FORM}");
    assert_eq!(
        headers(&request),
        ["!authorization: Basic ZmFrZUNsaWVudElkOmZha2Utc2VjcmV0", "accept: application/json", &content_type]
    );
    assert_eq!(body(&request), format!("{RECOVERY}&{PARAMETERS}"), "no client_id beside the header");
}

#[test]
fn every_reserved_character_is_encoded_in_a_form() {
    let token = MfaToken::parse("a*b.c-d_e~f+g/h=i&j%k").unwrap();
    let call = VerifyWithRecoveryCode::new(token, RecoveryCode::verbatim("A B+C&D=E%F\u{e9}"));
    let request = request(call, &public_application());
    let parameters = "mfa_token=a*b.c-d_e%7Ef%2Bg%2Fh%3Di%26j%25k&recovery_code=A+B%2BC%26D%3DE%25F%C3%A9";
    assert_eq!(body(&request), format!("{RECOVERY}&client_id=fakeClientId&{parameters}"));
}

#[test]
fn both_parts_of_a_basic_credential_are_form_encoded_before_they_are_joined() {
    let application = Application::new(
        Domain::parse("tenant.eu.auth0.com").unwrap(),
        ClientId::parse("a b:c%+\u{e9}~*").unwrap(),
        ClientAuth::SecretBasic(client_secret("p&ss=w/rd?\"\\ \u{2603}")),
    );
    let request = request(verify_with_recovery_code(), &application);
    // `a+b%3Ac%25%2B%C3%A9%7E*:p%26ss%3Dw%2Frd%3F%22%5C+%E2%98%83`
    let expected = "Basic YStiJTNBYyUyNSUyQiVDMyVBOSU3RSo6cCUyNnNzJTNEdyUyRnJkJTNGJTIyJTVDKyVFMiU5OCU4Mw==";
    assert_eq!(request.headers()[header::AUTHORIZATION], expected);
}

#[test]
fn a_one_time_password() {
    let request = request(verify_with_otp(), &public_application());
    assert_eq!(
        body(&request),
        "grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-otp&client_id=fakeClientId\
         &mfa_token=Fe26.2*FAKE*TOKEN&otp=012345"
    );
}

#[test]
fn a_password() {
    let plain = request(password_grant(), &public_application());
    assert_eq!(
        body(&plain),
        "grant_type=password&client_id=fakeClientId&username=user%40example.com&password=fake-password"
    );
    let call = password_grant().audience("https://api.example.com/").scope("openid offline_access");
    let asked = request(call, &public_application());
    let expected = "&audience=https%3A%2F%2Fapi.example.com%2F&scope=openid+offline_access";
    assert_eq!(body(&asked), format!("{}{expected}", body(&plain)));
}

#[test]
fn the_list_of_authenticators() {
    for application in [public_application(), secret_post(), secret_basic()] {
        let request = request(list_authenticators(), &application);
        assert_eq!(request.method(), "GET");
        assert_eq!(request.uri(), "https://tenant.eu.auth0.com/mfa/authenticators");
        assert_eq!(
            headers(&request),
            ["!authorization: Bearer Fe26.2*FAKE*TOKEN", "accept: application/json"]
        );
        assert!(request.body().is_empty());
    }
}

#[test]
fn a_new_authenticator() {
    let both = r#"{"client_id":"fakeClientId","client_secret":"fake-secret","#;
    for (application, client) in [(public_application(), "{"), (secret_post(), both), (secret_basic(), "{")] {
        let request = request(add_authenticator(), &application);
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://tenant.eu.auth0.com/mfa/associate");
        assert_eq!(
            headers(&request),
            [
                "!authorization: Bearer Fe26.2*FAKE*TOKEN",
                "accept: application/json",
                "content-type: application/json"
            ]
        );
        assert_eq!(body(&request), format!(r#"{client}"authenticator_types":["otp"]}}"#));
    }
}

#[test]
fn an_access_token_opens_the_calls_under_mfa_like_an_mfa_token() {
    let access_token = AccessToken::parse("eyJ.fake.token").unwrap();
    let bearer = || Bearer::from(MfaApiToken::try_from(&access_token).unwrap());
    let list = request(ListAuthenticators::new(bearer()), &public_application());
    let add = request(AddAuthenticator::new(bearer(), NewAuthenticator::Otp), &public_application());
    for request in [list, add] {
        assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer eyJ.fake.token");
    }
}

#[test]
fn the_address_of_the_end_user_goes_to_the_token_endpoint_only() {
    let options = || CallOptions::default().forwarded_for("2001:db8::1".parse::<IpAddr>().unwrap());
    let (request, _) = begin(verify_with_recovery_code(), &secret_post(), options());
    assert_eq!(request.headers()["auth0-forwarded-for"], "2001:db8::1");
    let (request, _) = begin(list_authenticators(), &secret_post(), options());
    assert!(!request.headers().contains_key("auth0-forwarded-for"));
}

#[test]
fn each_request_says_whether_it_may_be_sent_again() {
    let application = public_application();
    for (request, replay) in [
        (request(list_authenticators(), &application), Replay::Safe),
        (request(password_grant(), &application), Replay::Once),
        (request(verify_with_otp(), &application), Replay::Once),
        (request(add_authenticator(), &application), Replay::Once),
        (request(verify_with_recovery_code(), &application), Replay::SingleUse),
    ] {
        assert_eq!(Replay::of(&request), replay);
    }
    assert_eq!(Replay::of(&Request::new(())), Replay::SingleUse, "what says nothing is not repeated");
}

#[test]
fn a_request_goes_to_the_origin_that_was_given() {
    for (domain, uri) in [
        ("Login.Example.com", "https://login.example.com/oauth/token"),
        ("https://login.example.com:8443/", "https://login.example.com:8443/oauth/token"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000/oauth/token"),
        ("http://[::1]:3000", "http://[::1]:3000/oauth/token"),
    ] {
        let application = Application::new(
            Domain::parse(domain).unwrap(),
            ClientId::parse("id").unwrap(),
            ClientAuth::None,
        );
        let call = VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim("A"));
        assert_eq!(request(call, &application).uri(), uri);
    }
}
