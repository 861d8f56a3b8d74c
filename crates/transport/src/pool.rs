//! Connections that wait for their next request.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::Origin;

/// How many connections wait, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolLimits {
    /// How long a connection may wait for its next request.
    pub idle_timeout: Duration,
    /// How old a connection may be when it is given a request.
    pub max_lifetime: Duration,
    /// How many connections to one host and port may wait.
    pub max_idle_per_host: usize,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self {
            idle_timeout: Duration::from_secs(30),
            max_lifetime: Duration::from_secs(600),
            max_idle_per_host: 32,
        }
    }
}

/// Idle connections of any kind, by their origin. It has no thread: what is old is closed when somebody looks.
#[derive(Debug)]
pub struct Pool<C> {
    limits: PoolLimits,
    /// A program talks to one tenant or a few: a list is searched faster than a map.
    hosts: Mutex<Vec<Host<C>>>,
}

#[derive(Debug)]
struct Host<C> {
    origin: Origin,
    idle: Vec<Idle<C>>,
}

#[derive(Debug)]
struct Idle<C> {
    connection: C,
    opened: Instant,
    since: Instant,
}

impl<C> Pool<C> {
    /// An empty pool.
    pub fn new(limits: PoolLimits) -> Self {
        Self { limits, hosts: Mutex::default() }
    }

    /// The connection that waited the shortest of those that are `usable`, and when it was opened. Those found too old
    /// or not usable on the way are closed.
    pub fn take(&self, origin: &Origin, usable: impl Fn(&mut C) -> bool) -> Option<(C, Instant)> {
        let mut hosts = self.lock();
        let host = hosts.iter_mut().find(|host| host.origin == *origin)?;
        let now = Instant::now();
        while let Some(mut last) = host.idle.pop() {
            if self.limits.allow(&last, now) && usable(&mut last.connection) {
                return Some((last.connection, last.opened));
            }
        }
        None
    }

    /// Keeps a connection whose last reply was read to its end. The one that waited the longest makes room.
    pub fn put(&self, origin: Origin, connection: C, opened: Instant) {
        let since = Instant::now();
        let kept = Idle { connection, opened, since };
        if self.limits.max_idle_per_host == 0 || !self.limits.allow(&kept, since) {
            return;
        }
        let mut hosts = self.lock();
        let Some(host) = hosts.iter_mut().find(|host| host.origin == origin) else {
            hosts.push(Host { origin, idle: vec![kept] });
            return;
        };
        if host.idle.len() >= self.limits.max_idle_per_host {
            host.idle.remove(0);
        }
        host.idle.push(kept);
    }

    /// Closes what is too old or not `usable`; says whether anything is left.
    pub fn close_old(&self, usable: impl Fn(&mut C) -> bool) -> bool {
        let mut hosts = self.lock();
        let now = Instant::now();
        for host in hosts.iter_mut() {
            host.idle.retain_mut(|kept| self.limits.allow(kept, now) && usable(&mut kept.connection));
        }
        hosts.retain(|host| !host.idle.is_empty());
        !hosts.is_empty()
    }

    /// A thread that panicked while it held the lock left whole entries behind.
    fn lock(&self) -> MutexGuard<'_, Vec<Host<C>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PoolLimits {
    fn allow<C>(&self, idle: &Idle<C>, now: Instant) -> bool {
        now.saturating_duration_since(idle.since) < self.idle_timeout
            && now.saturating_duration_since(idle.opened) < self.max_lifetime
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(uri: &str) -> Origin {
        Origin::of(&uri.parse().expect("is a URI")).expect("is an origin")
    }

    fn put(pool: &Pool<u8>, origin: &Origin, connection: u8) {
        pool.put(origin.clone(), connection, Instant::now());
    }

    fn take(pool: &Pool<u8>, origin: &Origin) -> Option<u8> {
        pool.take(origin, |_| true).map(|(connection, _)| connection)
    }

    #[test]
    fn the_last_one_in_is_the_first_one_out_and_each_origin_has_its_own() {
        let (one, other) = (origin("https://one.example.com"), origin("https://one.example.com:444"));
        let pool = Pool::new(PoolLimits::default());
        put(&pool, &one, 1);
        put(&pool, &one, 2);
        assert_eq!(take(&pool, &other), None);
        assert_eq!((take(&pool, &one), take(&pool, &one), take(&pool, &one)), (Some(2), Some(1), None));
    }

    #[test]
    fn the_oldest_makes_room() {
        let one = origin("https://one.example.com");
        let pool = Pool::new(PoolLimits { max_idle_per_host: 2, ..PoolLimits::default() });
        (1..=3).for_each(|connection| put(&pool, &one, connection));
        assert_eq!((take(&pool, &one), take(&pool, &one), take(&pool, &one)), (Some(3), Some(2), None));
    }

    #[test]
    fn what_is_not_usable_is_passed_over() {
        let one = origin("https://one.example.com");
        let pool = Pool::new(PoolLimits::default());
        (1..=3).for_each(|connection| put(&pool, &one, connection));
        assert_eq!(pool.take(&one, |connection| *connection == 1).map(|taken| taken.0), Some(1));
        assert_eq!(take(&pool, &one), None);
    }

    #[test]
    fn nothing_waits_longer_or_lives_longer_than_it_may() {
        let one = origin("https://one.example.com");
        for limits in [
            PoolLimits { idle_timeout: Duration::ZERO, ..PoolLimits::default() },
            PoolLimits { max_lifetime: Duration::ZERO, ..PoolLimits::default() },
            PoolLimits { max_idle_per_host: 0, ..PoolLimits::default() },
        ] {
            let pool = Pool::new(limits);
            put(&pool, &one, 1);
            assert_eq!(take(&pool, &one), None, "{limits:?}");
            assert!(!pool.close_old(|_| true));
        }
    }

    #[test]
    fn the_age_of_a_connection_is_not_forgotten_between_its_requests() {
        let one = origin("https://one.example.com");
        let pool = Pool::new(PoolLimits::default());
        let opened = Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or_else(Instant::now);
        pool.put(one.clone(), 1, opened);
        assert_eq!(pool.take(&one, |_| true), Some((1, opened)));
    }

    #[test]
    fn closing_keeps_what_is_usable() {
        let (one, other) = (origin("https://one.example.com"), origin("https://other.example.com"));
        let pool = Pool::new(PoolLimits::default());
        put(&pool, &one, 1);
        put(&pool, &other, 2);
        assert!(pool.close_old(|connection| *connection == 2));
        assert_eq!((take(&pool, &one), take(&pool, &other)), (None, Some(2)));
    }
}
