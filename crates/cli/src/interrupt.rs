//! Signals: what ends a command, and what may not.

use std::io;
use std::process;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use serde::Serialize;

use crate::exit::Exit;
use crate::{advice, terminal};

/// From its beginning to the answer, a signal ends the process with a word about the code. After the answer none
/// does: the new code is being saved and printed, which takes a moment.
///
/// The thread is there because a blocking call cannot be asked to stop.
pub(crate) struct Watch {
    answered: Arc<Mutex<bool>>,
}

impl Watch {
    pub(crate) fn begin(json: bool) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        // Listened for from here on, not only when the thread comes to it.
        let stopped = {
            let _in_runtime = runtime.enter();
            outlive_hangup()?;
            stop_signal()?
        };
        let answered = Arc::new(Mutex::new(false));
        let seen = Arc::clone(&answered);
        thread::Builder::new().spawn(move || {
            if runtime.block_on(stopped).is_ok() {
                give_up(&seen, json);
            }
        })?;
        Ok(Self { answered })
    }

    pub(crate) fn answered(&self) {
        *lock(&self.answered) = true;
    }
}

/// Ends the process, unless the answer came first: whoever has the lock decides.
fn give_up(answered: &Mutex<bool>, json: bool) {
    let answered = lock(answered);
    if *answered {
        return;
    }
    if !json || terminal::print(&terminal::json_line(&IN_DOUBT)).is_err() {
        terminal::note(&advice::interrupted());
    }
    process::exit(Exit::InDoubt as i32);
}

fn lock(answered: &Mutex<bool>) -> MutexGuard<'_, bool> {
    answered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The line of `--json`.
const IN_DOUBT: InterruptedLine =
    InterruptedLine { outcome: "in_doubt", code_state: "unknown", message: advice::INTERRUPTED };

#[derive(Serialize)]
struct InterruptedLine {
    outcome: &'static str,
    code_state: &'static str,
    message: &'static str,
}

/// A connection to the machine that breaks off is no reason to miss the answer: `--save-code` can still keep it.
#[cfg(unix)]
fn outlive_hangup() -> io::Result<()> {
    // Whoever listens is not ended, whether or not anybody acts on it.
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).map(drop)
}

#[cfg(not(unix))]
fn outlive_hangup() -> io::Result<()> {
    Ok(())
}

/// Resolves at the first SIGINT or SIGTERM.
#[cfg(unix)]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => Ok(()),
            _ = terminated.recv() => Ok(()),
        }
    })
}

/// Resolves at the first Ctrl-C.
#[cfg(not(unix))]
pub(crate) fn stop_signal() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}
