//! What the beginning of a reply says, when its end was not seen or cannot be read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Whether a reply, whole or cut, begins a success that issues tokens or a recovery code, and not an error.
pub(crate) fn begins_success(text: &str) -> bool {
    let mut names = Names::default();
    // Where the text is cut or broken this is an error; the names before that place stand.
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(&mut names);
    names.access_token || (names.success && !names.error)
}

/// Whether a JSON object has a field of an error.
pub(crate) fn has_field_of_an_error(text: &str) -> bool {
    let mut names = Names::default();
    let _ = serde_json::Deserializer::from_str(text).deserialize_map(&mut names);
    names.error
}

/// What the names at the top level of an object say.
#[derive(Default)]
struct Names {
    success: bool,
    error: bool,
    access_token: bool,
}

impl<'de> Visitor<'de> for &mut Names {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            self.success |= is_field_of_a_success(&name);
            let value = map.next_value::<&'de RawValue>().map(RawValue::get);
            // `null` is absent; a value that is cut off may be one.
            self.error |= is_field_of_an_error(&name) && !matches!(value, Ok("null"));
            self.access_token |=
                name == "access_token" && matches!(value, Ok(text) if text != "null" && text != "\"\"");
            value?;
        }
        Ok(())
    }
}

/// The fields that only a grant that succeeded has (PROTOCOL 4.6, 4.8), and a regeneration (4.9).
fn is_field_of_a_success(name: &str) -> bool {
    matches!(name, "access_token" | "token_type" | "expires_in" | "scope" | "id_token" | "refresh_token")
        || name == "recovery_code"
}

/// The fields of PROTOCOL 1.5's envelopes that no success has.
fn is_field_of_an_error(name: &str) -> bool {
    matches!(name, "error" | "error_description" | "error_uri" | "validation_errors")
        || matches!(name, "name" | "code" | "description" | "statusCode" | "message" | "errorCode")
        || matches!(name, "mfa_token" | "mfa_requirements")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_is_known_by_a_field_that_only_a_success_has() {
        for (text, success) in [
            (r#"{"access_token":"x"}"#, true),
            (r#"{"access_token":"cu"#, true),
            ("{}", false),
            (r#"{"status":"pending"}"#, false),
            (r#"{"data":{"error":"invalid_grant"}}"#, false),
            (r#"{"x":1,"scope":"#, true),
            (r#"{"scope":"x","error":"y"}"#, false),
            (r#"{"error":"y","access_token":"x"}"#, true),
            (r#"{"expires_in":"#, true),
            ("", false),
            ("{", false),
            (r#"{"err"#, false),
            (r#"{"error":"x"#, false),
            (r#"{"statusCode":500,"#, false),
            ("[]", false),
            ("<html>", false),
        ] {
            assert_eq!(begins_success(text), success, "{text}");
        }
    }
}
