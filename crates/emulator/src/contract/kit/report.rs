//! What came of scenarios: a table.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::AddAssign;

use super::call::{Kind, Told};
use super::judge::Verdict;
use super::scenario::Wire;

/// How many texts a row keeps of what was missed.
const MOST_TEXTS: usize = 3;

/// What came of scenarios, for one subject or for several. Reports add up.
///
/// `Display` is the table: one line for each subject, scenario, wire and call; below it what was missed, and the
/// totals.
#[derive(Clone, Debug, Default)]
pub struct Report {
    rows: BTreeMap<Place, Row>,
}

/// Where a row stands in the table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    subject: String,
    wire: Wire,
    scenario: String,
    call: Kind,
}

/// What came of a scenario with one call.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Row {
    /// Why it was not run, if it was not: that is not "passed".
    pub not_offered: Option<String>,
    /// Calls under a fault.
    pub faulty: u64,
    /// Calls.
    pub runs: u64,
    /// Calls of which a whole reply came.
    pub ok: u64,
    /// Calls of which a part of a reply came.
    pub answered: u64,
    /// Calls that may have been sent.
    pub maybe_sent: u64,
    /// Calls that were not sent.
    pub not_sent: u64,
    /// Calls of which a server saw something, and that were said not to be sent.
    pub seen_but_not_sent: u64,
    /// Calls that arrived more often than they may.
    pub sent_twice: u64,
    /// Calls of which a whole new code came back, and that did not hand it over.
    pub code_lost: u64,
    /// Calls of which a secret arrived at another server.
    pub secret_elsewhere: u64,
    /// Calls that came out otherwise than expected.
    pub missed: u64,
    /// In which way; the first of them.
    pub texts: Vec<String>,
}

impl Row {
    pub(super) fn count(&mut self, told: Told, is_faulty: bool, verdict: Verdict) {
        self.runs += 1;
        self.faulty += u64::from(is_faulty);
        *match told {
            Told::Ok => &mut self.ok,
            Told::Answered => &mut self.answered,
            Told::MaybeSent => &mut self.maybe_sent,
            Told::NotSent => &mut self.not_sent,
        } += 1;
        self.seen_but_not_sent += u64::from(verdict.seen_but_not_sent);
        self.sent_twice += u64::from(verdict.sent_twice);
        self.code_lost += u64::from(verdict.code_lost);
        self.secret_elsewhere += u64::from(verdict.secret_elsewhere);
        self.missed += u64::from(!verdict.missed.is_empty());
        self.tell(verdict.missed);
    }

    /// Whether nothing is wrong.
    pub fn is_kept(&self) -> bool {
        self.seen_but_not_sent + self.sent_twice + self.code_lost + self.secret_elsewhere + self.missed == 0
    }

    fn tell(&mut self, texts: Vec<String>) {
        for text in texts {
            if self.texts.len() < MOST_TEXTS && !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }
}

impl AddAssign for Row {
    fn add_assign(&mut self, other: Self) {
        self.not_offered = self.not_offered.take().or(other.not_offered);
        self.faulty += other.faulty;
        self.runs += other.runs;
        self.ok += other.ok;
        self.answered += other.answered;
        self.maybe_sent += other.maybe_sent;
        self.not_sent += other.not_sent;
        self.seen_but_not_sent += other.seen_but_not_sent;
        self.sent_twice += other.sent_twice;
        self.code_lost += other.code_lost;
        self.secret_elsewhere += other.secret_elsewhere;
        self.missed += other.missed;
        self.tell(other.texts);
    }
}

impl Report {
    pub(super) fn add(&mut self, subject: &str, scenario: &str, wire: Wire, call: Kind, row: Row) {
        let place = Place { subject: subject.to_owned(), wire, scenario: scenario.to_owned(), call };
        *self.rows.entry(place).or_default() += row;
    }

    /// All rows together.
    pub fn totals(&self) -> Row {
        let mut totals = Row::default();
        for row in self.rows.values() {
            totals += Row { not_offered: None, texts: Vec::new(), ..row.clone() };
        }
        totals
    }

    /// The row of a scenario and a call, over one wire; of the first subject that has it.
    pub fn row(&self, scenario: &str, wire: Wire, call: Kind) -> Option<&Row> {
        let is_it = |place: &&Place| place.scenario == scenario && place.wire == wire && place.call == call;
        self.rows.keys().find(is_it).and_then(|place| self.rows.get(place))
    }

    /// Whether nothing is wrong in any row.
    pub fn is_kept(&self) -> bool {
        self.rows.values().all(Row::is_kept)
    }
}

impl AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        for (place, row) in other.rows {
            *self.rows.entry(place).or_default() += row;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:11} {:5} {:52} {:22} {:>7} {:>7} {:>8} {:>6} {:>8} | {:>13} {:>10} {:>9} {:>9} {:>6}",
            "transport",
            "wire",
            "scenario",
            "call",
            "calls",
            "ok",
            "answered",
            "maybe",
            "not sent",
            "seen/not sent",
            "sent twice",
            "code lost",
            "elsewhere",
            "missed"
        )?;
        for (place, row) in &self.rows {
            let Place { subject, wire, scenario, call } = place;
            write!(f, "{subject:11} {wire:5} {scenario:52} {:22} ", call.name())?;
            write_figures(f, row)?;
        }
        for (place, row) in self.rows.iter().filter(|(_, row)| !row.is_kept()) {
            let Place { subject, wire, scenario, call } = place;
            let texts = row.texts.join("; ");
            writeln!(f, "BROKEN: {subject}, {wire}, {scenario}, {}: {texts}", call.name())?;
        }
        let totals = self.totals();
        write!(f, "{:93} ", "together")?;
        write_figures(f, &totals)?;
        writeln!(f, "calls under a fault: {}", totals.faulty)?;
        writeln!(f, "the server saw it but NotSent: {}", totals.seen_but_not_sent)?;
        writeln!(f, "sent twice: {}", totals.sent_twice)?;
        writeln!(f, "a code came back but was lost: {}", totals.code_lost)?;
        writeln!(f, "a secret went elsewhere: {}", totals.secret_elsewhere)?;
        writeln!(f, "expectations missed: {}", totals.missed)
    }
}

fn write_figures(f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    if let (Some(reason), 0) = (&row.not_offered, row.runs) {
        return writeln!(f, "{:>7} {reason}", "-");
    }
    writeln!(
        f,
        "{:>7} {:>7} {:>8} {:>6} {:>8} | {:>13} {:>10} {:>9} {:>9} {:>6}",
        row.runs,
        row.ok,
        row.answered,
        row.maybe_sent,
        row.not_sent,
        row.seen_but_not_sent,
        row.sent_twice,
        row.code_lost,
        row.secret_elsewhere,
        row.missed
    )
}
