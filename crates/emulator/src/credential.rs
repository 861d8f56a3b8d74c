//! Keys of WebAuthn: security keys, and passkeys.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::personal::Redacted;

/// A key, as an administrator gives it and as it is answered. `Debug` shows nothing of it: it tells of the user and of
/// the user's device.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credential {
    /// What the administrator called it; it is answered beside the key.
    #[serde(skip_serializing)]
    pub(crate) name: Option<String>,
    /// The credential's identifier.
    pub(crate) key_id: String,
    /// In base64.
    public_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    relying_party_identifier: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aaguid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_device_type: Option<DeviceType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_backed_up: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identity_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_handle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transports: Option<Vec<String>>,
}

/// Whether a passkey can be copied to another device.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeviceType {
    SingleDevice,
    MultiDevice,
}

impl Credential {
    /// A security key, which has less to tell than a passkey.
    pub(crate) fn security_key(key_id: String, public_key: String, relying_party: Option<String>) -> Self {
        Self {
            name: None,
            key_id,
            public_key,
            relying_party_identifier: relying_party,
            aaguid: None,
            credential_device_type: None,
            credential_backed_up: None,
            identity_user_id: None,
            user_agent: None,
            user_handle: None,
            transports: None,
        }
    }

    pub(crate) fn is_complete(&self) -> bool {
        !self.key_id.is_empty() && !self.public_key.is_empty()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

/// A key that a user logs in with, in place of a password.
#[derive(Debug)]
pub(crate) struct Passkey {
    pub(crate) device_id: String,
    pub(crate) credential: Credential,
    pub(crate) created_at: Timestamp,
}

impl Passkey {
    /// Its `id`, for example `passkey|dev_i1kgKoFSZLbPt6G1`.
    pub(crate) fn id(&self) -> String {
        format!("passkey|{}", self.device_id)
    }
}
