//! `oauth2` knows a fixed set of grants. Its closest call has as many parameters of the same sizes: a refresh, whose
//! token is the `mfa_token`, with the recovery code as an extra parameter, and an extra field in the reply.
//!
//! Its request does not leave the library but for the function that sends it, so that `begin` is a call whose sending
//! fails at once.

use std::cell::Cell;
use std::fmt;

use ::oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use ::oauth2::{
    AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields, HttpResponse,
    RefreshToken, StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use ::serde::{Deserialize, Serialize};

use crate::Subject;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, RECOVERY_CODE, TOKEN_URL, mfa_token};

#[derive(Debug, Deserialize, Serialize)]
struct ExtraFields {
    id_token: Option<String>,
    recovery_code: Option<String>,
}

impl ExtraTokenFields for ExtraFields {}

type TokenClient = Client<
    BasicErrorResponse,
    StandardTokenResponse<ExtraFields, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

#[derive(Debug)]
struct NotSent;

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not sent")
    }
}

impl std::error::Error for NotSent {}

pub struct Oauth2 {
    client: TokenClient,
    mfa_token: RefreshToken,
}

impl Oauth2 {
    pub fn new() -> Self {
        let client = Client::new(ClientId::new(CLIENT_ID.to_owned()))
            .set_client_secret(ClientSecret::new(CLIENT_SECRET.to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::new(TOKEN_URL.to_owned()).expect("a URL"));
        Self { client, mfa_token: RefreshToken::new(mfa_token()) }
    }

    fn sent(&self, reply: Option<HttpResponse>) -> bool {
        let reply = Cell::new(reply);
        let send = |request| {
            drop(request);
            reply.take().ok_or(NotSent)
        };
        let request = self
            .client
            .exchange_refresh_token(&self.mfa_token)
            .add_extra_param("recovery_code", RECOVERY_CODE);
        match request.request(&send) {
            Ok(accepted) => accepted.extra_fields().recovery_code.is_some(),
            Err(_) => false,
        }
    }
}

impl Subject for Oauth2 {
    type Call = ();
    type Body = Vec<u8>;

    fn call(&self) {}

    fn begin(&self, (): ()) {
        self.sent(None);
    }

    fn both(&self, (): (), reply: HttpResponse) -> bool {
        self.sent(Some(reply))
    }
}
