//! Whole behaviours by name.

use http::StatusCode;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{BadClient, Behaviour, GrantNotAllowed, PushTwin, RefusedPush};

impl Behaviour {
    /// As Auth0's documentation has it, where that differs from what is recorded or reported: a refused push is
    /// `invalid_grant`, a bad client credential `invalid_client`, a wrong code 401, a grant that is not allowed stands
    /// in backticks, and `challenge_type` is required.
    pub fn documented() -> Self {
        Self {
            wrong_code_status: StatusCode::UNAUTHORIZED,
            bad_client: BadClient::InvalidClient,
            grant_not_allowed: GrantNotAllowed::Backticks,
            refused_push: RefusedPush::InvalidGrant,
            challenge_type_required: true,
            ..Self::default()
        }
    }

    /// As recordings of a real tenant have it, where those differ from the documentation: a refused push is
    /// `access_denied`, and the one-time passwords that come with a push have a device of their own. What no recording
    /// shows is the default.
    pub fn recorded() -> Self {
        Self { refused_push: RefusedPush::AccessDenied, push_twin: PushTwin::OwnDevice, ..Self::default() }
    }
}

/// The names of the presets.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preset {
    #[default]
    Default,
    Documented,
    Recorded,
}

impl Preset {
    fn behaviour(self) -> Behaviour {
        match self {
            Self::Default => Behaviour::default(),
            Self::Documented => Behaviour::documented(),
            Self::Recorded => Behaviour::recorded(),
        }
    }
}

impl Serialize for Behaviour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, serializer)
    }
}

impl<'de> Deserialize<'de> for Behaviour {
    /// A preset, and the settings that differ from it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut given = Map::deserialize(deserializer)?;
        let preset = given.remove("preset").map(Preset::deserialize).transpose();
        let preset = preset.map_err(D::Error::custom)?.unwrap_or_default().behaviour();
        let Value::Object(mut settings) =
            Self::serialize(&preset, serde_json::value::Serializer).map_err(D::Error::custom)?
        else {
            return Err(D::Error::custom("a table is expected"));
        };
        settings.extend(given);
        Self::deserialize(Value::Object(settings)).map_err(D::Error::custom)
    }
}
