//! What the server does on a connection.

use std::fmt;
use std::time::Duration;

/// What to do on one connection: steps in their order, and how the connection ends.
///
/// A script is left early when the peer goes away or the server stops; [`Outcome`](super::Outcome) tells.
#[derive(Clone, Debug)]
pub struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) end: End,
}

impl Script {
    /// Plays `steps` in their order, then does what `end` says.
    pub fn new(steps: impl Into<Vec<Step>>, end: End) -> Self {
        Self { steps: steps.into(), end }
    }

    /// Reads a whole request, writes `reply`, closes.
    pub fn answer(reply: impl Into<Vec<u8>>) -> Self {
        Self::new([Step::ReadRequest, Step::Write(reply.into())], End::Close)
    }

    /// Reads a whole request and writes `reply`, for each request that comes on the connection.
    pub fn answer_each(reply: impl Into<Vec<u8>>) -> Self {
        Self::new([Step::ReadRequest, Step::Write(reply.into())], End::Repeat)
    }
}

/// One thing to do on a connection.
///
/// `Debug` says how many bytes a step writes, not which.
#[derive(Clone)]
#[non_exhaustive]
pub enum Step {
    /// Reads this many bytes, and not one more. (With TLS whole records are taken from the network; the record of what
    /// was [`Seen`](super::Seen) still holds this many.)
    ReadExactly(u64),
    /// Reads to the end of the head of a request: the first empty line, included.
    ReadHead,
    /// Reads the body of the request whose head was read: as many bytes as its `content-length` says, none without one.
    ReadBody,
    /// [`ReadHead`](Self::ReadHead), then [`ReadBody`](Self::ReadBody).
    ReadRequest,
    /// Reads what has arrived and was not yet read; waits for nothing.
    Drain,
    /// Reads until the peer has closed: the server that takes everything and never answers.
    ReadToEnd,
    /// Writes these bytes.
    Write(Vec<u8>),
    /// Writes these bytes one by one, each in a segment (with TLS: in a record) of its own.
    Trickle {
        /// What to write.
        bytes: Vec<u8>,
        /// How long to wait after each byte.
        pause: Duration,
    },
    /// Writes this many spaces, which are never held in memory together. Ends at once when the peer goes away.
    Flood(u64),
    /// Waits this long.
    Pause(Duration),
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadExactly(count) => write!(f, "ReadExactly({count})"),
            Self::ReadHead => f.write_str("ReadHead"),
            Self::ReadBody => f.write_str("ReadBody"),
            Self::ReadRequest => f.write_str("ReadRequest"),
            Self::Drain => f.write_str("Drain"),
            Self::ReadToEnd => f.write_str("ReadToEnd"),
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::Trickle { bytes, pause } => {
                write!(f, "Trickle({} bytes, {pause:?} after each)", bytes.len())
            }
            Self::Flood(count) => write!(f, "Flood({count})"),
            Self::Pause(duration) => write!(f, "Pause({duration:?})"),
        }
    }
}

/// How a connection ends when the steps were played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// An orderly end: `close_notify` with TLS, then a FIN. What still arrives until the peer closes as well is read
    /// and recorded, so that the kernel has no reason for a reset and no byte of the peer's goes unseen.
    Close,
    /// As [`Close`](Self::Close), without the `close_notify`: with TLS, the end of a stream that somebody cut.
    Truncate,
    /// The socket is closed as it is, as when a process dies. The kernel sends a FIN when everything that arrived was
    /// read, and a reset when something was not, or when more arrives later. [`Step::Drain`] before it makes the first
    /// likely, [`Step::ReadExactly`] of a part of a request the second.
    Abandon,
    /// A reset (RST). What was written before it may be lost on the way, on some systems even when it had arrived.
    Reset,
    /// Nothing more is read or written until the peer closes or the server stops. A peer that closes while bytes of its
    /// own lie unread cannot be noticed (and with TLS its `close_notify` is such bytes): then it is the server's stop
    /// that ends the connection. What lies unread is recorded at the end.
    Stall,
    /// The script starts over when the next byte arrives, until the peer closes. A round that reads nothing is the
    /// last, and ends as with [`Close`](Self::Close).
    Repeat,
}

/// Which script each connection gets; connections are counted from 0 in the order in which they were accepted.
///
/// Made from one [`Script`] (for all), from a list (one each; the last one also serves every further connection; an
/// empty list closes each), or from a function of the connection's number.
pub struct Scripts(Box<dyn Fn(usize) -> Script + Send + Sync>);

impl Scripts {
    /// `choose` gets the number of the connection, and is called on that connection's own thread.
    pub fn from_fn(choose: impl Fn(usize) -> Script + Send + Sync + 'static) -> Self {
        Self(Box::new(choose))
    }

    pub(super) fn of(&self, connection: usize) -> Script {
        (self.0)(connection)
    }
}

impl From<Script> for Scripts {
    fn from(script: Script) -> Self {
        Self::from_fn(move |_| script.clone())
    }
}

impl From<Vec<Script>> for Scripts {
    fn from(list: Vec<Script>) -> Self {
        Self::from_fn(move |connection| {
            let own = list.get(connection).or(list.last());
            own.cloned().unwrap_or_else(|| Script::new([], End::Close))
        })
    }
}

impl<const N: usize> From<[Script; N]> for Scripts {
    fn from(list: [Script; N]) -> Self {
        Vec::from(list).into()
    }
}

impl fmt::Debug for Scripts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripts")
    }
}
