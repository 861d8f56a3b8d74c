//! JSON as any server might write it: every type, any order, any white space, any escape.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The fields that mean something to one call or another.
pub(crate) const KNOWN_NAMES: [&str; 43] = [
    "access_token",
    "active",
    "authenticator_type",
    "authenticators",
    "barcode_uri",
    "binding_method",
    "challenge_type",
    "code",
    "confirmed",
    "created_at",
    "description",
    "enabled",
    "enrolled_at",
    "error",
    "errorCode",
    "error_description",
    "error_uri",
    "expires_in",
    "id",
    "id_token",
    "interval",
    "last_auth_at",
    "limit",
    "link_id",
    "message",
    "mfa_requirements",
    "mfa_token",
    "name",
    "oob_channel",
    "oob_channels",
    "oob_code",
    "recovery_code",
    "recovery_codes",
    "refresh_token",
    "scope",
    "secret",
    "start",
    "statusCode",
    "token_type",
    "total",
    "trial_expired",
    "type",
    "validation_errors",
];

pub(crate) fn space() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(String::new()), 1 => "[ \t\r\n]{1,3}"]
}

/// A string as JSON text, some of its characters escaped.
pub(crate) fn literal(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (text, vec(0_u8..8, 1..9)).prop_map(|(text, dice)| write(&text, &dice))
}

fn write(text: &str, dice: &[u8]) -> String {
    let mut written = String::from('"');
    for (c, die) in text.chars().zip(dice.iter().cycle()) {
        match (c, die) {
            ('"' | '\\' | '/', 1..=3) => written.extend(['\\', c]),
            (_, 0) | ('"' | '\\' | '\0'..='\u{1f}', _) => written.push_str(&escaped(c)),
            _ => written.push(c),
        }
    }
    written + "\""
}

fn escaped(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect()
}

/// Text that tempts a reader: separators, escapes, and what looks like a field with a code.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,8}",
        1 => any::<String>().prop_map(|text| text.chars().take(12).collect()),
        1 => Just(r#""recovery_code":"DECOY""#.to_owned()),
        1 => Just(r#"{"recovery_codes":["DECOY"]}"#.to_owned()),
        1 => select(&["recovery_code", "recovery_codes", "\\", "\"", "null"][..]).prop_map(str::to_owned),
    ]
}

/// A name that means something to one call or another, mostly, or to none.
pub(crate) fn name(allowed: fn(&str) -> bool) -> BoxedStrategy<String> {
    let known: Vec<&str> = KNOWN_NAMES.into_iter().filter(|name| allowed(name)).collect();
    let unknown = "\\PC{0,6}".prop_filter("is left out", move |name| allowed(name));
    if known.is_empty() {
        return unknown.boxed();
    }
    // Where hardly any name is allowed, others would only be thrown away.
    if !allowed("unknown") {
        return select(known).prop_map(str::to_owned).boxed();
    }
    prop_oneof![3 => select(known).prop_map(str::to_owned), 1 => unknown].boxed()
}

/// A value without parts.
pub(crate) fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => select(&["null", "true", "false"][..]).prop_map(str::to_owned),
        1 => "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?",
        3 => literal(text()),
    ]
}

/// Any value, as JSON text; no object in it has a name that `allowed` does not let through.
pub(crate) fn value(allowed: fn(&str) -> bool) -> BoxedStrategy<String> {
    scalar()
        .prop_recursive(3, 10, 3, move |inner| {
            prop_oneof![
                (vec(inner.clone(), 0..4), space()).prop_map(|(items, space)| array(&items, &space)),
                (fields(allowed, inner, 0..4), space()).prop_map(|(fields, space)| object(&fields, &space)),
            ]
        })
        .boxed()
}

/// Fields as JSON text: names that `allowed` lets through, and values.
pub(crate) fn fields(
    allowed: fn(&str) -> bool,
    value: impl Strategy<Value = String>,
    count: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<(String, String)>> {
    vec((literal(name(allowed)), value), count)
}

pub(crate) fn array(items: &[String], space: &str) -> String {
    format!("[{space}{}{space}]", items.join(&format!("{space},{space}")))
}

pub(crate) fn object(fields: &[(String, String)], space: &str) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}{space}:{space}{value}")).collect();
    format!("{{{space}{}{space}}}", fields.join(&format!("{space},{space}")))
}

/// Any object: fields that are missing, of a wrong type, unknown, or there twice.
pub(crate) fn any_object() -> impl Strategy<Value = String> {
    (fields(|_| true, value(|_| true), 0..9), space()).prop_map(|(fields, space)| object(&fields, &space))
}

/// Thousands of levels, of arrays or of objects, closed or not.
pub(crate) fn deep() -> impl Strategy<Value = String> {
    let levels =
        select(&[("[", "]"), (r#"{"recovery_code":"#, "}"), (r#"{"a":[{"recovery_codes":"#, "}]}")][..]);
    (levels, 100_usize..800, any::<bool>()).prop_map(|((open, close), depth, closed)| {
        open.repeat(depth) + "\"x\"" + &close.repeat(if closed { depth } else { 0 })
    })
}
