use super::*;
use crate::wire::json::{Fields, Text};

fn shown(code: &NewCode) -> String {
    match code {
        NewCode::Issued(code) => code.expose().to_owned(),
        NewCode::NotReturned => "-".to_owned(),
        NewCode::Unreadable(text) => format!("?{}", text.expose()),
    }
}

fn of_reply<T>(text: &str, look: impl FnOnce(&Reply<'_>) -> T) -> T {
    let response = http::Response::new(text.as_bytes());
    let text = Text::of(text.as_bytes());
    let fields = Fields::parse(text.as_str());
    look(&Reply::new(&response, &text, fields.as_ref()))
}

fn salvaged(text: &str) -> String {
    of_reply(text, |reply| shown(&code(reply, "recovery_code", Some("SENT"))))
}

#[test]
fn a_code_is_found_whatever_else_is_wrong() {
    for text in [
        r#"{"recovery_code":"NEW"}"#,
        r#"{"expires_in":"soon","recovery_code":"NEW","token_type":7}"#,
        r#"{"recovery_code":"NEW","access_token":"cut of"#,
        r#"{"recovery_code":"NEW""#,
        r#"{"recovery_code":"NEW"}<!-- trailing -->"#,
        r#"{"a":"\ud800","recovery_code":"NEW"}"#,
        r#"{"recovery_code":"OLD","recovery_code":"NEW"}"#,
        r#"{"recovery_code":"NEW","recovery_code":"CU"#,
        r#"{"user":{"recovery_code":"OTHER"},"recovery_code":"NEW"}"#,
        r#"{"data":{"recovery_code":"NEW"}}"#,
        r#"{"data":[{"recovery_code":"NEW","access_"#,
        r#"[{"recovery_code":"NEW"}]"#,
        r#"{"expires_in":soon,"recovery_code":"NEW"}"#,
        r#"{'expires_in':1,"recovery_code" : "NEW"}"#,
        r#")]}',{"recovery_code":"NEW"}"#,
        r#"{"recovery\u005fcode":"NEW"}"#,
        r#"{"recovery_code":"N\u0045W"}"#,
    ] {
        assert_eq!(salvaged(text), "NEW", "{text}");
    }
}

#[test]
fn a_code_behind_any_depth_of_nesting_is_found() {
    let deep = format!(r#"{{"x":{}{},"recovery_code":"NEW"}}"#, "[".repeat(9_000), "]".repeat(9_000));
    assert_eq!(salvaged(&deep), "NEW");
}

#[test]
fn a_nested_code_before_one_that_is_cut_off_is_not_passed_as_the_new_one() {
    let text = r#"{"user":{"recovery_code":"OTHER"},"data":{"recovery_code":"NE"#;
    assert_eq!(salvaged(text), r#"?["OTHER"]"#);
}

#[test]
fn a_nested_code_before_broken_json_does_not_hide_the_one_behind_it() {
    let text = r#"{"user":{"recovery_code":"OTHER"},"expires_in":soon,"recovery_code":"NEW"}"#;
    assert_eq!(salvaged(text), r#"?["OTHER","NEW"]"#);
}

#[test]
fn what_repeats_the_request_is_no_new_code_unless_it_stands_in_its_own_place() {
    for (text, found) in [
        (r#"{"request":{"recovery_code":"SENT"},"access_token":"x"}"#, "-"),
        (r#"{"request":{"recovery_code":"SENT"},"data":{"recovery_code":"NEW"}}"#, "NEW"),
        (r#"{"recovery_code":"SENT"}"#, "SENT"),
        (r#"{"recovery_code":"SENT","data":{"recovery_code":"NEW"}}"#, "NEW"),
    ] {
        assert_eq!(salvaged(text), found, "{text}");
    }
}

#[test]
fn of_two_values_the_later_string_counts() {
    for (text, found) in [
        (r#"{"recovery_code":"OLD","recovery_code":"NEW"}"#, "NEW"),
        (r#"{"recovery_code":"NEW","recovery_code":7}"#, "NEW"),
        (r#"{"recovery_code":7,"recovery_code":"NEW"}"#, "NEW"),
        (r#"{"recovery_code":["A"],"recovery_code":8}"#, r#"?["A"]"#),
        (r#"{"recovery_code":7,"data":{"recovery_code":"NEW"}}"#, r#"?[7,"NEW"]"#),
    ] {
        assert_eq!(salvaged(text), found, "{text}");
    }
}

#[test]
fn a_code_that_is_cut_off_is_not_one() {
    for text in [
        "",
        "{",
        r#"{"recovery_code"#,
        r#"{"recovery_code":"#,
        r#"{"recovery_code":"NE"#,
        r#"{"recovery_code":"NE\"#,
        r#"{"recovery_code":12"#,
        r#"{"data":{"recovery_code":"NE"#,
        r#"{"msg":"a \"recovery_code\": \"NE\" in a string","x":"#,
    ] {
        assert_eq!(salvaged(text), "-", "{text}");
    }
}

#[test]
fn what_is_no_string_is_kept_as_its_json_text() {
    assert_eq!(salvaged(r#"{"recovery_code":["NEW","x"#), r#"?["NEW"]"#);
    assert_eq!(salvaged(r#"{"recovery_code":123456789012}"#), "?123456789012");
    assert_eq!(salvaged(r#"{"recovery_code":["NEW"]}"#), r#"?["NEW"]"#);
    assert_eq!(salvaged(r#"{"recovery_code":"\ud800"}"#), r#"?"\ud800""#);
    assert_eq!(salvaged("{\"recovery_code\":\"A\u{fffd}\"}"), "?\"A\u{fffd}\"");
    assert_eq!(salvaged(r#"[{"recovery_code":"A"},{"recovery_code":"B"}]"#), r#"?["A","B"]"#);
    assert_eq!(salvaged(r#"{"recovery_code":null}"#), "-");
    assert_eq!(salvaged(r#"{"recovery_code":""}"#), "-");
}

#[test]
fn codes_of_an_association_are_found_one_by_one() {
    for (text, found) in [
        (r#"{"recovery_codes":["A"]}"#, vec!["A"]),
        (r#"{"recovery_codes":["A",5,"B"],"secret":"#, vec!["A", "?5", "B"]),
        (r#"{"recovery_codes":["A","B"#, vec!["A"]),
        (r#"{"recovery_codes": [ "A" ,"#, vec!["A"]),
        (r#"{"recovery_codes":["A"#, vec![]),
        (r#"{"recovery_codes":"A"}"#, vec!["A"]),
        (r#"{"recovery_codes":[]}"#, vec![]),
        (r#"{"recovery_codes":["A"],"recovery_codes":[ ]}"#, vec!["A"]),
        (r#"{"recovery_codes":["A"],"recovery_codes":7}"#, vec!["A"]),
        (r#"{"recovery_codes":[],"data":{"recovery_codes":["A"]}}"#, vec!["A"]),
        (r#"{"recovery_codes":null}"#, vec![]),
        (r#"{"secret":"x"}"#, vec![]),
    ] {
        let codes = of_reply(text, |reply| codes(reply, "recovery_codes"));
        assert_eq!(codes.iter().map(shown).collect::<Vec<_>>(), found, "{text}");
    }
}
