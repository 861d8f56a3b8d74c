//! The connection ends while the request is under way, or before it is answered.

use super::super::super::{End, Step};
use super::super::call::{Kind, Told};
use super::super::scenario::{Expected, Scenario, Situation, Wire};

/// Where the server stops to read, in words, and the steps that get there.
type Cut = (&'static str, &'static [Kind], fn(&Situation<'_>) -> Vec<Step>);

const CUTS: [Cut; 6] = [
    ("1 byte of the request", Kind::USUAL, |_| vec![Step::ReadExactly(1)]),
    ("40 bytes of headers", Kind::USUAL, |_| vec![Step::ReadExactly(40)]),
    ("the headers", Kind::USUAL, |_| vec![Step::ReadHead]),
    ("half of the body", Kind::WITH_BODY, |it| vec![Step::ReadHead, Step::ReadExactly(it.body_length / 2)]),
    ("all but the last byte", Kind::WITH_BODY, |it| {
        vec![Step::ReadHead, Step::ReadExactly(it.body_length - 1)]
    }),
    ("the last byte", Kind::USUAL, |_| vec![Step::ReadRequest]),
];

const ENDS: [(End, &str); 3] =
    [(End::Close, "closed"), (End::Abandon, "closed with bytes unread"), (End::Reset, "reset")];

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    ENDS.iter().flat_map(|&(end, ended)| ended_so(wire, end, ended)).collect()
}

fn ended_so(wire: Wire, end: End, ended: &str) -> Vec<Scenario> {
    // Whether any of it was handed to the network by then is a race, and must be told truly.
    let at_accept = Scenario::steps(format!("{ended} at accept"), wire, end, |_| {
        (Vec::new(), Expected::told(&[Told::NotSent, Told::MaybeSent]))
    });
    let after = CUTS.map(|(place, calls, steps)| {
        let name = format!("{ended} after {place}");
        Scenario::steps(name, wire, end, move |it| (steps(it), Expected::no_reply())).of(calls)
    });
    std::iter::once(at_accept).chain(after).collect()
}
