//! The one repeat that DPoP permits.

use std::fmt;

use crate::call::{Call, Pending, begin};
use crate::{Application, Body, CallOptions};

/// A call that Auth0 did not look at because its DPoP proof lacked a nonce. It may be sent once more, with a proof that
/// holds it; the repeat's own error offers no other.
///
/// ```
/// use auth0_mfa_core::{Application, CallOptions, CallError, DpopProof, VerifyWithOtp};
///
/// # fn sign_proof(_nonce: &str) -> String { "eyJ.FAKE.FAKE".to_owned() }
/// # fn example(error: CallError<VerifyWithOtp>, application: &Application) -> Result<(), Box<dyn std::error::Error>> {
/// if let CallError::Api(refused) = error {
///     if let Ok(repeat) = refused.into_dpop_repeat() {
///         let proof = DpopProof::parse(sign_proof(repeat.nonce()))?;
///         let (request, pending) = repeat.begin(application, CallOptions::default().dpop_proof(proof));
/// #       let _ = (request, pending);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// Source: RFC 9449, section 8.
pub struct DpopRepeat<C> {
    call: C,
    nonce: String,
}

impl<C: Call> DpopRepeat<C> {
    pub(crate) fn new(call: C, nonce: String) -> Self {
        Self { call, nonce }
    }

    /// What the new proof has to hold in `nonce`.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }

    /// Begins the call again; the options bring the new proof.
    pub fn begin(self, application: &Application, options: CallOptions) -> (http::Request<Body>, Pending<C>) {
        let (request, pending) = begin(self.call, application, options);
        (request, pending.for_dpop_repeat())
    }

    /// The call, for a program that will not repeat it.
    pub fn into_call(self) -> C {
        self.call
    }
}

impl<C: Call> fmt::Debug for DpopRepeat<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DpopRepeat({})", C::NAME)
    }
}
