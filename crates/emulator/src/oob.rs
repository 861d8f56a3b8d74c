//! Out-of-band transactions, by their `oob_code`: a message was sent, and its answer is waited for.

use std::collections::BTreeMap;

use auth0_mfa_core::{BindingCode, InvalidValue, OobCode};

use crate::authenticator::AuthenticatorKind;
use crate::bearer::Session;
use crate::generator::Generator;
use crate::outbox::{PushAnswer, PushError};
use crate::user::UserId;
use crate::{Timestamp, iron, secrets};

/// How many transactions are kept; older ones are forgotten, and their codes are then unknown.
const KEPT: usize = 10_000;

/// The lengths of the sealed field that make codes as long as recorded ones: 578 characters, and 620 for a push.
const PAYLOAD: usize = 342;
const PUSH_PAYLOAD: usize = 384;

/// A message that was sent.
#[derive(Debug)]
pub(crate) struct Transaction {
    pub(crate) user: UserId,
    pub(crate) session: Session,
    pub(crate) client_id: String,
    pub(crate) kind: AuthenticatorKind,
    /// The link of the authenticator.
    pub(crate) link: String,
    /// The number of the message.
    pub(crate) message: u64,
    /// What the user is to type; nothing for a push.
    pub(crate) binding_code: Option<BindingCode>,
    pub(crate) expires_at: Timestamp,
}

/// A transaction that waits for the user, or has ended.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) transaction: Transaction,
    pub(crate) answer: Option<PushAnswer>,
    oob_code: OobCode,
}

#[derive(Debug, Default)]
pub(crate) struct Transactions {
    kept: BTreeMap<u64, Waiting>,
    next: u64,
}

impl Transactions {
    /// Begins a transaction. Answers its `oob_code`.
    pub(crate) fn open(
        &mut self,
        transaction: Transaction,
        generator: &mut Generator,
    ) -> Result<OobCode, InvalidValue> {
        let number = self.next;
        let payload = if transaction.kind == AuthenticatorKind::Push { PUSH_PAYLOAD } else { PAYLOAD };
        let sealed = iron::sealed(number, payload, generator, transaction.expires_at);
        let oob_code = OobCode::parse(sealed.as_str())?;
        let waiting = Waiting { transaction, answer: None, oob_code: oob_code.clone() };
        self.kept.insert(number, waiting);
        self.next += 1;
        if self.kept.len() > KEPT {
            self.kept.pop_first();
        }
        Ok(oob_code)
    }

    /// The transaction of an `oob_code`, unless it succeeded before.
    pub(crate) fn find(&self, oob_code: &OobCode) -> Option<&Waiting> {
        let number = iron::number_of(oob_code.expose())?;
        self.kept.get(&number).filter(|waiting| secrets::same(waiting.oob_code.expose(), oob_code.expose()))
    }

    /// Ends a transaction that succeeded.
    pub(crate) fn consume(&mut self, oob_code: &OobCode) {
        if self.find(oob_code).is_some() {
            iron::number_of(oob_code.expose()).and_then(|number| self.kept.remove(&number));
        }
    }

    /// Takes the answer to a push; answers whose it is.
    pub(crate) fn answer(
        &mut self,
        message: u64,
        answer: PushAnswer,
        now: Timestamp,
    ) -> Result<&Transaction, PushError> {
        let mut pushes = self.kept.values_mut().filter(|it| it.transaction.kind == AuthenticatorKind::Push);
        let waiting = pushes.find(|it| it.transaction.message == message).ok_or(PushError::Unknown)?;
        if waiting.answer.is_some() {
            return Err(PushError::Answered);
        }
        if now >= waiting.transaction.expires_at {
            return Err(PushError::Expired);
        }
        waiting.answer = Some(answer);
        Ok(&waiting.transaction)
    }
}
