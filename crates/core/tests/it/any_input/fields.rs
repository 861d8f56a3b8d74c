//! Replies with fields that are extra, missing or of a wrong type: one costs no other.

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{Call, CallError};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::calls::{Make, Visitor, each_call};
use crate::json::{self, KNOWN_NAMES};
use crate::support::{cases, kind, reply, sent};

type Field = (&'static str, &'static str);

/// The whole replies of every call, and an error, field by field.
const REPLIES: [(u16, &[Field]); 10] = [
    (
        200,
        &[
            ("access_token", r#""eyJ.fake""#),
            ("token_type", r#""Bearer""#),
            ("expires_in", "86400"),
            ("scope", r#""openid profile""#),
            ("id_token", r#""eyJ.id""#),
            ("refresh_token", r#""v1.fake""#),
            ("recovery_code", r#""NEW""#),
        ],
    ),
    (
        200,
        &[
            ("authenticator_type", r#""otp""#),
            ("secret", r#""FAKESECRET""#),
            ("barcode_uri", r#""otpauth://totp/fake""#),
            ("recovery_codes", r#"["NEW"]"#),
        ],
    ),
    (
        200,
        &[
            ("authenticator_type", r#""oob""#),
            ("oob_channel", r#""sms""#),
            ("oob_code", r#""Fe26.2*OOB""#),
            ("binding_method", r#""prompt""#),
            ("id", r#""sms|dev_1""#),
            ("barcode_uri", r#""otpauth://totp/push""#),
            ("recovery_codes", r#"["NEW"]"#),
        ],
    ),
    (
        200,
        &[
            ("challenge_type", r#""oob""#),
            ("oob_code", r#""Fe26.2*OOB""#),
            ("binding_method", r#""prompt""#),
            ("expires_in", "300"),
            ("interval", "7"),
        ],
    ),
    (200, &[("recovery_code", r#""NEW""#)]),
    (200, &[("enabled", "true")]),
    (
        200,
        &[
            ("start", "10"),
            ("limit", "10"),
            ("total", "11"),
            ("authenticators", r#"[{"id":"totp|dev_1","type":"totp","confirmed":true}]"#),
        ],
    ),
    (
        403,
        &[
            ("error", r#""invalid_grant""#),
            ("error_description", r#""No.""#),
            ("error_uri", r#""https://x""#),
        ],
    ),
    (400, &[("error", r#""invalid_request""#), ("validation_errors", r#"[{"field":"f","message":"m"}]"#)]),
    (
        403,
        &[
            ("error", r#""mfa_required""#),
            ("mfa_token", r#""Fe26.2*NEXT""#),
            ("mfa_requirements", r#"{"challenge":[{"type":"otp"}]}"#),
        ],
    ),
];

/// The items of the three lists, field by field.
const ITEMS: [&[Field]; 3] = [
    &[
        ("id", r#""sms|dev_1""#),
        ("authenticator_type", r#""oob""#),
        ("active", "true"),
        ("oob_channel", r#""sms""#),
        ("name", r#""XXXX1234""#),
        ("type", r#""phone""#),
    ],
    &[
        ("id", r#""recovery-code|dev_1""#),
        ("type", r#""recovery-code""#),
        ("confirmed", "true"),
        ("name", r#""n""#),
        ("link_id", r#""l""#),
        ("created_at", r#""2026-01-01""#),
        ("enrolled_at", r#""2026-01-02""#),
        ("last_auth_at", r#""2026-01-03""#),
    ],
    &[("name", r#""recovery-code""#), ("enabled", "true"), ("trial_expired", "false")],
];

/// Values that are not of the type of this one. A number or a word in quotes is of the right type.
fn mistyped(value: &str) -> Vec<&'static str> {
    let all = ["7", "true", r#""soon""#, r#"{"x":"y"}"#, "[7]", "null"];
    let same_type: &[&str] = match value.as_bytes()[0] {
        b'"' => &[r#""soon""#],
        b'[' => &["[7]"],
        b'{' => &[r#"{"x":"y"}"#],
        b't' | b'f' => &["true"],
        _ => &["7"],
    };
    all.into_iter().filter(|it| !same_type.contains(it)).collect()
}

fn object(fields: &[(String, String)]) -> String {
    json::object(fields, "")
}

fn owned(fields: &[Field]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (format!("{name:?}"), (*value).to_owned())).collect()
}

/// What an outcome came to, for comparison: its kind, and all that can be written of it.
fn outcome<C: Serve>(read: &Result<C::Output, CallError<C>>) -> (&'static str, String) {
    let text = |response: &http::Response<auth0_mfa_core::Body>| {
        String::from_utf8_lossy(response.body().expose()).into_owned()
    };
    let written = match read {
        Ok(output) => text(&C::write_reply(output)),
        Err(error) => error.api_error().map(|error| text(&error.to_response())).unwrap_or_default(),
    };
    (kind(read), written)
}

/// Two bodies mean the same to every call.
struct Same<'a> {
    status: u16,
    one: &'a str,
    other: &'a str,
    /// How many calls read them as a success.
    successes: usize,
}

impl<'a> Same<'a> {
    fn new(status: u16, one: &'a str, other: &'a str) -> Self {
        Self { status, one, other, successes: 0 }
    }
}

impl Visitor for Same<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let read = |body: &str| sent(call("fake")).answered(reply(self.status, body.as_bytes()));
        let one = read(self.one);
        assert_eq!(
            outcome(&one),
            outcome(&read(self.other)),
            "{}: {} / {}",
            <C as Call>::NAME,
            self.one,
            self.other
        );
        self.successes += usize::from(one.is_ok());
    }
}

#[test]
fn a_field_of_a_wrong_type_is_as_good_as_absent_and_costs_no_other() {
    let mut readings = 0;
    for (status, fields) in REPLIES {
        for (at, (name, value)) in fields.iter().enumerate().filter(|(_, (name, _))| *name != "error") {
            let mut absent = owned(fields);
            absent.remove(at);
            // A code that stands where a list of them belongs is not lost.
            let is_code = |wrong: &str| *name == "recovery_codes" && wrong == r#""soon""#;
            for wrong in mistyped(value).into_iter().filter(|wrong| !is_code(wrong)) {
                let mut changed = owned(fields);
                changed[at].1 = wrong.to_owned();
                let (changed, absent) = (object(&changed), object(&absent));
                let mut same = Same::new(status, &changed, &absent);
                each_call(&mut same);
                readings += same.successes;
            }
        }
    }
    assert!(readings > 100, "{readings} successes");
}

#[test]
fn a_field_of_an_item_that_is_of_a_wrong_type_is_as_good_as_absent_and_costs_no_other() {
    let mut readings = 0;
    for fields in ITEMS {
        for (at, (_, value)) in fields.iter().enumerate() {
            let mut absent = owned(fields);
            absent.remove(at);
            for wrong in mistyped(value) {
                let mut changed = owned(fields);
                changed[at].1 = wrong.to_owned();
                let list = |item: &[(String, String)]| format!("[{},{{}}]", object(item));
                let (changed, absent) = (list(&changed), list(&absent));
                let mut same = Same::new(200, &changed, &absent);
                each_call(&mut same);
                readings += same.successes;
            }
        }
    }
    assert!(readings > 100, "{readings} successes");
}

fn is_unknown(name: &str) -> bool {
    !KNOWN_NAMES.contains(&name)
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn fields_that_nobody_knows_and_the_order_of_fields_change_nothing(
        extra in json::fields(is_unknown, json::value(is_unknown), 1..5),
        places in vec(any::<prop::sample::Index>(), 12),
        which in any::<prop::sample::Index>(),
        space in json::space(),
    ) {
        let (status, fields) = REPLIES[which.index(REPLIES.len())];
        let mut changed: Vec<(String, String)> = Vec::new();
        for (field, place) in owned(fields).into_iter().chain(extra).zip(places) {
            changed.insert(place.index(changed.len() + 1), field);
        }
        each_call(&mut Same::new(status, &json::object(&changed, &space), &object(&owned(fields))));
    }
}
