//! What a program writes for itself with serde: a struct for the request, one for each reply. Nothing is wiped.

use ::serde::{Deserialize, Serialize};
use http::header;

use crate::Subject;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, GRANT_TYPE, RECOVERY_CODE, TOKEN_URL, mfa_token};

#[derive(Serialize)]
struct Grant<'a> {
    grant_type: &'a str,
    client_id: &'a str,
    client_secret: &'a str,
    mfa_token: &'a str,
    recovery_code: &'a str,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what a program would use")]
pub struct Tokens {
    access_token: String,
    id_token: Option<String>,
    scope: Option<String>,
    expires_in: Option<u64>,
    pub recovery_code: Option<String>,
    token_type: String,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "what a program would use")]
pub struct Refusal {
    error: String,
    error_description: Option<String>,
}

pub struct Serde;

impl Subject for Serde {
    type Call = String;
    type Body = Vec<u8>;

    fn call(&self) -> String {
        mfa_token()
    }

    fn begin(&self, mfa_token: String) {
        drop(request(&mfa_token));
    }

    fn both(&self, mfa_token: String, reply: http::Response<Vec<u8>>) -> bool {
        drop(request(&mfa_token));
        read(&reply).is_ok_and(|tokens| tokens.recovery_code.is_some())
    }
}

fn request(mfa_token: &str) -> http::Request<Vec<u8>> {
    let grant = Grant {
        grant_type: GRANT_TYPE,
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        mfa_token,
        recovery_code: RECOVERY_CODE,
    };
    let body = serde_urlencoded::to_string(&grant).expect("strings");
    http::Request::post(TOKEN_URL)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .body(body.into_bytes())
        .expect("a request")
}

pub fn read(reply: &http::Response<Vec<u8>>) -> Result<Tokens, Option<Refusal>> {
    if reply.status().is_success() {
        serde_json::from_slice(reply.body()).map_err(|_| None)
    } else {
        Err(serde_json::from_slice(reply.body()).ok())
    }
}
