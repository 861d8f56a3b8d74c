//! `/_emulator/`: to look inside the tenant, and to play the parts that no client plays: the user's phone, the clock,
//! the network that breaks.
//!
//! It speaks JSON, and has a page for people. It is no part of the tenant: it reads and steers it from outside, as any
//! host can.

mod clock;
mod events;
mod faults;
mod guard;
mod outbox;
mod page;
mod reply;
mod reset;
mod state;
mod users;

use std::net::IpAddr;

use auth0_mfa_core::Body;
use http::StatusCode;

use crate::hosted::Hosted;

pub(super) use guard::Access;
use reply::{Answer, Problem};

/// Where all of it is.
const PATH: &str = "/_emulator";

/// A request, and who sent it.
pub(super) struct Request<'a> {
    pub(super) http: &'a http::Request<&'a [u8]>,
    pub(super) peer: IpAddr,
}

/// Whether a path is one of these.
pub(super) fn is_at(path: &str) -> bool {
    path.strip_prefix(PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub(super) fn answer(hosted: &Hosted, access: &Access, request: &Request<'_>) -> http::Response<Body> {
    let answer = access.check(request).and_then(|()| endpoint(hosted, request.http));
    reply::guarded(answer.unwrap_or_else(|problem| problem.to_response()))
}

fn endpoint(hosted: &Hosted, request: &http::Request<&[u8]>) -> Answer {
    let rest = request.uri().path().strip_prefix(PATH).unwrap_or("").trim_start_matches('/');
    let parts: Vec<&str> = rest.split('/').collect();
    let body = request.body();
    match (request.method().as_str(), parts.as_slice()) {
        ("GET", [""]) => Ok(page::html()),
        ("GET", ["style.css"]) => Ok(page::style()),
        ("GET", ["script.js"]) => Ok(page::script()),
        ("GET", ["state"]) => state::get(hosted, request),
        ("GET", ["users"]) => users::list(hosted),
        ("GET", ["users", name]) => users::get(hosted, name),
        ("GET", ["outbox"]) => outbox::get(hosted, request),
        ("POST", ["pushes", id, "approve"]) => outbox::approve(hosted, id),
        ("POST", ["pushes", id, "deny"]) => outbox::deny(hosted, id),
        ("GET", ["events"]) => events::get(hosted, request),
        ("GET", ["clock"]) => clock::get(hosted),
        ("PUT", ["clock"]) => clock::put(hosted, body),
        ("POST", ["clock", "advance"]) => clock::advance(hosted, body),
        ("GET", ["faults"]) => faults::get(hosted),
        ("PUT", ["faults"]) => faults::put(hosted, body),
        ("POST", ["faults"]) => faults::add(hosted, body),
        ("DELETE", ["faults"]) => faults::clear(hosted),
        ("POST", ["reset"]) => reset::post(hosted),
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "no such endpoint, or not with this method")),
    }
}
