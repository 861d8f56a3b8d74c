//! `cargo xtask fuzz`: the fuzz targets in `fuzz/`, with seeds from the corpus.
//!
//! Without a sanitizer, since `unsafe` is forbidden in every crate here, and without tracing of comparisons, since the
//! seeds and the dictionary have the words: that makes several times as many executions.

mod seeds;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread;

use crate::command::{Failure, cargo, missing, output, root, run, text};

/// How the targets are built: the same for each command, or they are built anew.
const BUILD: [&str; 7] =
    ["--fuzz-dir", "fuzz", "--sanitizer", "none", "--no-trace-compares", "--codegen-units", "4"];

/// Replies and requests of this API are short.
const MOST_BYTES: usize = 4096;

/// How long each target runs as a part of `ci`.
const SECONDS_IN_CI: u64 = 20;

/// When a target ends.
#[derive(Clone, Copy)]
pub(crate) enum Until {
    Seconds(u64),
    Runs(u64),
}

/// A short run of each as a part of `ci`; a machine without a nightly toolchain leaves it out with a line that says so.
pub(crate) fn check() -> Result<(), Failure> {
    fuzz(None, Until::Seconds(SECONDS_IN_CI))
}

/// Builds the targets and runs them, or the one that is named.
pub(crate) fn fuzz(only: Option<&str>, until: Until) -> Result<(), Failure> {
    if !has_nightly() {
        return Err(missing("there is no nightly toolchain: rustup toolchain install nightly"));
    }
    if !output(&mut nightly(&["fuzz", "--version"]))?.status.success() {
        // It starts others, which take the time: it is not worth an optimised build.
        run(&mut cargo(&["install", "cargo-fuzz", "--locked", "--debug"]))?;
    }
    let targets = targets(only)?;
    seeds::write(&targets).map_err(|error| format!("the seeds could not be written: {error}"))?;
    run(nightly(&["fuzz", "build"]).args(BUILD))?;

    let mut ran = run_all(&targets, until)?;
    ran.sort_by_key(|ran| targets.iter().position(|target| *target == ran.target));
    println!("{}", table(&ran));
    let crashes: Vec<String> = ran.iter().filter_map(Ran::failure).collect();
    if crashes.is_empty() { Ok(()) } else { Err(crashes.join("\n")) }
}

/// Cargo of the nightly toolchain. The variable is that of the toolchain that runs this.
fn nightly(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).args(arguments).current_dir(root()).env_remove("CARGO");
    command
}

fn has_nightly() -> bool {
    text(&mut nightly(&["--version"])).is_ok()
}

/// The names of the files in `fuzz/fuzz_targets`.
fn targets(only: Option<&str>) -> Result<Vec<String>, Failure> {
    let folder = root().join("fuzz/fuzz_targets");
    let files =
        fs::read_dir(&folder).map_err(|error| format!("{} has no targets: {error}", folder.display()))?;
    let name = |file: &Path| Some(file.file_stem()?.to_str()?.to_owned());
    let mut targets: Vec<String> = files.flatten().filter_map(|file| name(&file.path())).collect();
    targets.sort();
    match only {
        None => Ok(targets),
        Some(only) if targets.iter().any(|target| target == only) => Ok(vec![only.to_owned()]),
        Some(only) => Err(format!("there is no target {only}; there are: {}", targets.join(", "))),
    }
}

/// As many targets at a time as there are cores.
fn run_all(targets: &[String], until: Until) -> Result<Vec<Ran>, Failure> {
    let (waiting, ran) = (Mutex::new(targets.iter()), Mutex::new(Vec::new()));
    let next = || waiting.lock().ok()?.next();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from).min(targets.len()) {
            scope.spawn(|| {
                while let Some(target) = next() {
                    println!("fuzz: {target} runs");
                    let it = run_one(target, until);
                    if let Ok(mut ran) = ran.lock() {
                        ran.push(it);
                    }
                }
            });
        }
    });
    let ran = ran.into_inner().map_err(|_| "a target could not be watched".to_owned())?;
    ran.into_iter().collect()
}

fn run_one(target: &str, until: Until) -> Result<Ran, Failure> {
    let folder = |kind: &str| root().join("fuzz").join(kind).join(target);
    // What a run finds is kept for the next; git does not.
    fs::create_dir_all(folder("corpus")).map_err(|error| format!("{target} has no corpus: {error}"))?;
    let end = match until {
        Until::Seconds(seconds) => format!("-max_total_time={seconds}"),
        Until::Runs(runs) => format!("-runs={runs}"),
    };
    let words = root().join("fuzz/words.dict");
    let told = output(
        nightly(&["fuzz", "run"])
            .args(BUILD)
            .arg(target)
            .args([folder("corpus"), folder("seeds")])
            .args(["--", &end, &format!("-max_len={MOST_BYTES}"), &format!("-dict={}", words.display())])
            // The other way to choose among the inputs takes a third of the time.
            .args(["-entropic=0", "-reload=0", "-print_final_stats=1"]),
    )?;
    Ok(Ran::read(target, &told))
}

/// What came of one target.
struct Ran {
    target: String,
    is_success: bool,
    executions: String,
    per_second: String,
    coverage: String,
    features: String,
    /// Where the input is that broke it.
    crash: Option<String>,
    told: String,
}

impl Ran {
    fn read(target: &str, output: &Output) -> Self {
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = |name: &str| {
            let found = told.rsplit_once(name).map(|(_, behind)| behind.split_whitespace().next());
            found.flatten().unwrap_or("?").to_owned()
        };
        Self {
            target: target.to_owned(),
            is_success: output.status.success(),
            executions: last("stat::number_of_executed_units:"),
            per_second: last("stat::average_exec_per_sec:"),
            coverage: last(" cov: "),
            features: last(" ft: "),
            crash: told.contains("Test unit written to ").then(|| last("Test unit written to ")),
            told,
        }
    }

    fn failure(&self) -> Option<String> {
        match &self.crash {
            Some(input) => {
                let told =
                    self.told.find("panicked at").and_then(|at| self.told.get(at..)).unwrap_or(&self.told);
                let told: Vec<&str> = told.lines().take(6).collect();
                Some(format!("{}: a crash. Its input is {input}\n{}", self.target, told.join("\n")))
            }
            None if self.is_success => None,
            None => Some(format!("{} could not be run:\n{}", self.target, last_lines(&self.told, 20))),
        }
    }
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

fn table(ran: &[Ran]) -> String {
    let mut lines = vec![row(["target", "executions", "per second", "coverage", "features", "crashes"])];
    lines.extend(ran.iter().map(|it| {
        let crashes = if it.crash.is_some() { "1" } else { "0" };
        row([&it.target, &it.executions, &it.per_second, &it.coverage, &it.features, crashes])
    }));
    lines.join("\n")
}

fn row([target, rest @ ..]: [&str; 6]) -> String {
    let cells: Vec<String> = rest.iter().map(|cell| format!("{cell:>12}")).collect();
    format!("{target:<16}{}", cells.concat())
}
