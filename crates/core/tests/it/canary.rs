//! A secret never shows: not in `{}`, `{:?}` or `{:#?}`, as text, as bytes, percent- or base64-encoded.
//!
//! Exempt, because they are no secrets and a reader of a log needs them: identifiers of clients and authenticators,
//! scopes, audiences, and the words of the API in a *success* (`token_type`, `authenticator_type`, …).

use std::fmt::Debug;

use auth0_mfa_core::serve::{ClientCredentials, RequestError, Serve, grant_type};
use auth0_mfa_core::transport::{BoxError, TransportError, from_fn};
use auth0_mfa_core::{
    AccessToken, AddAuthenticator, ApiError, Application, Association, Authenticator, AuthenticatorAdded,
    AuthenticatorId, Authenticators, BarcodeUri, Bearer, Body, Call, CallError, CallOptions, ClientAuth,
    ClientId, ClientSecret, Domain, ErrorCode, FirstFactor, IdToken, ListAuthenticators, MfaRequired,
    MfaRequirements, MfaToken, NewAuthenticator, NewCode, NewCodes, OobCode, Otp, OtpSecret, Password,
    PasswordGrant, RecoveryCode, RecoveryCodeAccepted, RefreshToken, Replay, Reply, TokenSet, Unreadable,
    Username, VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use http::{HeaderMap, HeaderValue, Request, Response};
use zeroize::Zeroizing;

use crate::json::KNOWN_NAMES;
use crate::needles::{CANARIES, hides, hides_in_debug, hides_in_error};
use crate::support::{application, client_secret, received};

fn secret(canary: &str) -> Zeroizing<String> {
    Zeroizing::new(canary.to_owned())
}

fn token(canary: &str) -> MfaToken {
    MfaToken::parse(canary).unwrap()
}

fn access_token(canary: &str) -> AccessToken {
    AccessToken::parse(canary).unwrap()
}

fn applications(canary: &str) -> [Application; 3] {
    [
        application(ClientAuth::None),
        application(ClientAuth::SecretPost(client_secret(canary))),
        application(ClientAuth::SecretBasic(client_secret(canary))),
    ]
}

fn password_grant(canary: &str) -> PasswordGrant {
    PasswordGrant::new(canary, Password::new(canary))
}

fn list_authenticators(canary: &str) -> ListAuthenticators {
    ListAuthenticators::new(Bearer::from(token(canary)))
}

fn add_authenticator(canary: &str) -> AddAuthenticator {
    AddAuthenticator::new(Bearer::from(token(canary)), NewAuthenticator::Otp)
}

fn verify_with_otp(canary: &str) -> VerifyWithOtp {
    VerifyWithOtp::new(token(canary), Otp::verbatim(canary))
}

fn verify_with_recovery_code(canary: &str) -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(token(canary), RecoveryCode::verbatim(canary))
}

#[test]
fn in_a_value() {
    for canary in CANARIES {
        hides_in_debug(canary, &token(canary));
        hides_in_debug(canary, &access_token(canary));
        hides_in_debug(canary, &IdToken::from(secret(canary)));
        hides_in_debug(canary, &RefreshToken::from(secret(canary)));
        hides_in_debug(canary, &OobCode::from(secret(canary)));
        hides_in_debug(canary, &OtpSecret::from(secret(canary)));
        hides_in_debug(canary, &BarcodeUri::from(secret(canary)));
        hides_in_debug(canary, &client_secret(canary));
        hides_in_debug(canary, &Username::new(canary));
        hides_in_debug(canary, &Password::new(canary));
        hides_in_debug(canary, &Otp::verbatim(canary));
        hides_in_debug(canary, &RecoveryCode::verbatim(canary));
        hides_in_debug(canary, &Bearer::from(token(canary)));
        hides_in_debug(canary, &Body::from(canary.as_bytes().to_vec()));
        hides_in_debug(canary, &applications(canary));
    }
}

