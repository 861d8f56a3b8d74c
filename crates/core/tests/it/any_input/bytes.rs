//! Any bytes, in any head: nothing panics, and what comes out agrees with itself.

use std::fmt::Debug;

use auth0_mfa_core::serve::{Serve, grant_type};
use auth0_mfa_core::{Call, CallError, CodeState, NewCode, Salvaged, SpendsRecoveryCode};
use http::{HeaderName, HeaderValue, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::read_again;
use crate::calls::{Make, Visitor, each_call, regenerate_recovery_code, verify_with_recovery_code};
use crate::json;
use crate::support::{cases, kind, sent};

fn header_value() -> impl Strategy<Value = HeaderValue> {
    let sensible =
        ["17", "-1", "99999999999999999999", "Basic", "Basic Og==", "Basic !", "Bearer a b", "bearer t"];
    let types = ["application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/html", ";"];
    prop_oneof![
        select([&sensible[..], &types[..]].concat()).prop_map(HeaderValue::from_static),
        vec(any::<u8>(), 0..20)
            .prop_filter_map("is a header value", |bytes| HeaderValue::from_bytes(&bytes).ok()),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(HeaderName, HeaderValue)>> {
    let names = [
        "content-type",
        "authorization",
        "retry-after",
        "x-auth0-requestid",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "auth0-ratelimit",
        "dpop-nonce",
        "content-encoding",
        "set-cookie",
    ];
    vec((select(names.to_vec()).prop_map(HeaderName::from_static), header_value()), 0..6)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => json::any_object(),
        2 => json::value(|_| true),
        1 => vec(json::any_object(), 0..4).prop_map(|items| json::array(&items, "")),
        1 => json::deep(),
        1 => Just("<html><body>502 Bad Gateway</body></html>".to_owned()),
        2 => vec((json::name(|_| true), "\\PC{0,8}"), 0..8).prop_map(|pairs| form(&pairs)),
    ]
}

fn form(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name}={value}&")).collect()
}

/// Any bytes: of nothing in particular, or of JSON that was cut, damaged, put behind a mark or before garbage.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let damaged = (
        text(),
        vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        0_u8..5,
        any::<prop::sample::Index>(),
    );
    prop_oneof![
        1 => vec(any::<u8>(), 0..80),
        6 => damaged.prop_map(|(text, bytes, dress, cut)| {
            let mut body = match dress {
                0 => ["\u{feff}", &text].concat(),
                1 => [&text, "\n<!-- -->"].concat(),
                2 => [")]}',\n", &text].concat(),
                _ => text,
            }
            .into_bytes();
            for (at, byte) in bytes.into_iter().filter(|_| !body.is_empty()).collect::<Vec<_>>() {
                let at = at.index(body.len());
                body[at] = byte;
            }
            if dress == 4 {
                body.truncate(cut.index(body.len() + 1));
            }
            body
        }),
    ]
}

fn any_reply() -> impl Strategy<Value = Response<Vec<u8>>> {
    let status = prop_oneof![Just(200_u16), Just(403), 200_u16..600, 100_u16..1000];
    (status, headers(), body()).prop_map(|(status, headers, body)| {
        let mut reply = Response::builder().status(status).body(body).unwrap();
        reply.headers_mut().extend(headers.into_iter().map(|(name, value)| (Some(name), value)));
        reply
    })
}

fn path() -> impl Strategy<Value = String> {
    let paths = [
        "/oauth/token",
        "/mfa/authenticators/sms%7Cdev_1",
        "/mfa/authenticators/%FF",
        "/mfa/authenticators/..",
        "/api/v2/users/auth0%7C1/authentication-methods?page=1&per_page=x",
        "/api/v2/users/auth0%7C1/authentication-methods?page=1&page=2",
        "/api/v2/users/a/authentication-methods/b",
        "/api/v2/users//authenticators",
        "/api/v2/users/a/authenticators",
        "/api/v2/users/a/recovery-code-regeneration",
        "/api/v2/guardian/factors/otp",
    ];
    prop_oneof![3 => select(paths.to_vec()).prop_map(str::to_owned), 1 => "/[!-~&&[^#<>\"`{}\\\\^|]]{0,20}"]
}

