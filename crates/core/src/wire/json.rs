//! JSON of replies, read field by field, so that one field of a wrong type costs no other.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::Body;
use crate::wiped::Wiped;

/// Text of a reply: borrowed from it where that can be, else wiped when dropped.
pub(crate) struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    /// A body, without a byte-order mark; with replacement characters where it is not UTF-8.
    pub(crate) fn of(body: &'a [u8]) -> Self {
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        // Nearly every body is UTF-8, and this finds out at a seventh of what the replacing one needs.
        Self(std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed))
    }

    /// The string of a whole JSON value, borrowed when it has no escapes; absent when it is something else.
    pub(crate) fn of_string(value: &'a str) -> Option<Self> {
        let text = value.strip_prefix('"')?.strip_suffix('"')?;
        if !text.contains('\\') {
            return Some(Self(Cow::Borrowed(text)));
        }
        serde_json::from_str::<Borrowed<'_>>(value).ok().map(|text| Self(text.0))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn into_owned(mut self) -> Wiped {
        std::mem::take(&mut self.0).into_owned().into()
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            drop(Wiped::from(std::mem::take(text)));
        }
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// The fields of a JSON object, each kept as its JSON text. Of a field that is there twice, the last counts.
///
/// As many as most replies have are held in place: they cost no allocation.
#[derive(Default)]
pub(crate) struct Fields<'a> {
    first: [Option<Field<'a>>; 8],
    more: Vec<Field<'a>>,
}

type Field<'a> = (Cow<'a, str>, &'a RawValue);

impl<'a> Fields<'a> {
    /// The fields of the object that the text begins with; what follows it is not looked at. `None` when the text
    /// does not begin with a whole object.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_map(FieldsVisitor).ok()
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = &Field<'a>> {
        self.first.iter().flatten().chain(&self.more)
    }

    /// The JSON text of a field; absent when it is `null`.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, raw) = self.iter().rev().find(|(field, _)| field == name)?;
        Some(raw.get()).filter(|text| *text != "null")
    }

    /// The JSON text of each field of this name, in their order.
    pub(crate) fn each<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'a str> + 'f {
        self.iter().filter(move |(field, _)| field == name).map(|(_, raw)| raw.get())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A field's string; absent when it is something else.
    pub(crate) fn string(&self, name: &str) -> Option<Wiped> {
        string(self.raw(name)?)
    }

    /// A field's string that is no secret.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        text(self.raw(name)?)
    }

    /// A whole number, as a number or as a string of digits; absent when it is something else.
    pub(crate) fn whole_number(&self, name: &str) -> Option<u64> {
        let raw = self.raw(name)?;
        let digits = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw).trim();
        digits.parse().ok().or_else(|| digits.strip_suffix(".0")?.parse().ok())
    }

    /// The strings of a field that is a list of nothing else.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let elements = self.raw(name).and_then(elements).unwrap_or_default();
        let texts = elements.into_iter().map(|element| text(element.get()));
        texts.collect::<Option<_>>().unwrap_or_default()
    }

    /// The strings of a field that is a list, or the one string that it is.
    pub(crate) fn texts(&self, name: &str) -> Vec<String> {
        self.text(name).map_or_else(|| self.elements(name), |only| vec![only])
    }

    /// `oob_channel` of the recordings, and what else `oob_channels` of Auth0's reference page has; each once.
    pub(crate) fn oob_channels(&self) -> Vec<String> {
        let mut channels = Vec::new();
        for channel in ["oob_channel", "oob_channels"].into_iter().flat_map(|name| self.texts(name)) {
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        channels
    }

    /// Every field but those that are `null`; without a text where it is no string.
    pub(crate) fn each_string(&self) -> Vec<(String, Option<Wiped>)> {
        let fields = self.iter().filter(|(_, raw)| raw.get() != "null");
        fields.map(|(name, raw)| (name.to_string(), string(raw.get()))).collect()
    }

    /// `true` or `false`, as such or as a string; absent when it is something else.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.raw(name)?.trim_matches('"').parse().ok()
    }
}

/// The string of a JSON text; absent when it is something else.
pub(crate) fn string(raw: &str) -> Option<Wiped> {
    Text::of_string(raw).map(Text::into_owned)
}

/// A string that is no secret.
fn text(raw: &str) -> Option<String> {
    string(raw).map(Wiped::into_string)
}

/// The elements of the JSON array that the text begins with, each as its JSON text; absent when it is something else.
/// What follows the array is not looked at.
pub(crate) fn elements(text: &str) -> Option<Vec<&RawValue>> {
    Vec::deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
}