#[test]
fn in_a_value_that_was_refused() {
    for canary in CANARIES {
        let unfit = format!("{canary}\u{e9} {canary}");
        let errors: Vec<BoxError> = vec![
            MfaToken::parse(unfit.as_str()).unwrap_err().into(),
            AccessToken::parse(unfit.as_str()).unwrap_err().into(),
            Domain::parse(&unfit).unwrap_err().into(),
            Domain::parse(&format!("https://{canary}@tenant.auth0.com")).unwrap_err().into(),
            Domain::parse(&format!("ftp://{canary}")).unwrap_err().into(),
            ClientId::parse("").unwrap_err().into(),
            Otp::parse("").unwrap_err().into(),
            RecoveryCode::parse("").unwrap_err().into(),
        ];
        for error in errors {
            hides_in_error(canary, error.as_ref());
        }
    }
}

/// The call, its request, what is pending, and how a server reads it.
fn in_a_request_of<C: Serve + Debug>(canary: &str, call: fn(&str) -> C) {
    for application in applications(canary) {
        hides_in_debug(canary, &call(canary));
        let (request, pending) = begin(call(canary), &application, CallOptions::default());
        hides_in_debug(canary, &request);
        hides_in_debug(canary, &request.headers());
        hides_in_debug(canary, &pending);
        hides_in_debug(canary, &C::read_request(&received(&request)).unwrap());
    }
}

#[test]
fn in_a_call_and_its_request() {
    for canary in CANARIES {
        in_a_request_of(canary, password_grant);
        in_a_request_of(canary, list_authenticators);
        in_a_request_of(canary, add_authenticator);
        in_a_request_of(canary, verify_with_otp);
        in_a_request_of(canary, verify_with_recovery_code);
    }
}

#[test]
fn in_a_request_that_a_server_cannot_read() {
    for canary in CANARIES {
        for body in [
            format!("{canary}={canary}&otp={canary}&otp={canary}"),
            format!(r#"{{"authenticator_types":{canary:?},"grant_type":[{canary:?}]}}"#),
            canary.to_owned(),
        ] {
            for content_type in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
                for scheme in ["Basic", "Bearer", "Other"] {
                    let request = Request::builder()
                        .header("content-type", content_type)
                        .header("authorization", format!("{scheme} {canary}\t"))
                        .body(body.as_bytes())
                        .unwrap();
                    let errors: Vec<RequestError> = [
                        grant_type(&request).err(),
                        PasswordGrant::read_request(&request).err(),
                        AddAuthenticator::read_request(&request).err(),
                        VerifyWithOtp::read_request(&request).err(),
                        VerifyWithRecoveryCode::read_request(&request).err(),
                    ]
                    .into_iter()
                    .flatten()
                    .collect();
                    assert!(errors.len() >= 3);
                    for error in errors {
                        hides_in_error(canary, &error);
                        hides_in_error(canary, &error.to_api_error());
                        hides(
                            canary,
                            &String::from_utf8_lossy(error.to_api_error().to_response().body().expose()),
                        );
                    }
                }
            }
        }
    }
}

/// A reply that repeats the canary wherever it can: in every header, in every field but those that decide what it
/// means.
fn echo<'a>(canary: &str, status: u16, fields: &str, body: &'a mut String) -> Response<&'a [u8]> {
    let value = format!("{canary:?}");
    let others = KNOWN_NAMES.iter().filter(|name| !fields.contains(&format!("\"{name}\"")));
    let others: String = others.map(|name| format!(",{name:?}:{value}")).collect();
    *body = format!("{{{fields},{value}:{value}{others}}}");
    let mut reply = Response::builder().status(status).body(body.as_bytes()).unwrap();
    *reply.headers_mut() = echoing_headers(canary);
    reply
}

fn echoing_headers(canary: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for name in ["x-auth0-requestid", "set-cookie", "location", "www-authenticate", "content-type", "x-echo"]
    {
        headers.insert(name, HeaderValue::from_str(canary).unwrap());
    }
    // Digits in these are figures.
    if canary.parse::<u64>().is_err() {
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after"] {
            headers.insert(name, HeaderValue::from_str(canary).unwrap());
        }
    }
    headers
}

