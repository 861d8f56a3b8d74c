//! The client for programs that block.

use std::fmt;
use std::sync::Arc;

use auth0_mfa_core::transport::BlockingTransport;
use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticationMethodId, AuthenticationMethods, AuthenticatorAdded,
    AuthenticatorId, Authenticators, Bearer, BindingCode, Call, CallError, CallOptions, Challenge,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator,
    Deleted, DpopRepeat, FactorAccepted, FirstFactor, GuardianFactorName, GuardianFactorSet, GuardianFactors,
    ListAuthenticationMethods, ListAuthenticators, ListGuardianFactors, ManagementToken, MfaApiScope,
    MfaApiToken, MfaApiTokenGrant, MfaToken, NewAuthenticator, OobCode, Otp, Password, PasswordGrant,
    PasswordRealmGrant, RecoveryCode, RecoveryCodeAccepted, RecoveryCodeRegenerated, RefreshToken,
    RefreshTokenGrant, RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};

use crate::ClientSettings;
use crate::exchange::{Exchange, Next, Outcome};
use crate::oob::verify_with_oob;

/// Sends calls of one [`Application`] over a [`BlockingTransport`]. [`send`](Self::send) takes any call, and each call
/// has a method of its own.
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
///
/// A clone is another handle to the same client, at the price of an [`Arc`].
pub struct BlockingClient<T = Arc<dyn BlockingTransport>>(Arc<Shared<T>>);

struct Shared<T> {
    transport: T,
    exchange: Exchange,
}

impl<T: BlockingTransport> BlockingClient<T> {
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
    pub fn send<C: Call>(&self, call: C) -> Result<C::Output, CallError<C>> {
        self.send_with(call, CallOptions::default())
    }

    /// Sends any call, once, with options for this one sending: a client assertion or a DPoP proof, for example.
    ///
    /// # Errors
    /// Every outcome that is not the call's success; see [`CallError`].
    pub fn send_with<C: Call>(&self, call: C, options: CallOptions) -> Result<C::Output, CallError<C>> {
        self.run(self.0.exchange.begin(call, options))
    }

    /// Sends the one repeat that a DPoP nonce asks for; the options bring a new proof, with the
    /// [nonce](DpopRepeat::nonce) in it.
    ///
    /// ```
    /// use auth0_mfa::{CallError, CallOptions, BlockingClient, DpopProof, FactorAccepted, VerifyWithOtp};
    ///
    /// # type Error = Box<dyn std::error::Error>;
    /// # fn sign_proof(_nonce: Option<&str>) -> Result<DpopProof, Error> { Ok(DpopProof::parse("eyJ.FAKE.FAKE")?) }
    /// fn verify(client: &BlockingClient, call: VerifyWithOtp) -> Result<FactorAccepted, Error> {
    ///     let options = CallOptions::default().dpop_proof(sign_proof(None)?);
    ///     let refused = match client.send_with(call, options) {
    ///         Err(CallError::Api(refused)) => refused,
    ///         outcome => return Ok(outcome?),
    ///     };
    ///     let repeat = refused.into_dpop_repeat().map_err(CallError::Api)?;
    ///     let options = CallOptions::default().dpop_proof(sign_proof(Some(repeat.nonce()))?);
    ///     Ok(client.send_dpop_repeat(repeat, options)?)
    /// }
    /// ```
    ///
    /// # Errors
    /// Every outcome that is not the call's success; it offers no other repeat.
    pub fn send_dpop_repeat<C: Call>(
        &self,
        repeat: DpopRepeat<C>,
        options: CallOptions,
    ) -> Result<C::Output, CallError<C>> {
        self.run(self.0.exchange.begin_dpop_repeat(repeat, options))
    }

    fn run<C: Call>(&self, mut next: Next<C>) -> Outcome<C> {
        loop {
            match next {
                Next::Send(request, under_way) => {
                    let sent = under_way.trace.in_scope(|| self.0.transport.send(request));
                    next = self.0.exchange.finish(under_way, sent);
                }
                Next::Done(outcome) => return outcome,
            }
        }
    }
}

impl<T> Clone for BlockingClient<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for BlockingClient<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingClient")
            .field("application", &self.0.exchange.application)
            .finish_non_exhaustive()
    }
}

/// The first factor.
impl<T: BlockingTransport> BlockingClient<T> {
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

    /// [`PasswordRealmGrant`]: the same login at one connection, which `realm` names.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn password_realm_grant(
        &self,
        realm: impl Into<String>,
        login: PasswordGrant,
    ) -> Result<FirstFactor, CallError<PasswordRealmGrant>> {
        self.send(PasswordRealmGrant::new(realm, login))
    }

    /// [`RefreshTokenGrant`]: new tokens for a refresh token, for which MFA can be required again.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn refresh_token_grant(
        &self,
        refresh_token: RefreshToken,
    ) -> Result<FirstFactor, CallError<RefreshTokenGrant>> {
        self.send(RefreshTokenGrant::new(refresh_token))
    }
}

/// The MFA API: the second factor, and the authenticators that it takes.
impl<T: BlockingTransport> BlockingClient<T> {
    /// [`AddAuthenticator`]: a new authenticator, to be confirmed; the first one brings the recovery code.
    ///
    /// # Errors
    /// As the call says; the error has what could be saved of the recovery codes.
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

