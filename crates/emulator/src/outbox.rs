//! What the tenant would have sent: the user of a test reads it here.

use std::collections::VecDeque;
use std::fmt;

use auth0_mfa_core::BindingCode;

use crate::Timestamp;
use crate::personal::Redacted;

/// How many messages are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// An SMS, a call, an e-mail or a push that would have been sent. `Debug` shows no code and nothing personal.
#[non_exhaustive]
pub struct Message {
    /// Its number, for [`Tenant::answer_push`](crate::Tenant::answer_push).
    pub id: u64,
    /// When it would have been sent.
    pub at: Timestamp,
    /// The name of the user.
    pub user: String,
    /// How it would have been sent.
    pub channel: Channel,
    /// What for.
    pub purpose: Purpose,
    /// The `id` of the authenticator.
    pub authenticator_id: String,
    /// The phone number or the e-mail address; of a push, the device's name, or the `enrollment_tx_id` before there is
    /// one. Personal.
    pub recipient: String,
    /// The code in it (`binding_code`); a push has none.
    pub code: Option<BindingCode>,
    /// What the user answered to a push.
    pub answer: Option<PushAnswer>,
}

/// How a message would have been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// An SMS.
    Sms,
    /// A call, which reads the code out.
    Voice,
    /// An e-mail.
    Email,
    /// A push to the Guardian app.
    Push,
}

impl Channel {
    /// A word for it: `sms`, `voice`, `email`, `push`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Voice => "voice",
            Self::Email => "email",
            Self::Push => "push",
        }
    }
}

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// To confirm a new authenticator. For a push nothing is sent: the app scans the barcode, and to approve is to have
    /// scanned it.
    Enrolment,
    /// To authenticate.
    Challenge,
}

/// What a user answers to a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PushAnswer {
    /// It was the user.
    Approve,
    /// It was not.
    Deny,
}

/// Why a push cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushError {
    /// There is no push of this number.
    Unknown,
    /// It was answered before.
    Answered,
    /// It is too old, or its login went on without it.
    Expired,
}

impl fmt::Display for PushError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "there is no push of this number",
            Self::Answered => "the push was answered before",
            Self::Expired => "the push is too old",
        })
    }
}

impl std::error::Error for PushError {}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("user", &Redacted)
            .field("channel", &self.channel)
            .field("purpose", &self.purpose)
            .field("authenticator_id", &self.authenticator_id)
            .field("code", &self.code)
            .field("answer", &self.answer)
            .finish_non_exhaustive()
    }
}

/// The newest messages, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    messages: VecDeque<Message>,
    last: u64,
}

impl Outbox {
    /// Adds a message, and answers the number that it got.
    pub(crate) fn add(&mut self, message: Message) -> u64 {
        self.last += 1;
        if self.messages.len() == KEPT {
            self.messages.pop_front();
        }
        self.messages.push_back(Message { id: self.last, ..message });
        self.last
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.iter()
    }

    pub(crate) fn note_answer(&mut self, id: u64, answer: PushAnswer) {
        if let Some(message) = self.messages.iter_mut().find(|message| message.id == id) {
            message.answer = Some(answer);
        }
    }
}
