//! What people type: recovery codes and domains.

use std::net::IpAddr;

use auth0_mfa_core::{Domain, RecoveryCode};

/// No character of a code is lost, invented or moved: white space around it goes, and to the usual form (24 letters and
/// digits) it is brought by leaving out white space and dashes and by upper case.
pub fn recovery_code(typed: &str) {
    let trimmed = typed.trim();
    let Ok(code) = RecoveryCode::parse(typed) else {
        assert!(trimmed.is_empty(), "{typed:?} is refused");
        return;
    };
    assert!(!trimmed.is_empty(), "nothing was typed");
    let is_usual = |text: &str| text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let kept: String = trimmed.chars().filter(|c| !c.is_whitespace() && !DASHES.contains(c)).collect();
    let expected = if is_usual(&kept) { kept.to_ascii_uppercase() } else { trimmed.to_owned() };
    assert_eq!(code.expose(), expected);
    assert_eq!(code.looks_complete(), is_usual(&expected));
    assert_eq!(format!("{code:?}"), "RecoveryCode([redacted])");
    assert_eq!(RecoveryCode::verbatim(typed).expose(), typed);
    let again = RecoveryCode::parse(code.expose());
    assert_eq!(again.expect("a code").expose(), expected, "to type what is shown changes nothing");
}

const DASHES: [char; 8] =
    ['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];

/// A domain that is accepted is an origin and nothing else, and never http to another machine.
pub fn domain(typed: &str) {
    let domain = match Domain::parse(typed) {
        Ok(domain) => domain,
        Err(error) => {
            assert_eq!(error.field(), "domain");
            return;
        }
    };
    let shown = domain.to_string();
    let again = Domain::parse(&shown).expect("what is shown is a domain");
    assert_eq!((again.to_string(), &again), (shown.clone(), &domain));
    let (scheme, authority) = shown.split_once("://").expect("a scheme");
    assert_eq!(authority, domain.authority());
    assert!(typed.to_ascii_lowercase().contains(authority), "{typed:?} became {shown}");
    assert!(authority.is_ascii() && !authority.contains(['@', '/', '?', '#', '\\', ' ', '%']));
    let port = authority.strip_prefix(domain.host()).expect("the host comes first");
    let is_port = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>() != Ok(0);
    assert!(port.is_empty() || port.strip_prefix(':').is_some_and(is_port), "{shown}");
    let host = domain.host().trim_start_matches('[').trim_end_matches(']');
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    assert_eq!(domain.is_loopback(), is_here);
    assert!(scheme == "https" || (scheme == "http" && is_here), "{shown}");
    let says_http = typed.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://"));
    assert_eq!(scheme == "http", says_http, "{typed:?} became {shown}");
    let uri: http::Uri = format!("{shown}/oauth/token").parse().expect("a request can go there");
    assert_eq!((uri.host(), uri.path()), (Some(domain.host()), "/oauth/token"));
}
