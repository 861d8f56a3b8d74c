//! A line of standard input is a step to take, a line of output is what the client was told.

use std::io::stdin;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AuthType, Client, ClientId, ClientSecret, EndpointNotSet, EndpointSet, ExtraTokenFields,
    RequestTokenError, ResourceOwnerPassword, ResourceOwnerUsername, StandardRevocableToken,
    StandardTokenResponse, TokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Debug, Serialize, Deserialize)]
struct Fields {
    recovery_code: Option<String>,
}

impl ExtraTokenFields for Fields {}

type Tokens = StandardTokenResponse<Fields, BasicTokenType>;
type Application = Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let application: Application = Client::new(ClientId::new(std::env::var("CLIENT_ID")?))
        .set_client_secret(ClientSecret::new(std::env::var("CLIENT_SECRET")?))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::new(format!("https://{}/oauth/token", std::env::var("DOMAIN")?))?);
    let agent = ureq::builder().redirects(0).build();
    for line in stdin().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        println!("{}", told(&application, &agent, &question));
    }
    Ok(())
}

fn told(application: &Application, agent: &ureq::Agent, question: &Value) -> Value {
    let text = |field: &str| question[field].as_str().unwrap_or_default().to_owned();
    let verify = |grant_type: &'static str, code: &'static str| {
        // No grant can be named but those that it knows: this one is sent beside client_credentials.
        let request = application.exchange_client_credentials().add_extra_param("grant_type", grant_type);
        request
            .add_extra_param("mfa_token", text("mfa_token"))
            .add_extra_param(code, text(code))
            .request(agent)
    };
    let answer = match text("step").as_str() {
        "mfa_required" => application
            .exchange_password(
                &ResourceOwnerUsername::new(text("username")),
                &ResourceOwnerPassword::new(text("password")),
            )
            .request(agent),
        "confirm" => verify("http://auth0.com/oauth/grant-type/mfa-otp", "otp"),
        "recover" => verify("http://auth0.com/oauth/grant-type/mfa-recovery-code", "recovery_code"),
        _ => return json!({ "no_such_call": true }),
    };
    match answer {
        Ok(tokens) => json!({
            "access_token": tokens.access_token().secret(),
            "recovery_code": tokens.extra_fields().recovery_code,
        }),
        Err(RequestTokenError::ServerResponse(refused)) => json!({ "error": refused.error().to_string() }),
        Err(RequestTokenError::Request(error)) => {
            json!({ "error": "no reply", "message": error.to_string() })
        }
        Err(error) => json!({ "error": "unreadable", "message": error.to_string() }),
    }
}
