//! What the beginning of a reply says, when its end was not seen or cannot be read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Whether a reply, whole or cut, begins a JSON object that is not an error.
pub(crate) fn begins_success(text: &str) -> bool {
    let mut names = Names::default();
    let whole = serde_json::Deserializer::from_str(text).deserialize_map(&mut names).is_ok();
    (whole || names.seen > 0) && (names.access_token || !names.error)
}

/// The names at the top level of an object, and whether an error's or an access token's is among them.
#[derive(Default)]
struct Names {
    seen: usize,
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
            self.seen += 1;
            let value = map.next_value::<&'de RawValue>().map(RawValue::get);
            // `null` is absent; a value that is cut off may be one.
            self.error |= is_field_of_an_error(&name) && !matches!(value, Ok("null"));
            self.access_token |= name == "access_token" && matches!(value, Ok(text) if text != "null");
            value?;
        }
        Ok(())
    }
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
    fn a_success_is_known_by_its_first_whole_field() {
        for (text, success) in [
            (r#"{"access_token":"x"}"#, true),
            (r#"{"access_token":"cu"#, true),
            ("{}", true),
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
