//! Sends messages: into the outbox, each with a transaction that waits for its answer.

use std::time::Duration;

use auth0_mfa_core::{BindingCode, OobCode};

use crate::authenticator::{Authenticator, AuthenticatorKind, Means};
use crate::bearer::Caller;
use crate::behaviour::Behaviour;
use crate::bucket::{Bucket, Limit};
use crate::events::EventKind;
use crate::oob::Transaction;
use crate::outbox::{Channel, Message, Purpose};
use crate::refusal::Refusal;
use crate::user::Spent;
use crate::{Tenant, Timestamp};

/// What the one who asked for a message is answered.
pub(crate) struct Sent {
    pub(crate) oob_code: OobCode,
    /// `binding_method`; nothing for a push.
    pub(crate) binding_method: Option<String>,
}

/// Refuses when the user can be sent no message of this kind any more; else one more of them is used.
pub(crate) fn take_from_budget(
    tenant: &mut Tenant,
    caller: &Caller,
    kind: AuthenticatorKind,
    now: Timestamp,
) -> Result<(), Refusal> {
    let behaviour = tenant.behaviour.clone();
    let spent = &mut tenant.user_mut(caller.user)?.spent;
    let Some((bucket, limit)) = budget(kind, spent, &behaviour) else { return Ok(()) };
    bucket.take(limit, now).map_err(|retry_after| Refusal::TooManyMessages { retry_after })
}

fn budget<'a>(
    kind: AuthenticatorKind,
    spent: &'a mut Spent,
    behaviour: &Behaviour,
) -> Option<(&'a mut Bucket, Limit)> {
    match kind {
        AuthenticatorKind::Sms | AuthenticatorKind::Voice => {
            Some((&mut spent.phone_messages, behaviour.phone_messages))
        }
        AuthenticatorKind::Email => Some((&mut spent.emails, behaviour.emails)),
        AuthenticatorKind::Push => Some((&mut spent.pushes, behaviour.pushes)),
        AuthenticatorKind::Totp | AuthenticatorKind::WebauthnRoaming | AuthenticatorKind::RecoveryCode => {
            None
        }
    }
}

/// A message that is to be sent.
pub(crate) struct Outgoing {
    channel: Channel,
    pub(crate) kind: AuthenticatorKind,
    authenticator_id: String,
    link: String,
    recipient: String,
}

impl Outgoing {
    /// The message to an authenticator; None when it is one that nothing is sent to.
    pub(crate) fn to(authenticator: &Authenticator) -> Option<Self> {
        let (channel, recipient) = match &authenticator.means {
            Means::Totp { .. } | Means::WebauthnRoaming(_) => return None,
            Means::Sms(number) => (Channel::Sms, number.expose()),
            Means::Voice(number) => (Channel::Voice, number.expose()),
            Means::Email { address, .. } => (Channel::Email, address.expose()),
            Means::Push { device_name } => {
                (Channel::Push, device_name.as_ref().map_or("", |name| name.0.as_str()))
            }
        };
        Some(Self {
            channel,
            kind: authenticator.kind(),
            authenticator_id: authenticator.id(),
            link: authenticator.link.clone(),
            recipient: recipient.to_owned(),
        })
    }

    /// The same message to somebody who is named by another word.
    pub(crate) fn named(self, recipient: &str) -> Self {
        Self { recipient: recipient.to_owned(), ..self }
    }

    /// Sends it, and begins the transaction that waits for its answer.
    pub(crate) fn send(
        self,
        tenant: &mut Tenant,
        caller: &Caller,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Sent, Refusal> {
        let is_push = self.channel == Channel::Push;
        let code = (!is_push).then(|| tenant.generator.binding_code());
        let user = tenant.users.get(caller.user.0).ok_or(Refusal::Internal)?.name().to_owned();
        let message = tenant.outbox.add(Message {
            id: 0,
            at: now,
            user,
            channel: self.channel,
            purpose,
            authenticator_id: self.authenticator_id,
            recipient: self.recipient,
            code: code.as_ref().map(|code| BindingCode::verbatim(code.expose())),
            answer: None,
        });
        let lifetime = Duration::from_secs(tenant.behaviour.oob_code_lifetime_seconds);
        let transaction = Transaction {
            user: caller.user,
            session: caller.session,
            client_id: caller.client_id.clone(),
            kind: self.kind,
            link: self.link,
            message,
            binding_code: code,
            expires_at: now.plus(lifetime),
        };
        let oob_code = tenant.oob.open(transaction, &mut tenant.generator)?;
        if !(is_push && purpose == Purpose::Enrolment) {
            tenant.log(event(self.channel), Some(caller.user), &caller.client_id, now);
        }
        Ok(Sent { oob_code, binding_method: (!is_push).then(|| "prompt".to_owned()) })
    }
}

fn event(channel: Channel) -> EventKind {
    match channel {
        Channel::Sms => EventKind::SmsSent,
        Channel::Voice => EventKind::VoiceSent,
        Channel::Email => EventKind::EmailSent,
        Channel::Push => EventKind::PushSent,
    }
}
