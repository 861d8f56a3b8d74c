//! `application/x-www-form-urlencoded`, written once at its exact size and read back.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::Body;

/// Writes the pairs as a form body. The target has its final size from the start: a reallocation would leave an
/// unwiped copy of the secrets behind.
pub(crate) fn write(pairs: &[(&str, &str)]) -> Body {
    let encoded = encode(pairs);
    Body::from(encoded.into_bytes())
}

/// One value, form-encoded.
pub(crate) fn encode_value(value: &str) -> Zeroizing<String> {
    let mut target = Zeroizing::new(String::with_capacity(encoded_len(value)));
    target.extend(form_urlencoded::byte_serialize(value.as_bytes()));
    target
}

/// One value, form-decoded.
pub(crate) fn decode_value(encoded: &str) -> Zeroizing<String> {
    // Between the separators of a form, the bytes of a value are those of a form whose one name it is.
    let escaped = Zeroizing::new(encoded.replace('&', "%26").replace('=', "%3D"));
    let decoded = form_urlencoded::parse(escaped.as_bytes()).next();
    Zeroizing::new(decoded.map(|(name, _)| name.into_owned()).unwrap_or_default())
}

fn encode(pairs: &[(&str, &str)]) -> String {
    let size = pairs.iter().map(|(name, value)| encoded_len(name) + encoded_len(value) + 2).sum();
    let mut target = form_urlencoded::Serializer::new(String::with_capacity(size));
    // Strings as names and values are what the serializer is for; it refuses only other shapes.
    let _ = pairs.serialize(serde_urlencoded::Serializer::new(&mut target));
    target.finish()
}

fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_written_in_one_byte(byte) { 1 } else { 3 }).sum()
}

fn is_written_in_one_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"*-._ ".contains(&byte)
}

/// The pairs of a form body, decoded, in the body's order.
pub(crate) fn read(body: &[u8]) -> Vec<(String, Zeroizing<String>)> {
    form_urlencoded::parse(body)
        .map(|(name, value)| (name.into_owned(), Zeroizing::new(value.into_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_form_is_written_at_its_exact_size_and_reads_back(pairs in proptest::collection::vec((".{0,9}", ".{0,40}"), 0..6)) {
            let borrowed: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let encoded = encode(&borrowed);
            let size: usize = borrowed.iter().map(|(n, v)| encoded_len(n) + encoded_len(v) + 2).sum();
            prop_assert_eq!(encoded.capacity(), size);
            let read = read(encoded.as_bytes());
            let read: Vec<(&str, &str)> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
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
    fn the_size_is_the_encoders_own_for_every_byte() {
        for byte in 0..=127_u8 {
            let text = char::from(byte).to_string();
            assert_eq!(encode_value(&text).len(), encoded_len(&text), "byte {byte}");
        }
    }
}
