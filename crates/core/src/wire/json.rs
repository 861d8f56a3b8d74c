//! JSON of replies, read field by field, so that one field of a wrong type costs no other.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use zeroize::{Zeroize, Zeroizing};

use crate::Body;

/// The body of a reply as text: borrowed when it is UTF-8, else with replacement characters, wiped when dropped.
pub(crate) struct Text<'a>(Cow<'a, str>);

impl<'a> Text<'a> {
    pub(crate) fn of(body: &'a [u8]) -> Self {
        Self(String::from_utf8_lossy(body))
    }

    /// The text, without a byte-order mark.
    pub(crate) fn as_str(&self) -> &str {
        self.0.strip_prefix('\u{feff}').unwrap_or(&self.0)
    }
}

impl Drop for Text<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

/// The fields of a JSON object, each kept as its JSON text. Of a field that is there twice, the last counts.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The fields of the object that the text begins with; what follows it is not looked at. `None` when the text
    /// does not begin with a whole object.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer.deserialize_map(FieldsVisitor).ok().map(Self)
    }

    /// The JSON text of a field; absent when it is `null`.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a str> {
        let (_, raw) = self.0.iter().rev().find(|(field, _)| field == name)?;
        Some(raw.get()).filter(|text| *text != "null")
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// A field's string; absent when it is something else.
    pub(crate) fn string(&self, name: &str) -> Option<Zeroizing<String>> {
        string(self.raw(name)?)
    }

    /// A field's string that is no secret.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.string(name).map(|text| text.as_str().to_owned())
    }

    /// A whole number, as a number or as a string of digits; absent when it is something else.
    pub(crate) fn whole_number(&self, name: &str) -> Option<u64> {
        let raw = self.raw(name)?;
        let digits = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw).trim();
        digits.parse().ok().or_else(|| digits.strip_suffix(".0")?.parse().ok())
    }

    /// The strings of a field that is a list.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let elements = self.raw(name).and_then(elements).unwrap_or_default();
        let texts = elements.into_iter().filter_map(|element| string(element.get()));
        texts.map(|text| text.as_str().to_owned()).collect()
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

    /// Every field that is a string.
    pub(crate) fn strings(&self) -> Vec<(String, Zeroizing<String>)> {
        let text = |(name, raw): &(Cow<'_, str>, &RawValue)| Some((name.to_string(), string(raw.get())?));
        self.0.iter().filter_map(text).collect()
    }

    /// `true` or `false`, as such or as a string; absent when it is something else.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        self.raw(name)?.trim_matches('"').parse().ok()
    }
}

/// The string of a JSON text; absent when it is something else.
pub(crate) fn string(raw: &str) -> Option<Zeroizing<String>> {
    serde_json::from_str::<Borrowed<'_>>(raw).ok().map(|text| Zeroizing::new(text.0.into_owned()))
}

/// The elements of a JSON array, each as its JSON text; absent when it is something else.
pub(crate) fn elements(raw: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(raw).ok()
}

/// A string, borrowed from the text when it has no escapes.
#[derive(serde::Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::with_capacity(8);
        while let Some((Borrowed(name), value)) = map.next_entry()? {
            fields.push((name, value));
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
