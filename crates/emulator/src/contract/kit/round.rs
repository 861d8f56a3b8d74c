//! Runs scenarios: a server, a transport and a few calls for each round.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::certificates::Certificates;
use super::super::{BlackHole, ClosedPort, Script, ScriptedServer, Seen, Tls, reply};
use super::call::{Kind, Made, Told, marker};
use super::judge::{Case, Verdict};
use super::report::{Report, Row};
use super::scenario::{Place, Play, Scenario, Situation, Wire};
use super::subject::{Sent, Subject, Terms};

/// Every call of the process has a number of its own.
static CALLS: AtomicU64 = AtomicU64::new(1);

impl Scenario {
    /// Runs it: `rounds` times, each of its calls with each of its variants.
    ///
    /// # Errors
    /// When the system gives no port or no thread; that says nothing about the subject.
    pub fn run(&self, subject: &Subject, rounds: usize) -> io::Result<Report> {
        let mut report = Report::default();
        let mut add = |call, row| report.add(subject.name(), self.name(), self.wire(), call, row);
        let stage = match subject.lacks(&self.needs) {
            Some(ability) => Err(format!("not offered: {ability:?}")),
            None => Stage::new(self)?,
        };
        for &call in self.calls {
            match &stage {
                Ok(stage) => add(call, self.row(stage, subject, call, rounds)?),
                Err(reason) => add(call, Row { not_offered: Some(reason.clone()), ..Row::default() }),
            }
        }
        Ok(report)
    }

    fn row(&self, stage: &Stage<'_>, subject: &Subject, call: Kind, rounds: usize) -> io::Result<Row> {
        let mut row = Row::default();
        let body_length = call.body_length().map_err(io::Error::other)?;
        for _ in 0..rounds {
            for variant in 0..(self.variants)(call) {
                let (told, verdict) = stage.round(subject, call, variant, body_length)?;
                row.count(told, self.is_faulty, verdict);
            }
        }
        Ok(row)
    }
}

/// What all rounds of a scenario share.
struct Stage<'a> {
    scenario: &'a Scenario,
    certificates: Option<(Certificates, Tls)>,
    nobody: Option<Nobody>,
}

/// A place where no server is; it is there for as long as this lives.
struct Nobody {
    host_and_port: String,
    _place: (Option<ClosedPort>, Option<BlackHole>),
}

impl<'a> Stage<'a> {
    /// The inner error says why the system offers no such stage.
    fn new(scenario: &'a Scenario) -> io::Result<Result<Self, String>> {
        let mut stage = Self { scenario, certificates: None, nobody: None };
        match scenario.place {
            Place::ClosedPort => {
                let port = ClosedPort::open()?;
                let host_and_port = port.address().to_string();
                stage.nobody = Some(Nobody { host_and_port, _place: (Some(port), None) });
            }
            Place::BlackHole => match BlackHole::open() {
                Ok(hole) => {
                    let host_and_port = hole.address().to_string();
                    stage.nobody = Some(Nobody { host_and_port, _place: (None, Some(hole)) });
                }
                Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                    return Ok(Err(format!("not offered by this system: {error}")));
                }
                Err(error) => return Err(error),
            },
            Place::NoSuchName => {
                let host_and_port = "nonexistent.invalid".to_owned();
                stage.nobody = Some(Nobody { host_and_port, _place: (None, None) });
            }
            Place::Server(tls) => {
                if scenario.wire == Wire::Tls {
                    stage.certificates = Some((Certificates::make(tls)?, tls));
                }
            }
        }
        Ok(Ok(stage))
    }

    fn round(
        &self,
        subject: &Subject,
        kind: Kind,
        variant: usize,
        body_length: u64,
    ) -> io::Result<(Told, Verdict)> {
        let elsewhere = if self.scenario.has_elsewhere { self.serve(Vec::new(), kind)? } else { None };
        let elsewhere_origin = elsewhere.as_ref().map_or("", |server| server.origin());
        let situation = Situation { kind, variant, body_length, elsewhere: elsewhere_origin };
        let Play { scripts, expected } = (self.scenario.play)(&situation);
        let server = self.serve(scripts, kind)?;
        let origin = self.origin(server.as_ref());

        let mut terms = self.scenario.terms.clone();
        if let Some((certificates, _)) = &self.certificates {
            terms.authority_pem = Some(certificates.authority_pem.clone());
            terms.client_pem = self.scenario.has_client_certificate.then(|| certificates.client_pem.clone());
        }
        let mut calls = Calls { origin, send: subject.make(&terms), others: Vec::new(), missed: Vec::new() };
        if self.scenario.is_reuse {
            calls.around("before", kind)?;
        }
        let marker = next_marker();
        let made = calls.make(kind, &marker)?;
        if self.scenario.is_followed {
            calls.around("afterwards", kind)?;
        }
        let Calls { others, missed, send, .. } = calls;
        drop(send);

        let case = Case {
            kind,
            marker: &marker,
            made: &made,
            expected: &expected,
            seen: &finish(server),
            others: &others,
            elsewhere: &finish(elsewhere),
            is_reuse: self.scenario.is_reuse,
            timeout: timeout(&terms),
        };
        let mut verdict = case.judge();
        verdict.missed.extend(missed);
        Ok((made.told, verdict))
    }

    /// A server that plays these scripts, and then answers with the success of `kind`.
    fn serve(&self, mut scripts: Vec<Script>, kind: Kind) -> io::Result<Option<ScriptedServer>> {
        if self.nobody.is_some() {
            return Ok(None);
        }
        scripts.push(Script::answer(reply(200, "application/json", kind.success())));
        let server = match &self.certificates {
            Some((certificates, tls)) => ScriptedServer::with_certificates(scripts, *tls, certificates),
            None => ScriptedServer::plain(scripts),
        };
        server.map(Some)
    }

    fn origin(&self, server: Option<&ScriptedServer>) -> String {
        let scheme = match self.scenario.wire {
            Wire::Plain => "http",
            Wire::Tls => "https",
        };
        match (server, &self.nobody) {
            (Some(server), _) => server.origin().to_owned(),
            (None, Some(nobody)) => format!("{scheme}://{}", nobody.host_and_port),
            (None, None) => String::new(),
        }
    }
}

/// The calls of a round, over one transport.
struct Calls {
    origin: String,
    send: Box<dyn FnMut(http::Request<auth0_mfa_core::Body>) -> Sent>,
    /// The tokens of the calls around the one that is examined.
    others: Vec<String>,
    missed: Vec<String>,
}

impl Calls {
    fn make(&mut self, kind: Kind, marker: &str) -> io::Result<Made> {
        kind.make(&self.origin, marker, &mut self.send).map_err(io::Error::other)
    }

    /// A read that must come out well. The server, which does not look at requests, answers it as it would `kind`.
    fn around(&mut self, when: &str, kind: Kind) -> io::Result<()> {
        let marker = next_marker();
        let made = self.make(Kind::ListAuthenticators, &marker)?;
        self.others.push(marker);
        if made.told != Told::Ok || made.body != kind.success().as_bytes() {
            self.missed.push(format!(
                "the read {when} came to {:?}, with {} bytes",
                made.told,
                made.body.len()
            ));
        }
        Ok(())
    }
}

fn next_marker() -> String {
    marker(CALLS.fetch_add(1, Ordering::Relaxed))
}

fn finish(server: Option<ScriptedServer>) -> Vec<Seen> {
    server.map(ScriptedServer::finish).unwrap_or_default()
}

fn timeout(terms: &Terms) -> std::time::Duration {
    terms.timeout.max(terms.connect_timeout)
}
