//! The body of a reply as it comes in.

use auth0_mfa_core::Body;
use zeroize::Zeroizing;

use crate::Exceeded;

/// Collects the body of a reply, up to a cap, and leaves no unwiped copy behind.
pub struct ReplyBytes {
    bytes: Zeroizing<Vec<u8>>,
    cap: usize,
}

impl ReplyBytes {
    /// No bytes yet, and never more than `cap`. Room is made for `expected` bytes ahead, as a reply announces them.
    pub fn new(cap: usize, expected: Option<u64>) -> Self {
        // An announcement costs nothing, so no more is believed than replies of this API have.
        let expected = usize::try_from(expected.unwrap_or(0)).unwrap_or(cap).min(cap).min(MOST_AHEAD);
        Self { bytes: Zeroizing::new(Vec::with_capacity(expected)), cap }
    }

    /// Adds what was read.
    ///
    /// # Errors
    /// When it goes beyond the cap; what fits is kept.
    pub fn push(&mut self, read: &[u8]) -> Result<(), Exceeded> {
        let room = self.cap.saturating_sub(self.bytes.len());
        let fits = read.get(..room).unwrap_or(read);
        self.append(fits);
        if fits.len() < read.len() { Err(Exceeded::ReplyBytes(self.cap)) } else { Ok(()) }
    }

    /// What was read.
    pub fn into_body(mut self) -> Body {
        Body::from(std::mem::take(&mut *self.bytes))
    }

    /// Grows by hand: a vector that grows by itself leaves the bytes behind where they were.
    fn append(&mut self, more: &[u8]) {
        let needed = self.bytes.len() + more.len();
        if needed > self.bytes.capacity() {
            let mut wider = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.bytes.capacity())));
            wider.extend_from_slice(&self.bytes);
            self.bytes = wider;
        }
        self.bytes.extend_from_slice(more);
    }
}

const MOST_AHEAD: usize = 16 * 1024;

impl std::fmt::Debug for ReplyBytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReplyBytes").field("read", &self.bytes.len()).field("cap", &self.cap).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_fits_is_kept_in_its_order_and_the_rest_is_told(
            pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8),
            cap in 0_usize..200,
            expected in prop::option::of(any::<u64>()),
        ) {
            let mut reply = ReplyBytes::new(cap, expected);
            let outcomes: Vec<_> = pieces.iter().map(|piece| reply.push(piece)).collect();
            let whole = pieces.concat();
            let fits = whole.get(..cap).unwrap_or(&whole);
            prop_assert_eq!(outcomes.iter().all(Result::is_ok), whole.len() <= cap);
            let body = reply.into_body();
            prop_assert_eq!(body.expose(), fits);
        }
    }
}
