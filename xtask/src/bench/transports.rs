//! `cargo xtask bench transports`: what a call costs over loopback, beside the HTTP clients it could have gone over.
//!
//! All of it is measured in one run and in turns, and every bar is a ratio, or a number of syscalls or bytes: no time
//! is claimed. The server is a process of its own, so that only the client is counted.

mod bars;
mod measure;
mod server;
mod table;

use super::{Failure, counts};

/// The clients: ours, and those that they are compared with.
const SUBJECTS: [&str; 6] = [OURS_HYPER, HYPER_UTIL, "reqwest", OAUTH2, OURS_UREQ, UREQ];
const OURS_HYPER: &str = "ours-hyper";
const HYPER_UTIL: &str = "hyper-util";
const OAUTH2: &str = "oauth2+reqwest";
const OURS_UREQ: &str = "ours-ureq";
const UREQ: &str = "ureq";

/// How many calls there are at once where throughput is measured.
const IN_FLIGHT: [usize; 3] = [1, 16, 64];

/// How the calls go.
#[derive(Debug)]
struct Setting {
    name: &'static str,
    is_tls: bool,
    /// Each call on a connection of its own, in place of a pooled one.
    is_fresh: bool,
}

/// The first is how a recovery code travels.
const SETTINGS: [Setting; 4] = [
    Setting { name: "fresh TLS resumed", is_tls: true, is_fresh: true },
    Setting { name: "fresh plain", is_tls: false, is_fresh: true },
    Setting { name: "pooled TLS", is_tls: true, is_fresh: false },
    Setting { name: "pooled plain", is_tls: false, is_fresh: false },
];

/// What one client takes in one setting, for each call.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    instructions: u64,
    /// Bytes that are in use at most, for each call in flight.
    heap: u64,
    /// In tenths.
    syscalls: u64,
    /// In hundredths of the raw client's, for each of [`IN_FLIGHT`].
    throughput: [u64; 3],
}

struct Row {
    setting: &'static str,
    subject: &'static str,
    figures: Figures,
}

struct Measured(Vec<Row>);

impl Measured {
    fn get(&self, setting: &str, subject: &str) -> Result<Figures, Failure> {
        let row = self.0.iter().find(|row| row.setting == setting && row.subject == subject);
        row.map(|row| row.figures).ok_or_else(|| format!("{subject} was not measured: {setting}"))
    }
}

/// Measures, prints, and checks the bars.
pub(super) fn run() -> Result<(), Failure> {
    counts::bring("strace")?;
    let measured = measure::measure()?;
    print!("{}", table::of(&measured)?);
    let bars = bars::all(&measured)?;
    println!();
    for bar in &bars {
        println!("{bar}");
    }
    match bars.iter().filter(|bar| !bar.holds()).count() {
        0 => Ok(()),
        missed => Err(format!("bench: {missed} of {} bars are missed", bars.len())),
    }
}

/// The client without anything on top that another is compared with.
fn raw(subject: &str) -> &'static str {
    if [OURS_UREQ, UREQ].contains(&subject) { UREQ } else { HYPER_UTIL }
}
