//! What a call may take at most, and reach at least.

use std::fmt;

use super::{Failure, Figures, HYPER_UTIL, IN_FLIGHT, Measured, OAUTH2, OURS_HYPER, OURS_UREQ, UREQ, raw};
use crate::bench::figures::{decimal, ratio};

/// A bar, and what was measured of it.
#[derive(Debug)]
pub(super) struct Bar {
    setting: &'static str,
    subject: &'static str,
    what: String,
    limit: Limit,
    value: u64,
}

/// In the unit of the figure: hundredths for ratios and KiB, tenths for syscalls.
#[derive(Clone, Copy, Debug)]
enum Limit {
    AtMost(u64),
    AtLeast(u64),
}

impl Bar {
    pub(super) fn holds(&self) -> bool {
        match self.limit {
            Limit::AtMost(most) => self.value <= most,
            Limit::AtLeast(least) => self.value >= least,
        }
    }
}

/// Every bar; the main call is first.
pub(super) fn all(measured: &Measured) -> Result<Vec<Bar>, Failure> {
    let fresh = "fresh TLS resumed";
    let mut bars = vec![
        instructions(measured, fresh, OURS_HYPER, HYPER_UTIL, 110)?,
        instructions(measured, fresh, OURS_UREQ, UREQ, 85)?,
    ];
    for pooled in [
        Pooled { setting: "pooled plain", hyper: 145, oauth2: 50, ureq: 130, syscalls: 12, heap: 30 },
        Pooled { setting: "pooled TLS", hyper: 130, oauth2: 60, ureq: 115, syscalls: 20, heap: 55 },
    ] {
        bars.extend(pooled.bars(measured)?);
    }
    Ok(bars)
}

/// The bars of pooled calls: instructions in hundredths, syscalls, and KiB.
struct Pooled {
    setting: &'static str,
    hyper: u64,
    oauth2: u64,
    ureq: u64,
    syscalls: u64,
    heap: u64,
}

impl Pooled {
    fn bars(&self, measured: &Measured) -> Result<[Bar; 6], Failure> {
        let setting = self.setting;
        let ureq = measured.get(setting, OURS_UREQ)?;
        let of_ureq = |what: &str, limit, value| Bar {
            setting,
            subject: OURS_UREQ,
            what: what.to_owned(),
            limit: Limit::AtMost(limit),
            value,
        };
        Ok([
            instructions(measured, setting, OURS_HYPER, HYPER_UTIL, self.hyper)?,
            instructions(measured, setting, OURS_HYPER, OAUTH2, self.oauth2)?,
            throughput(measured, setting, OURS_HYPER, 85)?,
            instructions(measured, setting, OURS_UREQ, UREQ, self.ureq)?,
            of_ureq("syscalls a call", self.syscalls * 100, ureq.syscalls * 10),
            of_ureq("KiB of heap a call in flight", self.heap * 100, kib(&ureq)),
        ])
    }
}

fn instructions(
    measured: &Measured,
    setting: &'static str,
    subject: &'static str,
    peer: &'static str,
    most: u64,
) -> Result<Bar, Failure> {
    let [ours, theirs] = [measured.get(setting, subject)?, measured.get(setting, peer)?];
    Ok(Bar {
        setting,
        subject,
        what: format!("of {peer}'s instructions"),
        limit: Limit::AtMost(most),
        value: ratio(ours.instructions, theirs.instructions),
    })
}

/// With 16 in flight, the second of what is measured.
fn throughput(
    measured: &Measured,
    setting: &'static str,
    subject: &'static str,
    least: u64,
) -> Result<Bar, Failure> {
    let [_, value, _] = measured.get(setting, subject)?.throughput;
    let [_, in_flight, _] = IN_FLIGHT;
    let what = format!("of {}'s throughput, {in_flight} in flight", raw(subject));
    Ok(Bar { setting, subject, what, limit: Limit::AtLeast(least), value })
}

/// In hundredths.
pub(super) fn kib(figures: &Figures) -> u64 {
    figures.heap * 100 / 1024
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "holds " } else { "MISSED" };
        let limit = match self.limit {
            Limit::AtMost(most) => format!("at most {}", decimal(most)),
            Limit::AtLeast(least) => format!("at least {}", decimal(least)),
        };
        let Self { setting, subject, what, value, .. } = self;
        write!(f, "{verdict}  {setting:17}  {subject:10}  {} {what}, {limit}", decimal(*value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::transports::{Row, SETTINGS, SUBJECTS};

    /// Exactly at every bar.
    fn measured() -> Measured {
        let figures = |setting: &str, subject| {
            let (instructions, syscalls, heap) = match (setting, subject) {
                (_, HYPER_UTIL | UREQ) => (1_000, 0, 0),
                ("pooled plain", OAUTH2) => (2_900, 0, 0),
                ("pooled TLS", OAUTH2) => (2_167, 0, 0),
                ("fresh TLS resumed", OURS_HYPER) => (1_100, 0, 0),
                ("fresh TLS resumed", OURS_UREQ) => (850, 0, 0),
                ("pooled plain", OURS_HYPER) => (1_450, 0, 0),
                ("pooled plain", OURS_UREQ) => (1_300, 120, 30 * 1024),
                ("pooled TLS", OURS_HYPER) => (1_300, 0, 0),
                ("pooled TLS", OURS_UREQ) => (1_150, 200, 55 * 1024),
                _ => (0, 0, 0),
            };
            Figures { instructions, heap, syscalls, throughput: [1, 85, 1] }
        };
        let rows = SETTINGS.iter().flat_map(|setting| {
            SUBJECTS.map(|subject| Row {
                setting: setting.name,
                subject,
                figures: figures(setting.name, subject),
            })
        });
        Measured(rows.collect())
    }

    fn missed(measured: &Measured) -> usize {
        all(measured).expect("all are there").iter().filter(|bar| !bar.holds()).count()
    }

    #[test]
    fn a_value_at_the_bar_holds() {
        assert_eq!(missed(&measured()), 0);
    }

    #[test]
    fn every_bar_is_missed_by_more_than_it_allows() {
        let mut measured = measured();
        for row in &mut measured.0 {
            if [OURS_HYPER, OURS_UREQ].contains(&row.subject) {
                let figures = &mut row.figures;
                figures.instructions = figures.instructions * 102 / 100;
                figures.syscalls += 1;
                figures.heap += 11;
                figures.throughput = [100, 84, 100];
            }
        }
        assert_eq!(missed(&measured), all(&measured).expect("all are there").len());
    }

    #[test]
    fn a_client_that_was_not_measured_is_a_failure() {
        assert!(all(&Measured(Vec::new())).is_err());
    }
}
