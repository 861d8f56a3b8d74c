//! What a case says about each call.

mod first_factor;
mod management;
mod mfa;

use auth0_mfa_core::{InvalidValue, MfaToken, NewCode};
use serde_json::Value;

use super::replied::{info_facts, mfa_required_facts, token_facts};
use super::{Facts, Known, Values};
use crate::conformance::values::text;

fn mfa_token(values: &Values) -> Result<MfaToken, InvalidValue> {
    MfaToken::parse(text(values.mfa_token.as_ref()))
}

/// The facts of a new code that takes another's place.
fn new_code_facts(new_code: NewCode) -> Facts {
    let facts = Facts::default().with("new_code", new_code_name(&new_code));
    match new_code {
        NewCode::NotReturned => facts,
        NewCode::Issued(code) => facts.with("recovery_code", code.expose()),
        NewCode::Unreadable(json) => facts.with("recovery_code_json", json.expose()),
    }
}

fn new_code_name(new_code: &NewCode) -> &'static str {
    match new_code {
        NewCode::Issued(_) => "issued",
        NewCode::NotReturned => "not_returned",
        NewCode::Unreadable(_) => "unreadable",
    }
}

fn code_value(code: NewCode) -> Value {
    match code {
        NewCode::Issued(code) => code.expose().into(),
        NewCode::NotReturned => Value::Null,
        NewCode::Unreadable(json) => Facts::default().with("unreadable", json.expose()).into_value(),
    }
}
