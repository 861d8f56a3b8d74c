//! Paths with identifiers in them, written and read by the same pattern.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::serve::RequestError;

/// What a path segment may hold as it is: the unreserved characters of RFC 3986. The `|` of Auth0's identifiers is
/// not among them.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Stands in a pattern for an identifier.
const PLACE: &str = "{}";

/// The path with an identifier in each place of the pattern, percent-encoded.
pub(crate) fn write(pattern: &str, identifiers: &[&str]) -> String {
    let mut identifiers = identifiers.iter();
    let segments = pattern.split('/').map(|segment| match segment {
        PLACE => utf8_percent_encode(identifiers.next().unwrap_or(&""), ENCODED).to_string(),
        fixed => fixed.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The identifiers of a path that has this pattern with `N` places.
pub(crate) fn read<const N: usize>(path: &str, pattern: &str) -> Result<[String; N], RequestError> {
    let (segments, parts) = (path.split('/'), pattern.split('/'));
    if segments.clone().count() != parts.clone().count() {
        return Err(RequestError::WrongPath);
    }
    let mut identifiers = Vec::with_capacity(N);
    for (segment, part) in segments.zip(parts) {
        match part {
            PLACE => identifiers.push(decode(segment).ok_or(RequestError::WrongPath)?),
            fixed if fixed == segment => {}
            _ => return Err(RequestError::WrongPath),
        }
    }
    identifiers.try_into().map_err(|_| RequestError::WrongPath)
}

fn decode(segment: &str) -> Option<String> {
    percent_decode_str(segment).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PATTERN: &str = "/users/{}/methods/{}";

    #[test]
    fn the_pipe_of_an_identifier_is_encoded() {
        assert_eq!(
            write(PATTERN, &["auth0|1", "a/b?c#d%e f"]),
            "/users/auth0%7C1/methods/a%2Fb%3Fc%23d%25e%20f"
        );
    }

    #[test]
    fn another_path_is_refused() {
        for path in
            ["", "/users/a/methods", "/users/a/other/b", "/users/a/methods/b/c", "/users/%FF/methods/b"]
        {
            assert_eq!(read::<2>(path, PATTERN), Err(RequestError::WrongPath), "{path}");
        }
    }

    proptest! {
        #[test]
        fn identifiers_are_read_back(first in any::<String>(), second in any::<String>()) {
            let path = write(PATTERN, &[&first, &second]);
            prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#|".contains(&byte)));
            prop_assert_eq!(read::<2>(&path, PATTERN), Ok([first, second]));
        }
    }
}
