//! The server takes its time, and the transport must not.

use std::time::Duration;

use super::super::super::{End, Step, reply_announcing};
use super::super::call::{Kind, Told};
use super::super::scenario::{Expected, Scenario, Wire};

/// Enough for a request to be sent, on a machine that is busy.
const SHORT: Duration = Duration::from_millis(300);
/// Enough for what comes of a reply to be read, too.
const LONGER: Duration = Duration::from_millis(1200);

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    let silent = |name, end, steps: fn() -> Vec<Step>| {
        let expected = || Expected::told(&[Told::MaybeSent, Told::NotSent]);
        Scenario::steps(name, wire, end, move |_| (steps(), expected())).within(SHORT)
    };
    let begun = |name, length: fn(&str) -> usize, more: fn() -> Step| {
        Scenario::steps(name, wire, End::Stall, move |it| {
            let text = it.kind.success();
            let body = text.get(..length(&text)).unwrap_or_default();
            let begun = reply_announcing(200, "application/json", 100_000, body);
            let expected = Expected::told(&[Told::Answered]).with_status(200);
            let has_code = it.kind.brings_a_code() && body == text;
            let expected = if has_code { expected.with_code() } else { expected };
            (vec![Step::ReadRequest, Step::Write(begun), more()], expected)
        })
        .within(LONGER)
    };
    vec![
        silent("no reply", End::Close, || vec![Step::ReadToEnd]),
        silent("nothing is read", End::Stall, Vec::new),
        silent("half a head, then nothing", End::Stall, || {
            vec![Step::ReadRequest, Step::Write(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec())]
        }),
        begun("a head, then nothing", |_| 0, || Step::ReadToEnd),
        begun("a code, then nothing", str::len, || Step::ReadToEnd),
        begun("a code, then a space at times, without end", str::len, || Step::Trickle {
            bytes: vec![b' '; 1000],
            pause: Duration::from_millis(50),
        }),
    ]
    .into_iter()
    .map(|scenario| scenario.of(Kind::USUAL))
    .collect()
}
