//! The facts of replies, errors and tokens that all calls share.

use auth0_mfa_core::{
    ApiError, CallError, IdToken, MfaRequired, RateLimit, RefreshToken, ReplyInfo, TokenSet,
};
use serde_json::{Value, json};

use super::{Facts, Known};

pub(super) fn error_facts<C: Known>(mut error: CallError<C>) -> Facts {
    let mut facts = Facts::default().with("outcome", outcome_name(&error));
    facts.set_some("code_state", C::code_state(&error).map(auth0_mfa_core::CodeState::as_str));
    if let Some(info) = error.info() {
        facts.extend(info_facts(info));
    }
    if let Some(api_error) = error.api_error() {
        facts.extend(api_error_facts(api_error));
    }
    facts.extend(C::new_code_facts(error.take_new_code()));
    facts
}

fn outcome_name<C: Known>(error: &CallError<C>) -> &'static str {
    match error {
        CallError::NotSent(_) => "not_sent",
        CallError::InDoubt(_) => "in_doubt",
        CallError::Api(_) => "refused",
        CallError::Malformed(_) => "malformed",
    }
}

/// An error that asks for more MFA has another outcome: it is the next step.
fn api_error_facts(error: &ApiError) -> Facts {
    let mut facts = Facts::default().with("error", error.code().as_str());
    facts.set_some("error_description", error.description());
    facts.set_some("error_uri", error.error_uri());
    let errors = error.validation_errors().iter();
    let errors: Vec<Value> = errors.map(|it| json!({ "field": it.field, "message": it.message })).collect();
    facts.set_some("validation_errors", (!errors.is_empty()).then_some(errors));
    facts.set("next_step", error.next_step().as_str());
    if let Some(mfa) = error.mfa_required() {
        facts.extend(mfa_required_facts(mfa));
    }
    facts
}

pub(super) fn mfa_required_facts(mfa: &MfaRequired) -> Facts {
    let requirements = mfa.requirements();
    let lists = [
        ("challenge", &requirements.challenge),
        ("enroll", &requirements.enroll),
        ("challenge_types", &requirements.challenge_types),
    ];
    let sent: Facts = lists
        .into_iter()
        .filter(|(_, types)| !types.is_empty())
        .map(|(n, types)| (n, types.clone()))
        .collect();
    let mut facts = info_facts(mfa.info()).with("outcome", "mfa_required");
    facts.set("mfa_token", mfa.mfa_token().expose());
    if sent != Facts::default() {
        facts.set("mfa_requirements", sent.into_value());
    }
    facts
}

pub(super) fn token_facts(tokens: &TokenSet) -> Facts {
    let mut facts = info_facts(&tokens.info);
    facts.set("access_token", tokens.access_token.expose());
    facts.set_some("token_type", tokens.token_type.as_deref());
    facts.set_some("expires_in", tokens.expires_in.map(|life| life.as_secs()));
    facts.set_some("scope", tokens.scope.as_deref());
    facts.set_some("id_token", tokens.id_token.as_ref().map(IdToken::expose));
    facts.set_some("refresh_token", tokens.refresh_token.as_ref().map(RefreshToken::expose));
    if tokens.is_dpop_downgrade() {
        facts.set("is_dpop_downgrade", true);
    }
    facts
}

pub(super) fn info_facts(info: &ReplyInfo) -> Facts {
    let mut facts = Facts::default();
    facts.set_some("request_id", info.request_id.as_deref());
    facts.set_some("retry_after", info.retry_after.map(|wait| wait.as_secs()));
    facts.extend(rate_limit_facts(&info.rate_limit));
    if let Some(limit) = info.application_rate_limit {
        facts.set("application_rate_limit_quota", limit.quota);
        facts.set("application_rate_limit_interval", limit.interval.as_secs());
        facts.set("application_rate_limit_remaining", limit.remaining);
    }
    facts.set_some("dpop_nonce", info.dpop_nonce.as_deref());
    facts
}

fn rate_limit_facts(limit: &RateLimit) -> Facts {
    let mut facts = Facts::default();
    facts.set_some("rate_limit_limit", limit.limit);
    facts.set_some("rate_limit_remaining", limit.remaining);
    facts.set_some("rate_limit_reset_at", limit.reset_at);
    facts
}
