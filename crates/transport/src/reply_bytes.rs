//! The body of a reply as it comes in.

use auth0_mfa_core::Body;

use crate::Exceeded;

/// Collects the body of a reply, up to a cap, and leaves no unwiped copy behind.
pub struct ReplyBytes {
    bytes: Body,
    cap: usize,
}

impl ReplyBytes {
    /// No bytes yet, and never more than `cap`. Room is made for `expected` bytes ahead, as a reply announces them.
    pub fn new(cap: usize, expected: Option<u64>) -> Self {
        // An announcement costs nothing, so no more is believed than replies of this API have.
        let expected = usize::try_from(expected.unwrap_or(0)).unwrap_or(cap).min(cap).min(MOST_AHEAD);
        Self { bytes: Body::with_capacity(expected), cap }
    }

    /// Adds what was read.
    ///
    /// # Errors
    /// When it goes beyond the cap; what fits is kept.
    pub fn push(&mut self, read: &[u8]) -> Result<(), Exceeded> {
        let room = self.cap.saturating_sub(self.bytes.len());
        let fits = read.get(..room).unwrap_or(read);
        self.bytes.append(fits);
        if fits.len() < read.len() { Err(Exceeded::ReplyBytes(self.cap)) } else { Ok(()) }
    }

    /// What was read.
    pub fn into_body(self) -> Body {
        self.bytes
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
