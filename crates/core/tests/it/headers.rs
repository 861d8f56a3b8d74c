//! What belongs to one sending travels where it is taken, and nowhere else. The table of the crate's front page is
//! true.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::net::IpAddr;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{Body, CallOptions, ClientAssertion, ClientAuth, DpopProof, Replay, Telemetry, begin};
use base64ct::{Base64Url, Encoding};
use http::Request;

use crate::calls::{COUNT, Make, Visitor, each_call, password_grant};
use crate::support::{application, client_secret, public_application};

fn every_option() -> CallOptions {
    CallOptions::default()
        .forwarded_for("2001:db8::1".parse::<IpAddr>().unwrap())
        .dpop_proof(DpopProof::parse("fake-proof").unwrap())
        .client_assertion(ClientAssertion::parse("fake-assertion").unwrap())
        .telemetry(Telemetry::new("fake-program", "1.2.3").env("rust", "1.85"))
}

fn is_grant(request: &Request<Body>) -> bool {
    request.uri().path() == "/oauth/token"
}

/// The headers of every call, with every option and with none.
#[derive(Default)]
struct Headers {
    grants: usize,
    others: usize,
}

impl Visitor for Headers {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let (plain, _) = begin(call("fake"), &public_application(), CallOptions::default());
        for name in ["auth0-client", "auth0-forwarded-for", "dpop"] {
            assert!(!plain.headers().contains_key(name), "{}: {name} was not asked for", C::NAME);
        }
        let (request, _) = begin(call("fake"), &public_application(), every_option());
        let text = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap());
        let telemetry = Base64Url::decode_vec(text("auth0-client").expect("it was asked for")).unwrap();
        let json = br#"{"name":"fake-program","version":"1.2.3","env":{"rust":"1.85"}}"#;
        assert_eq!(telemetry, json, "{}", C::NAME);
        let for_grants = |value| is_grant(&request).then_some(value);
        assert_eq!(text("auth0-forwarded-for"), for_grants("2001:db8::1"), "{}", C::NAME);
        assert_eq!(text("dpop"), for_grants("fake-proof"), "{}", C::NAME);
        assert_eq!(C::TAKES_DPOP_PROOF, is_grant(&request), "{}", C::NAME);
        assert!(request.headers().get("dpop").is_none_or(http::HeaderValue::is_sensitive));
        let shown = String::from_utf8_lossy(request.body().expose());
        assert!(!shown.contains("fake-assertion"), "{}: it is another application's", C::NAME);
        let (asserted, _) = begin(call("fake"), &application(ClientAuth::PrivateKeyJwt), every_option());
        let shown = String::from_utf8_lossy(asserted.body().expose());
        assert_eq!(C::TAKES_CLIENT_ASSERTION, shown.contains("fake-assertion"), "{}", C::NAME);
        *(if is_grant(&request) { &mut self.grants } else { &mut self.others }) += 1;
    }
}

#[test]
fn what_belongs_to_one_sending_goes_only_where_it_is_taken() {
    let mut headers = Headers::default();
    each_call(&mut headers);
    assert_eq!((headers.grants, headers.others), (8, COUNT - 8));
}

#[test]
fn options_are_good_for_another_sending_until_they_hold_what_is_signed_for_one() {
    let options = || {
        CallOptions::default()
            .forwarded_for([192, 0, 2, 1].into())
            .telemetry(Telemetry::new("fake-program", "1.2.3"))
    };
    let headers = |options: CallOptions| {
        let (request, _) = begin(password_grant("fake"), &public_application(), options);
        request.headers().clone()
    };
    let again = options().try_clone().expect("nothing is signed");
    assert!(again.has_telemetry() && !again.has_client_assertion() && !again.has_dpop_proof());
    assert_eq!(headers(again), headers(options()));
    let signed = [
        options().dpop_proof(DpopProof::parse("fake-proof").unwrap()),
        options().client_assertion(ClientAssertion::parse("fake-assertion").unwrap()),
    ];
    for (options, is_a_proof) in signed.into_iter().zip([true, false]) {
        assert!(options.try_clone().is_none());
        assert_eq!((options.has_dpop_proof(), options.has_client_assertion()), (is_a_proof, !is_a_proof));
    }
}

#[test]
fn the_address_of_the_end_user_counts_for_an_application_with_a_secret_only() {
    for (auth, is_honoured) in [
        (ClientAuth::None, false),
        (ClientAuth::SecretPost(client_secret("fake")), true),
        (ClientAuth::SecretBasic(client_secret("fake")), true),
        (ClientAuth::PrivateKeyJwt, false),
        (ClientAuth::Mtls, false),
    ] {
        assert_eq!(auth.honours_forwarded_for(), is_honoured, "{auth:?}");
        assert_eq!(application(auth).client_auth().honours_forwarded_for(), is_honoured);
    }
}

/// One row of the front page's table: a call, its request line, and whether it may be sent again.
struct Row {
    call: &'static str,
    method: &'static str,
    path: &'static str,
    replay: &'static str,
}

fn rows() -> Vec<Row> {
    let table = include_str!("../../src/lib.rs").split("# Endpoints").nth(1).unwrap();
    let row = |line: &'static str| {
        let columns: Vec<&str> = line.strip_prefix("//! | [`")?.split('|').map(str::trim).collect();
        let (method, path) = columns[1].trim_start_matches('`').split('`').next()?.split_once(' ')?;
        Some(Row {
            call: columns[0].trim_end_matches("`]"),
            method,
            path,
            replay: columns[3].trim_matches('`'),
        })
    };
    table.lines().filter_map(row).collect()
}

/// The rows of calls that were visited.
struct Rows {
    rows: Vec<Row>,
    visited: BTreeSet<&'static str>,
    visits: usize,
}

impl Visitor for Rows {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let row = self.rows.iter().find(|row| row.call == C::NAME).expect("a row");
        self.visited.insert(row.call);
        self.visits += 1;
        let (request, _) = begin(call("fake"), &public_application(), CallOptions::default());
        assert_eq!(request.method(), row.method, "{}", C::NAME);
        let path = request.uri().path().strip_prefix("/api/v2").unwrap_or(request.uri().path());
        let is_place = |part: &str| part.starts_with('{');
        let segments: Vec<&str> = path
            .split('/')
            .zip(row.path.split('/'))
            .map(|(it, part)| if is_place(part) { part } else { it })
            .collect();
        assert_eq!((segments.join("/"), path.split('/').count()), (row.path.to_owned(), segments.len()));
        assert_eq!(Replay::of(&request), C::REPLAY);
        assert_eq!(format!("{:?}", C::REPLAY), row.replay, "{}", C::NAME);
    }
}

#[test]
fn the_table_of_the_front_page_is_true() {
    let mut rows = Rows { rows: rows(), visited: BTreeSet::new(), visits: 0 };
    each_call(&mut rows);
    assert_eq!((rows.rows.len(), rows.visited.len(), rows.visits), (18, 18, COUNT));
}
