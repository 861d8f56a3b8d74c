//! Finding a new recovery code in a reply that cannot be read otherwise.
//!
//! A code is shown once. If the bytes that came back hold the whole of it in plain JSON, it is found here: when
//! another field has the wrong type, when the reply is cut off anywhere behind it, when the JSON is broken before or
//! behind it. A code that is itself cut off is never passed on as one.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::wire::json;
use crate::{NewCode, NewCodes, RecoveryCode, UnreadableCode};

/// The code in `field`, a string. Away from the field's own place, one that repeats what was `sent` is no new one.
pub(crate) fn code(text: &str, field: &str, sent: Option<&str>) -> NewCode {
    let mut found = find(text, field);
    found.retain(|it| !it.repeats(sent));
    match found.as_slice() {
        [] | [Found::CutArray(_)] => NewCode::NotReturned,
        [Found::TopLevel(value) | Found::Elsewhere(value)] => read(value),
        several => unreadable_list(several),
    }
}

/// The codes in `field`, an array of strings.
pub(crate) fn codes(text: &str, field: &str) -> NewCodes {
    find(text, field).iter().flat_map(Found::elements).map(read).filter(NewCode::is_returned).collect()
}

/// What a JSON value says when it stands where a code belongs.
pub(crate) fn read(value: &str) -> NewCode {
    if says_nothing(value) {
        return NewCode::NotReturned;
    }
    match json::string(value) {
        Some(code) if !code.contains(char::REPLACEMENT_CHARACTER) => {
            NewCode::Issued(RecoveryCode::verbatim(code.as_str()))
        }
        _ => NewCode::Unreadable(UnreadableCode::json_text(value)),
    }
}

fn says_nothing(value: &str) -> bool {
    value == "null" || value == "\"\""
}

/// A value that was found, as JSON text.
#[derive(PartialEq)]
enum Found<'a> {
    TopLevel(&'a str),
    Elsewhere(&'a str),
    /// The whole elements of an array that is cut off.
    CutArray(Vec<&'a str>),
}

impl<'a> Found<'a> {
    fn elements(&self) -> Vec<&'a str> {
        match self {
            Self::CutArray(elements) => elements.clone(),
            Self::TopLevel(value) | Self::Elsewhere(value) => match json::elements(value) {
                Some(elements) => elements.into_iter().map(RawValue::get).collect(),
                None => vec![value],
            },
        }
    }

    fn repeats(&self, sent: Option<&str>) -> bool {
        let (Self::Elsewhere(value), Some(sent)) = (self, sent) else { return false };
        json::string(value).is_some_and(|value| value.as_str() == sent)
    }
}

/// Where a code can be, in this order: at the top level of the object (the last complete one), nested (a proxy's
/// envelope), or anywhere in text that is not proper JSON. A value that says nothing hides none of the others.
fn find<'a>(text: &'a str, field: &str) -> Vec<Found<'a>> {
    let mut top = TopLevel { text, field, found: None, behind: text, is_in_field: false };
    // Where the text is cut or broken this is an error; what was found before it stands.
    let end = serde_json::Deserializer::from_str(text).deserialize_map(&mut top);
    if let Some(value) = top.found {
        return vec![Found::TopLevel(value)];
    }
    if top.is_in_field && end.is_err_and(|error| error.is_eof()) {
        // The code that was issued is cut off: what is nested elsewhere is another.
        return array_of_last_field(top.behind).into_iter().collect();
    }
    let mut found = match nested(text, field) {
        Some(nested) if !nested.is_empty() => nested.into_iter().map(Found::Elsewhere).collect(),
        // Where the text is cut or broken, what stands behind that place counts as much as what stands before it.
        _ => anywhere(text, field),
    };
    found.dedup();
    found
}

/// What is whole of the array that an object ends with where it is cut off; `text` begins behind the field before it.
fn array_of_last_field(text: &str) -> Option<Found<'_>> {
    let text = text.trim_start().strip_prefix(['{', ','])?.trim_start();
    let name = value_at(text)?;
    cut_array(value_behind_name(behind(text, name))?)
}

/// What is nested anywhere in a text that is proper JSON to its end; `None` when it is not.
fn nested<'a>(text: &'a str, field: &str) -> Option<Vec<&'a str>> {
    let mut found = Vec::new();
    let search = Nested { text, field, found: &mut found };
    search.deserialize(&mut serde_json::Deserializer::from_str(text)).ok()?;
    Some(found)
}

/// How many values that are cut off or broken are looked into: each costs a walk through the text.
const MOST_BROKEN: usize = 64;

