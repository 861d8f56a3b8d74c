//! The client for programs that await.

use std::sync::Arc;

use auth0_mfa_core::transport::AsyncTransport;
use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticatorAdded, Authenticators, Bearer, Call, CallError, CallOptions,
    FirstFactor, ListAuthenticators, MfaToken, NewAuthenticator, Otp, Password, PasswordGrant, RecoveryCode,
    RecoveryCodeAccepted, TokenSet, VerifyWithOtp, VerifyWithRecoveryCode, begin,
};

/// Sends calls of one [`Application`] over an [`AsyncTransport`].
///
/// Without a type parameter it is a client over any transport, for a field or a signature:
/// `AsyncClient::new(Arc::new(transport) as Arc<dyn AsyncTransport>, application)`.
///
/// ```
/// use auth0_mfa::transport::{TransportError, from_fn};
/// use auth0_mfa::{Application, AsyncClient, ClientAuth, ClientId, Domain, Password};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let application =
///     Application::new(Domain::parse("tenant.eu.auth0.com")?, ClientId::parse("fakeClientId")?, ClientAuth::None);
/// let offline = from_fn(|_request| async { Err(TransportError::not_sent("there is no network")) });
/// let client = AsyncClient::new(offline, application);
/// let error = client.password_grant("user@example.com", Password::new("fake")).await.unwrap_err();
/// assert_eq!(error.to_string(), "PasswordGrant: the request was not sent");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AsyncClient<T = Arc<dyn AsyncTransport>> {
    transport: T,
    application: Application,
}

impl<T: AsyncTransport> AsyncClient<T> {
    /// A client of this application.
    pub fn new(transport: T, application: Application) -> Self {
        Self { transport, application }
    }

    /// The application whose calls are sent.
    pub fn application(&self) -> &Application {
        &self.application
    }

    /// Sends any call, once.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub async fn send<C: Call + Send>(&self, call: C) -> Result<C::Output, CallError<C>> {
        self.send_with(call, &CallOptions::default()).await
    }

    /// Sends any call, once, with options for this one sending.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub async fn send_with<C: Call + Send>(
        &self,
        call: C,
        options: &CallOptions,
    ) -> Result<C::Output, CallError<C>> {
        let (request, pending) = begin(call, &self.application, options);
        pending.finish(self.transport.send(request).await)
    }

    /// [`PasswordGrant`]: the first factor by user name and password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn password_grant(
        &self,
        username: impl Into<String>,
        password: Password,
    ) -> Result<FirstFactor, CallError<PasswordGrant>> {
        self.send(PasswordGrant::new(username, password)).await
    }

    /// [`AddAuthenticator`]: a new authenticator; the first one brings the recovery code.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn add_authenticator(
        &self,
        bearer: impl Into<Bearer>,
        authenticator: NewAuthenticator,
    ) -> Result<AuthenticatorAdded, CallError<AddAuthenticator>> {
        self.send(AddAuthenticator::new(bearer.into(), authenticator)).await
    }

    /// [`ListAuthenticators`]: the user's authenticators.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn list_authenticators(
        &self,
        bearer: impl Into<Bearer>,
    ) -> Result<Authenticators, CallError<ListAuthenticators>> {
        self.send(ListAuthenticators::new(bearer.into())).await
    }

    /// [`VerifyWithOtp`]: the second factor by one-time password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn verify_with_otp(
        &self,
        mfa_token: MfaToken,
        otp: Otp,
    ) -> Result<TokenSet, CallError<VerifyWithOtp>> {
        self.send(VerifyWithOtp::new(mfa_token, otp)).await
    }

    /// [`VerifyWithRecoveryCode`]: the second factor by recovery code, which is burnt; answers with the next one.
    ///
    /// # Errors
    /// As the call says; the error has the state of the code and what could be saved of a new one.
    pub async fn verify_with_recovery_code(
        &self,
        mfa_token: MfaToken,
        recovery_code: RecoveryCode,
    ) -> Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>> {
        self.send(VerifyWithRecoveryCode::new(mfa_token, recovery_code)).await
    }
}
