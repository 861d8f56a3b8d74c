//! Finding a new recovery code in a reply that cannot be read otherwise.
//!
//! A code is shown once. If the bytes that came back hold the whole of it in plain JSON, it is found here: when
//! another field has the wrong type, when the reply is cut off anywhere behind it, when the JSON is broken before or
//! behind it. A code that is itself cut off is never passed on as one.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::reply::Reply;
use crate::wiped::Wiped;
use crate::wire::json::{self, Borrowed};
use crate::{NewCode, NewCodes, RecoveryCode, UnreadableCode};

/// The code in `field`, a string. Where there is another, one that repeats what was `sent` is no new one.
pub(crate) fn code(reply: &Reply<'_>, field: &str, sent: Option<&str>) -> NewCode {
    let top = TopLevel::of(reply, field);
    if let Some(value) = top.proper(sent) {
        return read(value);
    }
    match elsewhere(reply.text(), field, sent, &top).as_slice() {
        [] | [Found::Cut] => NewCode::NotReturned,
        [Found::Whole(value)] => read(value),
        several => unreadable_list(several),
    }
}

/// The codes in `field`, an array of strings.
pub(crate) fn codes(reply: &Reply<'_>, field: &str) -> NewCodes {
    let top = TopLevel::of(reply, field);
    let found = match top.proper(None) {
        Some(value) => vec![Found::Whole(value)],
        None => elsewhere(reply.text(), field, None, &top),
    };
    found.iter().flat_map(Found::elements).map(read).filter(NewCode::is_returned).collect()
}

/// What a JSON value says when it stands where a code belongs.
pub(crate) fn read(value: &str) -> NewCode {
    if says_nothing(value) {
        return NewCode::NotReturned;
    }
    match json::string(value) {
        Some(code) if !code.contains(char::REPLACEMENT_CHARACTER) => {
            NewCode::Issued(RecoveryCode::issued(code))
        }
        _ => NewCode::Unreadable(UnreadableCode::json_text(value)),
    }
}

fn says_nothing(value: &str) -> bool {
    matches!(value, "null" | "\"\"")
        || value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(is_blank)
        || value.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).is_some_and(is_blank)
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whether a value can be a code or a list of them: then no other counts that is neither.
fn is_proper(value: &str) -> bool {
    value.starts_with(['"', '['])
}

fn repeats(value: &str, sent: Option<&str>) -> bool {
    sent.is_some() && json::Text::of_string(value).as_ref().map(json::Text::as_str) == sent
}

/// A value that was found, as JSON text.
#[derive(PartialEq)]
enum Found<'a> {
    Whole(&'a str),
    /// One that is cut off or broken.
    Cut,
    /// The whole elements of an array that is cut off.
    CutArray(Vec<&'a str>),
}

impl<'a> Found<'a> {
    fn elements(&self) -> Vec<&'a str> {
        match self {
            Self::Cut => Vec::new(),
            Self::CutArray(elements) => elements.clone(),
            Self::Whole(value) => match json::elements(value) {
                Some(elements) => elements.into_iter().map(RawValue::get).collect(),
                None => vec![value],
            },
        }
    }
}

/// What stands in the field where it belongs, at the top level of the object. A code can be there (the last complete
/// one counts), or else nested (a proxy's envelope), or else anywhere in text that is not proper JSON; a value that
/// says nothing hides none of the others.
struct TopLevel<'a> {
    found: Option<&'a str>,
    /// When it is in a value of the field that the text is cut off: what stands behind the value before.
    before_cut: Option<&'a str>,
}

impl<'a> TopLevel<'a> {
    fn of(reply: &Reply<'a>, field: &str) -> Self {
        match reply.fields() {
            Some(fields) => Self { found: fields.each(field).fold(None, better), before_cut: None },
            None => Self::of_broken(reply.text(), field),
        }
    }

    /// Where the text is cut or broken, what was found before that place stands.
    fn of_broken(text: &'a str, field: &str) -> Self {
        let mut beginning = Beginning { text, field, found: None, behind: text, is_in_field: false };
        let end = serde_json::Deserializer::from_str(text).deserialize_map(&mut beginning);
        let is_cut = beginning.is_in_field && end.is_err_and(|error| error.is_eof());
        Self { found: beginning.found, before_cut: is_cut.then_some(beginning.behind) }
    }

    fn proper(&self, sent: Option<&str>) -> Option<&'a str> {
        self.found.filter(|value| is_proper(value) && !repeats(value, sent))
    }
}

/// What is found when the field at the top level has nothing proper.
fn elsewhere<'a>(text: &'a str, field: &str, sent: Option<&str>, top: &TopLevel<'a>) -> Vec<Found<'a>> {
    if let Some(text) = top.before_cut {
        // The code that was issued is cut off: what is nested elsewhere is another.
        return array_of_last_field(text).into_iter().collect();
    }
    let mut found: Vec<Found<'a>> = match nested(text, field) {
        Some(nested) if !nested.is_empty() => nested.into_iter().map(Found::Whole).collect(),
        // Where the text is cut or broken, what stands behind that place counts as much as what stands before it.
        _ => anywhere(text, field),
    };
    found.dedup();
    found.retain(|it| !matches!(it, Found::Whole(value) if repeats(value, sent)));
    if found.is_empty() {
        found.extend(top.found.map(Found::Whole));
    }
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
    let name = ["\"", field, "\""].concat();
    let (mut rest, mut broken, mut found) = (text, 0, Vec::new());
    while let Some((_, after)) = rest.split_once(&name).filter(|_| broken < MOST_BROKEN) {
        rest = after;
        let Some(value) = value_behind_name(after) else { continue };
        if let Some(whole) = value_at(value) {
            rest = behind(after, whole);
            found.extend((!says_nothing(whole)).then_some(Found::Whole(whole)));
        } else {
            broken += 1;
            // One that is cut off may be the one that was issued: the whole ones beside it are no longer certain.
            found.push(cut_array(value).unwrap_or(Found::Cut));
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
    let values = Wiped::from(values.join(","));
    let list = Wiped::from(["[", values.as_str(), "]"].concat());
    NewCode::Unreadable(UnreadableCode::json_text(&list))
}

/// The top level of an object that is cut off or broken, as far as it can be read.
struct Beginning<'a, 'f> {
    text: &'a str,
    field: &'f str,
    found: Option<&'a str>,
    /// What stands behind the last whole value.
    behind: &'a str,
    /// Whether the value that comes now is the field's.
    is_in_field: bool,
}

impl<'de> Visitor<'de> for &mut Beginning<'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Borrowed(name)) = map.next_key()? {
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

/// Of two values of one field the later counts, but none that cannot be a code hides one that can.
fn better<'a>(found: Option<&'a str>, value: &'a str) -> Option<&'a str> {
    match found {
        found if says_nothing(value) => found,
        Some(proper) if is_proper(proper) && !is_proper(value) => Some(proper),
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
        while let Some(Borrowed(name)) = map.next_key()? {
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
mod tests;
