//! The signatures that Auth0 takes and makes.

#[cfg(feature = "id-token")]
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PSS_2048_8192_SHA256, RsaParameters,
};
#[cfg(feature = "private-key-jwt")]
use ring::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PSS_SHA256, RsaEncoding};

/// How a token is signed (`alg`): what Auth0 takes of a client assertion. It signs ID tokens by RS256 or PS256. There
/// is no `none` and no HS256 here, so that a token can neither go unsigned nor be signed with what is public.
///
/// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// RSA (PKCS#1 v1.5) with SHA-256: the default everywhere at Auth0.
    #[default]
    Rs256,
    /// RSA (PKCS#1 v1.5) with SHA-384.
    Rs384,
    /// RSA-PSS with SHA-256.
    Ps256,
}

impl Algorithm {
    /// As `alg` has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Ps256 => "PS256",
        }
    }

    #[cfg(feature = "private-key-jwt")]
    pub(crate) fn encoding(self) -> &'static dyn RsaEncoding {
        match self {
            Self::Rs256 => &RSA_PKCS1_SHA256,
            Self::Rs384 => &RSA_PKCS1_SHA384,
            Self::Ps256 => &RSA_PSS_SHA256,
        }
    }

    #[cfg(feature = "id-token")]
    pub(crate) fn parameters(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Ps256 => &RSA_PSS_2048_8192_SHA256,
        }
    }
}