fn any_request() -> impl Strategy<Value = Request<Vec<u8>>> {
    (path(), headers(), body()).prop_map(|(path, headers, body)| {
        let mut request = Request::builder().uri(path).body(body).unwrap();
        request.headers_mut().extend(headers.into_iter().map(|(name, value)| (Some(name), value)));
        request
    })
}

fn borrowed(reply: &Response<Vec<u8>>) -> Response<&[u8]> {
    let mut borrowed = Response::new(reply.body().as_slice());
    *borrowed.status_mut() = reply.status();
    *borrowed.headers_mut() = reply.headers().clone();
    borrowed
}

/// A reply means the same whether its end was seen or not.
fn read<C: Call>(call: Make<C>, reply: &Response<Vec<u8>>) -> Result<C::Output, CallError<C>> {
    let whole = sent(call("fake")).answered(borrowed(reply));
    let cut = sent(call("fake")).lost("the connection was closed", Some(borrowed(reply)));
    assert_eq!(kind(&whole), kind(&cut));
    match &whole {
        Ok(_) => {}
        Err(CallError::NotSent(_)) => panic!("a reply came"),
        Err(error) => {
            assert_eq!(error.status(), Some(reply.status()));
            assert!(!format!("{error} {error:?} {error:#?}").is_empty());
            assert!(!matches!(error, CallError::InDoubt(_)) || reply.status().is_server_error());
        }
    }
    whole
}

struct ReadReply<'a>(&'a Response<Vec<u8>>);

impl Visitor for ReadReply<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        if let Ok(output) = read(call, self.0) {
            assert!(!format!("{output:?}").is_empty());
        }
    }
}

struct ReadRequest<'a>(&'a Request<&'a [u8]>);

impl Visitor for ReadRequest<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, _: Make<C>) {
        match C::read_request(self.0) {
            Ok(received) => read_again(received.call),
            Err(error) => assert!(!error.to_api_error().to_response().body().is_empty()),
        }
    }
}

/// What holds for both calls that put a code at stake.
fn check_state<C>(call: Make<C>, reply: &Response<Vec<u8>>) -> Result<Option<CodeState>, TestCaseError>
where
    C: SpendsRecoveryCode<NewCode = NewCode>,
{
    let error = match read(call, reply) {
        Ok(_) => {
            prop_assert!(reply.status().is_success());
            return Ok(None);
        }
        Err(error) => error,
    };
    let state = error.code_state();
    let is_returned = error.new_code().is_some_and(Salvaged::is_returned);
    match &error {
        CallError::Malformed(_) if reply.status().is_success() => {
            prop_assert!(matches!(state, CodeState::Spent | CodeState::Unknown));
        }
        CallError::Api(_) if !is_returned => prop_assert_ne!(state, CodeState::Spent),
        _ => prop_assert_eq!(state, CodeState::Unknown),
    }
    prop_assert_ne!(state, CodeState::LikelySpent);
    match error.into_in_doubt() {
        Ok(doubt) => prop_assert_eq!(doubt.into_parts().0.code_state(), CodeState::Unknown),
        Err(error) => prop_assert_eq!(error.code_state(), state),
    }
    Ok(Some(state))
}

/// The statuses with which the Management API refuses a request.
const REFUSALS: [u16; 5] = [400, 401, 403, 404, 429];

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn any_reply_is_read_by_every_call(reply in any_reply()) {
        each_call(&mut ReadReply(&reply));
    }

    #[test]
    fn any_request_is_read_by_every_call(request in any_request()) {
        let received = {
            let mut received = Request::new(request.body().as_slice());
            *received.uri_mut() = request.uri().clone();
            *received.headers_mut() = request.headers().clone();
            received
        };
        each_call(&mut ReadRequest(&received));
        let _ = grant_type(&received);
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn any_reply_leaves_a_recovery_code_in_a_state_that_agrees_with_it(reply in any_reply()) {
        check_state(verify_with_recovery_code, &reply)?;
        if let Some(state) = check_state(regenerate_recovery_code, &reply)? {
            prop_assert_ne!(state, CodeState::NotAccepted, "no code was sent");
            let is_refusal = REFUSALS.contains(&reply.status().as_u16());
            prop_assert!(state != CodeState::Intact || is_refusal, "{}", reply.status());
            prop_assert!(state != CodeState::Spent || reply.status().is_success());
        }
    }
}