/// What no call reads as a success, and each reads in its own way.
const FAILURES: [(u16, &str); 14] = [
    (403, r#""access_token":null"#),
    (200, r#""access_token":null"#),
    (500, r#""access_token":null"#),
    (403, r#""error":"invalid_grant","access_token":null"#),
    (403, r#""error":"mfa_required","access_token":null,"mfa_token":7"#),
    (400, r#""error":null,"access_token":null"#),
    (400, r#""error":null,"access_token":null,"errorCode":null"#),
    (400, r#""error":null,"access_token":null,"errorCode":null,"code":null"#),
    (400, r#""error":{"a":1},"errorCode":null,"access_token":null"#),
    (200, r#""error":null,"access_token":null,"secret":null,"barcode_uri":null"#),
    (204, r#""error":null,"access_token":7,"secret":7,"barcode_uri":7"#),
    (302, r#""error":null,"access_token":null"#),
    (502, r#""error":null,"access_token":null"#),
    (429, r#""error":null,"access_token":"T""#),
];

fn in_an_error<C: Call>(canary: &str, error: CallError<C>) {
    hides_in_error(canary, &error);
    hides_in_debug(canary, &error.new_code());
    hides_in_debug(canary, &error.info());
    hides_in_debug(canary, &error.api_error());
    hides_in_debug(canary, &error.mfa_required());
    match error {
        CallError::NotSent(it) => hides_in_debug(canary, &it),
        CallError::InDoubt(it) => hides_in_debug(canary, &it),
        CallError::Api(it) => hides_in_debug(canary, &it),
        CallError::Malformed(it) => hides_in_debug(canary, &it),
    }
}

/// Every failure of a call; how often each of the four was seen.
fn in_the_errors_of<C: Call>(canary: &str, call: fn(&str) -> C) -> [usize; 4] {
    let pending = || begin(call(canary), &application(ClientAuth::None), CallOptions::default()).1;
    let mut errors: Vec<CallError<C>> =
        vec![pending().not_sent("refused").err().unwrap(), pending().lost("reset", None).err().unwrap()];
    for (status, fields) in FAILURES {
        let mut body = String::new();
        errors.extend(pending().answered(echo(canary, status, fields, &mut body)).err());
        let whole = echo(canary, status, fields, &mut body);
        let (head, whole) = whole.into_parts();
        for cut in (0..whole.len()).step_by(whole.len() / 6) {
            let cut = Response::from_parts(head.clone(), &whole[..cut]);
            errors.extend(pending().lost("reset", Some(cut)).err());
        }
    }
    let mut seen = [0; 4];
    for error in errors {
        seen[match error {
            CallError::NotSent(_) => 0,
            CallError::InDoubt(_) => 1,
            CallError::Api(_) => 2,
            CallError::Malformed(_) => 3,
        }] += 1;
        in_an_error(canary, error);
    }
    seen
}

#[test]
fn in_the_errors_of_every_call() {
    for canary in CANARIES {
        for seen in [
            in_the_errors_of(canary, password_grant),
            in_the_errors_of(canary, list_authenticators),
            in_the_errors_of(canary, add_authenticator),
            in_the_errors_of(canary, verify_with_otp),
            in_the_errors_of(canary, verify_with_recovery_code),
        ] {
            assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
        }
        let error =
            begin(verify_with_recovery_code(canary), &applications(canary)[1], CallOptions::default());
        let mut body = String::new();
        let error = error.1.answered(echo(canary, 403, r#""access_token":null"#, &mut body)).unwrap_err();
        hides_in_debug(canary, &error.into_in_doubt().unwrap());
    }
}

#[test]
fn in_an_error_of_auth0() {
    for canary in CANARIES {
        let error = ApiError::new(http::StatusCode::BAD_REQUEST, ErrorCode::parse(canary)).describe(canary);
        hides_in_error(canary, &error);
        hides(canary, &format!("{} {:?}", error.code(), error.code()));
        let mfa = MfaRequired::new(token(canary), MfaRequirements::default());
        hides_in_debug(canary, &mfa);
        hides_in_error(canary, &ApiError::require_mfa(mfa));
    }
    assert_eq!(ErrorCode::parse("invalid_grant").to_string(), "invalid_grant", "what is known is shown");
}

#[test]
fn in_an_error_of_a_transport() {
    for canary in CANARIES {
        let mut partial = Response::new(Body::from(canary.as_bytes().to_vec()));
        *partial.headers_mut() = echoing_headers(canary);
        hides_in_error(canary, &TransportError::answered("reset", partial));
        let held = secret(canary);
        hides_in_debug(
            canary,
            &from_fn(move |_| {
                let _ = held.len();
                async { Err(TransportError::not_sent("refused")) }
            }),
        );
    }
}

fn token_set(canary: &str) -> TokenSet {
    let mut tokens = TokenSet::new(access_token(canary));
    tokens.id_token = Some(IdToken::from(secret(canary)));
    tokens.refresh_token = Some(RefreshToken::from(secret(canary)));
    tokens
}

fn new_code(canary: &str) -> NewCode {
    NewCode::Issued(RecoveryCode::verbatim(canary))
}

#[test]
fn in_a_success() {
    for canary in CANARIES {
        let mfa = MfaRequired::new(token(canary), MfaRequirements::default());
        hides_in_debug(canary, &FirstFactor::MfaRequired(mfa));
        hides_in_debug(canary, &FirstFactor::Tokens(token_set(canary)));
        hides_in_debug(canary, &RecoveryCodeAccepted::new(token_set(canary), new_code(canary)));
        hides_in_debug(canary, &new_code(canary));
        hides(canary, &new_code(canary).to_string());
        let association = Association::otp(OtpSecret::from(secret(canary)), BarcodeUri::from(secret(canary)));
        let new_codes: NewCodes = [new_code(canary)].into_iter().collect();
        hides_in_debug(canary, &AuthenticatorAdded::new(association, new_codes));
        let mut phone = Authenticator::new(AuthenticatorId::parse("sms|dev_1").unwrap(), "oob");
        phone.name = Some(canary.to_owned());
        hides_in_debug(canary, &Authenticators::from(vec![phone]));
        let mut credentials = ClientCredentials::default();
        credentials.client_secret = Some(ClientSecret::parse(canary).unwrap());
        hides_in_debug(canary, &credentials);
    }
}

fn succeeded<C: Call>(canary: &str, call: C, fields: &str) -> C::Output {
    let mut body = String::new();
    let (_, pending) = begin(call, &application(ClientAuth::None), CallOptions::default());
    pending.answered(echo(canary, 200, fields, &mut body)).unwrap()
}

#[test]
fn in_a_success_that_was_read_from_a_reply() {
    let words = r#""error":null,"token_type":"Bearer","scope":"openid","expires_in":600,"authenticator_type":"otp","oob_channel":"sms","binding_method":"prompt","id":"sms|dev_1""#;
    for canary in CANARIES {
        hides_in_debug(canary, &succeeded(canary, verify_with_otp(canary), words));
        hides_in_debug(canary, &succeeded(canary, password_grant(canary), words));
        hides_in_debug(canary, &succeeded(canary, add_authenticator(canary), words));
        hides_in_debug(canary, &succeeded(canary, verify_with_recovery_code(canary), words));
        // Digits that are no string: readers of JSON like to quote them.
        let digits = format!(r#"{words},"recovery_code":73194628501397"#);
        let unreadable = succeeded(canary, verify_with_recovery_code(canary), &digits);
        hides_in_debug("73194628501397", &unreadable);
        assert!(matches!(unreadable.into_parts().1, NewCode::Unreadable(_)));
    }
}

/// A call of one's own, which is shown the reply.
struct Probe;

impl Call for Probe {
    type Output = String;
    type NewCode = ();
    const NAME: &'static str = "Probe";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, _: &Application, _: &CallOptions) -> Request<Body> {
        Request::new(Body::empty())
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<String, Unreadable> {
        assert!(!reply.body().is_empty() && !reply.headers().is_empty());
        Ok(format!("{reply:?} {reply:#?} {:?}", reply.info()))
    }
}

#[test]
fn in_a_reply_that_is_being_read() {
    for canary in CANARIES {
        hides(canary, &succeeded(canary, Probe, r#""error":null"#));
    }
}
