//! `application/x-www-form-urlencoded`, written once at its exact size and read back.

use std::borrow::Cow;

use memchr::memchr;
use percent_encoding::percent_decode_str;

use crate::Body;
use crate::wiped::{Wiped, wipe_bytes};

/// Writes the pairs as a form body; their names are words of OAuth, which need no encoding. The target has its final
/// size from the start: a reallocation would leave an unwiped copy of the secrets behind.
///
/// serde_urlencoded reads forms here, and says in the tests how they are written; that it encodes each byte by itself
/// was half of what a call cost.
pub(crate) fn write<'a>(pairs: impl Iterator<Item = (&'static str, &'a str)> + Clone) -> Body {
    Body::from(encode(pairs).into_bytes())
}

/// One value, form-encoded.
pub(crate) fn encode_value(value: &str) -> Wiped {
    let mut target = Wiped::from(String::with_capacity(encoded_len(value)));
    push_encoded(&mut target, value);
    target
}

/// One value, form-decoded.
pub(crate) fn decode_value(encoded: &str) -> Wiped {
    // Behind a name, `=` is a part of the value; `&` would end it.
    let mut pair = Wiped::from(String::with_capacity(2 + 3 * encoded.len()));
    pair.push_str("v=");
    encoded.split('&').enumerate().for_each(|(at, part)| {
        pair.push_str(if at == 0 { "" } else { "%26" });
        pair.push_str(part);
    });
    read(pair.as_bytes()).last().map(|(_, value)| value).unwrap_or_default()
}

fn encode<'a>(pairs: impl Iterator<Item = (&'static str, &'a str)> + Clone) -> String {
    // A bit for each value that is its own encoding, so that a long one is looked at once.
    let (mut size, mut own) = (0, 0_u64);
    for (at, (name, value)) in pairs.clone().enumerate() {
        let is_own = is_its_own_encoding(value);
        own |= u64::from(is_own).checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0);
        size += name.len() + if is_own { value.len() } else { encoded_len(value) } + 2;
    }
    let mut target = String::with_capacity(size);
    for (at, (name, value)) in pairs.enumerate() {
        if !target.is_empty() {
            target.push('&');
        }
        target.push_str(name);
        target.push('=');
        // Nearly every value, an `mfa_token` above all, is its own encoding: copied whole, it costs a tenth. One whose
        // bit there is no room for is encoded all the same, to itself.
        let is_own = own.checked_shr(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0) & 1 == 1;
        if is_own { target.push_str(value) } else { push_encoded(&mut target, value) }
    }
    target
}

fn push_encoded(target: &mut String, text: &str) {
    target.extend(form_urlencoded::byte_serialize(text.as_bytes()));
}

fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_unchanged(byte) || byte == b' ' { 1 } else { 3 }).sum()
}

/// Looks at every byte, whatever stands before it: so the compiler looks at many at a time.
fn is_its_own_encoding(text: &str) -> bool {
    text.bytes().fold(true, |so_far, byte| so_far & is_unchanged(byte))
}

fn is_unchanged(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() | matches!(byte, b'*' | b'-' | b'.' | b'_')
}

/// The pairs of a form body, decoded, in the body's order; bytes that are no text become replacement characters.
pub(crate) fn read(body: &[u8]) -> impl Iterator<Item = (Cow<'_, str>, Wiped)> {
    pairs(body).filter_map(read_pair)
}

/// The first value that has this name. The others are not copied, and what comes behind it is not looked at.
pub(crate) fn read_first(body: &[u8], name: &str) -> Option<Wiped> {
    let may_be = |pair: &&[u8]| pair.starts_with(name.as_bytes()) || has(b'%', pair) || has(b'+', pair);
    let mut found = pairs(body).filter(may_be).filter_map(read_pair);
    found.find(|(known, _)| known == name).map(|(_, value)| value)
}

fn pairs(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(body);
    let pairs = std::iter::from_fn(move || {
        let (pair, behind) = split_at_first(rest?, b'&');
        rest = behind;
        Some(pair)
    });
    pairs.filter(|pair| !pair.is_empty())
}

