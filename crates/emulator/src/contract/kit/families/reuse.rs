//! A connection that was used before, and is closed while it lies idle, or at the moment of its next use.

use std::time::Duration;

use super::super::super::{End, Script, Step};
use super::super::call::{Kind, Told};
use super::super::scenario::{Expected, Play, Scenario, Situation, Wire};
use auth0_mfa_core::Replay;

/// How many moments are tried in one round.
const MOMENTS: usize = 20;
/// How far the moments lie apart.
const STEP: Duration = Duration::from_micros(40);

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    let after = |name, end, more: fn(&Situation<'_>) -> Vec<Step>| {
        let play = move |it: &Situation<'_>| {
            let steps = [vec![Step::ReadRequest, Step::Write(it.success())], more(it)].concat();
            Play { scripts: vec![Script::new(steps, end)], expected: expected(it.kind) }
        };
        Scenario::new(name, wire, play).reuse()
    };
    let racing = |name, end| after(name, end, at_some_moment).variants(|_| MOMENTS);
    vec![
        Scenario::steps("a connection is used again", wire, End::Repeat, |it| {
            (vec![Step::ReadRequest, Step::Write(it.success())], Expected::success(it.kind))
        })
        .reuse()
        .no_fault(),
        racing("idle connection closed at the moment of reuse", End::Close),
        racing("idle connection reset at the moment of reuse", End::Reset),
        after("reused connection closed at the 1st byte", End::Close, |_| vec![Step::ReadExactly(1)]),
        after("reused connection reset at the 1st byte", End::Reset, |_| vec![Step::ReadExactly(1)]),
        after("reused connection closed after the request", End::Close, |_| vec![Step::ReadRequest]),
        after("reused connection reset after the request", End::Reset, |_| vec![Step::ReadRequest]),
    ]
}

fn at_some_moment(it: &Situation<'_>) -> Vec<Step> {
    let moment = STEP.saturating_mul(u32::try_from(it.variant).unwrap_or(u32::MAX));
    if moment.is_zero() { Vec::new() } else { vec![Step::Pause(moment)] }
}

/// What is single-use has a connection of its own, and so no part in all this.
fn expected(kind: Kind) -> Expected {
    match kind.replay() {
        Replay::SingleUse => Expected::success(kind),
        Replay::Once | Replay::Safe | _ => Expected::told(&[Told::Ok, Told::MaybeSent, Told::NotSent]),
    }
}
