//! A tenant, a clock that stands still, and a client of the core.

use std::time::Duration;

use auth0_mfa_core::{
    AddAuthenticator, ApiError, Application, Association, Authenticator, AuthenticatorAdded, BindingCode,
    Body, Call, CallError, CallOptions, Challenge, ClientAuth, ClientId, ClientSecret, Domain, ErrorCode,
    FirstFactor, ListAuthenticators, MfaRequired, MfaToken, NewAuthenticator, NewCode, NewCodes, OobCode,
    Otp, Password, PasswordGrant, PhoneNumber, RecoveryCode, RecoveryCodeAccepted, TokenSet, VerifyWithOtp,
    VerifyWithRecoveryCode, begin,
};
use auth0_mfa_emulator::{
    AuthenticatorConfig, Config, ConfiguredMeans, PushAnswer, Tenant, Timestamp, UserConfig,
};

pub(crate) const ALICE: &str = "alice@example.com";
pub(crate) const DAVE: &str = "dave@example.com";
pub(crate) const BOB: &str = "bob@example.com";
pub(crate) const START: Timestamp = Timestamp::from_unix_seconds(1_700_000_000);

pub(crate) struct World {
    pub tenant: Tenant,
    pub now: Timestamp,
    pub application: Application,
}

impl World {
    /// The tenant for demonstrations, called by its public application.
    pub(crate) fn new() -> Self {
        Self::of(Config::default())
    }

    pub(crate) fn of(config: Config) -> Self {
        let tenant = Tenant::new(config, 1).expect("a good config");
        Self { tenant, now: START, application: public("public-app") }
    }

    /// The tenant for demonstrations with one thing changed.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        Self::of(config)
    }

    pub(crate) fn pass(&mut self, seconds: u64) {
        self.now = self.now.plus(Duration::from_secs(seconds));
    }

    /// The reply to a request as it is.
    pub(crate) fn handle(&mut self, request: &http::Request<Body>) -> http::Response<Body> {
        let (head, body) = parts_of(request);
        self.tenant.handle(&http::Request::from_parts(head, body), self.now)
    }

    pub(crate) fn call<C: Call>(&mut self, call: C) -> Result<C::Output, CallError<C>> {
        let application = self.application.clone();
        self.call_as(&application, call)
    }

    pub(crate) fn call_as<C: Call>(
        &mut self,
        application: &Application,
        call: C,
    ) -> Result<C::Output, CallError<C>> {
        let (request, pending) = begin(call, application, CallOptions::default());
        let response = self.handle(&request);
        let (head, body) = response.into_parts();
        pending.answered(http::Response::from_parts(head, body.expose()))
    }

    /// Logs in. Answers that a second factor is required.
    pub(crate) fn login(&mut self, user: &str) -> MfaRequired {
        match self.call(PasswordGrant::new(user, password_of(user))).expect("the password is right") {
            FirstFactor::MfaRequired(mfa) => mfa,
            FirstFactor::Tokens(_) => panic!("a second factor is required"),
        }
    }

    pub(crate) fn recover(
        &mut self,
        mfa: &MfaRequired,
        code: &str,
    ) -> Result<RecoveryCodeAccepted, CallError<VerifyWithRecoveryCode>> {
        self.call(mfa.verify_with_recovery_code(RecoveryCode::verbatim(code)))
    }

    /// Logs in and recovers. Answers the new code.
    pub(crate) fn recover_with(&mut self, user: &str, code: &str) -> Result<NewCode, ApiFailure> {
        let mfa = self.login(user);
        self.recover(&mfa, code).map(|accepted| accepted.into_parts().1).map_err(failure)
    }

    pub(crate) fn verify(
        &mut self,
        mfa: &MfaRequired,
        otp: &str,
    ) -> Result<TokenSet, CallError<VerifyWithOtp>> {
        self.call(mfa.verify_with_otp(Otp::verbatim(otp))).map(|accepted| accepted.into_parts().0)
    }

    pub(crate) fn add(
        &mut self,
        mfa_token: &MfaToken,
    ) -> Result<AuthenticatorAdded, CallError<AddAuthenticator>> {
        self.call(AddAuthenticator::new(mfa_token.clone().into(), NewAuthenticator::Otp))
    }

    /// Adds an authenticator app. Answers it and the recovery codes that came.
    pub(crate) fn added(&mut self, mfa: &MfaRequired) -> (Association, Vec<String>) {
        let (association, codes) = self.add(mfa.mfa_token()).expect("it can be added").into_parts();
        let codes = codes.iter().map(|code| code.issued().expect("a code").expose().to_owned());
        (association, codes.collect())
    }

    /// Adds an authenticator of any kind.
    pub(crate) fn enrol(
        &mut self,
        mfa: &MfaRequired,
        authenticator: NewAuthenticator,
    ) -> Result<(Association, NewCodes), ApiFailure> {
        let added = self.call(mfa.add_authenticator(authenticator)).map_err(failure)?;
        Ok(added.into_parts())
    }

    /// Challenges one of the user's authenticators, by the beginning of its `id`.
    pub(crate) fn challenge(&mut self, mfa: &MfaRequired, kind: &str) -> Result<Challenge, ApiFailure> {
        let listed = self.list(mfa);
        let mut ids = listed.iter().filter_map(|it| it.id.clone());
        let id = ids.find(|id| id.as_str().starts_with(kind)).expect("it is listed");
        self.call(mfa.request_challenge().authenticator(id)).map_err(failure)
    }

    /// Exchanges an `oob_code`. Answers how many seconds the tokens live.
    pub(crate) fn verify_oob(
        &mut self,
        mfa: &MfaRequired,
        oob_code: &OobCode,
        binding_code: Option<&str>,
    ) -> Result<u64, ApiFailure> {
        let mut call = mfa.verify_with_oob(oob_code.clone());
        if let Some(code) = binding_code {
            call = call.with_binding_code(BindingCode::verbatim(code));
        }
        let accepted = self.call(call).map_err(failure)?;
        Ok(accepted.into_parts().0.expires_in.expect("it is said").as_secs())
    }

    /// The code of the newest message.
    pub(crate) fn sent_code(&self) -> String {
        let message = self.tenant.outbox().next_back().expect("a message");
        message.code.as_ref().expect("a code").expose().to_owned()
    }

    /// The user's answer to the newest push.
    pub(crate) fn answer_push(&mut self, answer: PushAnswer) {
        let id = self.tenant.outbox().next_back().expect("a push").id;
        self.tenant.answer_push(id, answer, self.now).expect("it waits for an answer");
    }

    /// Has the tenant a user who is enrolled with this from the start.
    pub(crate) fn with_dave(change: impl FnOnce(&mut Config), means: Vec<ConfiguredMeans>) -> Self {
        Self::with(|config| {
            let dave = UserConfig::new(DAVE, "fake-password-dave");
            let dave =
                means.into_iter().map(AuthenticatorConfig::new).fold(dave, UserConfig::with_authenticator);
            config.users.push(dave);
            change(config);
        })
    }

    pub(crate) fn list(&mut self, mfa: &MfaRequired) -> Vec<Authenticator> {
        self.call(ListAuthenticators::new(mfa.mfa_token().clone().into())).expect("a list").authenticators
    }

    /// The recovery code that the host sees.
    pub(crate) fn code_of(&self, user: &str) -> String {
        let user = self.tenant.user(user).expect("a user");
        user.recovery_code().expect("a recovery code").expose().to_owned()
    }

    /// What the user's authenticator app shows.
    pub(crate) fn otp_of(&self, user: &str) -> String {
        self.tenant.otp(user, self.now).expect("an authenticator app").expose().to_owned()
    }
}

