//! The figures as one table.

use std::fmt::Write;

use super::{CLOSEST, Counts, Failure, Measured};

/// What is shown of a subject, and how it is worked out from its scenarios. Not every library can be asked for the
/// answer alone, so that it is what the whole call costs beyond its beginning.
const PARTS: [(&str, &str, bool); 5] = [
    ("begin", "begin", false),
    ("answer, success", "success", true),
    ("answer, error", "error", true),
    ("both, success", "success", false),
    ("both, error", "error", false),
];

pub(super) fn of(measured: &Measured) -> String {
    let mut table = String::new();
    let mut line = |cells: [&str; 6]| {
        let [part, subject, instructions, ratio, allocations, reallocations] = cells;
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{part:15}  {subject:14}  {instructions:>12}  {ratio:>9}  {allocations:>11}  {reallocations:>13}"
        );
    };
    line(["", "", "instructions", "to oauth2", "allocations", "reallocations"]);
    for (part, scenario, is_answer) in PARTS {
        for subject in measured.subjects() {
            let cells = cells(measured, subject, scenario, is_answer);
            let [instructions, ratio, allocations, reallocations] =
                cells.unwrap_or_else(|reason| [reason, String::new(), String::new(), String::new()]);
            line([part, subject, &instructions, &ratio, &allocations, &reallocations]);
        }
    }
    table
}

fn cells(
    measured: &Measured,
    subject: &str,
    scenario: &str,
    is_answer: bool,
) -> Result<[String; 4], Failure> {
    let of = |subject| -> Result<Counts, Failure> {
        let whole = measured.get(subject, scenario)?;
        Ok(if is_answer { whole.beyond(measured.get(subject, "begin")?) } else { whole })
    };
    let (counts, peer) = (of(subject)?, of(CLOSEST)?);
    let ratio = counts.instructions * 100 / peer.instructions.max(1);
    Ok([
        counts.instructions.to_string(),
        format!("{}.{:02}", ratio / 100, ratio % 100),
        counts.allocations.to_string(),
        counts.reallocations.to_string(),
    ])
}
