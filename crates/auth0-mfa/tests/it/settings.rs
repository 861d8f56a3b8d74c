//! What holds for every call of a client.

use std::sync::atomic::{AtomicUsize, Ordering};

use auth0_mfa::transport::BoxError;
use auth0_mfa::{
    Application, Body, Call, CallError, CallOptions, ClientAssertion, ClientAuth, ClientSettings, DpopProof,
    DpopRequest, FirstFactor, ListGuardianFactors, Outcome, RequestChallenge, Telemetry,
    VerifyWithRecoveryCode,
};
use http::{HeaderValue, Request};

use crate::first_factor::login;
use crate::support::{
    Clients, Sent, TOKENS, application_with, management_token, mfa_token, ready, replied, text,
};

#[test]
fn telemetry_goes_with_every_call_unless_the_options_bring_their_own() {
    let clients = Clients::with(ClientAuth::None, settings(), |_| Ok(replied(200, "[]")));
    for send in ways() {
        send(&clients, ListGuardianFactors::new(management_token()), CallOptions::default()).unwrap();
        let own = CallOptions::default().telemetry(Telemetry::new("another", "1"));
        send(&clients, ListGuardianFactors::new(management_token()), own).unwrap();
        let requests = clients.take_requests();
        let of = |options: CallOptions| {
            let call = ListGuardianFactors::new(management_token());
            call.request(&application_with(ClientAuth::None), &options).headers()["auth0-client"].clone()
        };
        let expected = [Telemetry::new("fake-program", "1.2.3"), Telemetry::new("another", "1")]
            .map(|telemetry| of(CallOptions::default().telemetry(telemetry)));
        assert_eq!([0, 1].map(|it: usize| requests[it].headers()["auth0-client"].clone()), expected);
    }
}

