//! What is remembered of a browser between two of its requests. It never leaves the server.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use auth0_mfa::{MfaToken, NewCode, RecoveryCode};

use crate::advice::Told;
use crate::random::Unguessable;

/// How long a session lives without a visit.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// How long it lives while a new code waits to be stored: whoever closed the laptop over it is to find it again.
const LIFETIME_WITH_NEW_CODE: Duration = Duration::from_secs(24 * 60 * 60);

/// One browser's login.
#[derive(Debug)]
pub(crate) struct Session {
    csrf: Unguessable,
    seen_at: Instant,
    /// Who logged in last, by the name that was typed.
    pub(crate) user: Option<String>,
    pub(crate) stage: Stage,
    /// The call that was sent and is not answered. There is one at a time, so that a double click sends nothing twice.
    pub(crate) under_way: Option<UnderWay>,
    /// What the last call left to say.
    pub(crate) told: Option<Told>,
    /// New codes that the user has not confirmed yet; the newest is the last.
    pub(crate) new_codes: Vec<NewCode>,
    /// How many new codes came so far: a confirmation is for those that its page showed.
    pub(crate) new_codes_so_far: usize,
    /// Codes that were sent, and of which nobody knows whether they are used up.
    pub(crate) in_doubt: Vec<RecoveryCode>,
}

#[derive(Debug)]
pub(crate) enum Stage {
    LoggedOut,
    SecondFactor(MfaToken),
    LoggedIn,
}

#[derive(Clone, Debug)]
pub(crate) enum UnderWay {
    Password { user: String },
    Otp,
    RecoveryCode,
}

impl Session {
    fn new(now: Instant) -> Result<Self, getrandom::Error> {
        Ok(Self {
            csrf: Unguessable::new()?,
            seen_at: now,
            user: None,
            stage: Stage::LoggedOut,
            under_way: None,
            told: None,
            new_codes: Vec::new(),
            new_codes_so_far: 0,
            in_doubt: Vec::new(),
        })
    }

    /// What a form of this session must bring: a page of another site does not know it.
    pub(crate) fn csrf(&self) -> &Unguessable {
        &self.csrf
    }

    /// Whether nothing is under way and no new code waits: only then is there another step.
    pub(crate) fn is_free(&self) -> bool {
        self.under_way.is_none() && self.new_codes.is_empty()
    }

    /// The token of a login that waits for a second factor.
    pub(crate) fn mfa_token(&self) -> Option<&MfaToken> {
        match &self.stage {
            Stage::SecondFactor(mfa_token) if self.is_free() => Some(mfa_token),
            _ => None,
        }
    }

    /// Keeps a new code until the user has confirmed it.
    pub(crate) fn keep(&mut self, new_code: NewCode) {
        if new_code.is_returned() {
            self.new_codes.push(new_code);
            self.new_codes_so_far += 1;
        }
    }

    /// A call that is under way will bring its outcome here, so the session stays until then.
    fn has_ended(&self, now: Instant) -> bool {
        let lifetime = if self.new_codes.is_empty() { LIFETIME } else { LIFETIME_WITH_NEW_CODE };
        self.under_way.is_none() && now.saturating_duration_since(self.seen_at) >= lifetime
    }
}

/// What sessions that have ended held and a user must not lose, by the name that the user logged in with.
#[derive(Debug, Default)]
pub(crate) struct LeftBehind(HashMap<String, Left>);

#[derive(Debug, Default)]
struct Left {
    new_codes: Vec<NewCode>,
    in_doubt: Vec<RecoveryCode>,
}

impl LeftBehind {
    /// New codes that nobody has confirmed: for the user who is in.
    pub(crate) fn take_new_codes(&mut self, user: &str) -> Vec<NewCode> {
        self.0.get_mut(user).map(|left| std::mem::take(&mut left.new_codes)).unwrap_or_default()
    }

    /// Codes in doubt: to say what became of one that is sent again. They are shown to nobody.
    pub(crate) fn take_in_doubt(&mut self, user: &str) -> Vec<RecoveryCode> {
        self.0.get_mut(user).map(|left| std::mem::take(&mut left.in_doubt)).unwrap_or_default()
    }

