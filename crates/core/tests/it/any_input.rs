//! Whatever a server or a client sends: nothing panics, and what comes out agrees with itself.

use auth0_mfa_core::serve::{Serve, grant_type};
use auth0_mfa_core::{
    AddAuthenticator, Call, CallError, CodeState, ListAuthenticators, PasswordGrant, SpendsRecoveryCode,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use http::{HeaderName, HeaderValue, Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::json;
use crate::support::{
    add_authenticator, cases, kind, list_authenticators, password_grant, sent, verify_with_otp,
    verify_with_recovery_code,
};

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
        2 => vec((json::name(), "\\PC{0,8}"), 0..8).prop_map(|pairs| form(&pairs)),
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

fn any_request() -> impl Strategy<Value = Request<Vec<u8>>> {
    (headers(), body()).prop_map(|(headers, body)| {
        let mut request = Request::new(body);
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
fn read<C: Call>(call: fn() -> C, reply: &Response<Vec<u8>>) -> Result<C::Output, CallError<C>> {
    let whole = sent(call()).answered(borrowed(reply));
    let cut = sent(call()).lost("the connection was closed", Some(borrowed(reply)));
    assert_eq!(kind(&whole), kind(&cut));
    if let Err(error) = &whole {
        assert_eq!(error.status(), Some(reply.status()));
        assert!(!format!("{error} {error:?} {error:#?}").is_empty());
    }
    whole
}

fn serve<C: Serve>(request: &Request<&[u8]>) {
    if let Err(error) = C::read_request(request) {
        assert!(!error.to_api_error().to_response().body().is_empty());
    }
}

proptest! {
    #![proptest_config(cases(800))]

    #[test]
    fn any_reply_is_read_by_every_call(reply in any_reply()) {
        let _ = read(password_grant, &reply);
        let _ = read(list_authenticators, &reply);
        let _ = read(add_authenticator, &reply);
        let _ = read(verify_with_otp, &reply);
        let outcome = read(verify_with_recovery_code, &reply);
        match &outcome {
            Ok(_) => prop_assert!(reply.status().is_success()),
            Err(CallError::NotSent(_)) => prop_assert!(false, "a reply came"),
            Err(error @ CallError::InDoubt(_)) => {
                prop_assert_eq!(error.code_state(), CodeState::Unknown);
                prop_assert!(reply.status().is_server_error());
            }
            Err(error @ CallError::Malformed(_)) => {
                let expected = if reply.status().is_success() {
                    vec![CodeState::Spent, CodeState::Unknown]
                } else {
                    vec![CodeState::Unknown]
                };
                prop_assert!(expected.contains(&error.code_state()));
            }
            Err(CallError::Api(_)) => {}
        }
        if let Err(error) = outcome {
            let state = error.code_state();
            match error.into_in_doubt() {
                Ok(doubt) => prop_assert_eq!(doubt.into_parts().0.code_state(), CodeState::Unknown),
                Err(error) => prop_assert_eq!(error.code_state(), state),
            }
            prop_assert_ne!(state, CodeState::LikelySpent);
        }
    }

    #[test]
    fn any_request_is_read_by_every_call(request in any_request()) {
        let received = {
            let mut received = Request::new(request.body().as_slice());
            *received.headers_mut() = request.headers().clone();
            received
        };
        serve::<PasswordGrant>(&received);
        serve::<ListAuthenticators>(&received);
        serve::<AddAuthenticator>(&received);
        serve::<VerifyWithOtp>(&received);
        serve::<VerifyWithRecoveryCode>(&received);
        let _ = grant_type(&received);
    }
}
