//! What is kept of each address that a user's logins come from.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

/// How many addresses are kept of one user; the one that was not seen for longest is forgotten.
const KEPT: usize = 1_000;

/// Something of each address. Where none is known, all come from the same. `Debug` shows no address.
pub(crate) struct ByAddress<T> {
    kept: BTreeMap<Option<IpAddr>, Seen<T>>,
    next: u64,
}

struct Seen<T> {
    /// A number that grows.
    last: u64,
    of: T,
}

impl<T: Default> ByAddress<T> {
    /// What is kept of this address.
    pub(crate) fn of(&mut self, from: Option<IpAddr>) -> &mut T {
        if self.kept.len() == KEPT && !self.kept.contains_key(&from) {
            self.forget_oldest();
        }
        let seen = self.kept.entry(from).or_insert_with(|| Seen { last: 0, of: T::default() });
        seen.last = self.next;
        self.next += 1;
        &mut seen.of
    }

    fn forget_oldest(&mut self) {
        let oldest = self.kept.iter().min_by_key(|(_, seen)| seen.last).map(|(address, _)| *address);
        if let Some(address) = oldest {
            self.kept.remove(&address);
        }
    }
}

impl<T> Default for ByAddress<T> {
    fn default() -> Self {
        Self { kept: BTreeMap::new(), next: 0 }
    }
}

impl<T: fmt::Debug> fmt::Debug for ByAddress<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.kept.values().map(|seen| &seen.of)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(number: u32) -> Option<IpAddr> {
        Some(IpAddr::from(number.to_be_bytes()))
    }

    #[test]
    fn the_address_that_was_not_seen_for_longest_is_forgotten_when_there_are_too_many() {
        let mut numbers = ByAddress::<u32>::default();
        for number in 0..1_000 {
            *numbers.of(address(number)) = number + 1;
        }
        assert_eq!(*numbers.of(address(0)), 1, "it is seen again");
        assert_eq!(*numbers.of(None), 0);
        assert_eq!(numbers.kept.len(), KEPT);
        assert_eq!(*numbers.of(address(0)), 1);
        assert_eq!(*numbers.of(address(2)), 3);
        assert_eq!(*numbers.of(address(1)), 0, "it was forgotten");
    }

    #[test]
    fn debug_shows_no_address() {
        let mut numbers = ByAddress::<u32>::default();
        *numbers.of(Some(IpAddr::from([203, 0, 113, 7]))) = 5;
        assert_eq!(format!("{numbers:?}"), "[5]");
    }
}
