//! `oauth2` over reqwest. It knows a fixed set of grants; its closest call has as many parameters of the same sizes: a
//! refresh, whose token is the `mfa_token`, with the recovery code as an extra parameter and an extra field.

use ::oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use ::oauth2::{
    AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields, RefreshToken,
    StandardRevocableToken, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};

use crate::Site;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, RECOVERY_CODE, mfa_token};
use crate::player::AsyncSubject;

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

pub(crate) struct Oauth2 {
    client: TokenClient,
    http: reqwest::Client,
    mfa_token: RefreshToken,
}

impl Oauth2 {
    pub(crate) fn new(site: &Site) -> Self {
        let client = Client::new(ClientId::new(CLIENT_ID.to_owned()))
            .set_client_secret(ClientSecret::new(CLIENT_SECRET.to_owned()))
            .set_auth_type(AuthType::RequestBody)
            .set_token_uri(TokenUrl::new(site.token_url()).expect("a URL"));
        Self { client, http: super::reqwest::client(site), mfa_token: RefreshToken::new(mfa_token()) }
    }
}

impl AsyncSubject for Oauth2 {
    async fn call(&self) -> bool {
        let request = self
            .client
            .exchange_refresh_token(&self.mfa_token)
            .add_extra_param("recovery_code", RECOVERY_CODE);
        let tokens = request.request_async(&self.http).await.expect("tokens");
        tokens.extra_fields().recovery_code.is_some()
    }
}
