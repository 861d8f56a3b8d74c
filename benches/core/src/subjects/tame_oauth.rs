//! `tame-oauth` is for one provider. Its closest call is the refresh of a user's credentials: one parameter fewer, and
//! of the reply it keeps the access token, its type and its life; of an error, the status.

use ::tame_oauth::gcp::end_user::{EndUserCredentialsInfo, EndUserCredentialsInner};
use ::tame_oauth::gcp::{TokenOrRequest, TokenProvider};

use crate::Subject;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, mfa_token};

const SCOPES: [&str; 0] = [];

pub struct TameOauth(EndUserCredentialsInner);

impl TameOauth {
    pub fn new() -> Self {
        Self(EndUserCredentialsInner::new(EndUserCredentialsInfo {
            client_id: CLIENT_ID.to_owned(),
            client_secret: CLIENT_SECRET.to_owned(),
            refresh_token: mfa_token(),
            client_type: "authorized_user".to_owned(),
        }))
    }
}

impl Subject for TameOauth {
    type Call = ();
    type Body = Vec<u8>;

    fn call(&self) {}

    fn begin(&self, (): ()) {
        let _ = self.0.get_token(&SCOPES);
    }

    fn both(&self, (): (), reply: http::Response<Vec<u8>>) -> bool {
        let Ok(TokenOrRequest::Request { request, scope_hash, .. }) = self.0.get_token(&SCOPES) else {
            return false;
        };
        drop(request);
        self.0.parse_token_response(scope_hash, reply).is_ok()
    }
}