/// What is found behind the field's name, whatever stands around it. No two of them overlap.
fn anywhere<'a>(text: &'a str, field: &str) -> Vec<Found<'a>> {
    let name = format!("\"{field}\"");
    let (mut rest, mut broken, mut found) = (text, 0, Vec::new());
    while let Some((_, after)) = rest.split_once(&name).filter(|_| broken < MOST_BROKEN) {
        rest = after;
        let Some(value) = value_behind_name(after) else { continue };
        if let Some(whole) = value_at(value) {
            rest = behind(after, whole);
            found.extend((!says_nothing(whole)).then_some(Found::Elsewhere(whole)));
        } else {
            broken += 1;
            // One that is cut off may be the one that was issued: the whole ones beside it are no longer certain.
            found.push(cut_array(value).unwrap_or(Found::CutArray(Vec::new())));
        }
    }
    found
}

fn value_behind_name(text: &str) -> Option<&str> {
    Some(text.trim_start().strip_prefix(':')?.trim_start())
}

/// The whole JSON value that the text begins with.
fn value_at(text: &str) -> Option<&str> {
    let value = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>().next()?.ok()?.get();
    is_whole(text, value).then_some(value)
}

/// The whole elements at the beginning of an array that has no end.
fn cut_array(text: &str) -> Option<Found<'_>> {
    let mut text = text.strip_prefix('[')?;
    let mut elements = Vec::new();
    while let Some(value) = value_at(text.trim_start()) {
        elements.push(value);
        let Some(next) = behind(text, value).trim_start().strip_prefix(',') else { break };
        text = next;
    }
    (!elements.is_empty()).then_some(Found::CutArray(elements))
}

/// Whether a value, a slice of the text, is whole: a number or a word that ends where the text ends may be cut.
fn is_whole(text: &str, value: &str) -> bool {
    value.ends_with(['"', '}', ']']) || !behind(text, value).is_empty()
}

/// What stands behind a value, a slice of the text.
fn behind<'a>(text: &'a str, value: &str) -> &'a str {
    let end = (value.as_ptr() as usize + value.len()).saturating_sub(text.as_ptr() as usize);
    text.get(end..).unwrap_or("")
}

fn unreadable_list(several: &[Found<'_>]) -> NewCode {
    let values: Vec<&str> = several.iter().flat_map(Found::elements).collect();
    let values = Zeroizing::new(values.join(","));
    let list = Zeroizing::new(["[", values.as_str(), "]"].concat());
    NewCode::Unreadable(UnreadableCode::json_text(&list))
}

struct TopLevel<'a, 'f> {
    text: &'a str,
    field: &'f str,
    found: Option<&'a str>,
    /// What stands behind the last whole value.
    behind: &'a str,
    /// Whether the value that comes now is the field's.
    is_in_field: bool,
}

impl<'de> Visitor<'de> for &mut TopLevel<'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            self.is_in_field = name == self.field;
            let value = map.next_value::<&'de RawValue>()?.get();
            if self.is_in_field && is_whole(self.text, value) {
                self.found = better(self.found, value);
                self.is_in_field = false;
            }
            self.behind = behind(self.text, value);
        }
        Ok(())
    }
}

/// Of two values of one field the later counts, but none that is no string hides one that is.
fn better<'a>(found: Option<&'a str>, value: &'a str) -> Option<&'a str> {
    match found {
        found if says_nothing(value) => found,
        Some(string) if string.starts_with('"') && !value.starts_with('"') => Some(string),
        _ => Some(value),
    }
}

struct Nested<'a, 'f, 'v> {
    text: &'a str,
    field: &'f str,
    found: &'v mut Vec<&'a str>,
}

impl<'de> DeserializeSeed<'de> for Nested<'de, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Nested<'de, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { text, field, found } = self;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == field {
                let value = map.next_value::<&'de RawValue>()?.get();
                if is_whole(text, value) && !says_nothing(value) {
                    found.push(value);
                }
            } else {
                map.next_value_seed(Nested { text, field, found: &mut *found })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        let Self { text, field, found } = self;
        while sequence.next_element_seed(Nested { text, field, found: &mut *found })?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(code: &NewCode) -> String {
        match code {
            NewCode::Issued(code) => code.expose().to_owned(),
            NewCode::NotReturned => "-".to_owned(),
            NewCode::Unreadable(text) => format!("?{}", text.expose()),
        }
    }

    fn salvaged(text: &str) -> String {
        shown(&code(text, "recovery_code", Some("SENT")))
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
            (r#"{"recovery_code":7,"recovery_code":8}"#, "?8"),
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
            r#"{"recovery_code":["NEW"#,
            r#"{"msg":"a \"recovery_code\": \"NE\" in a string","x":"#,
        ] {
            assert_eq!(salvaged(text), "-", "{text}");
        }
    }

    #[test]
    fn what_is_no_string_is_kept_as_its_json_text() {
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
            (r#"{"recovery_codes":null}"#, vec![]),
            (r#"{"secret":"x"}"#, vec![]),
        ] {
            let codes = codes(text, "recovery_codes");
            assert_eq!(codes.iter().map(shown).collect::<Vec<_>>(), found, "{text}");
        }
    }
}
