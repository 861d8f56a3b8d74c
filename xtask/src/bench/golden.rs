//! The figures that are committed, and how far they may be from those of now.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use super::{Counts, Failure};
use crate::command::{root, text};

/// Percent by which instructions may differ. Allocations may not.
const SLACK: u64 = 5;

/// Our own figures, and the compiler that they are of.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Golden {
    compiler: String,
    scenarios: Vec<(String, Counts)>,
}

impl Golden {
    pub(super) fn of(scenarios: impl IntoIterator<Item = (String, Counts)>) -> Result<Self, Failure> {
        Ok(Self { compiler: compiler()?, scenarios: scenarios.into_iter().collect() })
    }

    /// Compares these figures with those of a bench, or writes them in their place.
    pub(super) fn settle(&self, bench: &str, bless: bool) -> Result<(), Failure> {
        let file = root().join(format!("xtask/src/bench/{bench}.golden"));
        if bless {
            return self.write(&file);
        }
        let differences = Self::read(&file)?.differences(self);
        if differences.is_empty() {
            return Ok(());
        }
        let differences = differences.join("\n");
        Err(format!(
            "{differences}\nif that is meant: cargo xtask bench {bench} --bless, and commit the file"
        ))
    }

    fn read(file: &Path) -> Result<Self, Failure> {
        let read = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        Self::parse(&read).ok_or_else(|| format!("{} cannot be read", file.display()))
    }

    fn write(&self, file: &Path) -> Result<(), Failure> {
        std::fs::write(file, self.render()).map_err(|error| format!("{}: {error}", file.display()))?;
        println!("bench: {} is written", file.display());
        Ok(())
    }

    /// A sentence for each figure that is not what it was. Instructions are those of one compiler: with another they
    /// are not compared, and a line says so.
    fn differences(&self, now: &Self) -> Vec<String> {
        let is_same_compiler = self.compiler == now.compiler;
        if !is_same_compiler {
            eprintln!(
                "bench: instructions are NOT COMPARED: the golden ones are of {}, these of {}",
                self.compiler, now.compiler
            );
        }
        let names = |golden: &Self| golden.scenarios.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        if names(self) != names(now) {
            return vec![format!("scenarios were {:?} and are {:?}", names(self), names(now))];
        }
        let mut differences = Vec::new();
        for ((name, then), (_, now)) in self.scenarios.iter().zip(&now.scenarios) {
            if is_same_compiler && is_beyond_slack(then.instructions, now.instructions) {
                differences.push(format!(
                    "{name}: {} instructions, which were {}: more than {SLACK} % apart",
                    now.instructions, then.instructions
                ));
            }
            if (then.allocations, then.reallocations) != (now.allocations, now.reallocations) {
                differences.push(format!(
                    "{name}: {} allocations and {} reallocations, which were {} and {}",
                    now.allocations, now.reallocations, then.allocations, then.reallocations
                ));
            }
        }
        differences
    }

    fn render(&self) -> String {
        let mut text = format!("{}\n", self.compiler);
        for (name, Counts { instructions, allocations, reallocations }) in &self.scenarios {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name} {instructions} {allocations} {reallocations}");
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let compiler = lines.next()?.to_owned();
        let scenario = |line: &str| {
            let (name, figures) = line.split_once(' ')?;
            let figures: Vec<u64> = figures.split(' ').map(|it| it.parse().ok()).collect::<Option<_>>()?;
            let [instructions, allocations, reallocations] = figures.try_into().ok()?;
            Some((name.to_owned(), Counts { instructions, allocations, reallocations }))
        };
        Some(Self { compiler, scenarios: lines.map(scenario).collect::<Option<_>>()? })
    }
}

fn is_beyond_slack(then: u64, now: u64) -> bool {
    then.abs_diff(now) * 100 > then * SLACK
}

/// Version and host: instructions are another machine's on another architecture.
fn compiler() -> Result<String, Failure> {
    let told = text(Command::new("rustc").arg("-vV").current_dir(root()))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or("an unknown host");
    Ok(format!("{} {host}", told.lines().next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn golden(compiler: &str, instructions: u64, allocations: u64) -> Golden {
        let counts = Counts { instructions, allocations, reallocations: 0 };
        Golden { compiler: compiler.to_owned(), scenarios: vec![("success".to_owned(), counts)] }
    }

    #[test]
    fn what_is_written_reads_back() {
        let golden = golden("rustc 1.85.0 (hash date) x86_64-unknown-linux-gnu", 40_000, 9);
        assert_eq!(Golden::parse(&golden.render()), Some(golden));
        for broken in ["", "rustc\nsuccess 1 2", "rustc\nsuccess 1 2 x", "rustc\nsuccess"] {
            assert_eq!(Golden::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn instructions_may_differ_by_five_percent_and_allocations_by_nothing() {
        let then = golden("rustc", 40_000, 9);
        for (instructions, allocations, count) in
            [(42_000, 9, 0), (38_000, 9, 0), (42_001, 9, 1), (37_999, 9, 1), (40_000, 10, 1), (40_000, 8, 1)]
        {
            let differences = then.differences(&golden("rustc", instructions, allocations));
            assert_eq!(differences.len(), count, "{differences:?}");
        }
    }

    #[test]
    fn with_another_compiler_allocations_are_compared_all_the_same() {
        let then = golden("rustc 1", 40_000, 9);
        assert!(then.differences(&golden("rustc 2", 90_000, 9)).is_empty());
        assert_eq!(then.differences(&golden("rustc 2", 90_000, 10)).len(), 1);
    }

    #[test]
    fn a_scenario_that_is_gone_is_a_difference() {
        let none = Golden { compiler: "rustc".to_owned(), scenarios: Vec::new() };
        assert_eq!(golden("rustc", 1, 1).differences(&none).len(), 1);
    }
}
