//! The exact requests of the calls, as a server gets them: request line, marked headers, body.

use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticatorId, BindingCode, Body, Call, CallOptions, ClientAssertion,
    ClientAuth, ClientId, DeleteAuthenticator, Domain, EmailAddress, GuardianFactorName,
    ListAuthenticationMethods, NewAuthenticator, Password, PasswordGrant, PhoneNumber, RequestChallenge,
    SetGuardianFactor, VerifyWithOob, begin,
};
use http::{Request, header};

use crate::calls::{
    authenticator_id, delete_all_authentication_methods, delete_all_authenticators,
    delete_authentication_method, list_guardian_factors, management_token, mfa_api_token,
    mfa_api_token_grant, oob_code, refresh_token_grant, regenerate_recovery_code, user_id,
};
use crate::support::{MFA_TOKEN, add_authenticators, application, client_secret, mfa_token, password_grant};

const HOST: &str = "https://tenant.eu.auth0.com";
const GRANTS: &str = "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2F";

fn sent(call: impl Call, application: &Application) -> Request<Body> {
    let assertion = ClientAssertion::parse("eyJ.fake.assertion").unwrap();
    begin(call, application, CallOptions::default().client_assertion(assertion)).0
}

fn public(call: impl Call) -> Request<Body> {
    sent(call, &application(ClientAuth::None))
}

fn body(request: &Request<Body>) -> &str {
    std::str::from_utf8(request.body().expose()).unwrap()
}

/// `METHOD path` behind the tenant's own host.
fn line(request: &Request<Body>) -> String {
    let uri = request.uri().to_string();
    format!("{} {}", request.method(), uri.strip_prefix(HOST).unwrap_or(&uri))
}

fn assert_request(request: &Request<Body>, expected_line: &str, expected_body: &str) {
    assert_eq!((line(request).as_str(), body(request)), (expected_line, expected_body));
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let expected = match expected_body.chars().next() {
        None => None,
        Some('{') => Some("application/json"),
        Some(_) => Some("application/x-www-form-urlencoded"),
    };
    assert_eq!(content_type.map(|value| value.to_str().unwrap()), expected, "{expected_line}");
    assert_eq!(request.headers()[header::ACCEPT], "application/json");
}

