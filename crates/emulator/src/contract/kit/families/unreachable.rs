//! Nobody is there: it was not sent, by proof.

use std::time::Duration;

use super::super::call::Told;
use super::super::scenario::{Expected, Place, Scenario, Wire};
use super::super::subject::Ability;

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    let not_sent = || Expected::told(&[Told::NotSent]);
    let mut black_hole = Scenario::at("connect: black hole", wire, Place::BlackHole, not_sent());
    black_hole.terms.connect_timeout = Duration::from_millis(300);
    black_hole.is_slow = true;
    let mut scenarios = vec![
        Scenario::at("port closed", wire, Place::ClosedPort, not_sent()),
        black_hole.needs(Ability::TimeLimits),
    ];
    // Without TLS there is no other name than that of loopback.
    if wire == Wire::Tls {
        scenarios.push(Scenario::at("name unknown", wire, Place::NoSuchName, not_sent()));
    }
    scenarios
}