    /// Takes what a session holds, when it ends or another user logs in.
    pub(crate) fn add(&mut self, session: &mut Session) {
        if let (Some(user), false) =
            (&session.user, session.new_codes.is_empty() && session.in_doubt.is_empty())
        {
            let left = self.0.entry(user.clone()).or_default();
            left.new_codes.append(&mut session.new_codes);
            left.in_doubt.append(&mut session.in_doubt);
        }
    }
}

/// All sessions. Clones are handles to the same ones.
#[derive(Clone)]
pub struct Sessions(Arc<Shared>);

struct Shared {
    clock: Box<dyn Fn() -> Instant + Send + Sync>,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sessions: HashMap<Unguessable, Session>,
    left_behind: LeftBehind,
}

impl Kept {
    fn put_away_what_has_ended(&mut self, now: Instant) {
        let ended = self.sessions.iter().filter(|(_, session)| session.has_ended(now));
        let ended: Vec<Unguessable> = ended.map(|(id, _)| id.clone()).collect();
        ended.iter().for_each(|id| self.end(id));
    }

    fn end(&mut self, id: &Unguessable) {
        if let Some(mut session) = self.sessions.remove(id) {
            self.left_behind.add(&mut session);
        }
    }
}

impl Sessions {
    /// No session yet; they end by this clock.
    pub fn new(clock: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(Shared { clock: Box::new(clock), kept: Mutex::default() }))
    }

    /// A new session. Answers its identifier.
    pub(crate) fn open(&self) -> Result<Unguessable, getrandom::Error> {
        let (id, session) = (Unguessable::new()?, Session::new((self.0.clock)())?);
        self.kept(|kept| kept.sessions.insert(id.clone(), session));
        Ok(id)
    }

    /// Visits a session: it lives on from here. `None` when there is none of this identifier, or it has ended.
    pub(crate) fn visit<R>(&self, id: &Unguessable, f: impl FnOnce(&mut Session) -> R) -> Option<R> {
        let now = (self.0.clock)();
        self.kept(|kept| {
            let session = kept.sessions.get_mut(id)?;
            session.seen_at = now;
            Some(f(session))
        })
    }

    /// Writes the outcome of a call that was under way into its session.
    ///
    /// The session is there: while a call is under way it does not end, is not logged out, and keeps its identifier.
    pub(crate) fn record(&self, id: &Unguessable, f: impl FnOnce(&mut Session, &mut LeftBehind)) {
        self.kept(|kept| {
            if let Some(session) = kept.sessions.get_mut(id) {
                f(session, &mut kept.left_behind);
                session.under_way = None;
            }
        });
    }

    /// Gives a session another identifier, after a login: whoever knew the one before knows nothing. `None` when a call
    /// is under way, whose outcome is to find the session.
    pub(crate) fn rename(&self, id: &Unguessable) -> Result<Option<Unguessable>, getrandom::Error> {
        let (new_id, new_csrf) = (Unguessable::new()?, Unguessable::new()?);
        Ok(self.kept(|kept| {
            let mut session = kept.sessions.remove(id)?;
            if session.under_way.is_some() {
                kept.sessions.insert(id.clone(), session);
                return None;
            }
            session.csrf = new_csrf;
            kept.sessions.insert(new_id.clone(), session);
            Some(new_id)
        }))
    }

    /// Ends a session, unless there is a call or a new code to wait for.
    pub(crate) fn close(&self, id: &Unguessable) {
        self.kept(|kept| {
            if kept.sessions.get(id).is_some_and(Session::is_free) {
                kept.end(id);
            }
        });
    }

    /// Sessions that have ended are put away first.
    fn kept<R>(&self, f: impl FnOnce(&mut Kept) -> R) -> R {
        let now = (self.0.clock)();
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put_away_what_has_ended(now);
        f(&mut kept)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_tuple("Sessions").field(&*kept).finish()
    }
}
