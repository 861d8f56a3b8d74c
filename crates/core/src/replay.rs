//! What may be sent a second time.

/// Whether a request may be sent again when nobody knows what became of it.
///
/// It travels in the extensions of the request, so that a transport or a retry middleware can see it; a request
/// without it counts as [`Replay::SingleUse`].
///
/// ```
/// use auth0_mfa_core::Replay;
///
/// assert_eq!(Replay::of(&http::Request::new(())), Replay::SingleUse);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Replay {
    /// A read, a delete or a switch: the second sending does no harm.
    Safe,
    /// Never repeated (it would send another message, or use up a one-time value), but a pooled connection will do.
    Once,
    /// Never repeated, and sent on a fresh connection: it burns a recovery code and the reply has the next one.
    SingleUse,
}

impl Replay {
    /// What a request says about itself.
    pub fn of<B>(request: &http::Request<B>) -> Self {
        request.extensions().get().copied().unwrap_or(Self::SingleUse)
    }
}
