//! Whatever a server or a client sends: nothing panics, and what comes out agrees with itself.

mod bytes;
mod fields;
mod parameters;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{Body, CallOptions, ClientAuth, begin};
use http::Request;

use crate::support::{application, client_secret, received};

/// The request of a call, of an application whose credential is in the body.
fn request_of<C: Serve>(call: C) -> Request<Body> {
    let application = application(ClientAuth::SecretPost(client_secret("fake-secret")));
    begin(call, &application, CallOptions::default()).0
}

/// Two requests are the same; the order of parameters in a form says nothing.
fn assert_same(one: &Request<Body>, other: &Request<Body>) {
    let line = |request: &Request<Body>| (request.method().clone(), request.uri().clone());
    assert_eq!(line(one), line(other));
    assert_eq!(one.headers(), other.headers());
    let sorted = |request: &Request<Body>| {
        let text = String::from_utf8(request.body().expose().to_vec()).unwrap();
        let mut parameters: Vec<String> = text.split('&').map(str::to_owned).collect();
        parameters.sort();
        parameters
    };
    assert_eq!(sorted(one), sorted(other));
}

/// What was read can be sent, and is then read as the same.
fn read_again<C: Serve>(read: C) {
    let request = request_of(read);
    let again = C::read_request(&received(&request)).unwrap_or_else(|error| panic!("{}: {error}", C::NAME));
    assert_same(&request, &request_of(again.call));
}
