//! Answers with what goes wrong.

use std::time::Duration;

use auth0_mfa_core::{ApiError, Body, ErrorCode};
use http::{HeaderValue, Response, StatusCode, header};

use super::request::Request;
use super::{Fault, FaultPlan, Served, spoiled};
use crate::refusal::Refusal;
use crate::{Tenant, Timestamp, endpoints};

impl Tenant {
    /// Answers a request by the plan of faults. Without a fault it is the reply of [`handle`](Self::handle).
    ///
    /// ```
    /// use auth0_mfa_emulator::{Config, Fault, FaultRule, Served, Tenant, Timestamp};
    ///
    /// let mut tenant = Tenant::new(Config::default(), 1)?;
    /// tenant.faults_mut().add(FaultRule::new(Fault::DropBefore).nth(2));
    /// let request = http::Request::get("https://localhost/mfa/authenticators").body(&[][..])?;
    /// let mut serve = || tenant.serve(&request, Timestamp::from_unix_seconds(1_700_000_000));
    /// assert!(matches!(serve(), Served::Reply { .. }));
    /// assert!(matches!(serve(), Served::Dropped));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn serve(&mut self, request: &http::Request<&[u8]>, now: Timestamp) -> Served {
        match self.next_fault(request) {
            Some(fault) => carry_out(&fault, self, request, now),
            None => self.handle(request, now).into(),
        }
    }

    /// The faults that are planned, and how often each was met.
    pub fn faults(&self) -> &FaultPlan {
        &self.faults
    }

    /// The faults that are planned, to plan others.
    pub fn faults_mut(&mut self) -> &mut FaultPlan {
        &mut self.faults
    }

    fn next_fault(&mut self, request: &http::Request<&[u8]>) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let request = Request::read(self, request);
        self.faults.next(&request)
    }
}

fn carry_out(fault: &Fault, tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Served {
    let mut handle = || tenant.handle(request, now);
    match fault {
        Fault::DropBefore => Served::Dropped,
        Fault::TooManyRequests { html: false } => rate_limited(tenant, request.uri().path()).into(),
        Fault::TooManyRequests { html: true } => page(StatusCode::TOO_MANY_REQUESTS).into(),
        Fault::BadGateway { processed: false } => page(StatusCode::BAD_GATEWAY).into(),
        Fault::BadGateway { processed: true } => {
            drop(handle());
            page(StatusCode::BAD_GATEWAY).into()
        }
        Fault::DropAfter => {
            drop(handle());
            Served::Dropped
        }
        Fault::Stall => {
            drop(handle());
            Served::Stalled
        }
        Fault::CutReply(bytes) => cut(handle(), *bytes),
        Fault::DelayMs(delay) => Served::Reply { reply: handle(), after: Duration::from_millis(*delay) },
        Fault::EmptySuccess => success(handle(), Body::empty()).into(),
        Fault::SuccessWithError => {
            let error = ApiError::new(StatusCode::OK, ErrorCode::ServerError).describe("Something broke.");
            success(handle(), error.to_response().into_body()).into()
        }
        Fault::Garbage => handle().map(|_| Body::from(spoiled::GARBAGE.to_vec())).into(),
        Fault::WrongType(field) => handle().map(|body| spoiled::wrong_type(body, field)).into(),
        Fault::MissingCode => handle().map(spoiled::without_code).into(),
        Fault::CodeAsNumber => {
            let reply = handle();
            reply.map(|body| spoiled::code_as_number(body, tenant)).into()
        }
    }
}

/// A reply of so many bytes or fewer comes whole.
fn cut(reply: Response<Body>, bytes: usize) -> Served {
    if bytes < reply.body().len() { Served::CutReply { reply, bytes } } else { reply.into() }
}

fn success(mut reply: Response<Body>, body: Body) -> Response<Body> {
    *reply.status_mut() = StatusCode::OK;
    reply.map(|_| body)
}

fn rate_limited(tenant: &mut Tenant, path: &str) -> Response<Body> {
    let mut reply = endpoints::refuse(&Refusal::RateLimited, path, &tenant.behaviour);
    tenant.mark(&mut reply, path);
    reply.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    reply
}

/// A page of a gateway.
fn page(status: StatusCode) -> Response<Body> {
    let reason = status.canonical_reason().unwrap_or("");
    let title = format!("{} {reason}", status.as_u16());
    let html = format!(
        "<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
    );
    let mut reply = Response::new(Body::from(html.into_bytes()));
    *reply.status_mut() = status;
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    reply
}