#[test]
fn each_request_that_takes_one_has_an_assertion_and_a_proof_of_its_own() {
    let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |_| {
        Ok(replied(200, r#"{"access_token":"fake-access-token","challenge_type":"otp"}"#))
    });
    for send in ways() {
        send(&clients, login(), CallOptions::default()).unwrap();
    }
    for send in ways() {
        send(&clients, RequestChallenge::new(mfa_token()), CallOptions::default()).unwrap();
    }
    let requests = clients.take_requests();
    let assertions: Vec<_> = requests.iter().filter_map(assertion_of).collect();
    assert_eq!(assertions, ["fake-assertion-0", "fake-assertion-1", "fake-assertion-2", "fake-assertion-3"]);
    let proofs: Vec<_> = requests.iter().filter_map(proof_of).collect();
    let htu = "POST:https://tenant.eu.auth0.com/oauth/token:None";
    assert_eq!(proofs, [format!("0:{htu}"), format!("1:{htu}")], "a challenge takes none");
}

#[test]
fn nothing_is_signed_for_a_request_that_takes_no_signature() {
    let settings = ClientSettings::default()
        .client_assertion_signer(|_: &Application| Err("nobody asked".into()))
        .dpop_signer(|_: &DpopRequest<'_>| Err("nobody asked".into()));
    let clients = Clients::with(ClientAuth::PrivateKeyJwt, settings.clone(), |_| Ok(replied(200, "[]")));
    for send in ways() {
        send(&clients, ListGuardianFactors::new(management_token()), CallOptions::default()).unwrap();
    }
    let public =
        Clients::with(ClientAuth::None, settings, |_| Ok(replied(200, r#"{"challenge_type":"otp"}"#)));
    for send in ways() {
        send(&public, RequestChallenge::new(mfa_token()), CallOptions::default()).unwrap();
    }
}

#[test]
fn what_the_options_bring_is_sent_as_it_is() {
    let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |_| Ok(replied(TOKENS.0, TOKENS.1)));
    for send in ways() {
        let options = CallOptions::default()
            .client_assertion(ClientAssertion::parse("own-assertion").unwrap())
            .dpop_proof(DpopProof::parse("own-proof").unwrap());
        send(&clients, login(), options).unwrap();
        let [request] = &clients.take_requests()[..] else { panic!("one request") };
        assert_eq!(assertion_of(request).as_deref(), Some("own-assertion"));
        assert_eq!(proof_of(request).as_deref(), Some("own-proof"));
    }
}

#[test]
fn a_call_that_could_not_be_signed_was_not_sent_and_its_code_is_intact() {
    let no_assertion =
        ClientSettings::default().client_assertion_signer(|_: &Application| Err("the key is gone".into()));
    let no_proof = ClientSettings::default().dpop_signer(|_: &DpopRequest<'_>| Err("the key is gone".into()));
    for settings in [no_assertion, no_proof] {
        let clients = Clients::with(ClientAuth::PrivateKeyJwt, settings, |_| panic!("nothing is sent"));
        for send in ways() {
            let error = send(&clients, recovery(), CallOptions::default()).unwrap_err();
            assert_eq!(error.code_state().as_str(), "intact");
            let CallError::NotSent(not_sent) = error else { panic!("{error:?}") };
            assert_eq!(not_sent.source().to_string(), "the key is gone");
        }
    }
}

/// Auth0 wants a nonce, and gives another with the reply to the proof that has it.
#[test]
fn a_nonce_that_auth0_gives_is_in_the_repeat_and_in_the_proofs_after_it() {
    for send in ways() {
        let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |request| {
            let is_first = proof_of(request).unwrap().ends_with("None");
            let (status, body) = if is_first { NONCE_WANTED } else { TOKENS };
            with_nonce(Ok(replied(status, body)), if is_first { "nonce-1" } else { "nonce-2" })
        });
        let options = CallOptions::default().forwarded_for([192, 0, 2, 1].into());
        let outcome = send(&clients, login(), options).unwrap();
        assert!(matches!(outcome, FirstFactor::Tokens(_)));
        send(&clients, login(), CallOptions::default()).unwrap();

        let requests = clients.take_requests();
        let nonces: Vec<_> = requests.iter().map(nonce_of).collect();
        assert_eq!(nonces, ["None", "Some(nonce-1)", "Some(nonce-2)"]);
        let assertions: Vec<_> = requests.iter().filter_map(assertion_of).collect();
        assert_eq!(
            assertions,
            [0, 1, 2].map(|it| format!("fake-assertion-{it}")),
            "the repeat is signed anew"
        );
        let addresses = requests.iter().map(|it| it.headers().contains_key("auth0-forwarded-for"));
        assert_eq!(
            addresses.collect::<Vec<_>>(),
            [true, true, false],
            "the repeat has the options of its call"
        );
    }
}

#[test]
fn there_is_one_repeat_and_none_when_the_options_brought_what_is_good_for_one_request() {
    for send in ways() {
        let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |_| {
            with_nonce(Ok(replied(NONCE_WANTED.0, NONCE_WANTED.1)), "nonce")
        });
        let error = send(&clients, recovery(), CallOptions::default()).unwrap_err();
        assert_eq!(error.code_state().as_str(), "intact");
        assert_eq!(clients.take_requests().len(), 2);
        let CallError::Api(refused) = error else { panic!("{error:?}") };
        refused.into_dpop_repeat().expect_err("the repeat is used up");

        let own = CallOptions::default().client_assertion(ClientAssertion::parse("own-assertion").unwrap());
        let error = send(&clients, recovery(), own).unwrap_err();
        assert_eq!(clients.take_requests().len(), 1);
        let CallError::Api(refused) = error else { panic!("{error:?}") };
        assert_eq!(refused.into_dpop_repeat().expect("the program may repeat it").nonce(), "nonce");
    }
}

#[test]
fn a_clone_is_a_handle_to_the_same_client() {
    let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |_| {
        with_nonce(Ok(replied(TOKENS.0, TOKENS.1)), "nonce")
    });
    clients.blocking.send(login()).unwrap();
    clients.blocking.clone().send(login()).unwrap();
    ready(clients.asynchronous.send(login())).unwrap();
    ready(clients.asynchronous.clone().send(login())).unwrap();
    let nonces: Vec<_> = clients.take_requests().iter().map(nonce_of).collect();
    assert_eq!(nonces, ["None", "Some(nonce)", "None", "Some(nonce)"]);
}

#[test]
fn neither_client_nor_settings_show_a_secret() {
    let clients = Clients::with(ClientAuth::PrivateKeyJwt, signing(), |_| panic!("nothing is sent"));
    let shown = format!("{:?} {:?} {:?}", clients.blocking, clients.asynchronous, signing());
    assert!(shown.contains("BlockingClient { application: Application { domain: "), "{shown}");
    assert!(shown.contains("dpop_signer: true"), "{shown}");
}

const NONCE_WANTED: (u16, &str) = (400, r#"{"error":"use_dpop_nonce"}"#);

type Way<C> = fn(&Clients, C, CallOptions) -> Outcome<C>;

/// How each client sends a call.
fn ways<C: Call + Send>() -> [Way<C>; 2] {
    [
        |clients, call, options| clients.blocking.send_with(call, options),
        |clients, call, options| ready(clients.asynchronous.send_with(call, options)),
    ]
}

fn settings() -> ClientSettings {
    ClientSettings::default().telemetry(Telemetry::new("fake-program", "1.2.3"))
}

/// Signers that count, so that no two of their signatures are alike, and say what they were asked for.
fn signing() -> ClientSettings {
    let (assertions, proofs) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let next = |count: &AtomicUsize| count.fetch_add(1, Ordering::SeqCst);
    settings()
        .client_assertion_signer(move |application: &Application| -> Result<ClientAssertion, BoxError> {
            assert_eq!(application.client_id().as_str(), "fakeClientId");
            Ok(ClientAssertion::parse(format!("fake-assertion-{}", next(&assertions)))?)
        })
        .dpop_signer(move |request: &DpopRequest<'_>| -> Result<DpopProof, BoxError> {
            let nonce = request.nonce.map_or("None".to_owned(), |nonce| format!("Some({nonce})"));
            let text = format!("{}:{}:{}:{nonce}", next(&proofs), request.method, request.uri);
            Ok(DpopProof::parse(text)?)
        })
}

fn recovery() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), auth0_mfa::RecoveryCode::verbatim("FAKEOLDCODE0000000000000"))
}

/// From a form or a JSON body.
fn assertion_of(request: &Request<Body>) -> Option<String> {
    let body = text(request).replace("\":\"", "=");
    let (_, rest) = body.split_once("client_assertion=")?;
    rest.split(['&', '"']).next().map(str::to_owned)
}

fn proof_of(request: &Request<Body>) -> Option<String> {
    request.headers().get("dpop").map(|proof| proof.to_str().unwrap().to_owned())
}

/// What the proof says of a nonce.
fn nonce_of(request: &Request<Body>) -> String {
    proof_of(request).unwrap().rsplit(':').next().unwrap().to_owned()
}

fn with_nonce(sent: Sent, nonce: &'static str) -> Sent {
    sent.map(|mut reply| {
        reply.headers_mut().insert("dpop-nonce", HeaderValue::from_static(nonce));
        reply
    })
}
