//! The two envelopes in which Auth0 answers an error.

use serde::Serialize;

use crate::api_error::{ApiError, ValidationError};
use crate::wire::json;
use crate::{Body, MfaRequirements};

/// `{"error", "error_description"}`, with what `mfa_required` brings.
pub(crate) fn oauth(error: &ApiError) -> Body {
    let mfa = error.mfa_required();
    json::write(&Envelope {
        error: error.code().as_str(),
        error_description: error.description(),
        validation_errors: error.validation_errors().iter().map(ValidationEnvelope::of).collect(),
        mfa_token: mfa.map(|mfa| mfa.mfa_token().expose()),
        mfa_requirements: mfa
            .map(|mfa| RequirementsEnvelope::of(mfa.requirements()))
            .filter(|requirements| !requirements.is_empty()),
    })
}

/// `{"statusCode", "error", "message", "errorCode"}`.
pub(crate) fn management(error: &ApiError) -> Body {
    let reason = error.status().canonical_reason().unwrap_or_default();
    let code = error.code().as_str();
    json::write(&ManagementEnvelope {
        status_code: error.status().as_u16(),
        error: reason,
        message: error.description(),
        error_code: Some(code).filter(|code| !code.is_empty() && *code != reason),
    })
}

#[derive(Serialize)]
struct Envelope<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    validation_errors: Vec<ValidationEnvelope<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mfa_requirements: Option<RequirementsEnvelope<'a>>,
}

#[derive(Serialize)]
struct ValidationEnvelope<'a> {
    field: &'a str,
    message: &'a str,
}

impl<'a> ValidationEnvelope<'a> {
    fn of(error: &'a ValidationError) -> Self {
        Self { field: &error.field, message: &error.message }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ManagementEnvelope<'a> {
    status_code: u16,
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<&'a str>,
}

#[derive(Serialize)]
struct RequirementsEnvelope<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    challenge: Vec<RequirementEnvelope<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    enroll: Vec<RequirementEnvelope<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    challenge_types: &'a [String],
}

#[derive(Serialize)]
struct RequirementEnvelope<'a> {
    r#type: &'a str,
}

impl<'a> RequirementsEnvelope<'a> {
    fn of(requirements: &'a MfaRequirements) -> Self {
        let each = |types: &'a [String]| types.iter().map(|r#type| RequirementEnvelope { r#type }).collect();
        Self {
            challenge: each(&requirements.challenge),
            enroll: each(&requirements.enroll),
            challenge_types: &requirements.challenge_types,
        }
    }

    fn is_empty(&self) -> bool {
        self.challenge.is_empty() && self.enroll.is_empty() && self.challenge_types.is_empty()
    }
}
