//! chromedriver: one for all the tests that run at the same time.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;

use crate::installation::Installation;
use crate::wire::Wire;

/// How many browsers run at the same time: each is several processes.
const BROWSERS: usize = 2;

static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());
static PLACES: Places = Places { free: Mutex::new(BROWSERS), left: Condvar::new() };

/// Ends with the last browser.
#[derive(Debug)]
pub(crate) struct Driver {
    pub(crate) wire: Wire,
    process: Child,
}

impl Driver {
    pub(crate) fn shared(installation: &Installation) -> Arc<Self> {
        let mut running = lock(&RUNNING);
        running.upgrade().unwrap_or_else(|| {
            let driver = Arc::new(Self::start(installation));
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    fn start(installation: &Installation) -> Self {
        let mut command = Command::new(installation.driver());
        if installation.is_unpacked() {
            command.env("LD_LIBRARY_PATH", installation.libraries());
        }
        command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("chromedriver starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output is piped"));
        let port = output.by_ref().lines().map_while(Result::ok).find_map(|line| port(&line));
        // Nobody reads it any more, and it must not fill up.
        thread::spawn(move || io::copy(&mut output, &mut io::sink()));
        let port = port.expect("chromedriver says on which port it listens");
        Self { wire: Wire::to_port(port), process }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.wire.get("/shutdown");
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `ChromeDriver was started successfully on port 33445.`
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}

/// Leave to run a browser.
#[derive(Debug)]
pub(crate) struct Place(());

struct Places {
    free: Mutex<usize>,
    left: Condvar,
}

impl Place {
    /// Waits for one.
    pub(crate) fn take() -> Self {
        let free = lock(&PLACES.free);
        let mut free =
            PLACES.left.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Self(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *lock(&PLACES.free) += 1;
        PLACES.left.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
