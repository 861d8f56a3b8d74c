//! The client for programs that await.

use std::fmt;
use std::sync::Arc;

use auth0_mfa_core::transport::AsyncTransport;
use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticationMethodId, AuthenticationMethods, AuthenticatorAdded,
    AuthenticatorId, Authenticators, Bearer, BindingCode, Body, Call, CallError, CallOptions, Challenge,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator,
    Deleted, DpopRepeat, FactorAccepted, FirstFactor, GuardianFactorName, GuardianFactorSet, GuardianFactors,
    ListAuthenticationMethods, ListAuthenticators, ListGuardianFactors, ManagementToken, MfaApiScope,
    MfaApiToken, MfaApiTokenGrant, MfaToken, NewAuthenticator, OobCode, Otp, Password, PasswordGrant,
    PasswordRealmGrant, RecoveryCode, RecoveryCodeAccepted, RecoveryCodeRegenerated, RefreshToken,
    RefreshTokenGrant, RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use http::Request;

use crate::ClientSettings;
use crate::exchange::{Exchange, Next, Outcome, UnderWay};
use crate::oob::verify_with_oob;

/// Sends calls of one [`Application`] over an [`AsyncTransport`]. [`send`](Self::send) takes any call, and each call
/// has a method of its own.
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
///
/// A clone is another handle to the same client, at the price of an [`Arc`].
pub struct AsyncClient<T = Arc<dyn AsyncTransport>>(Arc<Shared<T>>);

struct Shared<T> {
    transport: T,
    exchange: Exchange,
}

impl<T: AsyncTransport> AsyncClient<T> {
    /// A client of this application.
    pub fn new(transport: T, application: Application) -> Self {
        Self::with_settings(transport, application, ClientSettings::default())
    }

    /// The same, with what holds for every call: telemetry, and who signs assertions and DPoP proofs.
    pub fn with_settings(transport: T, application: Application, settings: ClientSettings) -> Self {
        Self(Arc::new(Shared { transport, exchange: Exchange::new(application, settings) }))
    }

    /// The application whose calls are sent.
    pub fn application(&self) -> &Application {
        &self.0.exchange.application
    }

    /// Sends any call, once.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub async fn send<C: Call + Send>(&self, call: C) -> Result<C::Output, CallError<C>> {
        self.send_with(call, CallOptions::default()).await
    }

    /// Sends any call, once, with options for this one sending: a client assertion or a DPoP proof, for example.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub async fn send_with<C: Call + Send>(
        &self,
        call: C,
        options: CallOptions,
    ) -> Result<C::Output, CallError<C>> {
        let (request, under_way) = match self.0.exchange.begin(call, options) {
            Next::Send(request, under_way) => (request, under_way),
            Next::Done(outcome) => return outcome,
        };
        self.run(request, under_way).await
    }

    /// Sends the one repeat that a DPoP nonce asks for; the options bring a new proof, with the
    /// [nonce](DpopRepeat::nonce) in it.
    ///
    /// ```
    /// use auth0_mfa::{CallError, CallOptions, AsyncClient, DpopProof, FactorAccepted, VerifyWithOtp};
    ///
    /// # type Error = Box<dyn std::error::Error>;
    /// # fn sign_proof(_nonce: Option<&str>) -> Result<DpopProof, Error> { Ok(DpopProof::parse("eyJ.FAKE.FAKE")?) }
    /// async fn verify(client: &AsyncClient, call: VerifyWithOtp) -> Result<FactorAccepted, Error> {
    ///     let options = CallOptions::default().dpop_proof(sign_proof(None)?);
    ///     let refused = match client.send_with(call, options).await {
    ///         Err(CallError::Api(refused)) => refused,
    ///         outcome => return Ok(outcome?),
    ///     };
    ///     let repeat = refused.into_dpop_repeat().map_err(CallError::Api)?;
    ///     let options = CallOptions::default().dpop_proof(sign_proof(Some(repeat.nonce()))?);
    ///     Ok(client.send_dpop_repeat(repeat, options).await?)
    /// }
    /// ```
    ///
    /// # Errors
    /// Every outcome that is not the call's success; it offers no other repeat.
    pub async fn send_dpop_repeat<C: Call + Send>(
        &self,
        repeat: DpopRepeat<C>,
        options: CallOptions,
    ) -> Result<C::Output, CallError<C>> {
        let (request, under_way) = match self.0.exchange.begin_dpop_repeat(repeat, options) {
            Next::Send(request, under_way) => (request, under_way),
            Next::Done(outcome) => return outcome,
        };
        self.run(request, under_way).await
    }

    pub(crate) fn transport(&self) -> &T {
        &self.0.transport
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.0.exchange
    }

    /// No outcome is held while it waits, so that the future is `Send` where the call is.
    async fn run<C: Call + Send>(
        &self,
        mut request: Request<Body>,
        mut under_way: UnderWay<C>,
    ) -> Outcome<C> {
        loop {
            let sent = under_way.trace.instrument(self.0.transport.send(request)).await;
            match self.0.exchange.finish(under_way, sent) {
                Next::Send(again, still_under_way) => (request, under_way) = (again, still_under_way),
                Next::Done(outcome) => return outcome,
            }
        }
    }
}

impl<T> Clone for AsyncClient<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for AsyncClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncClient")
            .field("application", &self.0.exchange.application)
            .finish_non_exhaustive()
    }
}

/// The first factor.
impl<T: AsyncTransport> AsyncClient<T> {
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