pub(crate) fn password_of(user: &str) -> Password {
    let name = user.split('@').next().unwrap_or_default();
    Password::new(format!("fake-password-{name}"))
}

pub(crate) fn public(client_id: &str) -> Application {
    application(client_id, ClientAuth::None)
}

pub(crate) fn application(client_id: &str, auth: ClientAuth) -> Application {
    Application::new(
        Domain::parse("tenant.example.com").expect("a domain"),
        ClientId::parse(client_id).expect("a client id"),
        auth,
    )
}

pub(crate) fn secret(text: &str) -> ClientSecret {
    ClientSecret::parse(text).expect("a secret")
}

/// What is looked at of an error: status, `error`, `error_description`.
pub(crate) type ApiFailure = (u16, ErrorCode, String);

pub(crate) fn failure<C: Call>(error: CallError<C>) -> ApiFailure {
    described(error.api_error().expect("an error of the API"))
}

pub(crate) fn described(error: &ApiError) -> ApiFailure {
    let description = error.description().unwrap_or("").to_owned();
    (error.status().as_u16(), error.code().clone(), description)
}

pub(crate) fn refused(status: u16, code: ErrorCode, description: &str) -> ApiFailure {
    (status, code, description.to_owned())
}

pub(crate) fn rejected() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "MFA Authorization rejected.")
}

pub(crate) fn wrong_otp() -> ApiFailure {
    refused(403, ErrorCode::InvalidGrant, "Invalid otp_code.")
}

pub(crate) fn json(response: &http::Response<Body>) -> serde_json::Value {
    serde_json::from_slice(response.body().expose()).expect("JSON")
}

pub(crate) fn parts_of(request: &http::Request<Body>) -> (http::request::Parts, &[u8]) {
    let mut head = http::Request::new(()).into_parts().0;
    head.method = request.method().clone();
    head.uri = request.uri().clone();
    head.headers = request.headers().clone();
    (head, request.body().expose())
}

/// A request to `/oauth/token` with a body as it stands.
pub(crate) fn token_request(content_type: &str, body: &str) -> http::Request<Body> {
    http::Request::post("https://tenant.example.com/oauth/token")
        .header("content-type", content_type)
        .body(Body::from(body.as_bytes().to_vec()))
        .expect("a request")
}

/// A request to `/mfa/associate` with a body as it stands.
pub(crate) fn associate_request(token: &str, body: &str) -> http::Request<Body> {
    http::Request::post("https://tenant.example.com/mfa/associate")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::from(body.as_bytes().to_vec()))
        .expect("a request")
}

pub(crate) fn form(body: &str) -> http::Request<Body> {
    token_request("application/x-www-form-urlencoded", body)
}

/// A request for a Management token, of an application of the tenant for demonstrations.
pub(crate) fn client_credentials(client_id: &str, more: &str) -> http::Request<Body> {
    form(&format!(
        "grant_type=client_credentials&client_id={client_id}&client_secret=fake-client-secret\
         &audience=https%3A%2F%2Ftenant.example.com%2Fapi%2Fv2%2F{more}"
    ))
}

pub(crate) const NUMBER: &str = "+15550109167";

pub(crate) fn number() -> PhoneNumber {
    PhoneNumber::parse(NUMBER).expect("not empty")
}

pub(crate) fn phone() -> ConfiguredMeans {
    ConfiguredMeans::Sms { phone_number: number() }
}

pub(crate) fn push() -> ConfiguredMeans {
    ConfiguredMeans::Push { name: "Fake Phone".to_owned() }
}

pub(crate) fn email() -> ConfiguredMeans {
    ConfiguredMeans::Email { email: None }
}