/// A string, borrowed from the text when it has no escapes.
#[derive(serde::Deserialize)]
pub(crate) struct Borrowed<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        let mut places = fields.first.iter_mut();
        while let Some((Borrowed(name), value)) = map.next_entry()? {
            match places.next() {
                Some(place) => *place = Some((name, value)),
                None => fields.more.push((name, value)),
            }
        }
        Ok(fields)
    }
}

/// A JSON object of texts and lists of one text, which is all that the bodies of requests are made of.
pub(crate) struct Object<'a>(pub(crate) Vec<(&'static str, Member<'a>)>);

/// What is in an [`Object`].
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Member<'a> {
    Text(&'a str),
    List([&'a str; 1]),
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, member)| (name, member)))
    }
}

/// Writes a value as a JSON body, at its exact size: a reallocation would leave an unwiped copy behind.
pub(crate) fn write(value: &impl Serialize) -> Body {
    let mut size = Counter(0);
    // Only strings, numbers, arrays and structs are written here, into memory: neither can fail.
    let _ = serde_json::to_writer(&mut size, value);
    let mut bytes = Vec::with_capacity(size.0);
    let _ = serde_json::to_writer(&mut bytes, value);
    Body::from(bytes)
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_wrong_type_costs_no_other() {
        let fields =
            Fields::parse(r#" {"a":1.5e3,"b":"x","a":{"b":"y"},"n":null} trailing"#).expect("an object");
        assert_eq!(fields.string("a").as_deref(), None);
        assert_eq!(fields.raw("a"), Some(r#"{"b":"y"}"#));
        assert_eq!(fields.string("b").expect("b").as_str(), "x");
        assert!(!fields.has("n") && !fields.has("c"));
    }

    #[test]
    fn of_any_number_of_fields_each_is_kept_and_the_last_of_a_name_counts() {
        let text: Vec<String> = (0..20).map(|number| format!(r#""f{number}":"v{number}""#)).collect();
        let text = format!(r#"{{{},"f0":"last"}}"#, text.join(","));
        let fields = Fields::parse(&text).expect("an object");
        assert_eq!(fields.each_string().len(), 21);
        for number in 1..20 {
            assert_eq!(fields.text(&format!("f{number}")), Some(format!("v{number}")));
        }
        assert_eq!(fields.text("f0").as_deref(), Some("last"));
        assert_eq!(fields.each("f0").collect::<Vec<_>>(), [r#""v0""#, r#""last""#]);
    }

    #[test]
    fn a_string_is_read_with_and_without_escapes() {
        for (value, text) in [
            (r#""plain ü""#, Some("plain \u{fc}")),
            (r#""""#, Some("")),
            (r#""a\"b""#, Some("a\"b")),
            (r#""\ud800""#, None),
            ("7", None),
            (r#"["x"]"#, None),
        ] {
            assert_eq!(string(value).as_ref().map(|text| text.as_str()), text, "{value}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_a_body() {
        assert_eq!(Text::of("\u{feff}{}".as_bytes()).as_str(), "{}");
        assert_eq!(Text::of(b"\xef\xbb\xbf\xff").as_str(), "\u{fffd}");
    }

    #[test]
    fn a_whole_number_may_be_written_as_a_string() {
        let fields = Fields::parse(r#"{"a":86400,"b":"600","c":600.0,"d":-1,"e":"soon","f":1e3,"g":[1]}"#);
        let fields = fields.expect("an object");
        let numbers = ["a", "b", "c", "d", "e", "f", "g"].map(|name| fields.whole_number(name));
        assert_eq!(numbers, [Some(86400), Some(600), Some(600), None, None, None, None]);
    }

    #[test]
    fn a_channel_is_there_once_whichever_field_repeats_it() {
        for text in [
            r#"{"oob_channel":["sms","sms"],"oob_channels":["voice"]}"#,
            r#"{"oob_channel":"sms","oob_channels":["sms","voice","voice"]}"#,
            r#"{"oob_channels":["sms","voice","sms"]}"#,
        ] {
            let fields = Fields::parse(text).expect("an object");
            assert_eq!(fields.oob_channels(), ["sms", "voice"], "{text}");
        }
    }

    #[test]
    fn what_is_not_a_whole_object_has_no_fields() {
        for text in ["", "[]", "null", "{", r#"{"a":"#, r#"{"a":"x"#, r#"{"a":1,}"#, "<html>", "{a:1}"] {
            assert!(Fields::parse(text).is_none(), "{text}");
        }
    }
}
