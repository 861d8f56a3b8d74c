//! A request, decoded: what it means, whatever dialect it was written in.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use http::{HeaderMap, header};
use serde_json::Value;

use super::facts::Facts;

/// The facts of a request: method, target, content type of its body, each parameter with its sorted values (so the
/// order of pairs does not matter, and how often one comes does), the JSON value, the decoded credentials.
pub(crate) fn request_facts(request: &http::Request<&[u8]>) -> Facts {
    let mut facts = Facts::default();
    facts.set("method", request.method().as_str());
    facts.set("target", target(request.uri()));
    for name in ["auth0-forwarded-for", "auth0-client", "dpop"] {
        facts.set_some(name, text_of(request.headers(), name));
    }
    facts.extend(authorization_facts(request.headers()));
    if !request.body().is_empty() {
        let media_type = media_type(request.headers());
        facts.extend(body_facts(&media_type, request.body()));
        facts.set("content-type", media_type);
    }
    facts
}

/// The path, each segment with one percent-encoding of many, and the query as it is.
fn target(uri: &http::Uri) -> String {
    let segment = |text: &str| {
        let decoded: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
        percent_encoding::percent_encode(&decoded, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let path: Vec<String> = uri.path().split('/').map(segment).collect();
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", path.join("/"))
}

fn body_facts(media_type: &str, body: &[u8]) -> Facts {
    match media_type {
        "application/x-www-form-urlencoded" => form_facts(body),
        "application/json" => match serde_json::from_slice::<Value>(body) {
            Ok(value) => Facts::default().with("json", value),
            Err(error) => Facts::default().with("json", format!("unreadable: {error}")),
        },
        _ => Facts::default().with("body", String::from_utf8_lossy(body).into_owned()),
    }
}

fn form_facts(body: &[u8]) -> Facts {
    let mut values = BTreeMap::<String, Vec<String>>::new();
    for (name, value) in form_urlencoded::parse(body) {
        values.entry(form_fact(&name)).or_default().push(value.into_owned());
    }
    let sorted = |mut values: Vec<String>| {
        values.sort();
        values
    };
    values.into_iter().map(|(name, values)| (name, sorted(values))).collect()
}

/// The name of the fact that holds the values of a form's parameter.
pub(crate) fn form_fact(parameter: &str) -> String {
    format!("form {parameter}")
}

fn authorization_facts(headers: &HeaderMap) -> Facts {
    let Some(value) = text_of(headers, header::AUTHORIZATION.as_str()) else { return Facts::default() };
    let (scheme, credentials) = value.split_once(' ').unwrap_or((&value, ""));
    let facts = Facts::default().with("authorization", scheme);
    match scheme {
        "Basic" => match basic(credentials) {
            Some((id, secret)) => facts.with("basic client_id", id).with("basic client_secret", secret),
            None => facts.with("credentials", credentials),
        },
        _ => facts.with("credentials", credentials),
    }
}

/// Each part is form-decoded (RFC 6749, 2.3.1).
fn basic(credentials: &str) -> Option<(String, String)> {
    let joined = String::from_utf8(Base64::decode_vec(credentials).ok()?).ok()?;
    let (id, secret) = joined.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let escaped = text.replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(escaped.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn media_type(headers: &HeaderMap) -> String {
    let value = text_of(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Reads the bytes of a request as they were recorded: head, empty line, body.
pub(crate) fn parse_request(bytes: &[u8]) -> Result<http::Request<Vec<u8>>, String> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").ok_or("has no end of its head")?;
    let (head, body) = bytes.split_at(end + 4);
    let mut lines = head.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let first = String::from_utf8_lossy(lines.next().ok_or("is empty")?);
    let [method, target, _] = first.split(' ').collect::<Vec<_>>()[..] else {
        return Err(format!("begins with {first:?}"));
    };
    let mut request = http::Request::builder().method(method).uri(target);
    for line in lines {
        let colon = line.iter().position(|&byte| byte == b':').ok_or("has a line that is no header")?;
        let (name, value) = line.split_at(colon);
        request = request.header(name, value.get(1..).unwrap_or_default().trim_ascii());
    }
    request.body(body.to_vec()).map_err(|error| error.to_string())
}

/// The same request with a borrowed body, as the calls read it.
pub(crate) fn borrowed<B>(request: &http::Request<B>, body: impl Fn(&B) -> &[u8]) -> http::Request<&[u8]> {
    let mut borrowed = http::Request::new(body(request.body()));
    *borrowed.method_mut() = request.method().clone();
    *borrowed.uri_mut() = request.uri().clone();
    *borrowed.headers_mut() = request.headers().clone();
    borrowed
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "POST /oauth/token HTTP/1.1\r\nHost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n";

    fn facts(text: &str) -> Facts {
        let request = parse_request(text.as_bytes()).expect("a request");
        request_facts(&borrowed(&request, Vec::as_slice))
    }

    fn form(body: &str) -> Facts {
        facts(&format!("{HEAD}\r\n{body}"))
    }

    #[test]
    fn the_dialects_of_a_form_mean_the_same() {
        let whatwg = form("a=x*y%7Ez+%26&b=http%3A%2F%2Fh%2Fp");
        for other in ["b=http://h/p&a=x%2Ay~z%20%26", "a=x*y~z+%26&b=http:%2F/h/p"] {
            assert_eq!(whatwg.differences(&form(other)), [""; 0], "{other}");
        }
    }

    #[test]
    fn a_wrong_a_missing_an_additional_and_a_repeated_pair_each_differ() {
        let expected = form("a=1&b=2");
        for (came, difference) in [
            ("a=1&b=3", r#"form b: expected ["2"], came ["3"]"#),
            ("a=1", r#"form b: expected ["2"], came nothing"#),
            ("a=1&b=2&c=", r#"form c: expected nothing, came [""]"#),
            ("a=1&b=2&a=1", r#"form a: expected ["1"], came ["1","1"]"#),
        ] {
            assert_eq!(expected.differences(&form(came)), [difference], "{came}");
        }
    }

    #[test]
    fn a_missing_or_a_wrong_header_differs() {
        let with = |headers: &str| facts(&format!("{HEAD}{headers}\r\na=1"));
        let expected = with("authorization: Basic aTpz\r\nauth0-forwarded-for: 192.0.2.1\r\n");
        assert_eq!(expected.differences(&with("")).len(), 4);
        let other = with("Authorization: Basic aTp0\r\nAuth0-Forwarded-For: 192.0.2.1\r\n");
        assert_eq!(expected.differences(&other), [r#"basic client_secret: expected "s", came "t""#]);
        let form = facts(&format!("{HEAD}\r\na=1"));
        let json = facts("POST /oauth/token HTTP/1.1\r\ncontent-type: application/json\r\n\r\n{\"a\":\"1\"}");
        assert_eq!(form.differences(&json).len(), 3, "content-type, form a, json");
    }

    #[test]
    fn another_method_or_target_differs() {
        let text = "GET /mfa/authenticators HTTP/1.1\r\nAuthorization: Bearer t\r\n\r\n";
        let expected = facts(text);
        assert_eq!(expected.differences(&facts(&text.replace("GET", "POST"))).len(), 1);
        assert_eq!(expected.differences(&facts(&text.replace("/mfa", "/x"))).len(), 1);
        assert_eq!(expected.differences(&facts(&text.replace("Bearer t", "Bearer u"))).len(), 1);
        assert_eq!(expected.differences(&facts(&text.replace("Bearer t", "bearer t"))).len(), 1);
    }

    #[test]
    fn a_json_body_is_its_value() {
        let json =
            |body: &str| facts(&format!("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{body}"));
        let expected = json(r#"{"a":["x"],"b":1}"#);
        assert_eq!(expected.differences(&json(r#"{ "b": 1, "a": ["\u0078"] }"#)), [""; 0]);
        assert_eq!(expected.differences(&json(r#"{"a":"x","b":1}"#)).len(), 1);
        assert_eq!(expected.differences(&json("{")).len(), 1);
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for text in ["", "POST /", "POST / HTTP/1.1\r\n", "POST /\r\n\r\n", "POST / HTTP/1.1\r\nx\r\n\r\n"] {
            assert!(parse_request(text.as_bytes()).is_err(), "{text:?}");
        }
    }
}
