//! What may be sent a second time.

/// Whether a request may be sent again when nobody knows what became of it.
///
/// It travels with the request, so that a transport or a retry middleware can see it: [`Replay::of`] tells. A request
/// that says nothing of itself counts as [`Replay::SingleUse`].
///
/// ```
/// use auth0_mfa_core::Replay;
///
/// let mut request = http::Request::new(());
/// assert_eq!(Replay::of(&request), Replay::SingleUse);
/// Replay::Safe.mark(&mut request);
/// assert_eq!(Replay::of(&request), Replay::Safe);
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

/// What is in the extensions of a request. Private, so that nobody takes its absence for leave to repeat.
#[derive(Clone, Copy)]
struct Mark(Replay);

impl Replay {
    /// What a request says about itself.
    pub fn of<B>(request: &http::Request<B>) -> Self {
        request.extensions().get().map_or(Self::SingleUse, |Mark(replay)| *replay)
    }

    /// Makes a request say so.
    pub fn mark<B>(self, request: &mut http::Request<B>) {
        match self {
            // What says nothing is not repeated: the call that counts most needs no mark, and costs none.
            Self::SingleUse => drop(request.extensions_mut().remove::<Mark>()),
            Self::Safe | Self::Once => drop(request.extensions_mut().insert(Mark(self))),
        }
    }
}
