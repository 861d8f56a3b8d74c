//! All scenarios, by family.

mod framing;
mod handshake;
mod limits;
mod reply_cut;
mod request_cut;
mod reuse;
mod statuses;
mod unreachable;
mod waiting;

use super::scenario::{Scenario, Wire};

/// Every scenario of the kit, over both wires.
pub fn scenarios() -> Vec<Scenario> {
    let families: [fn(Wire) -> Vec<Scenario>; 9] = [
        unreachable::scenarios,
        handshake::scenarios,
        request_cut::scenarios,
        reply_cut::scenarios,
        framing::scenarios,
        statuses::scenarios,
        limits::scenarios,
        waiting::scenarios,
        reuse::scenarios,
    ];
    let wires = [Wire::Plain, Wire::Tls];
    wires.iter().flat_map(|wire| families.iter().flat_map(|family| family(*wire))).collect()
}
