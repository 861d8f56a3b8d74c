//! Identifiers that are good once (`jti`).

use std::collections::{BTreeSet, VecDeque};

use ring::digest::{SHA256, digest};

/// How many are kept; older ones are forgotten. What they belong to has long expired by then.
const KEPT: usize = 10_000;

/// What was seen, by its digest: a long identifier takes no more room than a short one.
#[derive(Debug, Default)]
pub(crate) struct SeenOnce {
    seen: BTreeSet<[u8; 32]>,
    order: VecDeque<[u8; 32]>,
}

impl SeenOnce {
    /// Notes an identifier of its holder. Answers whether it is new.
    pub(crate) fn note(&mut self, holder: &str, identifier: &str) -> bool {
        let text = format!("{}:{holder}{identifier}", holder.len());
        let Ok(digest) = digest(&SHA256, text.as_bytes()).as_ref().try_into() else { return false };
        if !self.seen.insert(digest) {
            return false;
        }
        self.order.push_back(digest);
        if self.order.len() > KEPT {
            self.order.pop_front().map(|oldest| self.seen.remove(&oldest));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_new_once_for_each_holder() {
        let mut seen = SeenOnce::default();
        assert!(seen.note("app", "1") && seen.note("app", "2") && seen.note("other", "1"));
        assert!(!seen.note("app", "1"));
        assert!(seen.note("ap", "p1"), "where one ends and the other begins matters");
    }

    #[test]
    fn the_oldest_is_forgotten_when_there_are_too_many() {
        let mut seen = SeenOnce::default();
        for number in 0..=KEPT {
            assert!(seen.note("app", &number.to_string()));
        }
        assert_eq!(seen.seen.len(), KEPT);
        assert!(seen.note("app", "0") && !seen.note("app", &KEPT.to_string()));
    }
}