    /// [`PasswordRealmGrant`]: the same login at one connection, which `realm` names.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn password_realm_grant(
        &self,
        realm: impl Into<String>,
        login: PasswordGrant,
    ) -> Result<FirstFactor, CallError<PasswordRealmGrant>> {
        self.send(PasswordRealmGrant::new(realm, login)).await
    }

    /// [`RefreshTokenGrant`]: new tokens for a refresh token, for which MFA can be required again.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn refresh_token_grant(
        &self,
        refresh_token: RefreshToken,
    ) -> Result<FirstFactor, CallError<RefreshTokenGrant>> {
        self.send(RefreshTokenGrant::new(refresh_token)).await
    }
}

/// The MFA API: the second factor, and the authenticators that it takes.
impl<T: AsyncTransport> AsyncClient<T> {
    /// [`AddAuthenticator`]: a new authenticator, to be confirmed; the first one brings the recovery code.
    ///
    /// # Errors
    /// As the call says; the error has what could be saved of the recovery codes.
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

    /// [`DeleteAuthenticator`]: an authenticator goes. An `mfa_token` is not enough for it.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn delete_authenticator(
        &self,
        access_token: MfaApiToken,
        authenticator_id: AuthenticatorId,
    ) -> Result<Deleted, CallError<DeleteAuthenticator>> {
        self.send(DeleteAuthenticator::new(access_token, authenticator_id)).await
    }

    /// [`RequestChallenge`]: Auth0 chooses an authenticator, and sends its SMS, call, e-mail or push. To choose
    /// yourself, [`send`](Self::send) a call with [`RequestChallenge::authenticator`].
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn request_challenge(
        &self,
        mfa_token: MfaToken,
    ) -> Result<Challenge, CallError<RequestChallenge>> {
        self.send(RequestChallenge::new(mfa_token)).await
    }

    /// [`VerifyWithOtp`]: the second factor by one-time password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn verify_with_otp(
        &self,
        mfa_token: MfaToken,
        otp: Otp,
    ) -> Result<FactorAccepted, CallError<VerifyWithOtp>> {
        self.send(VerifyWithOtp::new(mfa_token, otp)).await
    }

    /// [`VerifyWithOob`]: the second factor out of band, by the code that the user got by SMS, call or e-mail
    /// (`binding_code`). A push has none: with `None` the call is a poll, and [`poll_oob`](Self::poll_oob) asks again
    /// until the user has decided.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn verify_with_oob(
        &self,
        mfa_token: MfaToken,
        oob_code: OobCode,
        binding_code: impl Into<Option<BindingCode>>,
    ) -> Result<FactorAccepted, CallError<VerifyWithOob>> {
        self.send(verify_with_oob(mfa_token, oob_code, binding_code.into())).await
    }

    /// [`VerifyWithRecoveryCode`]: the second factor by recovery code, which is burnt; answers with the next one. When
    /// an earlier sending of the code is in doubt, [`send`](Self::send) a call that says so
    /// ([`earlier_sending_in_doubt`](VerifyWithRecoveryCode::earlier_sending_in_doubt)).
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

    /// [`MfaApiTokenGrant`]: a login for an access token for the MFA API, which adds further authenticators and
    /// deletes them.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn mfa_api_token_grant(
        &self,
        login: PasswordGrant,
        scopes: &[MfaApiScope],
    ) -> Result<FirstFactor, CallError<MfaApiTokenGrant>> {
        self.send(MfaApiTokenGrant::new(login, scopes)).await
    }
}

/// The Management API: what an administrator does about a user's MFA.
impl<T: AsyncTransport> AsyncClient<T> {
    /// [`RegenerateRecoveryCode`]: a new recovery code for a user; the old one, whatever it was, is void at once.
    ///
    /// # Errors
    /// As the call says; the error has the state of the code and what could be saved of a new one.
    pub async fn regenerate_recovery_code(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<RecoveryCodeRegenerated, CallError<RegenerateRecoveryCode>> {
        self.send(RegenerateRecoveryCode::new(token, user_id)).await
    }

    /// [`ListAuthenticationMethods`]: what a user can log in with, the recovery code included; the first page of it.
    /// For another, [`send`](Self::send) a call with [`ListAuthenticationMethods::page`].
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn list_authentication_methods(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<AuthenticationMethods, CallError<ListAuthenticationMethods>> {
        self.send(ListAuthenticationMethods::new(token, user_id)).await
    }

    /// [`DeleteAuthenticationMethod`]: one authentication method of a user goes, the recovery code for example.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn delete_authentication_method(
        &self,
        token: ManagementToken,
        user_id: UserId,
        authentication_method_id: AuthenticationMethodId,
    ) -> Result<Deleted, CallError<DeleteAuthenticationMethod>> {
        self.send(DeleteAuthenticationMethod::new(token, user_id, authentication_method_id)).await
    }

    /// [`DeleteAllAuthenticationMethods`]: every authentication method of a user goes, the recovery code
    /// included.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn delete_all_authentication_methods(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<Deleted, CallError<DeleteAllAuthenticationMethods>> {
        self.send(DeleteAllAuthenticationMethods::new(token, user_id)).await
    }

    /// [`DeleteAllAuthenticators`]: every authenticator of a user goes.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn delete_all_authenticators(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<Deleted, CallError<DeleteAllAuthenticators>> {
        self.send(DeleteAllAuthenticators::new(token, user_id)).await
    }

    /// [`ListGuardianFactors`]: which factors the tenant has switched on.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn list_guardian_factors(
        &self,
        token: ManagementToken,
    ) -> Result<GuardianFactors, CallError<ListGuardianFactors>> {
        self.send(ListGuardianFactors::new(token)).await
    }

    /// [`SetGuardianFactor`]: a factor is switched on or off for the whole tenant.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub async fn set_guardian_factor(
        &self,
        token: ManagementToken,
        name: GuardianFactorName,
        enabled: bool,
    ) -> Result<GuardianFactorSet, CallError<SetGuardianFactor>> {
        self.send(SetGuardianFactor::new(token, name, enabled)).await
    }
}
