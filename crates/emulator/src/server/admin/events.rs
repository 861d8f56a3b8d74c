//! `GET /_emulator/events`: the tenant's log, oldest event first; with `?newest=N` only the end of it.

use std::net::IpAddr;

use serde::Serialize;

use super::reply::{Answer, json};
use crate::hosted::Hosted;
use crate::{Event, Tenant};

#[derive(Serialize)]
pub(super) struct EventView<'a> {
    /// Seconds since the Unix epoch.
    at: f64,
    /// Auth0's code of the event, for example `sercft`.
    #[serde(rename = "type")]
    kind: &'static str,
    user: Option<&'a str>,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_ip: Option<IpAddr>,
}

impl<'a> EventView<'a> {
    fn of(event: &'a Event) -> Self {
        Self {
            at: event.at.since_unix().as_secs_f64(),
            kind: event.kind.code(),
            user: event.user.as_deref(),
            client_id: &event.client_id,
            ip: event.ip,
            client_ip: event.client_ip,
        }
    }
}

/// The newest of them.
pub(super) fn views<'a>(tenant: &'a Tenant, request: &http::Request<&[u8]>) -> Vec<EventView<'a>> {
    let events: Vec<_> = tenant.events().collect();
    let older = events.len().saturating_sub(newest(request));
    events.into_iter().skip(older).map(EventView::of).collect()
}

/// `?newest=N`: how many are asked for; all without it.
pub(super) fn newest(request: &http::Request<&[u8]>) -> usize {
    let query = request.uri().query().unwrap_or("");
    let asked = query.split('&').find_map(|pair| pair.strip_prefix("newest="));
    asked.and_then(|number| number.parse().ok()).unwrap_or(usize::MAX)
}

pub(super) fn get(hosted: &Hosted, request: &http::Request<&[u8]>) -> Answer {
    hosted.with_tenant(|tenant, _| json(&views(tenant, request)))
}
