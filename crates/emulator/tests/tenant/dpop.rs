//! DPoP: proofs that the client's own crate signs.
#![allow(
    clippy::disallowed_types,
    reason = "what the client stands on: a time of the system's kind, and randomness"
)]

use std::time::{Duration, SystemTime};

use auth0_mfa_core::{
    Body, Call, CallOptions, ClientAuth, DpopProof, FirstFactor, PasswordGrant, RecoveryCode, TokenSet,
    VerifyWithRecoveryCode, begin,
};
use auth0_mfa_emulator::{ApplicationConfig, Config, MfaPolicy};
use auth0_mfa_jwt::{DpopKey, DpopProver, SigningError, Surroundings};

use crate::jwt;
use crate::support::*;

/// A clock that is so many seconds off.
struct At(i64);

impl Surroundings for At {
    fn now(&self) -> SystemTime {
        let now = START.unix_seconds().saturating_add_signed(self.0);
        SystemTime::UNIX_EPOCH + Duration::from_secs(now)
    }

    fn jti(&self) -> Result<String, SigningError> {
        auth0_mfa_jwt::Machine::default().jti()
    }
}

fn prover() -> DpopProver {
    DpopProver::new(DpopKey::generate().expect("a key")).surroundings(At(0))
}

fn confidential(world: &mut World) {
    world.application = application("confidential-app", ClientAuth::SecretPost(secret("fake-client-secret")));
}

fn world(change: impl FnOnce(&mut Config)) -> World {
    let mut world = World::with(|config| {
        config.mfa_policy = MfaPolicy::Never;
        change(config);
    });
    confidential(&mut world);
    world
}

fn request(world: &World, proof: Option<DpopProof>) -> http::Request<Body> {
    let call = PasswordGrant::new(ALICE, password_of(ALICE)).scope("openid");
    let options = proof.into_iter().fold(CallOptions::default(), CallOptions::dpop_proof);
    begin(call, &world.application, options).0
}

fn refusal(world: &mut World, request: &http::Request<Body>) -> (u16, String) {
    let response = world.handle(request);
    let error = json(&response)["error"].as_str().unwrap_or("none").to_owned();
    (response.status().as_u16(), error)
}

fn nonce(response: &http::Response<Body>) -> String {
    response.headers()["dpop-nonce"].to_str().expect("text").to_owned()
}

#[test]
fn tokens_are_bound_to_the_key_of_the_proof() {
    let (mut world, prover) = (world(|_| ()), prover());
    let proof = prover.sign(&world.application).expect("a proof");
    let tokens = json(&{
        let request = request(&world, Some(proof));
        world.handle(&request)
    });
    assert_eq!(tokens["token_type"], "DPoP");
    let claims = jwt::verified(&mut world, tokens["access_token"].as_str().expect("a token"));
    assert_eq!(claims["cnf"]["jkt"], prover.key().thumbprint());
    let tokens = json(&{
        let request = request(&world, None);
        world.handle(&request)
    });
    assert_eq!(tokens["token_type"], "Bearer");
}

#[test]
fn a_public_application_has_to_use_the_nonce_that_it_is_given() {
    let mut world = world(|_| ());
    world.application = public("public-app");
    let prover = prover();
    let call = PasswordGrant::new(ALICE, password_of(ALICE));
    let options = CallOptions::default().dpop_proof(prover.sign(&world.application).expect("a proof"));
    let refused = send(&mut world, call, options).expect_err("a nonce is missing");
    let api = refused.api_error().expect("an error of the API");
    assert_eq!(
        described(api),
        (
            400,
            auth0_mfa_core::ErrorCode::UseDpopNonce,
            "Authorization server requires nonce in DPoP proof".to_owned()
        )
    );
    let auth0_mfa_core::CallError::Api(refused) = refused else { panic!("an error of the API") };
    let repeat = refused.into_dpop_repeat().expect("a nonce");
    let proof = prover.sign_repeat(&world.application, &repeat).expect("a proof");
    let (request, pending) = repeat.begin(&world.application, CallOptions::default().dpop_proof(proof));
    let (head, body) = world.handle(&request).into_parts();
    let answer = pending.answered(http::Response::from_parts(head, body.expose())).expect("tokens");
    let tokens: TokenSet = match answer {
        FirstFactor::Tokens(tokens) => tokens,
        FirstFactor::MfaRequired(_) => panic!("no second factor is asked for"),
    };
    assert!(!tokens.is_dpop_downgrade());
    assert!(tokens.info.dpop_nonce.is_some(), "the next nonce comes with the tokens");
}

fn send<C: Call>(
    world: &mut World,
    call: C,
    options: CallOptions,
) -> Result<C::Output, auth0_mfa_core::CallError<C>> {
    let (request, pending) = begin(call, &world.application.clone(), options);
    let (head, body) = world.handle(&request).into_parts();
    pending.answered(http::Response::from_parts(head, body.expose()))
}

#[test]
fn a_nonce_is_good_for_a_while_and_another_is_not() {
    let mut world = world(|config| config.behaviour.dpop_nonce_of_everybody = true);
    let signed = |world: &World, nonce: &str| {
        let prover = DpopProver::new(DpopKey::generate().expect("a key"));
        let off = world.now.unix_seconds() - START.unix_seconds();
        let prover = prover.surroundings(At(i64::try_from(off).expect("small")));
        prover.remember_nonce(&world.application.token_endpoint(), nonce);
        request(world, Some(prover.sign(&world.application).expect("a proof")))
    };
    let guess = signed(&world, "fake-nonce");
    let first = world.handle(&guess);
    assert_eq!(json(&first)["error"], "use_dpop_nonce");
    let first = nonce(&first);
    for (seconds, is_good) in [(0, true), (299, true), (300, true), (1, false)] {
        world.pass(seconds);
        let request = signed(&world, &first);
        assert_eq!(world.handle(&request).status() == 200, is_good, "{seconds}");
    }
    let request = signed(&world, &first);
    assert_ne!(nonce(&world.handle(&request)), first);
}

