//! A scenario: who is at the other end, what it does, and what a transport has to say of that.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::super::{End, Script, Step, Tls, reply};
use super::call::{Kind, Told};
use super::subject::{Ability, Terms};

/// How the bytes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Wire {
    /// Plain HTTP, to a loopback host.
    Plain,
    /// TLS.
    Tls,
}

/// A fault, or a peculiarity, and what must come of it. [`scenarios`](super::scenarios) lists them.
#[derive(Clone)]
pub struct Scenario {
    pub(super) name: String,
    pub(super) wire: Wire,
    pub(super) place: Place,
    pub(super) needs: Vec<Ability>,
    pub(super) calls: &'static [Kind],
    pub(super) variants: fn(Kind) -> usize,
    pub(super) terms: Terms,
    /// A read is made before, over a connection that is kept.
    pub(super) has_client_certificate: bool,
    pub(super) is_reuse: bool,
    /// A read is made afterwards, which must get its own reply.
    pub(super) is_followed: bool,
    /// There is another server, to which nothing may be sent.
    pub(super) has_elsewhere: bool,
    pub(super) is_faulty: bool,
    pub(super) is_slow: bool,
    pub(super) play: Arc<dyn Fn(&Situation<'_>) -> Play + Send + Sync>,
}

/// Who is at the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nothing listens.
    ClosedPort,
    /// The name does not resolve.
    NoSuchName,
    /// Connections hang.
    BlackHole,
    /// A server; with TLS it meets its clients so.
    Server(Tls),
}

/// What a script is written for.
pub(super) struct Situation<'a> {
    pub(super) kind: Kind,
    pub(super) variant: usize,
    /// Of the request.
    pub(super) body_length: u64,
    /// The origin of another server.
    pub(super) elsewhere: &'a str,
}

impl Situation<'_> {
    /// The whole reply of a success.
    pub(super) fn success(&self) -> Vec<u8> {
        reply(200, "application/json", self.kind.success())
    }
}

/// What the server does, and what has to come of it.
pub(super) struct Play {
    /// For each connection; those that come later get the reply of a success.
    pub(super) scripts: Vec<Script>,
    pub(super) expected: Expected,
}

/// What has to come of a call, beside what always holds.
#[derive(Clone, Debug)]
pub(super) struct Expected {
    /// One of these.
    pub(super) told: &'static [Told],
    pub(super) status: Option<u16>,
    /// What is handed over of the body, exactly.
    pub(super) body: Option<Vec<u8>>,
    /// A whole new code is in what comes back, and nothing on the way can lose it.
    pub(super) code_comes: bool,
}

impl Expected {
    pub(super) fn told(told: &'static [Told]) -> Self {
        Self { told, status: None, body: None, code_comes: false }
    }

    /// No proof that nothing was sent, and no reply.
    pub(super) fn no_reply() -> Self {
        Self::told(&[Told::MaybeSent])
    }

    /// Whatever is true.
    pub(super) fn anything() -> Self {
        Self::told(&[Told::Ok, Told::Answered, Told::MaybeSent, Told::NotSent])
    }

    /// The whole reply, with the new code of a success in it.
    pub(super) fn success(kind: Kind) -> Self {
        Self { status: Some(200), body: Some(kind.success().into()), ..Self::told(&[Told::Ok]).with_code() }
    }

    pub(super) fn with_code(mut self) -> Self {
        self.code_comes = true;
        self
    }

    pub(super) fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }
}

impl Scenario {
    /// A scenario of a server that plays what `play` says.
    pub(super) fn new(
        name: impl Into<String>,
        wire: Wire,
        play: impl Fn(&Situation<'_>) -> Play + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            wire,
            place: Place::Server(Tls::Valid),
            needs: match wire {
                Wire::Plain => Vec::new(),
                Wire::Tls => vec![Ability::Tls],
            },
            calls: Kind::USUAL,
            variants: |_| 1,
            terms: Terms::default(),
            has_client_certificate: false,
            is_reuse: false,
            is_followed: false,
            has_elsewhere: false,
            is_faulty: true,
            is_slow: false,
            play: Arc::new(play),
        }
    }

    /// A scenario in which no script is played.
    pub(super) fn at(name: impl Into<String>, wire: Wire, place: Place, expected: Expected) -> Self {
        let play = move |_: &Situation<'_>| Play { scripts: Vec::new(), expected: expected.clone() };
        Self { place, ..Self::new(name, wire, play) }
    }

    /// A scenario in which the first connection gets these steps.
    pub(super) fn steps(
        name: impl Into<String>,
        wire: Wire,
        end: End,
        play: impl Fn(&Situation<'_>) -> (Vec<Step>, Expected) + Send + Sync + 'static,
    ) -> Self {
        Self::new(name, wire, move |situation| {
            let (steps, expected) = play(situation);
            Play { scripts: vec![Script::new(steps, end)], expected }
        })
    }

    /// A scenario in which the whole request is answered with these bytes, and the connection is closed.
    pub(super) fn answer(
        name: impl Into<String>,
        wire: Wire,
        play: impl Fn(&Situation<'_>) -> (Vec<u8>, Expected) + Send + Sync + 'static,
    ) -> Self {
        Self::steps(name, wire, End::Close, move |situation| {
            let (bytes, expected) = play(situation);
            (vec![Step::ReadRequest, Step::Write(bytes)], expected)
        })
    }

    pub(super) fn needs(mut self, ability: Ability) -> Self {
        self.needs.push(ability);
        self
    }

    pub(super) fn of(mut self, calls: &'static [Kind]) -> Self {
        self.calls = calls;
        self
    }

    pub(super) fn variants(mut self, variants: fn(Kind) -> usize) -> Self {
        self.variants = variants;
        self
    }

    pub(super) fn with_client_certificate(mut self) -> Self {
        self.has_client_certificate = true;
        self.needs(Ability::ClientCertificate)
    }

    pub(super) fn reuse(mut self) -> Self {
        self.is_reuse = true;
        self.of(Kind::ALL).needs(Ability::Pool)
    }

    pub(super) fn followed(mut self) -> Self {
        self.is_followed = true;
        self
    }

    pub(super) fn with_another_server(mut self) -> Self {
        self.has_elsewhere = true;
        self
    }

    pub(super) fn no_fault(mut self) -> Self {
        self.is_faulty = false;
        self
    }

    /// Waits for a limit of time.
    pub(super) fn within(mut self, timeout: Duration) -> Self {
        self.is_slow = true;
        self.terms.timeout = timeout;
        self.needs(Ability::TimeLimits)
    }

    /// Its name; with the wire, it is unique.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How its bytes travel.
    pub fn wire(&self) -> Wire {
        self.wire
    }

    /// Whether each of its calls waits for a limit of time.
    pub fn is_slow(&self) -> bool {
        self.is_slow
    }
}

impl fmt::Debug for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scenario({}, {:?})", self.name, self.wire)
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Plain => "plain",
            Self::Tls => "tls",
        })
    }
}