/// What stands before the first such byte, and what stands behind it.
fn split_at_first(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match memchr(byte, text).and_then(|at| text.split_at_checked(at)) {
        Some((before, at)) => (before, at.get(1..)),
        None => (text, None),
    }
}

fn read_pair(pair: &[u8]) -> Option<(Cow<'_, str>, Wiped)> {
    read_usual_pair(pair).or_else(|| {
        // A pair of texts is what every pair is.
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(pair).unwrap_or_default();
        pairs.into_iter().next().map(|(name, value)| (Cow::Owned(name), Wiped::from(value)))
    })
}

/// A pair without `+`, with a plain name and a value that is text. Nearly every one is its own encoding, that of an
/// `mfa_token` above all: copied as a whole, it costs a fiftieth of what it costs to look at each byte by itself.
fn read_usual_pair(pair: &[u8]) -> Option<(Cow<'_, str>, Wiped)> {
    let text = std::str::from_utf8(pair).ok().filter(|_| !has(b'+', pair))?;
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    if has(b'%', name.as_bytes()) {
        return None;
    }
    if !has(b'%', value.as_bytes()) {
        return Some((Cow::Borrowed(name), Wiped::from(value.to_owned())));
    }
    // At the size that is never too small: a reallocation would leave an unwiped copy behind.
    let mut decoded = Vec::with_capacity(value.len());
    decoded.extend(percent_decode_str(value));
    match String::from_utf8(decoded) {
        Ok(value) => Some((Cow::Borrowed(name), Wiped::from(value))),
        Err(error) => {
            wipe_bytes(&mut error.into_bytes());
            None
        }
    }
}

fn has(byte: u8, text: &[u8]) -> bool {
    memchr(byte, text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    proptest! {
        #[test]
        fn a_form_is_read_as_the_usual_decoder_reads_it(body in "[a-c=&%+2F\u{e9}]{0,30}", odd in any::<Vec<u8>>()) {
            for body in [body.into_bytes(), odd] {
                let usual: Vec<_> = form_urlencoded::parse(&body).collect();
                let read: Vec<_> = read(&body).collect();
                let first = usual.iter().find(|(name, _)| name == "a").map(|(_, value)| value.as_ref());
                let found = read_first(&body, "a");
                prop_assert_eq!(found.as_ref().map(|value| value.as_str()), first);
                let read: Vec<_> = read.iter().map(|(n, v)| (n.as_ref().into(), v.as_str().into())).collect();
                prop_assert_eq!(read, usual);
            }
        }
    }

    const NAMES: [&str; 3] = ["grant_type", "mfa_token", "recovery_code"];

    proptest! {
        #[test]
        fn a_form_is_written_at_its_exact_size_and_reads_back(pairs in proptest::collection::vec((select(&NAMES), ".{0,40}"), 0..80)) {
            let borrowed: Vec<(&'static str, &str)> = pairs.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let encoded = encode(borrowed.iter().copied());
            let size: usize = borrowed.iter().map(|(n, v)| n.len() + encoded_len(v) + 2).sum();
            prop_assert_eq!(encoded.capacity(), size);
            prop_assert_eq!(&encoded, &serde_urlencoded::to_string(&borrowed).expect("pairs of texts"));
            let read: Vec<_> = read(encoded.as_bytes()).collect();
            let read: Vec<(&str, &str)> = read.iter().map(|(n, v)| (n.as_ref(), v.as_str())).collect();
            prop_assert_eq!(read, borrowed);
        }
    }

    proptest! {
        #[test]
        fn a_value_is_encoded_and_decoded(value in ".{0,40}") {
            let encoded = encode_value(&value);
            let decoded = decode_value(&encoded);
            prop_assert_eq!(decoded.as_str(), value);
        }
    }

    #[test]
    fn every_byte_is_encoded_as_the_usual_encoder_does_and_its_size_is_known() {
        for byte in 0..=127_u8 {
            let text = char::from(byte).to_string();
            let usual: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            assert_eq!(encode_value(&text).as_str(), usual, "byte {byte}");
            assert_eq!(usual.len(), encoded_len(&text), "byte {byte}");
        }
    }
}