#[test]
fn a_challenge() {
    let call = || RequestChallenge::new(mfa_token());
    let head = r#"{"client_id":"fakeClientId","#;
    let token = format!(r#""mfa_token":"{MFA_TOKEN}""#);
    let any = format!(r#"{head}{token},"challenge_type":"otp oob"}}"#);
    assert_request(&public(call()), "POST /mfa/challenge", &any);

    let one = call().challenge_type("oob").authenticator(authenticator_id());
    let one_body = format!(r#"{head}{token},"challenge_type":"oob","authenticator_id":"sms|dev_FAKE"}}"#);
    assert_request(&public(one), "POST /mfa/challenge", &one_body);

    let basic = sent(call(), &application(ClientAuth::SecretBasic(client_secret("fake-secret"))));
    let basic_body = format!(r#"{{"client_id":"fakeClientId",{token},"challenge_type":"otp oob"}}"#);
    assert_request(&basic, "POST /mfa/challenge", &basic_body);
    assert_eq!(basic.headers()[header::AUTHORIZATION], "Basic ZmFrZUNsaWVudElkOmZha2Utc2VjcmV0");
    assert!(basic.headers()[header::AUTHORIZATION].is_sensitive());
}

#[test]
fn an_application_that_signs_its_requests() {
    let signed = sent(password_grant(), &application(ClientAuth::PrivateKeyJwt));
    let expected = "grant_type=password&client_id=fakeClientId\
        &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
        &client_assertion=eyJ.fake.assertion&username=user%40example.com&password=fake-password";
    assert_request(&signed, "POST /oauth/token", expected);

    let without = begin(password_grant(), &application(ClientAuth::PrivateKeyJwt), CallOptions::default()).0;
    let expected =
        "grant_type=password&client_id=fakeClientId&username=user%40example.com&password=fake-password";
    assert_request(&without, "POST /oauth/token", expected);
}

#[test]
fn an_application_with_a_certificate() {
    let plain = sent(password_grant(), &application(ClientAuth::Mtls));
    let expected =
        "grant_type=password&client_id=fakeClientId&username=user%40example.com&password=fake-password";
    assert_request(&plain, "POST /oauth/token", expected);
    let elsewhere =
        application(ClientAuth::Mtls).with_mtls_domain(Domain::parse("mtls.example.com").unwrap());
    let request = sent(password_grant(), &elsewhere);
    assert_request(&request, "POST https://mtls.example.com/oauth/token", expected);
}

#[test]
fn an_answer_out_of_band() {
    let call = || VerifyWithOob::new(mfa_token(), oob_code("Fe26.2*OOB"));
    let expected = format!(
        "grant_type={GRANTS}mfa-oob&client_id=fakeClientId&mfa_token={MFA_TOKEN}&oob_code=Fe26.2*OOB"
    );
    assert_request(&public(call()), "POST /oauth/token", &expected);
    let typed = call().with_binding_code(BindingCode::parse("001 234").unwrap());
    assert_request(&public(typed), "POST /oauth/token", &format!("{expected}&binding_code=001234"));
}

#[test]
fn the_other_logins() {
    let realm = password_grant().scope("openid").in_realm("Users & Co");
    let expected = format!(
        "grant_type={GRANTS}password-realm&client_id=fakeClientId&username=user%40example.com\
         &password=fake-password&scope=openid&realm=Users+%26+Co"
    );
    assert_request(&public(realm), "POST /oauth/token", &expected);

    let expected = "grant_type=refresh_token&client_id=fakeClientId&refresh_token=fake&scope=openid";
    assert_request(&public(refresh_token_grant("fake")), "POST /oauth/token", expected);

    let expected = "grant_type=password&client_id=fakeClientId&username=fake&password=fake\
        &scope=read%3Aauthenticators&audience=https%3A%2F%2Ftenant.eu.auth0.com%2Fmfa%2F";
    assert_request(&public(mfa_api_token_grant("fake")), "POST /oauth/token", expected);

    let asked = PasswordGrant::new("fake", Password::new("fake")).audience("x").scope("y");
    let expected = "grant_type=password&client_id=fakeClientId&username=fake&password=fake\
        &audience=https%3A%2F%2Ftenant.eu.auth0.com%2Fmfa%2F";
    assert_request(&public(asked.for_mfa_api(&[])), "POST /oauth/token", expected);
}

#[test]
fn each_new_authenticator() {
    let bodies = [
        r#"{"authenticator_types":["otp"]}"#,
        r#"{"authenticator_types":["oob"],"oob_channels":["sms"],"phone_number":"+15550100"}"#,
        r#"{"authenticator_types":["oob"],"oob_channels":["voice"],"phone_number":"+15550100"}"#,
        r#"{"authenticator_types":["oob"],"oob_channels":["email"],"email":"user@example.com"}"#,
        r#"{"authenticator_types":["oob"],"oob_channels":["email"]}"#,
        r#"{"authenticator_types":["oob"],"oob_channels":["auth0"]}"#,
    ];
    for (call, expected) in add_authenticators().into_iter().zip(bodies) {
        assert_request(&public(call), "POST /mfa/associate", expected);
    }
}

#[test]
fn an_application_that_signs_adds_its_assertion_to_an_association() {
    let [call, ..] = add_authenticators();
    let request = sent(call, &application(ClientAuth::PrivateKeyJwt));
    let expected = r#"{"client_id":"fakeClientId","client_assertion_type":"urn:ietf:params:oauth:client-assertion-type:jwt-bearer","client_assertion":"eyJ.fake.assertion","authenticator_types":["otp"]}"#;
    assert_request(&request, "POST /mfa/associate", expected);
}

#[test]
fn the_calls_with_identifiers_in_their_paths() {
    let id = AuthenticatorId::parse("push|dev_A/b ?%#\u{e9}").unwrap();
    let delete = DeleteAuthenticator::new(mfa_api_token(MFA_TOKEN), id);
    assert_request(&public(delete), "DELETE /mfa/authenticators/push%7Cdev_A%2Fb%20%3F%25%23%C3%A9", "");
    let user = "/api/v2/users/auth0%7Cfake";
    for (request, expected) in [
        (public(regenerate_recovery_code("t")), format!("POST {user}/recovery-code-regeneration")),
        (
            public(ListAuthenticationMethods::new(management_token("t"), user_id())),
            format!("GET {user}/authentication-methods?include_totals=true"),
        ),
        (
            public(ListAuthenticationMethods::new(management_token("t"), user_id()).page(2, 100)),
            format!("GET {user}/authentication-methods?include_totals=true&page=2&per_page=100"),
        ),
        (
            public(delete_authentication_method("t")),
            format!("DELETE {user}/authentication-methods/recovery-code%7Cdev_FAKE"),
        ),
        (public(delete_all_authentication_methods("t")), format!("DELETE {user}/authentication-methods")),
        (public(delete_all_authenticators("t")), format!("DELETE {user}/authenticators")),
        (public(list_guardian_factors("t")), "GET /api/v2/guardian/factors".to_owned()),
    ] {
        assert_request(&request, &expected, "");
        assert_eq!(request.headers()[header::AUTHORIZATION], "Bearer t");
        assert!(request.headers()[header::AUTHORIZATION].is_sensitive());
    }
    for (enabled, body) in [(true, r#"{"enabled":true}"#), (false, r#"{"enabled":false}"#)] {
        let call =
            SetGuardianFactor::new(management_token("t"), GuardianFactorName::recovery_code(), enabled);
        assert_request(&public(call), "PUT /api/v2/guardian/factors/recovery-code", body);
    }
}

#[test]
fn the_management_api_of_a_tenant_with_a_custom_domain() {
    let domain = |text| Domain::parse(text).unwrap();
    let application =
        Application::new(domain("login.example.com"), ClientId::parse("id").unwrap(), ClientAuth::Mtls)
            .with_management_domain(domain("tenant.eu.auth0.com"))
            .with_mtls_domain(domain("mtls.example.com"));
    let host = |request: Request<Body>| request.uri().host().unwrap().to_owned();
    assert_eq!(host(sent(regenerate_recovery_code("t"), &application)), "tenant.eu.auth0.com");
    assert_eq!(host(sent(RequestChallenge::new(mfa_token()), &application)), "mtls.example.com");
    let delete = DeleteAuthenticator::new(mfa_api_token(MFA_TOKEN), authenticator_id());
    assert_eq!(host(sent(delete, &application)), "login.example.com");
}

#[test]
fn a_number_and_an_address_are_sent_as_they_are_because_auth0_judges_them() {
    let phone = NewAuthenticator::Sms(PhoneNumber::parse("+44 20 7946 0000").unwrap());
    let call = AddAuthenticator::new(mfa_token().into(), phone);
    assert!(body(&public(call)).ends_with(r#""phone_number":"+44 20 7946 0000"}"#));
    let email = NewAuthenticator::Email(Some(EmailAddress::parse("\"a b\"@example.com").unwrap()));
    let call = AddAuthenticator::new(mfa_token().into(), email);
    assert!(body(&public(call)).ends_with(r#""email":"\"a b\"@example.com"}"#));
}
