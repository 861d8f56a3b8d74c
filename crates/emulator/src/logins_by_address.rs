//! How often one user was logged in from each address.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use crate::bucket::Bucket;
use crate::{Limit, Timestamp};

/// What is used of one user's limit of logins, by the address that they came from. Those of whom none is known have one
/// bucket. `Debug` shows no address.
#[derive(Default)]
pub(crate) struct LoginsByAddress(BTreeMap<Option<IpAddr>, Bucket>);

impl LoginsByAddress {
    /// Uses one from this address, or says how long until there is one.
    pub(crate) fn take(
        &mut self,
        from: Option<IpAddr>,
        limit: Limit,
        now: Timestamp,
    ) -> Result<(), Duration> {
        // What is full again needs not be known, or the addresses would become ever more.
        self.0.retain(|_, bucket| !bucket.is_full(limit, now));
        self.0.entry(from).or_default().take(limit, now)
    }
}

impl fmt::Debug for LoginsByAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.values()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_forgotten_when_all_is_given_back_and_never_shown() {
        let mut logins = LoginsByAddress::default();
        let at = Timestamp::from_unix_seconds;
        let limit = Limit::new(1, 1, 60);
        for last in 0..200 {
            let address = IpAddr::from([203, 0, 113, last]);
            assert_eq!(logins.take(Some(address), limit, at(u64::from(last))), Ok(()));
            assert!(logins.take(Some(address), limit, at(u64::from(last))).is_err());
        }
        assert_eq!(logins.0.len(), 60);
        assert!(!format!("{logins:?}").contains("203"));
    }
}
