//! What is left when the call is written by hand and for nothing but speed: a form of a known size, headers and URI
//! that are there already. Nothing is wiped.

use http::{HeaderValue, Method, Uri, header};

use crate::Subject;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, GRANT_TYPE, RECOVERY_CODE, TOKEN_URL, mfa_token};
use crate::subjects::serde::read;

/// More than the names of the parameters and what escapes add.
const ROOM: usize = 128;

pub struct Floor(Uri);

impl Floor {
    pub fn new() -> Self {
        Self(Uri::from_static(TOKEN_URL))
    }

    fn request(&self, mfa_token: &str) -> http::Request<Vec<u8>> {
        let pairs = [
            ("grant_type", GRANT_TYPE),
            ("client_id", CLIENT_ID),
            ("client_secret", CLIENT_SECRET),
            ("mfa_token", mfa_token),
            ("recovery_code", RECOVERY_CODE),
        ];
        let size = pairs.iter().map(|(_, value)| value.len()).sum::<usize>() + ROOM;
        let mut form = form_urlencoded::Serializer::new(String::with_capacity(size));
        form.extend_pairs(pairs);
        let mut request = http::Request::new(form.finish().into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.0.clone();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        request
    }
}

impl Subject for Floor {
    type Call = String;
    type Body = Vec<u8>;

    fn call(&self) -> String {
        mfa_token()
    }

    fn begin(&self, mfa_token: String) {
        drop(self.request(&mfa_token));
    }

    fn both(&self, mfa_token: String, reply: http::Response<Vec<u8>>) -> bool {
        drop(self.request(&mfa_token));
        read(&reply).is_ok_and(|tokens| tokens.recovery_code.is_some())
    }
}
