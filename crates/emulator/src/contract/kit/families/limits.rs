//! Replies that are too large: what there is room for is handed over.

use super::super::super::{End, Step, reply, reply_announcing, reply_head};
use super::super::call::{Kind, Told};
use super::super::scenario::{Expected, Scenario, Situation, Wire};
use super::super::subject::{Ability, Terms};

const LARGE: u64 = 64 << 20;

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    vec![
        Scenario::steps("64 MiB of body", wire, End::Close, |it| {
            let text = it.kind.success();
            let begun = reply_announcing(200, "application/json", LARGE + text.len() as u64, text);
            (vec![Step::ReadRequest, Step::Write(begun), Step::Flood(LARGE)], cut_off(it.kind))
        }),
        Scenario::steps("64 MiB of body without length", wire, End::Close, |it| {
            let head = reply_head(200, &[("content-type", "application/json")]);
            let begun = [head, it.kind.success().into_bytes()].concat();
            (vec![Step::ReadRequest, Step::Write(begun), Step::Flood(LARGE)], cut_off(it.kind))
        })
        .needs(Ability::RepliesWithoutLength),
        Scenario::answer("a body as long as it may be", wire, |it| {
            let body = padded(it.kind, 0);
            let expected = Expected::told(&[Told::Ok]).with_status(200).with_body(&*body).with_code();
            (reply(200, "application/json", body), expected)
        })
        .needs(Ability::ReplyCap),
        Scenario::answer("a body one byte longer than it may be", wire, |it| {
            let expected = cut_off(it.kind).with_body(padded(it.kind, 0));
            (reply(200, "application/json", padded(it.kind, 1)), expected)
        })
        .needs(Ability::ReplyCap),
        Scenario::answer("a header of 1 MiB", wire, oversized).followed(),
        Scenario::answer("128 headers", wire, |it| {
            let expected = Expected::told(&[Told::Ok]).with_status(200).with_body(it.kind.success());
            (
                with_headers(it.kind, 128),
                if it.kind.brings_a_code() { expected.with_code() } else { expected },
            )
        })
        .needs(Ability::ManyHeaders),
        Scenario::answer("10,000 headers", wire, |it| (with_headers(it.kind, 10_000), Expected::no_reply()))
            .followed(),
        Scenario::steps("a head without end", wire, End::Close, |_| {
            let begun = b"HTTP/1.1 200 OK\r\nx-fake: ".to_vec();
            (vec![Step::ReadRequest, Step::Write(begun), Step::Flood(LARGE)], Expected::no_reply())
        })
        .followed(),
    ]
}

fn cut_off(kind: Kind) -> Expected {
    let expected = Expected::told(&[Told::Answered]).with_status(200);
    if kind.brings_a_code() { expected.with_code() } else { expected }
}

/// A success, with spaces up to the cap, and `more` of them.
fn padded(kind: Kind, more: usize) -> String {
    let text = kind.success();
    let missing = (Terms::default().max_reply_bytes + more).saturating_sub(text.len());
    text + &" ".repeat(missing)
}

/// A success with so many headers.
fn with_headers(kind: Kind, count: usize) -> Vec<u8> {
    let lines = (1..count).map(|number| format!("x-fake-{number}: {}\r\n", "x".repeat(100)));
    let head = format!("HTTP/1.1 200 OK\r\n{}", lines.collect::<String>());
    let length = format!("content-length: {}\r\n\r\n", kind.success().len());
    (head + &length + &kind.success()).into_bytes()
}

fn oversized(it: &Situation<'_>) -> (Vec<u8>, Expected) {
    let length = it.kind.success().len().to_string();
    let head = reply_head(200, &[("x-fake", &"x".repeat(1 << 20)), ("content-length", &length)]);
    ([head, it.kind.success().into_bytes()].concat(), Expected::no_reply())
}
