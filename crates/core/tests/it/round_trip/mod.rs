//! What core writes, core reads back: requests by a server, replies and errors by a client.

mod client;
mod errors;
mod management_replies;
mod replies;
mod requests;

use proptest::prelude::*;

/// Any text that a parameter can have: an empty parameter counts as absent (RFC 6749, 3.2).
fn parameter() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{1,12}", "[ -~]{1,24}", any::<String>().prop_filter("is empty", |text| !text.is_empty())]
}

/// What can travel in a header.
fn visible() -> impl Strategy<Value = String> {
    "[!-~]{1,40}"
}

/// Any text that can be a segment of a path, with all that has a meaning there.
fn identifier() -> impl Strategy<Value = String> {
    let usual = "(totp|sms|auth0|recovery-code)\\|(dev_)?[A-Za-z0-9_-]{1,16}";
    prop_oneof![
        2 => usual,
        3 => "[|/%?#&=+ .~:@;\\\\a2\u{e9}\u{1f511}-]{1,12}",
        2 => parameter(),
        1 => Just("%2F..%2f".to_owned()),
    ]
    .prop_filter("is no segment", |text| !matches!(text.as_str(), "." | ".."))
}
