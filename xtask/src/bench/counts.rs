//! Building the programs of `benches/core`, and counting.

use std::path::Path;
use std::process::Command;

use super::Failure;
use crate::command::{cargo, root, run, text};

/// What callgrind collects: all that is under the function of this name.
const COUNTED: &str = "--toggle-collect=bench_core::counted*";

/// Without what only some processors have: figures are the same on all of them, and callgrind takes a string
/// instruction for as many as it repeats.
const BASELINE: (&str, &str) = ("GLIBC_TUNABLES", "glibc.cpu.hwcaps=-ERMS,-AVX2,-AVX_Fast_Unaligned_Load");

/// What one scenario of one subject costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) instructions: u64,
    pub(super) allocations: u64,
    pub(super) reallocations: u64,
}

impl Counts {
    /// What these cost beyond those.
    pub(super) fn beyond(self, those: Self) -> Self {
        Self {
            instructions: self.instructions.saturating_sub(those.instructions),
            allocations: self.allocations.saturating_sub(those.allocations),
            reallocations: self.reallocations.saturating_sub(those.reallocations),
        }
    }
}

/// One scenario of one subject: `begin`, or a call that ends in `success` or in `error`.
pub(super) struct Row {
    pub(super) subject: String,
    pub(super) scenario: String,
    pub(super) counts: Counts,
}

/// Every scenario of every subject.
pub(super) struct Measured(pub(super) Vec<Row>);

impl Measured {
    pub(super) fn get(&self, subject: &str, scenario: &str) -> Result<Counts, Failure> {
        let row = self.0.iter().find(|row| row.subject == subject && row.scenario == scenario);
        row.map(|row| row.counts).ok_or_else(|| format!("{subject} has no scenario {scenario}"))
    }

    /// Each subject once, in their order.
    pub(super) fn subjects(&self) -> Vec<&str> {
        let mut subjects: Vec<&str> = self.0.iter().map(|row| row.subject.as_str()).collect();
        subjects.dedup();
        subjects
    }
}

/// Makes sure that there is valgrind or strace: each is a package of the same name.
pub(super) fn bring(tool: &str) -> Result<(), Failure> {
    let is_there = || text(Command::new(tool).arg("--version"));
    if is_there().is_ok() {
        return Ok(());
    }
    println!("bench: installing {tool}");
    text(Command::new("apt-get").args(["update", "-qq"]))?;
    text(Command::new("apt-get").args(["install", "-y", "-qq", tool]))?;
    is_there().map(drop)
}

/// Counts every scenario: the program of the allocations says which there are.
pub(super) fn measure() -> Result<Measured, Failure> {
    build()?;
    let lines = text(&mut program("allocations"))?;
    lines.lines().map(row).collect::<Result<_, _>>().map(Measured)
}

fn build() -> Result<(), Failure> {
    run(cargo(&["build", "--quiet", "--locked", "--release", "--manifest-path", "benches/core/Cargo.toml"])
        .env("CARGO_TARGET_DIR", target())
        .env_remove("RUSTFLAGS"))
}

/// `<subject> <scenario> <allocations> <reallocations>`, and the instructions of the same.
fn row(line: &str) -> Result<Row, Failure> {
    let odd = || format!("not a line of counts: {line}");
    let [subject, scenario, allocations, reallocations] =
        <[&str; 4]>::try_from(line.split(' ').collect::<Vec<_>>()).map_err(|_| odd())?;
    let counts = Counts {
        instructions: instructions(subject, scenario)?,
        allocations: allocations.parse().map_err(|_| odd())?,
        reallocations: reallocations.parse().map_err(|_| odd())?,
    };
    Ok(Row { subject: subject.to_owned(), scenario: scenario.to_owned(), counts })
}

fn instructions(subject: &str, scenario: &str) -> Result<u64, Failure> {
    let profile = target().join(format!("callgrind.{subject}.{scenario}"));
    let mut callgrind = baseline_callgrind(&profile);
    callgrind.arg(COUNTED).arg(program("instructions").get_program()).args([subject, scenario]);
    text(&mut callgrind)?;
    total_of(&profile)
}

/// callgrind, to be told what to run. It takes a string instruction, by which the machine fills and copies more than a
/// few kilobytes, for as many as it repeats.
pub(super) fn callgrind(profile: &Path) -> Command {
    let mut callgrind = Command::new("valgrind");
    callgrind.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", profile.display()));
    callgrind
}

/// callgrind as if on a plain processor.
pub(super) fn baseline_callgrind(profile: &Path) -> Command {
    let mut callgrind = callgrind(profile);
    callgrind.env(BASELINE.0, BASELINE.1);
    callgrind
}

/// The instructions that a profile is of.
pub(super) fn total_of(profile: &Path) -> Result<u64, Failure> {
    let profile = std::fs::read_to_string(profile).map_err(|error| format!("no profile: {error}"))?;
    total(&profile).filter(|total| *total > 0).ok_or_else(|| "callgrind collected nothing".to_owned())
}

/// The total that a profile of callgrind ends with.
fn total(profile: &str) -> Option<u64> {
    profile.lines().rev().find_map(|line| line.strip_prefix("totals: "))?.trim().parse().ok()
}

fn program(name: &str) -> Command {
    Command::new(target().join("release").join(name))
}

fn target() -> std::path::PathBuf {
    root().join("target/bench-core")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_at_the_end_of_a_profile() {
        assert_eq!(total("version: 1\nfn=x\n12 40\n\ntotals: 38688\n"), Some(38688));
        assert_eq!(total("version: 1\n"), None);
    }

    #[test]
    fn a_line_that_is_none_of_counts_is_refused() {
        for line in ["", "oauth2 begin 8", "oauth2 begin 8 6 1"] {
            assert!(row(line).is_err(), "{line}");
        }
    }
}
