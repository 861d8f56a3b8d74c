//! Looks up the addresses of a host, within a time, and remembers for a while those that answered.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use auth0_mfa_transport::Deadline;

/// How long addresses are used without another lookup.
const FRESH: Duration = Duration::from_secs(60);
/// Hosts whose addresses are remembered. A client of Auth0 calls one or two.
const MOST_NAMES: usize = 64;

type LookUp = dyn Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// The addresses of hosts, shared by all lanes.
pub(crate) struct Names {
    look_up: Arc<LookUp>,
    known: Mutex<HashMap<(String, u16), Known>>,
    fresh: Duration,
}

struct Known {
    addresses: Vec<SocketAddr>,
    since: Instant,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self::with(FRESH, |host, port| (host, port).to_socket_addrs().map(Iterator::collect))
    }

    pub(crate) fn with(
        fresh: Duration,
        look_up: impl Fn(&str, u16) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static,
    ) -> Self {
        Self { look_up: Arc::new(look_up), known: Mutex::default(), fresh }
    }

    /// The addresses that answered a short time ago.
    pub(crate) fn known(&self, host: &str, port: u16) -> Option<Vec<SocketAddr>> {
        let known = self.lock();
        let found = known.get(&(host.to_owned(), port))?;
        (found.since.elapsed() < self.fresh).then(|| found.addresses.clone())
    }

    /// Looks up the addresses anew; an address stands for itself.
    ///
    /// The system's lookup cannot be told to hurry, so it runs on a thread of its own, which is left behind when the
    /// time is over.
    pub(crate) fn look_up(&self, host: &str, port: u16, deadline: Deadline) -> io::Result<Vec<SocketAddr>> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let (host, look_up) = (host.to_owned(), Arc::clone(&self.look_up));
        let (found, answer) = mpsc::sync_channel(1);
        let work = move || {
            // Nobody listens any more when the time was over first.
            let _ = found.send(look_up(&host, port));
        };
        thread::Builder::new().name("auth0-mfa-resolve".to_owned()).spawn(work)?;
        answer.recv_timeout(deadline.remaining()?).map_err(|_| deadline.exceeded())?
    }

    /// Keeps addresses one of which answered.
    pub(crate) fn remember(&self, host: &str, port: u16, addresses: Vec<SocketAddr>) {
        if host.parse::<IpAddr>().is_ok() {
            return;
        }
        let mut known = self.lock();
        if known.len() >= MOST_NAMES {
            known.clear();
        }
        known.insert((host.to_owned(), port), Known { addresses, since: Instant::now() });
    }

    /// Puts the address that answered in front of the others. They get no younger by it.
    pub(crate) fn prefer(&self, host: &str, port: u16, answered: SocketAddr) {
        if let Some(known) = self.lock().get_mut(&(host.to_owned(), port)) {
            known.addresses.sort_by_key(|address| *address != answered);
        }
    }

    /// Drops addresses that do not answer any more.
    pub(crate) fn forget(&self, host: &str, port: u16) {
        self.lock().remove(&(host.to_owned(), port));
    }

    /// A thread that panicked while it held the lock left whole entries behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<(String, u16), Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Names").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use auth0_mfa_transport::Exceeded;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn address(last: u8) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, last], 443))
    }

    /// Answers each lookup with another address.
    fn counting(fresh: Duration) -> Names {
        let lookups = AtomicUsize::new(0);
        Names::with(fresh, move |_, _| {
            let last = lookups.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(vec![address(u8::try_from(last).expect("a few lookups"))])
        })
    }

    fn look_up(names: &Names, host: &str) -> Vec<SocketAddr> {
        names.look_up(host, 443, Deadline::of_call(LONG)).expect("is found")
    }

    #[test]
    fn an_address_stands_for_itself_and_is_neither_looked_up_nor_remembered() {
        let names = Names::with(LONG, |_, _| Err(io::ErrorKind::NotFound.into()));
        let addresses = look_up(&names, "::1");
        assert_eq!(addresses, ["[::1]:443".parse().expect("is an address")]);
        names.remember("::1", 443, addresses);
        assert_eq!(names.known("::1", 443), None);
    }

    #[test]
    fn what_answered_is_known_until_it_is_forgotten() {
        let names = counting(LONG);
        assert_eq!(names.known("a.test", 443), None);
        let addresses = look_up(&names, "a.test");
        assert_eq!(names.known("a.test", 443), None, "not known to answer");
        names.remember("a.test", 443, addresses);
        assert_eq!(names.known("a.test", 443), Some(vec![address(1)]));
        assert_eq!((names.known("a.test", 444), names.known("b.test", 443)), (None, None));
        names.forget("a.test", 443);
        assert_eq!(names.known("a.test", 443), None);
        assert_eq!(look_up(&names, "a.test"), [address(2)]);
    }

    #[test]
    fn what_was_known_for_too_long_is_not_used() {
        let names = counting(Duration::ZERO);
        names.remember("a.test", 443, vec![address(1)]);
        assert_eq!(names.known("a.test", 443), None);
    }

    #[test]
    fn the_preferred_address_comes_first_and_makes_none_younger() {
        let names = counting(LONG);
        names.prefer("a.test", 443, address(3));
        assert_eq!(names.known("a.test", 443), None);
        names.remember("a.test", 443, vec![address(1), address(2), address(3)]);
        let key = ("a.test".to_owned(), 443);
        let since = names.lock()[&key].since;
        for (preferred, order) in [(3, [3, 1, 2]), (3, [3, 1, 2]), (4, [3, 1, 2]), (2, [2, 3, 1])] {
            names.prefer("a.test", 443, address(preferred));
            assert_eq!(names.known("a.test", 443), Some(order.map(address).to_vec()));
        }
        assert_eq!(names.lock()[&key].since, since);
    }

    #[test]
    fn no_more_names_are_kept_than_a_few() {
        let names = counting(LONG);
        for name in 0..10 * MOST_NAMES {
            names.remember(&format!("{name}.test"), 443, vec![address(1)]);
            assert!(names.lock().len() <= MOST_NAMES);
            assert!(names.known(&format!("{name}.test"), 443).is_some());
        }
    }

    #[test]
    fn a_lookup_has_no_more_than_its_time() {
        let (_never, answer) = mpsc::channel::<()>();
        let answer = Mutex::new(answer);
        let names = Names::with(LONG, move |_, _| {
            let _ = answer.lock().expect("nobody panicked").recv();
            Ok(Vec::new())
        });
        let limit = Duration::from_millis(20);
        let error = names.look_up("a.test", 443, Deadline::of_call(limit)).expect_err("there is no time");
        assert_eq!(error.downcast::<Exceeded>().expect("says why"), Exceeded::CallTime(limit));
    }

    #[test]
    fn why_a_lookup_failed_is_told() {
        let names = Names::with(LONG, |_, _| Err(io::ErrorKind::AddrNotAvailable.into()));
        let error = names.look_up("a.test", 443, Deadline::of_call(LONG)).expect_err("is not found");
        assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
    }

    #[test]
    fn the_system_knows_this_machine() {
        let addresses = look_up(&Names::new(), "localhost");
        assert!(!addresses.is_empty() && addresses.iter().all(|address| address.ip().is_loopback()));
    }
}
