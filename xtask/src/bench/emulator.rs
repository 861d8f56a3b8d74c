//! `cargo xtask bench emulator`: what the emulator makes of the recovery-code grant, and how fast it is served.
//!
//! Instructions and allocations are those of `Tenant::handle`, each grant with the code that the one before brought.
//! Throughput is that of `EmulatorServer`, in hundredths of a bare hyper server's which answers a constant of the same
//! size: the same client calls both in turns, so that no time is claimed.

use std::path::PathBuf;
use std::process::Command;

use super::counts::{Counts, baseline_callgrind, total_of};
use super::figures::{decimal, median, numbers, ratio};
use super::golden::Golden;
use crate::command::{Failure, cargo, run as run_program, target, text};

/// What callgrind collects: all that is under the function of this name.
const COUNTED: &str = "--toggle-collect=bench_emulator::counted*";

/// How many grants are counted, twice: what the second half takes is without what only the first one does.
const GRANTS: u64 = 100;

/// Requests in flight, each on a connection of its own that stays open.
const IN_FLIGHT: usize = 16;

/// How often each server has its turn, and for how many milliseconds.
const TURNS: usize = 21;
const TURN: usize = 200;

/// What a grant with opaque tokens may take at most.
const MOST_INSTRUCTIONS: u64 = 40_000;

/// Hundredths of bare hyper's throughput.
const LEAST_THROUGHPUT: u64 = 40;

struct Measured {
    opaque: Counts,
    jwt: Counts,
    /// How many requests each server answered in its turns, at the middle.
    emulator: u64,
    bare: u64,
}

/// Measures, prints, and checks the bars and the golden figures, or writes these anew. What signing adds has no bar,
/// and is not golden: it is `ring`'s, which does not do the same on every processor.
pub(super) fn run(bless: bool) -> Result<(), Failure> {
    build()?;
    let measured = measure()?;
    print!("{}", measured.table());
    let missed = measured.missed();
    if !missed.is_empty() {
        return Err(missed.join("\n"));
    }
    println!("bench: the bars hold");
    Golden::of([("opaque".to_owned(), measured.opaque)])?.settle("emulator", bless)
}

impl Measured {
    fn served(&self) -> u64 {
        ratio(self.emulator, self.bare)
    }

    fn table(&self) -> String {
        let head =
            format!("{:31}  {:>12}  {:>11}  {:>13}", "", "instructions", "allocations", "reallocations");
        let line = |name: &str, counts: Counts| {
            let Counts { instructions, allocations, reallocations } = counts;
            format!("{name:31}  {instructions:>12}  {allocations:>11}  {reallocations:>13}")
        };
        let lines = [
            head,
            line("handle, opaque tokens", self.opaque),
            line("handle, signed tokens", self.jwt),
            line("of which signing", self.jwt.beyond(self.opaque)),
            format!("served, {IN_FLIGHT} in flight, to bare hyper: {}", decimal(self.served())),
        ];
        lines.map(|line| line + "\n").concat()
    }

    /// A sentence for each bar that does not hold.
    fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        let instructions = self.opaque.instructions;
        if instructions >= MOST_INSTRUCTIONS {
            missed.push(format!("handle: {instructions} instructions, not under {MOST_INSTRUCTIONS}"));
        }
        if self.served() < LEAST_THROUGHPUT {
            let [served, least] = [self.served(), LEAST_THROUGHPUT].map(decimal);
            missed.push(format!("served: {served} of bare hyper's throughput, less than {least}"));
        }
        missed
    }
}

fn measure() -> Result<Measured, Failure> {
    let (opaque, jwt) = (counts("opaque")?, counts("jwt")?);
    let numbers_of_run = [IN_FLIGHT, TURNS, TURN].map(|number| number.to_string());
    let told = text(program("throughput").args(numbers_of_run))?;
    let turns: Vec<[u64; 2]> = told.lines().map(numbers).collect::<Result<_, _>>()?;
    let middle = |of: fn(&[u64; 2]) -> u64| median(turns.iter().map(of).collect());
    Ok(Measured { opaque, jwt, emulator: middle(|[it, _]| *it), bare: middle(|[_, it]| *it) })
}

/// What one grant takes with tokens of this form.
fn counts(tokens: &str) -> Result<Counts, Failure> {
    let (half, whole) = (counts_of(tokens, GRANTS)?, counts_of(tokens, 2 * GRANTS)?);
    let Counts { instructions, allocations, reallocations } = whole.beyond(half);
    // A list that grows once in a while is no part of each.
    let each = |total: u64| total / GRANTS;
    Ok(Counts {
        instructions: each(instructions),
        allocations: each(allocations),
        reallocations: each(reallocations),
    })
}

fn counts_of(tokens: &str, grants: u64) -> Result<Counts, Failure> {
    let arguments = [tokens.to_owned(), grants.to_string()];
    let told = text(program("allocations").args(&arguments))?;
    let [allocations, reallocations] = numbers(&told)?;
    // The longer one is left there, for `callgrind_annotate`.
    let profile = folder().join(format!("callgrind.{tokens}"));
    let mut callgrind = baseline_callgrind(&profile);
    text(callgrind.arg(COUNTED).arg(program("instructions").get_program()).args(&arguments))?;
    Ok(Counts { instructions: total_of(&profile)?, allocations, reallocations })
}

fn build() -> Result<(), Failure> {
    let manifest = "benches/emulator/Cargo.toml";
    run_program(
        cargo(&["build", "--quiet", "--locked", "--release", "--manifest-path", manifest])
            .env("CARGO_TARGET_DIR", folder())
            .env_remove("RUSTFLAGS"),
    )
}

fn program(name: &str) -> Command {
    Command::new(folder().join("release").join(name))
}

fn folder() -> PathBuf {
    target().join("bench-emulator")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(instructions: u64, emulator: u64) -> Measured {
        let opaque = Counts { instructions, ..Counts::default() };
        Measured { opaque, jwt: Counts::default(), emulator, bare: 1_000 }
    }

    #[test]
    fn each_bar_is_missed_by_one_more_than_it_allows() {
        for (instructions, emulator, count) in
            [(39_999, 400, 0), (40_000, 400, 1), (39_999, 394, 1), (40_000, 0, 2)]
        {
            let missed = measured(instructions, emulator).missed();
            assert_eq!(missed.len(), count, "{missed:?}");
        }
    }

    #[test]
    fn signing_is_shown_apart() {
        let opaque = Counts { instructions: 30_000, allocations: 30, reallocations: 1 };
        let jwt = Counts { instructions: 930_007, allocations: 41, reallocations: 3 };
        let table = Measured { opaque, jwt, emulator: 55, bare: 100 }.table();
        let cells: Vec<&str> = table.lines().nth(3).expect("a line").split_whitespace().collect();
        assert_eq!(cells, ["of", "which", "signing", "900007", "11", "2"]);
        assert!(table.ends_with("to bare hyper: 0.55\n"), "{table}");
    }
}
