//! Finding a secret in what was shown, in any of its notations.

use std::error::Error;
use std::fmt::Debug;
use std::sync::LazyLock;

use base64ct::{Base64, Encoding};

/// Secrets of every kind: a code, one with characters that are escaped in each notation, one that looks like a word of
/// the API, and one of digits.
pub(crate) const CANARIES: [&str; 4] =
    ["CANARYQ7WX3KZ9MPL4TRV8YH", "Cnr\"qz\\7/&=+%#x*~J!", "zebraquokkacanary", "73194628501397"];

/// Every piece of this length of a canary is looked for: a secret that is cut short is one too.
const PIECE: usize = 8;

pub(crate) fn hides(canary: &str, shown: &str) {
    static NEEDLES: LazyLock<[Vec<String>; 4]> = LazyLock::new(|| CANARIES.map(needles));
    let at = CANARIES.iter().position(|it| *it == canary).expect("one of the canaries");
    let dense: String = shown.chars().filter(|c| !c.is_whitespace()).collect();
    for needle in &NEEDLES[at] {
        assert!(!shown.contains(needle) && !dense.contains(needle), "{needle:?} of {canary:?} in {shown}");
    }
}

fn needles(canary: &str) -> Vec<String> {
    let bytes = canary.as_bytes();
    let mut needles: Vec<String> =
        bytes.windows(PIECE).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
    for piece in bytes.windows(PIECE / 2) {
        let decimals: Vec<String> = piece.iter().map(u8::to_string).collect();
        needles.push(decimals.join(","));
    }
    needles.push(format!("{canary:?}").trim_matches('"').to_owned());
    needles.push(form_urlencoded::byte_serialize(bytes).collect());
    needles.push(bytes.iter().map(|byte| format!("%{byte:02X}")).collect());
    needles.push(bytes.iter().map(|byte| format!("{byte:02x}")).collect());
    // In the middle of other text the same bytes have three forms.
    for lead in 0..3 {
        let encoded = Base64::encode_string(&[&b"..."[..lead], bytes].concat());
        needles.push(encoded.trim_end_matches('=').get(4..encoded.len() - 4).unwrap().to_owned());
    }
    needles
}

pub(crate) fn hides_in_debug(canary: &str, value: &impl Debug) {
    hides(canary, &format!("{value:?}"));
    hides(canary, &format!("{value:#?}"));
}

pub(crate) fn hides_in_error(canary: &str, error: &dyn Error) {
    hides(canary, &format!("{error} {error:?} {error:#?}"));
    if let Some(source) = error.source() {
        hides_in_error(canary, source);
    }
}

#[test]
fn the_needles_are_found_where_a_secret_does_show() {
    for canary in CANARIES {
        let shows = |shown: String| std::panic::catch_unwind(|| hides(canary, &shown)).is_err();
        assert!(shows(canary.to_owned()));
        assert!(shows(format!("{:?}", canary.as_bytes())));
        assert!(shows(format!("{:#?}", canary.as_bytes())));
        assert!(shows(Base64::encode_string(format!("id:{canary}").as_bytes())));
        assert!(shows(form_urlencoded::byte_serialize(canary.as_bytes()).collect()));
        assert!(shows(format!("{}…", &canary[..PIECE])));
    }
}