#[test]
fn a_proof_is_good_once_and_for_this_request_and_now() {
    let mut world = world(|_| ());
    let key = || DpopKey::generate().expect("a key");
    let bad = (400, "invalid_dpop_proof".to_owned());
    let proof = prover().sign(&world.application).expect("a proof");
    let once = request(&world, Some(proof));
    assert_eq!(world.handle(&once).status(), 200);
    assert_eq!(refusal(&mut world, &once), bad);
    for (off, is_good) in [(-300, true), (-301, false), (10, true), (11, false)] {
        let proof = DpopProver::new(key()).surroundings(At(off)).sign(&world.application).expect("a proof");
        let request = request(&world, Some(proof));
        assert_eq!(world.handle(&request).status() == 200, is_good, "{off}");
    }
    for (method, uri) in [
        ("GET", "https://tenant.example.com/oauth/token"),
        ("POST", "https://tenant.example.com/oauth/tokens"),
        ("POST", "https://other.example.com/oauth/token"),
        ("POST", "http://tenant.example.com/oauth/token"),
    ] {
        let other = http::Request::builder().method(method).uri(uri).body(()).expect("a request");
        let proof = prover().sign_request(&other).expect("a proof");
        let request = request(&world, Some(proof));
        assert_eq!(refusal(&mut world, &request), bad, "{method} {uri}");
    }
    let proof = prover().sign(&world.application).expect("a proof");
    let cut = proof.expose().rsplit_once('.').expect("a signature").0.to_owned();
    for text in ["fake", &format!("{cut}."), &format!("{cut}.AAAA"), "..", ""] {
        let mut request = request(&world, None);
        request.headers_mut().insert("dpop", text.parse().expect("a header"));
        assert_eq!(refusal(&mut world, &request), bad, "{text}");
    }
    let mut twice = request(&world, None);
    for _ in 0..2 {
        let proof = prover().sign(&world.application).expect("a proof");
        twice.headers_mut().append("dpop", proof.expose().parse().expect("a header"));
    }
    assert_eq!(refusal(&mut world, &twice), bad);
}

#[test]
fn an_application_may_have_to_send_proofs() {
    let mut world = world(|config| {
        let mut application = ApplicationConfig::confidential("bound-app", secret("fake-client-secret"));
        application.requires_dpop = true;
        config.applications.push(application);
    });
    world.application = application("bound-app", ClientAuth::SecretPost(secret("fake-client-secret")));
    let without = request(&world, None);
    assert_eq!(refusal(&mut world, &without), (400, "invalid_dpop_proof".to_owned()));
    let proof = prover().sign(&world.application).expect("a proof");
    let with = request(&world, Some(proof));
    assert_eq!(world.handle(&with).status(), 200);
}

#[test]
fn a_recovery_code_is_not_spent_while_the_nonce_is_missing() {
    let mut world = World::new();
    let mfa = world.login(ALICE);
    let code = world.code_of(ALICE);
    let prover = prover();
    let call = || VerifyWithRecoveryCode::new(mfa.mfa_token().clone(), RecoveryCode::verbatim(code.as_str()));
    let proof = prover.sign(&world.application).expect("a proof");
    let (request, _) = begin(call(), &world.application, CallOptions::default().dpop_proof(proof));
    let response = world.handle(&request);
    assert_eq!(json(&response)["error"], "use_dpop_nonce");
    assert_eq!(world.code_of(ALICE), code);
    prover.remember_nonce(&world.application.token_endpoint(), nonce(&response));
    let proof = prover.sign(&world.application).expect("a proof");
    let options = CallOptions::default().dpop_proof(proof);
    let (tokens, new_code) = send(&mut world, call(), options).expect("the code is right").into_parts();
    assert_eq!(tokens.token_type.as_deref(), Some("DPoP"));
    assert_eq!(new_code.issued().expect("a code").expose(), world.code_of(ALICE));
}

#[test]
fn a_refresh_token_that_is_bound_is_good_with_its_key_only() {
    let (mut world, bound, other) = (world(|_| ()), prover(), prover());
    let options = |world: &World, prover: &DpopProver| {
        CallOptions::default().dpop_proof(prover.sign(&world.application).expect("a proof"))
    };
    let login = PasswordGrant::new(ALICE, password_of(ALICE)).scope("offline_access");
    let first = options(&world, &bound);
    let FirstFactor::Tokens(tokens) = send(&mut world, login, first).expect("tokens") else {
        panic!("tokens")
    };
    let token = tokens.refresh_token.expect("a refresh token").expose().to_owned();
    let grant = || {
        let token = auth0_mfa_core::RefreshToken::parse(token.as_str()).expect("a token");
        auth0_mfa_core::RefreshTokenGrant::new(token)
    };
    let options = [CallOptions::default(), options(&world, &other), options(&world, &bound)];
    let answers = options.map(|options| send(&mut world, grant(), options).map(|_| ()).map_err(failure));
    let [without, others, own] = answers;
    assert_eq!(without.expect_err("no proof").0, 400);
    assert_eq!(others.expect_err("another key").0, 400);
    assert_eq!(own, Ok(()));
}
