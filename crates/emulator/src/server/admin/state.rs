//! `GET /_emulator/state`: all of it at once; with `?newest=N` only the end of the long lists.

use auth0_mfa_core::ClientSecret;
use serde::Serialize;

use super::clock::ClockView;
use super::events::{self, EventView};
use super::outbox::{self, MessageView};
use super::reply::{Answer, json};
use super::users::{self, UserView};
use crate::hosted::Hosted;
use crate::{Factor, MfaPolicy, PlannedFault};

#[derive(Serialize)]
struct StateView<'a> {
    tenant: &'a str,
    clock: ClockView,
    applications: Vec<ApplicationView<'a>>,
    mfa_policy: MfaPolicy,
    /// Those that are on.
    factors: Vec<Factor>,
    users: Vec<UserView<'a>>,
    faults: &'a [PlannedFault],
    outbox: Vec<MessageView<'a>>,
    events: Vec<EventView<'a>>,
}

#[derive(Serialize)]
struct ApplicationView<'a> {
    client_id: &'a str,
    client_secret: Option<&'a str>,
    grant_types: &'a [String],
}

pub(super) fn get(hosted: &Hosted, request: &http::Request<&[u8]>) -> Answer {
    let clock = ClockView::of(hosted);
    hosted.with_tenant(|tenant, now| {
        let applications = tenant.applications().iter().map(|application| ApplicationView {
            client_id: &application.client_id,
            client_secret: application.client_secret.as_ref().map(ClientSecret::expose),
            grant_types: &application.grant_types,
        });
        json(&StateView {
            tenant: tenant.name(),
            clock,
            applications: applications.collect(),
            mfa_policy: tenant.mfa_policy(),
            factors: Factor::ALL.into_iter().filter(|factor| tenant.has_factor(*factor)).collect(),
            users: users::views(tenant, now),
            faults: tenant.faults().rules(),
            outbox: outbox::views(tenant, request),
            events: events::views(tenant, request),
        })
    })
}
