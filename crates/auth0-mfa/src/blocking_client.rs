//! The client for programs that block.

use std::sync::Arc;

use auth0_mfa_core::transport::BlockingTransport;
use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticatorAdded, Authenticators, Bearer, Call, CallError, CallOptions,
    FirstFactor, ListAuthenticators, MfaToken, NewAuthenticator, Otp, Password, PasswordGrant, RecoveryCode,
    RecoveryCodeAccepted, TokenSet, VerifyWithOtp, VerifyWithRecoveryCode, begin,
};

/// Sends calls of one [`Application`] over an [`BlockingTransport`].
///
/// Without a type parameter it is a client over any transport, for a field or a signature:
/// `BlockingClient::new(Arc::new(transport) as Arc<dyn BlockingTransport>, application)`.
///
/// ```
/// use auth0_mfa::transport::{TransportError, from_blocking_fn};
/// use auth0_mfa::{Application, BlockingClient, ClientAuth, ClientId, Domain, Password};
///
/// let application =
///     Application::new(Domain::parse("tenant.eu.auth0.com")?, ClientId::parse("fakeClientId")?, ClientAuth::None);
/// let offline = from_blocking_fn(|_request| Err(TransportError::not_sent("there is no network")));
/// let client = BlockingClient::new(offline, application);
/// let error = client.password_grant("user@example.com", Password::new("fake")).unwrap_err();
/// assert_eq!(error.to_string(), "PasswordGrant: the request was not sent");
/// # Ok::<(), auth0_mfa::InvalidValue>(())
/// ```
#[derive(Clone, Debug)]
pub struct BlockingClient<T = Arc<dyn BlockingTransport>> {
    transport: T,
    application: Application,
}

impl<T: BlockingTransport> BlockingClient<T> {
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
    pub fn send<C: Call>(&self, call: C) -> Result<C::Output, CallError<C>> {
        self.send_with(call, &CallOptions::default())
    }

    /// Sends any call, once, with options for this one sending.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub fn send_with<C: Call>(&self, call: C, options: &CallOptions) -> Result<C::Output, CallError<C>> {
        let (request, pending) = begin(call, &self.application, options);
        pending.finish(self.transport.send(request))
    }

    /// [`PasswordGrant`]: the first factor by user name and password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn password_grant(
        &self,
        username: impl Into<String>,
        password: Password,
    ) -> Result<FirstFactor, CallError<PasswordGrant>> {
        self.send(PasswordGrant::new(username, password))
    }

    /// [`AddAuthenticator`]: a new authenticator; the first one brings the recovery code.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn add_authenticator(
        &self,
        bearer: impl Into<Bearer>,
        authenticator: NewAuthenticator,
    ) -> Result<AuthenticatorAdded, CallError<AddAuthenticator>> {
        self.send(AddAuthenticator::new(bearer.into(), authenticator))
    }

    /// [`ListAuthenticators`]: the user's authenticators.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn list_authenticators(
        &self,
        bearer: impl Into<Bearer>,
    ) -> Result<Authenticators, CallError<ListAuthenticators>> {
        self.send(ListAuthenticators::new(bearer.into()))
    }

    /// [`VerifyWithOtp`]: the second factor by one-time password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn verify_with_otp(
        &self,
        mfa_token: MfaToken,
        otp: Otp,
    ) -> Result<TokenSet, CallError<VerifyWithOtp>> {
        self.send(VerifyWithOtp::new(mfa_token, otp))
    }

    /// [`VerifyWithRecoveryCode`]: the second factor by recovery code, which is burnt; answers with the next one.
    ///
    /// # Errors
    /// As the call says; the error has the state of the code and what could be saved of a new one.
    pub fn verify_with_recovery_code(
        &self,
        mfa_token: MfaToken,
        recovery_code: RecoveryCode,
    ) -> Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>> {
        self.send(VerifyWithRecoveryCode::new(mfa_token, recovery_code))
    }
}
