//! Three ways from a request to an outcome: no I/O at all, and each transport against a scripted server on loopback.

use std::cell::RefCell;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError};
use auth0_mfa_emulator::contract::{ClosedPort, End, Script, ScriptedServer, Seen, Step, reply_head};
use auth0_mfa_transport_hyper::HyperTransport;
use auth0_mfa_transport_ureq::UreqTransport;
use http::{Request, Response};
use tokio::runtime::{self, Runtime};

use super::calls::{Attempt, KnownCall, NOWHERE, Outcome, Sending, rendered_facts};
use super::cases::{Happened, NoReply, RecordedReply, ReplyCase};
use super::facts::Facts;
use super::values::Values;
use super::wire::{borrowed, parse_request, request_facts};

/// How a case is played.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    /// `Pending::answered`, `lost` and `not_sent`.
    Pure,
    Hyper,
    Ureq,
}

impl Way {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pure => "pure",
            Self::Hyper => "hyper",
            Self::Ureq => "ureq",
        }
    }
}

/// What a case came to, and what is wrong with the request that arrived for it.
pub(crate) struct Played {
    pub(crate) outcome: Outcome,
    pub(crate) misdelivered: Vec<String>,
}

/// The transports, shared by all cases.
pub(crate) struct Ways {
    runtime: Runtime,
    hyper: HyperTransport,
    ureq: UreqTransport,
}

impl Ways {
    pub(crate) fn new() -> Result<Self, String> {
        Ok(Self {
            runtime: runtime::Builder::new_current_thread().enable_all().build().map_err(shown)?,
            hyper: HyperTransport::builder().build().map_err(shown)?,
            ureq: UreqTransport::builder().build().map_err(shown)?,
        })
    }

    /// Plays a case. Fails when that is not possible, which says nothing about the call.
    pub(crate) fn play(
        &self,
        way: Way,
        call: &KnownCall,
        case: &ReplyCase,
        values: &Values,
    ) -> Result<Played, String> {
        match way {
            Way::Pure => {
                let send = |_| happened(&case.reply);
                let outcome = call.outcome(&attempt(case, values, NOWHERE, &send)).map_err(shown)?;
                Ok(Played { outcome, misdelivered: Vec::new() })
            }
            Way::Hyper => {
                over(call, case, values, &|request| self.runtime.block_on(self.hyper.send(request)))
            }
            Way::Ureq => over(call, case, values, &|request| self.ureq.send(request)),
        }
    }
}

fn attempt<'a>(
    case: &ReplyCase,
    values: &'a Values,
    origin: &'a str,
    send: &'a dyn Fn(Request<Body>) -> Sending,
) -> Attempt<'a> {
    Attempt { values, origin, earlier_sending_in_doubt: case.earlier_sending_in_doubt, send }
}

fn happened(reply: &Happened) -> Sending {
    match reply {
        Happened::Nothing(NoReply::NotSent) => Sending::NotSent,
        Happened::Nothing(NoReply::Lost) => Sending::Lost(None),
        Happened::Replied(reply) => match reply.to_response().ok() {
            Some(response) if reply.cut_after.is_none() => Sending::Answered(response),
            cut => Sending::Lost(cut),
        },
    }
}

/// Over a transport: the outcome, and whether the server saw the request exactly once and as it was rendered.
fn over(
    call: &KnownCall,
    case: &ReplyCase,
    values: &Values,
    transport: &dyn Fn(Request<Body>) -> Result<Response<Body>, TransportError>,
) -> Result<Played, String> {
    let peer = Peer::of(&case.reply)?;
    let origin = peer.origin();
    let rendered = RefCell::new(Facts::default());
    let send = |request: Request<Body>| {
        rendered.replace(rendered_facts(&request));
        Sending::Over(transport(request))
    };
    let outcome = call.outcome(&attempt(case, values, &origin, &send)).map_err(shown)?;
    Ok(Played { outcome, misdelivered: peer.misdelivered(&rendered.into_inner()) })
}

/// Who is at the other end.
enum Peer {
    Nobody(ClosedPort),
    Server(ScriptedServer),
}

impl Peer {
    fn of(reply: &Happened) -> Result<Self, String> {
        let script = match reply {
            Happened::Nothing(NoReply::NotSent) => {
                return ClosedPort::open().map(Self::Nobody).map_err(shown);
            }
            Happened::Nothing(NoReply::Lost) => Script::new([Step::ReadRequest], End::Close),
            Happened::Replied(reply) => Script::answer(bytes(reply)),
        };
        ScriptedServer::plain(script).map(Self::Server).map_err(shown)
    }

    fn origin(&self) -> String {
        match self {
            Self::Nobody(port) => port.origin(),
            Self::Server(server) => server.origin().to_owned(),
        }
    }

    fn misdelivered(self, rendered: &Facts) -> Vec<String> {
        let Self::Server(server) = self else { return Vec::new() };
        let connections = server.finish();
        let requests: Vec<&[u8]> = connections.iter().flat_map(Seen::requests).collect();
        match requests[..] {
            [request] => arrived(request, rendered),
            _ => vec![format!("the server saw {} requests and not one", requests.len())],
        }
    }
}

fn arrived(request: &[u8], rendered: &Facts) -> Vec<String> {
    match parse_request(request) {
        Ok(request) => {
            let came = request_facts(&borrowed(&request, Vec::as_slice));
            let differences = rendered.differences(&came);
            differences.into_iter().map(|difference| format!("arrived: {difference}")).collect()
        }
        Err(reason) => vec![format!("arrived: {reason}")],
    }
}

/// The reply as it travels: it announces its whole body, of which a part may come.
fn bytes(reply: &RecordedReply) -> Vec<u8> {
    let length = reply.body().len().to_string();
    let mut headers: Vec<(&str, &str)> =
        reply.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // RFC 9110, 8.6: none with 204.
    if reply.status != 204 {
        headers.push(("content-length", &length));
    }
    let mut bytes = reply_head(reply.status, &headers);
    bytes.extend(reply.body_that_comes());
    bytes
}

fn shown(error: impl std::fmt::Display) -> String {
    error.to_string()
}
