//! What a call may cost at most.

use super::{CLOSEST, Failure, Measured, OURS};

/// Hundredths of the instructions of the closest peer, wiping included.
const MOST_INSTRUCTIONS: u64 = 80;

/// The body, two for the headers, five texts of the reply and the request's identifier.
const MOST_ALLOCATIONS: u64 = 9;

/// A sentence for each bar that a whole call does not hold.
pub(super) fn missed(measured: &Measured) -> Result<Vec<String>, Failure> {
    let mut missed = Vec::new();
    for scenario in ["success", "error"] {
        let (ours, peer) = (measured.get(OURS, scenario)?, measured.get(CLOSEST, scenario)?);
        if ours.instructions * 100 > peer.instructions * MOST_INSTRUCTIONS {
            missed.push(format!(
                "{scenario}: {} instructions, more than {MOST_INSTRUCTIONS} % of {CLOSEST}'s {}",
                ours.instructions, peer.instructions
            ));
        }
        if ours.allocations > MOST_ALLOCATIONS {
            missed
                .push(format!("{scenario}: {} allocations, more than {MOST_ALLOCATIONS}", ours.allocations));
        }
        // A reallocation leaves a copy behind that is not wiped.
        if ours.reallocations > 0 {
            missed.push(format!("{scenario}: {} reallocations, and there is to be none", ours.reallocations));
        }
    }
    Ok(missed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::counts::{Counts, Row};

    fn measured(instructions: u64, allocations: u64, reallocations: u64) -> Measured {
        let row = |subject: &str, scenario: &str, counts| Row {
            subject: subject.to_owned(),
            scenario: scenario.to_owned(),
            counts,
        };
        let ours = Counts { instructions, allocations, reallocations };
        let peer = Counts { instructions: 1_000, allocations: 33, reallocations: 6 };
        Measured(vec![
            row(OURS, "success", ours),
            row(OURS, "error", Counts::default()),
            row(CLOSEST, "success", peer),
            row(CLOSEST, "error", peer),
        ])
    }

    #[test]
    fn each_bar_is_missed_by_one_more_than_it_allows() {
        for (instructions, allocations, reallocations, count) in [
            (800, MOST_ALLOCATIONS, 0, 0),
            (801, MOST_ALLOCATIONS, 0, 1),
            (800, MOST_ALLOCATIONS + 1, 0, 1),
            (800, MOST_ALLOCATIONS, 1, 1),
            (900, 99, 9, 3),
        ] {
            let missed = missed(&measured(instructions, allocations, reallocations)).expect("both are there");
            assert_eq!(missed.len(), count, "{missed:?}");
        }
    }

    #[test]
    fn a_subject_that_was_not_counted_is_a_failure() {
        assert!(missed(&Measured(Vec::new())).is_err());
    }
}
