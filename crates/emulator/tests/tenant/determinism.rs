//! Whatever comes, there is a reply; and the same comes back for the same.

use auth0_mfa_core::Body;
use auth0_mfa_emulator::Timestamp;
use proptest::prelude::*;
use std::time::Duration;

use crate::support::*;

fn method() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("POST"), Just("GET"), Just("DELETE"), Just("OPTIONS")]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("/oauth/token".to_owned()),
        2 => Just("/mfa/associate".to_owned()),
        2 => Just("/mfa/authenticators".to_owned()),
        2 => Just("/mfa/challenge".to_owned()),
        1 => "/mfa/authenticators/[a-z|%._]{0,12}",
        1 => "/[a-z/%.]{0,20}",
    ]
}

fn content_type() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("application/x-www-form-urlencoded"),
        Just("application/json"),
        Just("application/json; charset=\"utf-8"),
        Just("")
    ]
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("password".to_owned()),
        Just("http://auth0.com/oauth/grant-type/mfa-otp".to_owned()),
        Just("http://auth0.com/oauth/grant-type/mfa-recovery-code".to_owned()),
        Just("http://auth0.com/oauth/grant-type/mfa-oob".to_owned()),
        Just("public-app".to_owned()),
        Just("confidential-app".to_owned()),
        Just(ALICE.to_owned()),
        Just("fake-password-alice".to_owned()),
        Just("Fe26.2*SERVER_1700000000*0000000000000000".to_owned()),
        Just("Fe26.2*SERVER_1700000000*\u{e9}00000000000000".to_owned()),
        ".{0,12}",
    ]
}

fn name() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just("grant_type"),
        Just("client_id"),
        Just("client_secret"),
        Just("username"),
        Just("password"),
        Just("mfa_token"),
        Just("otp"),
        Just("recovery_code"),
        Just("oob_code"),
        Just("binding_code"),
        Just("challenge_type"),
        Just("authenticator_id"),
        Just("authenticator_types"),
        Just("scope"),
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    let pairs = || proptest::collection::vec((name(), word()), 0..8);
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        pairs().prop_map(|pairs| {
            let pairs: Vec<String> = pairs.iter().map(|(name, word)| format!("{name}={word}")).collect();
            pairs.join("&").into_bytes()
        }),
        pairs().prop_map(|pairs| {
            let fields = pairs.into_iter().map(|(name, word)| (name.to_owned(), word.into()));
            serde_json::Value::Object(fields.collect()).to_string().into_bytes()
        }),
    ]
}

fn request() -> impl Strategy<Value = (&'static str, String, &'static str, Vec<u8>, Vec<u8>)> {
    let authorization = prop_oneof![
        Just(Vec::new()),
        Just(b"Bearer x".to_vec()),
        Just(b"Basic Zm9vOmJhcg==".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    (method(), path(), content_type(), authorization, body())
}

type Sent = (&'static str, String, &'static str, Vec<u8>, Vec<u8>);

fn built((method, path, content_type, authorization, body): &Sent) -> Option<http::Request<Body>> {
    http::Request::builder()
        .method(*method)
        .uri(format!("https://tenant.example.com{path}"))
        .header("content-type", *content_type)
        .header("authorization", authorization.as_slice())
        .body(Body::from(body.clone()))
        .ok()
}

fn shown(response: &http::Response<Body>) -> String {
    let body = String::from_utf8_lossy(response.body().expose()).into_owned();
    format!("{} {:?} {body}", response.status(), response.headers())
}

proptest! {
    #[test]
    fn no_request_at_any_time_makes_the_tenant_panic(requests in proptest::collection::vec((request(), any::<u64>()), 1..6)) {
        let mut world = World::new();
        for (sent, seconds) in &requests {
            world.now = Timestamp::from_unix(Duration::from_secs(*seconds));
            let Some(request) = built(sent) else { continue };
            let response = world.handle(&request);
            prop_assert!(response.status().as_u16() < 500);
            prop_assert!(serde_json::from_slice::<serde_json::Value>(response.body().expose()).is_ok());
        }
    }

    #[test]
    fn the_same_seed_requests_and_times_give_the_same_replies(requests in proptest::collection::vec(request(), 1..6)) {
        let (mut one, mut other) = (World::new(), World::new());
        for sent in &requests {
            let Some(request) = built(sent) else { continue };
            prop_assert_eq!(shown(&one.handle(&request)), shown(&other.handle(&request)));
        }
    }
}

#[test]
fn a_whole_story_is_the_same_again_and_another_with_another_seed() {
    let story = |seed| {
        let mut world = World::new();
        world.tenant = auth0_mfa_emulator::Tenant::new(Default::default(), seed).expect("a good config");
        let mfa = world.login(BOB);
        let (association, codes) = world.added(&mfa);
        let otp = world.otp_of(BOB);
        let tokens = world.verify(&mfa, &otp).expect("it is confirmed");
        let next = world.recover_with(BOB, &codes[0]).expect("the code is good");
        [
            mfa.mfa_token().expose().to_owned(),
            association.secret.expect("a secret").expose().to_owned(),
            codes[0].clone(),
            tokens.access_token.expose().to_owned(),
            next.issued().expect("a code").expose().to_owned(),
        ]
    };
    assert_eq!(story(7), story(7));
    let (one, other) = (story(7), story(8));
    assert!(one.iter().zip(&other).all(|(one, other)| one != other));
}
