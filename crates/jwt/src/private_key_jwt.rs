//! Client assertions: how an application proves itself by `private_key_jwt`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa_core::transport::BoxError;
use auth0_mfa_core::{Application, ClientAssertion, ClientAssertionSigner};
use ring::rand::SystemRandom;
use ring::signature::RsaKeyPair;
use serde::Serialize;

use crate::Algorithm;
use crate::signing::{Form, InvalidKey, Machine, PrivateKeyDer, SigningError, Surroundings, seconds, sign};

/// Signs the client assertions of an application that authenticates by
/// [`PrivateKeyJwt`](auth0_mfa_core::ClientAuth::PrivateKeyJwt). Make a new one for each request, each poll included:
/// Auth0 takes each once. A client of `auth0-mfa` does so by itself: the signer is a [`ClientAssertionSigner`], for its
/// settings.
///
/// ```
/// use auth0_mfa_core::{Application, CallOptions, ClientAuth, ClientId, Domain, MfaToken, Otp, VerifyWithOtp, begin};
/// use auth0_mfa_jwt::{Algorithm, PrivateKeyJwtSigner};
///
/// # fn example(pem: &str) -> Result<(), Box<dyn std::error::Error>> {
/// let application = Application::new(
///     Domain::parse("tenant.eu.auth0.com")?,
///     ClientId::parse("fakeClientId")?,
///     ClientAuth::PrivateKeyJwt,
/// );
/// let signer = PrivateKeyJwtSigner::from_pem(pem)?.algorithm(Algorithm::Ps256);
///
/// let call = VerifyWithOtp::new(MfaToken::parse("Fe26.2*FAKE")?, Otp::parse("123456")?);
/// let options = CallOptions::default().client_assertion(signer.sign(&application)?);
/// let (request, pending) = begin(call, &application, options); // or `client.send_with(call, options)`
/// # let _ = (request, pending);
/// # Ok(())
/// # }
/// ```
///
/// Source: <https://auth0.com/docs/get-started/authentication-and-authorization-flow/authenticate-with-private-key-jwt>
#[derive(Clone)]
pub struct PrivateKeyJwtSigner {
    key: Arc<RsaKeyPair>,
    algorithm: Algorithm,
    key_id: Option<String>,
    lifetime: Duration,
    surroundings: Arc<dyn Surroundings>,
}

/// Auth0 takes no longer ones.
const LONGEST_LIFETIME: Duration = Duration::from_secs(300);
/// What Auth0 advises.
const LIFETIME: Duration = Duration::from_secs(60);

impl PrivateKeyJwtSigner {
    /// Signs with the RSA key of a PEM, of 2048 to 4096 bits: PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA PRIVATE KEY`), not
    /// encrypted. What is read of it is wiped; wipe the text yourself.
    ///
    /// # Errors
    /// When the text is something else.
    pub fn from_pem(pem: &str) -> Result<Self, InvalidKey> {
        let der = PrivateKeyDer::from_pem(pem)?;
        let key = match der.form {
            Form::Pkcs8 => RsaKeyPair::from_pkcs8(&der.bytes),
            Form::Pkcs1 => RsaKeyPair::from_der(&der.bytes),
        };
        let key = key.map_err(|source| {
            InvalidKey::because_of("is not an unbroken RSA key of 2048 to 4096 bits", source)
        })?;
        Ok(Self {
            key: Arc::new(key),
            algorithm: Algorithm::default(),
            key_id: None,
            lifetime: LIFETIME,
            surroundings: Arc::new(Machine),
        })
    }

    /// Signs by another algorithm than RS256: the one that the credential has at Auth0.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Says by `kid` which of the application's credentials the key is; without it, Auth0 tries each.
    #[must_use]
    pub fn key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// Sets how long an assertion is good, where that is not a minute: from a second to five minutes; what is beyond
    /// them is taken as the nearer of the two, because Auth0 refuses it.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime.clamp(Duration::from_secs(1), LONGEST_LIFETIME);
        self
    }

    /// Takes the time and the `jti` from elsewhere than the machine.
    #[must_use]
    pub fn surroundings(mut self, surroundings: impl Surroundings + 'static) -> Self {
        self.surroundings = Arc::new(surroundings);
        self
    }

    /// A new assertion of this application, for one request.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn sign(&self, application: &Application) -> Result<ClientAssertion, SigningError> {
        let header = Header { alg: self.algorithm.name(), typ: "JWT", kid: self.key_id.as_deref() };
        let client_id = application.client_id().as_str();
        let iat = seconds(self.surroundings.now());
        let claims = Claims {
            iss: client_id,
            sub: client_id,
            aud: application.assertion_audience(),
            iat,
            exp: iat.saturating_add(self.lifetime.as_secs()),
            jti: self.surroundings.jti()?,
        };
        let token = sign(&header, &claims, |message| self.signature(message))?;
        ClientAssertion::parse(token).map_err(|_| SigningError::new("the token is not visible ASCII"))
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(self.algorithm.encoding(), &SystemRandom::new(), message, &mut signature)
            .map_err(|_| SigningError::new("ring could not, and does not say why"))?;
        Ok(signature)
    }
}

impl ClientAssertionSigner for PrivateKeyJwtSigner {
    fn sign_assertion(&self, application: &Application) -> Result<ClientAssertion, BoxError> {
        Ok(self.sign(application)?)
    }
}

impl fmt::Debug for PrivateKeyJwtSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateKeyJwtSigner")
            .field("algorithm", &self.algorithm)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: String,
    iat: u64,
    exp: u64,
    jti: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::base64url;

    /// RFC 7515, A.2.1: what is signed, and the signature.
    #[test]
    fn the_signature_is_that_of_the_standard() {
        let signer = PrivateKeyJwtSigner::from_pem(include_str!("../tests/keys/rfc7515-a2.pem")).unwrap();
        let message = "eyJhbGciOiJSUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2\
            Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0Gar\
            ZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5A\
            XLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
        assert_eq!(base64url(&signer.signature(message.as_bytes()).unwrap()), signature);
    }
}