    /// [`DeleteAuthenticator`]: an authenticator goes. An `mfa_token` is not enough for it.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn delete_authenticator(
        &self,
        access_token: MfaApiToken,
        authenticator_id: AuthenticatorId,
    ) -> Result<Deleted, CallError<DeleteAuthenticator>> {
        self.send(DeleteAuthenticator::new(access_token, authenticator_id))
    }

    /// [`RequestChallenge`]: Auth0 chooses an authenticator, and sends its SMS, call, e-mail or push. To choose
    /// yourself, [`send`](Self::send) a call with [`RequestChallenge::authenticator`].
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn request_challenge(&self, mfa_token: MfaToken) -> Result<Challenge, CallError<RequestChallenge>> {
        self.send(RequestChallenge::new(mfa_token))
    }

    /// [`VerifyWithOtp`]: the second factor by one-time password.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn verify_with_otp(
        &self,
        mfa_token: MfaToken,
        otp: Otp,
    ) -> Result<FactorAccepted, CallError<VerifyWithOtp>> {
        self.send(VerifyWithOtp::new(mfa_token, otp))
    }

    /// [`VerifyWithOob`]: the second factor out of band, by the code that the user got by SMS, call or e-mail
    /// (`binding_code`). A push has none: with `None` the call is a poll, and [`poll_oob`](Self::poll_oob) asks again
    /// until the user has decided.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn verify_with_oob(
        &self,
        mfa_token: MfaToken,
        oob_code: OobCode,
        binding_code: impl Into<Option<BindingCode>>,
    ) -> Result<FactorAccepted, CallError<VerifyWithOob>> {
        self.send(verify_with_oob(mfa_token, oob_code, binding_code.into()))
    }

    /// [`VerifyWithRecoveryCode`]: the second factor by recovery code, which is burnt; answers with the next one. When
    /// an earlier sending of the code is in doubt, [`send`](Self::send) a call that says so
    /// ([`earlier_sending_in_doubt`](VerifyWithRecoveryCode::earlier_sending_in_doubt)).
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

    /// [`MfaApiTokenGrant`]: a login for an access token for the MFA API, which adds further authenticators and
    /// deletes them.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn mfa_api_token_grant(
        &self,
        login: PasswordGrant,
        scopes: &[MfaApiScope],
    ) -> Result<FirstFactor, CallError<MfaApiTokenGrant>> {
        self.send(MfaApiTokenGrant::new(login, scopes))
    }
}

/// The Management API: what an administrator does about a user's MFA.
impl<T: BlockingTransport> BlockingClient<T> {
    /// [`RegenerateRecoveryCode`]: a new recovery code for a user; the old one, whatever it was, is void at once.
    ///
    /// # Errors
    /// As the call says; the error has the state of the code and what could be saved of a new one.
    pub fn regenerate_recovery_code(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<RecoveryCodeRegenerated, CallError<RegenerateRecoveryCode>> {
        self.send(RegenerateRecoveryCode::new(token, user_id))
    }

    /// [`ListAuthenticationMethods`]: what a user can log in with, the recovery code included; the first page of it.
    /// For another, [`send`](Self::send) a call with [`ListAuthenticationMethods::page`].
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn list_authentication_methods(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<AuthenticationMethods, CallError<ListAuthenticationMethods>> {
        self.send(ListAuthenticationMethods::new(token, user_id))
    }

    /// [`DeleteAuthenticationMethod`]: one authentication method of a user goes, the recovery code for example.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn delete_authentication_method(
        &self,
        token: ManagementToken,
        user_id: UserId,
        authentication_method_id: AuthenticationMethodId,
    ) -> Result<Deleted, CallError<DeleteAuthenticationMethod>> {
        self.send(DeleteAuthenticationMethod::new(token, user_id, authentication_method_id))
    }

    /// [`DeleteAllAuthenticationMethods`]: every authentication method of a user goes, the recovery code
    /// included.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn delete_all_authentication_methods(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<Deleted, CallError<DeleteAllAuthenticationMethods>> {
        self.send(DeleteAllAuthenticationMethods::new(token, user_id))
    }

    /// [`DeleteAllAuthenticators`]: every authenticator of a user goes.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn delete_all_authenticators(
        &self,
        token: ManagementToken,
        user_id: UserId,
    ) -> Result<Deleted, CallError<DeleteAllAuthenticators>> {
        self.send(DeleteAllAuthenticators::new(token, user_id))
    }

    /// [`ListGuardianFactors`]: which factors the tenant has switched on.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn list_guardian_factors(
        &self,
        token: ManagementToken,
    ) -> Result<GuardianFactors, CallError<ListGuardianFactors>> {
        self.send(ListGuardianFactors::new(token))
    }

    /// [`SetGuardianFactor`]: a factor is switched on or off for the whole tenant.
    ///
    /// # Errors
    /// As the call says; see [`CallError`].
    pub fn set_guardian_factor(
        &self,
        token: ManagementToken,
        name: GuardianFactorName,
        enabled: bool,
    ) -> Result<GuardianFactorSet, CallError<SetGuardianFactor>> {
        self.send(SetGuardianFactor::new(token, name, enabled))
    }
}
