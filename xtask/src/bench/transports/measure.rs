//! Building the programs of `benches/transports`, and running them.

use std::path::PathBuf;
use std::process::Command;

use super::server::{Seen, Server};
use super::{Failure, Figures, IN_FLIGHT, Measured, Row, SETTINGS, SUBJECTS, Setting, raw};
use crate::bench::counts::{callgrind, total_of};
use crate::bench::figures::{median, numbers, ratio};
use crate::command::{cargo, run, target, text};

/// How many calls are counted, twice: what the second half takes is without start and end.
const CALLS: u64 = 50;

/// The same for calls at once.
const HELD: usize = 16;

/// How often each client has its turn where there is a clock, and for how many milliseconds.
const ROUNDS: usize = 9;
const TURN: usize = 120;

pub(super) fn measure() -> Result<Measured, Failure> {
    build()?;
    let mut server = Server::start(&program("server"), &folder())?;
    let mut rows = Vec::new();
    for setting in &SETTINGS {
        println!("bench: {}", setting.name);
        rows.extend(of_setting(&mut server, setting)?);
    }
    Ok(Measured(rows))
}

fn of_setting(server: &mut Server, setting: &Setting) -> Result<Vec<Row>, Failure> {
    let mut rows = Vec::new();
    for subject in SUBJECTS {
        let figures = Figures {
            instructions: instructions(server, setting, subject)?,
            heap: heap(server, setting, subject)?,
            syscalls: syscalls(server, setting, subject)?,
            throughput: Default::default(),
        };
        rows.push(Row { setting: setting.name, subject, figures });
    }
    for (place, in_flight) in IN_FLIGHT.into_iter().enumerate() {
        for (row, throughput) in rows.iter_mut().zip(throughput(server, setting, in_flight)?) {
            if let Some(figure) = row.figures.throughput.get_mut(place) {
                *figure = throughput;
            }
        }
    }
    Ok(rows)
}

fn instructions(server: &mut Server, setting: &Setting, subject: &str) -> Result<u64, Failure> {
    // The longer one is left there, for `callgrind_annotate`.
    let profile = folder().join(format!("callgrind.{subject}.{}", setting.name.replace(' ', "-")));
    a_call(|calls| {
        let mut callgrind = callgrind(&profile);
        callgrind.arg(program("calls")).arg(subject).args(server.arguments(setting));
        text(callgrind.arg(calls.to_string()))?;
        as_meant(&server.seen()?, setting)?;
        total_of(&profile)
    })
}

fn syscalls(server: &mut Server, setting: &Setting, subject: &str) -> Result<u64, Failure> {
    let summary = folder().join("strace");
    a_call(|calls| {
        let mut strace = Command::new("strace");
        strace.args(["-f", "-c", "-U", "calls,name", "-o"]).arg(&summary);
        strace.arg(program("calls")).arg(subject).args(server.arguments(setting));
        text(strace.arg(calls.to_string()))?;
        as_meant(&server.seen()?, setting)?;
        let summary = std::fs::read_to_string(&summary).map_err(|error| format!("no summary: {error}"))?;
        let total = total_of_syscalls(&summary).ok_or_else(|| format!("an odd summary: {summary}"))?;
        Ok(total * 10)
    })
}

/// The most bytes in use while a number of calls wait for their reply and then read it.
fn heap(server: &mut Server, setting: &Setting, subject: &str) -> Result<u64, Failure> {
    let mut peak = |calls: usize| {
        server.hold(calls)?;
        let mut heap = Command::new(program("heap"));
        heap.arg(subject).args(server.arguments(setting)).arg(calls.to_string());
        let [bytes]: [u64; 1] = numbers(&text(&mut heap)?)?;
        Ok::<_, Failure>(bytes)
    };
    let (half, whole) = (peak(HELD)?, peak(2 * HELD)?);
    server.hold(1)?;
    server.seen()?;
    Ok(whole.saturating_sub(half) / HELD as u64)
}

