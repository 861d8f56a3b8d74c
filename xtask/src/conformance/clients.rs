//! `cargo xtask conformance --clients`: published clients, each through the whole story over TLS against the emulator.
//!
//! They are installed into `target/clients`. What a client does not do, or does wrong, is written down in [`sdks`] and
//! [`samples`] with the reason; a cell that is not as it is written down is a failure, for better or worse.

mod driver;
mod install;
mod known;
mod replay;
mod sample;
mod samples;
mod sdk;
mod sdks;
mod stage;

use super::report::{Failure, Report, table};
use known::{Cell, Known};
use stage::Stage;

/// Runs all clients that can be run here.
pub(crate) fn run() -> Report {
    let mut report = Report::default();
    let folder = match install::folder() {
        Ok(folder) => folder,
        Err(reason) => {
            report.fail(Failure::new("target/clients", "cannot be made", vec![reason]));
            return report;
        }
    };
    let stage = match Stage::set(&folder) {
        Ok(stage) => stage,
        Err(reason) => {
            report.fail(Failure::new("the emulator", "does not start", vec![reason]));
            return report;
        }
    };
    sdks::check(&stage, &mut report);
    samples::check(&stage, &mut report);
    report
}

/// One line of a table: what was seen beside what is known, or why there is nothing to see.
struct Row {
    client: String,
    /// Run, or replayed.
    how: String,
    seen: Result<Vec<Cell>, String>,
}

fn section(title: &str, steps: &[&str], rows: &[(Row, &[Known])], report: &mut Report) {
    let mut lines = Vec::new();
    let mut notes = Vec::new();
    for (row, known) in rows {
        let mut line = vec![row.client.clone(), row.how.clone()];
        match &row.seen {
            Ok(cells) => {
                for (index, step) in steps.iter().enumerate() {
                    line.push(judged(row, step, cells.get(index), known.get(index), &mut notes, report));
                }
            }
            Err(reason) => {
                line.extend(steps.iter().map(|_| "SKIPPED".to_owned()));
                report.remark(format!("{} was SKIPPED: {reason}", row.client));
            }
        }
        lines.push(line);
    }
    let head: Vec<&str> = ["client", "how"].into_iter().chain(steps.iter().copied()).collect();
    let notes: String = notes.iter().enumerate().map(|(n, note)| format!("  [{}] {note}\n", n + 1)).collect();
    report.section(title, &format!("{}{notes}", table(&head, &lines)));
}

/// A cell as it is printed. It is a failure when it is not what is known of the client.
fn judged(
    row: &Row,
    step: &str,
    seen: Option<&Cell>,
    known: Option<&Known>,
    notes: &mut Vec<String>,
    report: &mut Report,
) -> String {
    let (Some(seen), Some(known)) = (seen, known) else { return "?".to_owned() };
    let differences = report.checked(|| known.differences(seen));
    if !differences.is_empty() {
        report.fail(Failure::new(&row.client, step, differences));
        return "FAILED".to_owned();
    }
    let (word, reason) = match known {
        Known::Ok => return "ok".to_owned(),
        Known::Not(reason) => ("-", reason),
        Known::Defect { reason, .. } => ("defect", reason),
    };
    let place = notes.iter().position(|note| note == reason).unwrap_or_else(|| {
        notes.push((*reason).to_owned());
        notes.len() - 1
    });
    format!("{word} [{}]", place + 1)
}
