//! Statuses at which clients like to do something of their own: every one is an answer, and nothing is sent again.

use super::super::super::{End, Step, reply_head};
use super::super::call::{Kind, Told};
use super::super::scenario::{Expected, Scenario, Wire};

const REDIRECTS: [u16; 5] = [301, 302, 303, 307, 308];

/// With the header at which a client repeats.
const REPEATED: [(u16, &str, &str); 10] = [
    (401, "www-authenticate", "Basic realm=\"fake\""),
    (401, "www-authenticate", "DPoP error=\"use_dpop_nonce\""),
    (407, "proxy-authenticate", "Basic realm=\"fake\""),
    (408, "connection", "close"),
    (421, "connection", "close"),
    (425, "retry-after", "0"),
    (429, "retry-after", "0"),
    (500, "retry-after", "0"),
    (502, "connection", "close"),
    (503, "retry-after", "0"),
];

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    let same = REDIRECTS.map(|status| {
        let play = move |kind| answered(kind, status, "location", "/fake-elsewhere");
        Scenario::answer(format!("{status} to the same host"), wire, move |it| play(it.kind))
    });
    let other = REDIRECTS.map(|status| {
        let name = format!("{status} to another host");
        Scenario::answer(name, wire, move |it| {
            answered(it.kind, status, "location", &format!("{}/oauth/token", it.elsewhere))
        })
        .with_another_server()
    });
    let repeated = REPEATED.map(|(status, header, value)| {
        let name = format!("{status} with {header}: {value}");
        Scenario::answer(name, wire, move |it| answered(it.kind, status, header, value))
    });
    let too_large = Scenario::steps("413 before the body is read", wire, End::Close, |it| {
        let (reply, expected) = answered(it.kind, 413, "connection", "close");
        (vec![Step::ReadHead, Step::Write(reply)], expected)
    });
    [same.to_vec(), other.to_vec(), repeated.to_vec(), vec![too_large]].concat()
}

/// A reply of this status and this header, with a new code in it all the same.
fn answered(kind: Kind, status: u16, header: &str, value: &str) -> (Vec<u8>, Expected) {
    let text = kind.success();
    let length = text.len().to_string();
    let head = reply_head(
        status,
        &[("content-type", "application/json"), (header, value), ("content-length", &length)],
    );
    let expected = Expected::told(&[Told::Ok]).with_status(status).with_body(&*text).with_code();
    ([head, text.into_bytes()].concat(), expected)
}