/// For each client, the median of what it reached in its turns, each in hundredths of the raw client's turn beside it.
fn throughput(server: &mut Server, setting: &Setting, in_flight: usize) -> Result<Vec<u64>, Failure> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut round = Vec::new();
        for subject in SUBJECTS {
            let mut throughput = Command::new(program("throughput"));
            throughput.arg(subject).args(server.arguments(setting));
            throughput.args([in_flight.to_string(), TURN.to_string()]);
            let [calls] = numbers(&text(&mut throughput)?)?;
            round.push((subject, calls));
        }
        rounds.push(round);
    }
    server.seen()?;
    let of_subject = |subject| median(rounds.iter().map(|round| to_raw(round, subject)).collect());
    Ok(SUBJECTS.into_iter().map(of_subject).collect())
}

fn to_raw(round: &[(&str, u64)], subject: &str) -> u64 {
    let calls = |name| round.iter().find(|(it, _)| *it == name).map_or(0, |(_, calls)| *calls);
    ratio(calls(subject), calls(raw(subject)))
}

/// What one call takes of what `of` counts: the difference of two runs, of which one has twice as many calls.
fn a_call(mut of: impl FnMut(u64) -> Result<u64, Failure>) -> Result<u64, Failure> {
    let (half, whole) = (of(CALLS)?, of(2 * CALLS)?);
    Ok(whole.saturating_sub(half) / CALLS)
}

/// Whether the calls went as the setting says: a figure of something else would be worse than none.
fn as_meant(seen: &Seen, setting: &Setting) -> Result<(), Failure> {
    let connections = if setting.is_fresh { seen.requests } else { 1 };
    // The first one has no session to resume.
    let resumed = if setting.is_tls { connections.saturating_sub(1) } else { 0 };
    if seen.requests > 0 && seen.connections == connections && seen.resumed == resumed {
        Ok(())
    } else {
        Err(format!("{} is not what the server saw: {seen:?}", setting.name))
    }
}

/// From a summary with the columns `calls` and `name`.
fn total_of_syscalls(summary: &str) -> Option<u64> {
    summary.lines().rev().find_map(|line| line.trim().strip_suffix(" total"))?.trim().parse().ok()
}

fn build() -> Result<(), Failure> {
    let manifest = "benches/transports/Cargo.toml";
    run(cargo(&["build", "--quiet", "--locked", "--release", "--manifest-path", manifest])
        .env("CARGO_TARGET_DIR", folder())
        .env_remove("RUSTFLAGS"))
}

fn program(name: &str) -> PathBuf {
    folder().join("release").join(name)
}

fn folder() -> PathBuf {
    target().join("bench-transports")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH_TLS: Setting = Setting { name: "fresh TLS", is_tls: true, is_fresh: true };
    const POOLED: Setting = Setting { name: "pooled", is_tls: false, is_fresh: false };

    #[test]
    fn start_and_end_do_not_count() {
        assert_eq!(a_call(|calls| Ok(1_000_000 + 37 * calls)), Ok(37));
    }

    #[test]
    fn calls_that_shared_a_connection_are_not_fresh() {
        let seen = |connections, resumed| Seen { connections, resumed, requests: 51 };
        assert!(as_meant(&seen(51, 50), &FRESH_TLS).is_ok());
        for (connections, resumed) in [(1, 0), (50, 49), (51, 49), (51, 51)] {
            assert!(as_meant(&seen(connections, resumed), &FRESH_TLS).is_err(), "{connections} {resumed}");
        }
    }

    #[test]
    fn calls_that_did_not_share_a_connection_are_not_pooled() {
        let seen = |connections, requests| Seen { connections, resumed: 0, requests };
        assert!(as_meant(&seen(1, 51), &POOLED).is_ok());
        assert!(as_meant(&seen(2, 51), &POOLED).is_err());
        assert!(as_meant(&seen(1, 0), &POOLED).is_err());
    }

    #[test]
    fn the_total_of_syscalls_is_at_the_end_of_a_summary() {
        let summary = "    calls syscall\n--------- -------\n      100 total_time\n--------- -------\n      469 total\n";
        assert_eq!(total_of_syscalls(summary), Some(469));
        assert_eq!(total_of_syscalls("strace: no such process\n"), None);
    }
}
