//! Requests with parameters that are extra, missing or of a wrong type, as a form and as JSON.

use std::fmt::Debug;

use auth0_mfa_core::Body;
use auth0_mfa_core::serve::{Received, RequestError, Serve};
use http::{Request, header};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{assert_same, request_of};
use crate::calls::{Make, Visitor, each_call};
use crate::json;
use crate::support::{cases, received};

/// Parameters that may be absent, whatever the call.
const OPTIONAL: [&str; 11] = [
    "grant_type", // which call it is, is known
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "scope",
    "audience",
    "binding_code",
    "challenge_type",
    "authenticator_id",
    "email",
];

fn is_optional(call: &str, name: &str) -> bool {
    OPTIONAL.contains(&name) && (call, name) != ("MfaApiTokenGrant", "audience")
}

/// A request's parameters, each with its value as JSON text.
#[derive(Clone)]
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(request: &Request<Body>) -> Self {
        let text = std::str::from_utf8(request.body().expose()).unwrap();
        if request.headers()[header::CONTENT_TYPE] == "application/json" {
            let fields: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
                serde_json::from_str(text).unwrap();
            return Self(fields.into_iter().map(|(name, value)| (name, value.get().to_owned())).collect());
        }
        let pairs = form_urlencoded::parse(text.as_bytes());
        let json = |value: &str| serde_json::to_string(value).unwrap();
        Self(pairs.map(|(name, value)| (name.into_owned(), json(&value))).collect())
    }

    /// The request with these parameters as its JSON body.
    fn in_json(&self, request: &Request<Body>) -> Request<Vec<u8>> {
        let fields: Vec<_> =
            self.0.iter().map(|(name, value)| (format!("{name:?}"), value.clone())).collect();
        with_body(request, "application/json; charset=utf-8", json::object(&fields, " "))
    }

    /// The request with these parameters, all of them text, as a form.
    fn in_form(&self, request: &Request<Body>) -> Request<Vec<u8>> {
        let text = |value: &str| serde_json::from_str::<String>(value).unwrap_or_else(|_| value.to_owned());
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            form.append_pair(name, &text(value));
        }
        with_body(request, "application/x-www-form-urlencoded", form.finish())
    }

    fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(known, _)| known != name).cloned().collect())
    }

    fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        for (_, known) in changed.0.iter_mut().filter(|(known, _)| known == name) {
            value.clone_into(known);
        }
        changed
    }
}

fn with_body(request: &Request<Body>, content_type: &'static str, body: String) -> Request<Vec<u8>> {
    let mut changed = Request::new(body.into_bytes());
    *changed.method_mut() = request.method().clone();
    *changed.uri_mut() = request.uri().clone();
    *changed.headers_mut() = request.headers().clone();
    changed.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static(content_type));
    changed
}

fn read<C: Serve>(request: &Request<Vec<u8>>) -> Result<Received<C>, RequestError> {
    C::read_request(&request_parts(request))
}

fn request_parts(request: &Request<Vec<u8>>) -> Request<&[u8]> {
    let mut borrowed = Request::new(request.body().as_slice());
    *borrowed.method_mut() = request.method().clone();
    *borrowed.uri_mut() = request.uri().clone();
    *borrowed.headers_mut() = request.headers().clone();
    borrowed
}

/// Without a parameter, or with one of a wrong type: refused by its name, unless it may be absent.
struct EachMissing;

impl Visitor for EachMissing {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let request = request_of(call("fake"));
        if request.body().is_empty() {
            return;
        }
        let parameters = Parameters::of(&request);
        for (name, _) in &parameters.0 {
            let missing = read::<C>(&parameters.without(name).in_json(&request)).err();
            let is_missing = |error: &Option<RequestError>| match error {
                None => is_optional(C::NAME, name),
                Some(RequestError::MissingParameter(of)) => of == name && !is_optional(C::NAME, name),
                Some(_) => false,
            };
            assert!(is_missing(&missing), "{} without {name}: {missing:?}", C::NAME);
            for wrong in ["7", r#"{"x":1}"#, "null", r#"["otp","oob"]"#, r#""""#] {
                let refused = read::<C>(&parameters.with(name, wrong).in_json(&request)).err();
                let is_named = matches!(&refused, Some(RequestError::InvalidParameter(of)) if of == name);
                assert!(is_named || is_missing(&refused), "{} with {name}={wrong}: {refused:?}", C::NAME);
            }
        }
    }
}

#[test]
fn a_parameter_that_is_missing_or_of_a_wrong_type_is_named() {
    each_call(&mut EachMissing);
}

/// Without the head that a call needs.
struct EachHead;

impl Visitor for EachHead {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let request = request_of(call("fake"));
        let mut changed = received(&request);
        let has_bearer = changed.headers_mut().remove(header::AUTHORIZATION).is_some();
        let refused = C::read_request(&changed).err();
        let is_management = request.uri().path().starts_with("/api/v2/");
        let missing =
            if is_management { RequestError::MissingManagementToken } else { RequestError::MissingBearer };
        assert_eq!(refused == Some(missing), has_bearer, "{}: {refused:?}", C::NAME);

        let mut elsewhere = received(&request);
        *elsewhere.uri_mut() = http::Uri::from_static("https://tenant.eu.auth0.com/elsewhere");
        let refused = C::read_request(&elsewhere).err();
        let has_identifier = request.uri().path().contains('%') || C::NAME == "SetGuardianFactor";
        assert_eq!(refused == Some(RequestError::WrongPath), has_identifier, "{}: {refused:?}", C::NAME);
    }
}

#[test]
fn a_token_or_an_identifier_that_is_not_there_is_refused() {
    each_call(&mut EachHead);
}

/// With more parameters, in another order and in either encoding.
struct EachWithMore<'a> {
    extra: &'a [(String, String)],
    places: &'a [Index],
}

impl Visitor for EachWithMore<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let request = request_of(call("fake"));
        if request.body().is_empty() {
            return;
        }
        let mut changed = Parameters(Vec::new());
        let parameters = Parameters::of(&request).0;
        for (parameter, place) in parameters.into_iter().chain(self.extra.to_vec()).zip(self.places) {
            changed.0.insert(place.index(changed.0.len() + 1), parameter);
        }
        let is_same = |changed: Request<Vec<u8>>| {
            let read = read::<C>(&changed).unwrap_or_else(|error| panic!("{}: {error}", C::NAME));
            assert_same(&request, &request_of(read.call));
        };
        is_same(changed.in_json(&request));
        // Lists have no place in a form.
        if C::NAME != "AddAuthenticator" {
            is_same(changed.in_form(&request));
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn parameters_that_nobody_knows_their_order_and_the_encoding_change_nothing(
        extra in prop::collection::vec(("x-[a-z_]{0,8}", json::value(|_| true)), 0..4),
        places in prop::collection::vec(any::<Index>(), 16),
    ) {
        each_call(&mut EachWithMore { extra: &extra, places: &places });
    }
}
