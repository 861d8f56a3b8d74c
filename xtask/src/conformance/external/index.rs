//! What an external corpus says of its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::conformance::values::{ClientAuthName, Values};

#[derive(Deserialize)]
pub(crate) struct Index {
    /// Sets of values by name, each by the names of the wire.
    values: BTreeMap<String, BTreeMap<String, String>>,
    pub(crate) requests: Vec<IndexedRequest>,
    pub(crate) replies: Vec<IndexedReply>,
}

#[derive(Deserialize)]
pub(crate) struct IndexedRequest {
    pub(crate) file: String,
    pub(crate) client: String,
    pub(crate) call: String,
    /// The set of values; absent where the placeholders of a sample were left as they are.
    pub(crate) values: Option<String>,
    /// Which values survive decoding; the others the client itself breaks.
    #[serde(default)]
    pub(crate) roundtrip: BTreeMap<String, bool>,
}

#[derive(Deserialize)]
pub(crate) struct IndexedReply {
    pub(crate) file: String,
    pub(crate) call: String,
    pub(crate) http_status: Option<u16>,
}

impl Index {
    pub(crate) fn load(folder: &Path) -> Result<Self, String> {
        let text = fs::read(folder.join("index.json")).map_err(|error| error.to_string())?;
        serde_json::from_slice(&text).map_err(|error| error.to_string())
    }

    /// The values of a set that a call of this name takes, for a client that authenticates like this.
    pub(crate) fn values(&self, set: &str, call: &str, client_auth: ClientAuthName) -> Option<Values> {
        let set = self.values.get(set)?;
        let value = |name: &str| set.get(name).cloned();
        let mut values = Values { client_auth, ..Values::default() };
        if !matches!(call, "AddAuthenticator" | "ListAuthenticators" | "DeleteAuthenticator") {
            values.client_id = value("client_id");
        }
        if matches!(client_auth, ClientAuthName::Post | ClientAuthName::Basic) {
            values.client_secret = value("client_secret");
        }
        match call {
            "PasswordGrant" => (values.username, values.password) = (value("username"), value("password")),
            // Clients send the token that they have.
            "DeleteAuthenticator" => {
                (values.access_token, values.authenticator_id) =
                    (value("mfa_token"), value("authenticator_id"));
            }
            _ => values.mfa_token = value("mfa_token"),
        }
        match call {
            "VerifyWithOtp" => values.otp = value("otp"),
            "VerifyWithOob" => {
                (values.oob_code, values.binding_code) = (value("oob_code"), value("binding_code"));
            }
            "VerifyWithRecoveryCode" => values.recovery_code = value("recovery_code"),
            "RequestChallenge" => values.authenticator_id = value("authenticator_id"),
            "AddAuthenticator" => {
                (values.phone_number, values.email) = (value("phone_number"), value("email"));
            }
            _ => {}
        }
        Some(values)
    }
}

impl IndexedRequest {
    /// The values that the client breaks, by name.
    pub(crate) fn broken(&self) -> Vec<&str> {
        self.roundtrip.iter().filter(|(_, survives)| !**survives).map(|(name, _)| name.as_str()).collect()
    }
}
