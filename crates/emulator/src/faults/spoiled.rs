//! Bodies that are not as they should be.

use auth0_mfa_core::{Body, RecoveryCode};
use serde_json::{Map, Value};

use crate::{Tenant, secrets};

/// Neither text nor JSON nor compressed.
pub(super) const GARBAGE: &[u8] = b"\x00\xff\xfe{\"acc\x80\xc3(\r\n";

/// The field whose value is in an array where none belongs.
pub(super) fn wrong_type(body: Body, field: &str) -> Body {
    edit(body, |fields| {
        if let Some(value) = fields.get_mut(field) {
            *value = Value::Array(vec![value.take()]);
        }
    })
}

pub(super) fn without_code(body: Body) -> Body {
    edit(body, |fields| {
        fields.remove("recovery_code");
        fields.remove("recovery_codes");
    })
}

/// The new code, and the user's with it, becomes a number that every language can hold.
pub(super) fn code_as_number(body: Body, tenant: &mut Tenant) -> Body {
    edit(body, |fields| {
        if let Some(code) = fields.get_mut("recovery_code") {
            replace(code, tenant);
        }
        if let Some(Value::Array(codes)) = fields.get_mut("recovery_codes") {
            codes.iter_mut().for_each(|code| replace(code, tenant));
        }
    })
}

fn replace(code: &mut Value, tenant: &mut Tenant) {
    let Some(text) = code.as_str() else { return };
    let number = number_of(text);
    for recovery in tenant.users.iter_mut().filter_map(|user| user.recovery.as_mut()) {
        let good = recovery.code.iter_mut().chain(&mut recovery.more);
        for code in good.filter(|code| secrets::same(code.expose(), text)) {
            *code = RecoveryCode::verbatim(number.to_string());
        }
    }
    *code = Value::from(number);
}

/// Fifteen digits without a zero: JavaScript holds them exactly.
fn number_of(code: &str) -> u64 {
    code.bytes().take(15).fold(0, |number, byte| number * 10 + u64::from(byte % 9 + 1))
}

/// What is no JSON object stays as it is.
fn edit(body: Body, edit: impl FnOnce(&mut Map<String, Value>)) -> Body {
    let Ok(mut fields) = serde_json::from_slice(body.expose()) else { return body };
    edit(&mut fields);
    serde_json::to_vec(&fields).map_or(body, Body::from)
}
