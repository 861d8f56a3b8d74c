//! In a call, in its request, and in what a server makes of that.

use std::fmt::Debug;

use auth0_mfa_core::begin;
use auth0_mfa_core::serve::{ClientCredentials, RequestError, Serve, grant_type};
use auth0_mfa_core::{ClientAssertion, ClientSecret};
use http::{Request, header};

use super::{applications, options};
use crate::calls::{COUNT, Make, Visitor, each_call};
use crate::needles::{CANARIES, hides, hides_in_debug, hides_in_error};
use crate::support::received;

/// The call, its request, what is pending, and how a server reads it.
struct Requests<'a>(&'a str);

impl Visitor for Requests<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let canary = self.0;
        hides_in_debug(canary, &call(canary));
        for application in applications(canary) {
            let (request, pending) = begin(call(canary), &application, options(canary));
            hides_in_debug(canary, &request);
            hides_in_debug(canary, &pending);
            hides_in_debug(canary, &C::read_request(&received(&request)).unwrap());
            for name in [header::AUTHORIZATION, header::HeaderName::from_static("dpop")] {
                let is_marked = request.headers().get_all(name).iter().all(http::HeaderValue::is_sensitive);
                assert!(is_marked, "{}: a header is not marked as sensitive", C::NAME);
            }
        }
    }
}

#[test]
fn in_a_call_and_its_request() {
    for canary in CANARIES {
        each_call(&mut Requests(canary));
    }
}

#[test]
fn in_what_a_request_says_of_the_application() {
    for canary in CANARIES {
        let mut credentials = ClientCredentials::default();
        credentials.client_secret = Some(ClientSecret::parse(canary).unwrap());
        credentials.client_assertion = Some(ClientAssertion::parse(canary).unwrap());
        hides_in_debug(canary, &credentials);
    }
}

/// Why a server cannot read a request.
struct Refused<'a> {
    canary: &'a str,
    request: &'a Request<&'a [u8]>,
    seen: usize,
}

impl Refused<'_> {
    fn shows(&mut self, error: Option<RequestError>) {
        let Some(error) = error else { return };
        self.seen += 1;
        hides_in_error(self.canary, &error);
        hides_in_error(self.canary, &error.to_api_error());
        let response = error.to_api_error().to_response();
        hides(self.canary, &String::from_utf8_lossy(response.body().expose()));
    }
}

impl Visitor for Refused<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, _: Make<C>) {
        self.shows(C::read_request(self.request).err());
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
                    let mut refused = Refused { canary, request: &request, seen: 0 };
                    each_call(&mut refused);
                    refused.shows(grant_type(&request).err());
                    assert!(refused.seen > COUNT / 2, "{}", refused.seen);
                }
            }
        }
    }
}
