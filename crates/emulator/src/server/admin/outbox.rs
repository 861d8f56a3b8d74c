//! `/_emulator/outbox`: what the users would have got, and their answers to pushes.

use auth0_mfa_core::BindingCode;
use http::StatusCode;
use serde::Serialize;

use super::events::newest;
use super::reply::{Answer, Problem, done, json};
use crate::hosted::Hosted;
use crate::{Message, Purpose, PushAnswer, PushError, Tenant};

#[derive(Serialize)]
pub(super) struct MessageView<'a> {
    id: u64,
    /// Seconds since the Unix epoch.
    at: f64,
    user: &'a str,
    channel: &'static str,
    purpose: &'static str,
    authenticator_id: &'a str,
    recipient: &'a str,
    /// The `binding_code`; a push has none.
    code: Option<&'a str>,
    /// Of a push.
    answer: Option<&'static str>,
}

impl<'a> MessageView<'a> {
    fn of(message: &'a Message) -> Self {
        Self {
            id: message.id,
            at: message.at.since_unix().as_secs_f64(),
            user: &message.user,
            channel: message.channel.as_str(),
            purpose: match message.purpose {
                Purpose::Enrolment => "enrolment",
                Purpose::Challenge => "challenge",
            },
            authenticator_id: &message.authenticator_id,
            recipient: &message.recipient,
            code: message.code.as_ref().map(BindingCode::expose),
            answer: message.answer.map(|answer| match answer {
                PushAnswer::Approve => "approved",
                PushAnswer::Deny => "denied",
            }),
        }
    }
}

/// The newest of them, oldest first.
pub(super) fn views<'a>(tenant: &'a Tenant, request: &http::Request<&[u8]>) -> Vec<MessageView<'a>> {
    let mut views: Vec<_> = tenant.outbox().rev().take(newest(request)).map(MessageView::of).collect();
    views.reverse();
    views
}

/// `GET /_emulator/outbox`, oldest message first; with `?newest=N` only the end of it.
pub(super) fn get(hosted: &Hosted, request: &http::Request<&[u8]>) -> Answer {
    hosted.with_tenant(|tenant, _| json(&views(tenant, request)))
}

/// `POST /_emulator/pushes/{id}/approve`
pub(super) fn approve(hosted: &Hosted, id: &str) -> Answer {
    answer(hosted, id, PushAnswer::Approve)
}

/// `POST /_emulator/pushes/{id}/deny`
pub(super) fn deny(hosted: &Hosted, id: &str) -> Answer {
    answer(hosted, id, PushAnswer::Deny)
}

fn answer(hosted: &Hosted, id: &str, answer: PushAnswer) -> Answer {
    let id = id.parse().map_err(|_| problem(PushError::Unknown))?;
    hosted.with_tenant(|tenant, now| tenant.answer_push(id, answer, now)).map_err(problem)?;
    done()
}

fn problem(error: PushError) -> Problem {
    let status = match error {
        PushError::Unknown => StatusCode::NOT_FOUND,
        PushError::Answered | PushError::Expired => StatusCode::CONFLICT,
    };
    Problem::new(status, error.to_string())
}
