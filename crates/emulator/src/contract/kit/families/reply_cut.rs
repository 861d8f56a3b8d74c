//! The reply is cut, at each of its bytes.

use std::time::Duration;

use super::super::super::{End, Script, Step, reply, reply_announcing};
use super::super::call::{Kind, NEW_CODE, Told};
use super::super::scenario::{Expected, Play, Scenario, Situation, Wire};

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    let cut = |name, end, expected: fn(&Situation<'_>) -> Expected| {
        let play = move |it: &Situation<'_>| Play {
            scripts: vec![Script::new([Step::ReadRequest, Step::Write(beginning(it))], end)],
            expected: expected(it),
        };
        Scenario::new(name, wire, play).variants(bytes)
    };
    let mut scenarios = vec![
        Scenario::answer("a whole reply", wire, |it| (it.success(), Expected::success(it.kind))).no_fault(),
        Scenario::steps("a reply byte by byte", wire, End::Close, |it| {
            let trickle = Step::Trickle { bytes: it.success(), pause: Duration::ZERO };
            (vec![Step::ReadRequest, trickle], Expected::success(it.kind))
        }),
        cut("a reply closed at each byte", End::Close, what_was_sent),
        cut("a reply reset at each byte", End::Reset, whatever_is_true),
        Scenario::answer("a reply of which the code is cut", wire, |it| {
            let text = it.kind.success();
            let body = text.get(..text.len().min(22)).unwrap_or_default();
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(body);
            (reply_announcing(200, "application/json", text.len() as u64, body), expected)
        }),
    ];
    if wire == Wire::Tls {
        scenarios.push(cut("a reply cut without close_notify at each byte", End::Truncate, what_was_sent));
    }
    scenarios
}

fn short(kind: Kind) -> Vec<u8> {
    reply(200, "application/json", kind.success())
}

fn bytes(kind: Kind) -> usize {
    short(kind).len()
}

/// The first bytes, as many as the number of the variant.
fn beginning(it: &Situation<'_>) -> Vec<u8> {
    let mut bytes = it.success();
    bytes.truncate(it.variant);
    bytes
}

/// What was written before an orderly end arrives, and is handed over as soon as its head is whole.
fn what_was_sent(it: &Situation<'_>) -> Expected {
    let head = bytes(it.kind) - it.kind.success().len();
    let Some(length) = it.variant.checked_sub(head) else { return Expected::no_reply() };
    let text = it.kind.success();
    let body = text.get(..length).unwrap_or_default();
    let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(body);
    // Behind the code is the quotation mark that says that it is whole.
    if body.contains(&format!("{NEW_CODE}\"")) { expected.with_code() } else { expected }
}

/// A reset can overtake what was written before it.
fn whatever_is_true(_: &Situation<'_>) -> Expected {
    Expected::told(&[Told::Answered, Told::MaybeSent])
}
