//! The tenant: requests and the time in, replies out.

use std::time::Duration;

use auth0_mfa_core::{Body, ClientSecret, Otp};
use http::{HeaderName, HeaderValue, header};

use crate::base_url::BaseUrl;
use crate::bearer::Session;
use crate::config::{ApplicationConfig, Config, ConfigError, MfaPolicy};
use crate::dpop::DpopNonces;
use crate::endpoints;
use crate::events::{Event, EventKind, Events};
use crate::factors::{Factor, Factors};
use crate::faults::FaultPlan;
use crate::generator::Generator;
use crate::login::{Logins, Turn};
use crate::oob::Transactions;
use crate::origin::Origin;
use crate::outbox::{Message, Outbox, PushAnswer, PushError};
use crate::rate_limit::Requests;
use crate::refresh_tokens::RefreshTokens;
use crate::refusal::Refusal;
use crate::seen_once::SeenOnce;
use crate::signing::SigningKey;
use crate::tokens::OpaqueTokens;
use crate::user::{User, UserId};
use crate::{Behaviour, Limit, Timestamp, TokenFormat, cors, totp};

/// A local Auth0 tenant: a state machine without clock, randomness or I/O. The same config, seed, requests and times
/// give the same replies.
pub struct Tenant {
    pub(crate) name: String,
    pub(crate) applications: Vec<ApplicationConfig>,
    pub(crate) users: Vec<User>,
    pub(crate) factors: Factors,
    pub(crate) mfa_policy: MfaPolicy,
    pub(crate) behaviour: Behaviour,
    pub(crate) logins: Logins,
    pub(crate) oob: Transactions,
    pub(crate) outbox: Outbox,
    pub(crate) generator: Generator,
    pub(crate) signing_key: SigningKey,
    pub(crate) tokens: TokenFormat,
    pub(crate) mfa_audience: Option<String>,
    issuer: Option<String>,
    pub(crate) cname_api_key: Option<ClientSecret>,
    pub(crate) assertions_seen: SeenOnce,
    pub(crate) proofs_seen: SeenOnce,
    pub(crate) dpop_nonces: DpopNonces,
    pub(crate) refresh_tokens: RefreshTokens,
    pub(crate) opaque_tokens: OpaqueTokens,
    pub(crate) connection: String,
    requests: Option<Requests>,
    pub(crate) logins_per_user: Option<Limit>,
    pub(crate) faults: FaultPlan,
    events: Events,
    /// Where the request came from that is answered now.
    pub(crate) origin: Origin,
    beginning: Beginning,
}

/// What a tenant is made of.
struct Beginning {
    config: Config,
    seed: u64,
}

impl Tenant {
    /// Makes a tenant. Every code, token and secret that it will issue follows from the seed.
    ///
    /// # Errors
    /// When the config contradicts itself: it names the field.
    ///
    /// ```
    /// use auth0_mfa_emulator::{Config, Tenant, Timestamp};
    ///
    /// let mut tenant = Tenant::new(Config::default(), 1)?;
    /// let login = "grant_type=password&client_id=public-app&username=alice@example.com&password=fake-password-alice";
    /// let request = http::Request::post("https://localhost/oauth/token")
    ///     .header("content-type", "application/x-www-form-urlencoded")
    ///     .body(login.as_bytes())?;
    /// let reply = tenant.handle(&request, Timestamp::from_unix_seconds(1_700_000_000));
    /// assert_eq!(reply.status(), 403); // mfa_required
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(config: Config, seed: u64) -> Result<Self, ConfigError> {
        config.check()?;
        let beginning = Beginning { config: config.clone(), seed };
        let signing_key = SigningKey::of_seed(seed).ok_or_else(ConfigError::of_seed)?;
        let mut generator = Generator::new(seed, config.behaviour.code_alphabet);
        let factors = config.factors();
        let users = config.users.into_iter().map(|user| User::new(user, &mut generator)).collect();
        Ok(Self {
            name: config.tenant_name,
            applications: config.applications,
            users,
            factors,
            mfa_policy: config.mfa_policy,
            behaviour: config.behaviour,
            logins: Logins::default(),
            oob: Transactions::default(),
            outbox: Outbox::default(),
            generator,
            signing_key,
            tokens: config.tokens,
            mfa_audience: config.mfa_audience,
            issuer: config.issuer,
            cname_api_key: config.cname_api_key,
            assertions_seen: SeenOnce::default(),
            proofs_seen: SeenOnce::default(),
            dpop_nonces: DpopNonces::default(),
            refresh_tokens: RefreshTokens::default(),
            opaque_tokens: OpaqueTokens::default(),
            connection: config.connection,
            requests: Requests::of(&config.rate_limits),
            logins_per_user: config.rate_limits.logins_per_user,
            faults: config.faults.into_iter().collect(),
            events: Events::default(),
            origin: Origin::default(),
            beginning,
        })
    }

    /// Makes it again what it was at the start: the same config, the same seed.
    pub fn reset(&mut self) {
        let Beginning { config, seed } = &self.beginning;
        // A tenant was made of it already.
        if let Ok(fresh) = Self::new(config.clone(), *seed) {
            *self = fresh;
        }
    }

    /// Answers a request. Any request has a reply: what is no call of the API is a 404. Faults that are planned are
    /// [`serve`](Self::serve)'s.
    ///
    /// The log has the caller's address when the request's extensions hold an [`IpAddr`](std::net::IpAddr).
    pub fn handle(&mut self, request: &http::Request<&[u8]>, now: Timestamp) -> http::Response<Body> {
        self.origin = Origin::of(request);
        let mut response = match cors::preflight(self, request) {
            Some(answer) => answer,
            None => self.answer(request, now),
        };
        cors::allow(self, request, response.headers_mut());
        self.mark(&mut response, request.uri().path());
        response
    }

    /// Answers by the limits of requests, and says what is left of them.
    fn answer(&mut self, request: &http::Request<&[u8]>, now: Timestamp) -> http::Response<Body> {
        let path = request.uri().path();
        let figures = self.requests.as_mut().and_then(|requests| requests.count(path, now));
        let answer = match figures {
            Some(figures) if figures.is_over => Err(Refusal::RateLimited),
            _ => endpoints::answer(self, request, now),
        };
        let mut response =
            answer.unwrap_or_else(|refusal| endpoints::refuse(&refusal, path, &self.behaviour));
        let tells = self.behaviour.rate_limit_headers_of_mfa || !path.starts_with("/mfa/");
        if let Some(figures) = figures.filter(|_| tells) {
            figures.insert_into(response.headers_mut());
        }
        response
    }

    /// The tenant's name, as authenticator apps show it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The applications, in the config's order.
    pub fn applications(&self) -> &[ApplicationConfig] {
        &self.applications
    }

    /// The users, in the config's order.
    pub fn users(&self) -> &[User] {
        &self.users
    }

    /// A user by name; case does not matter.
    pub fn user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.is_called(name))
    }

    /// What the user's authenticator app shows now: the confirmed one, or else the newest. It may have been used
    /// already; the next one comes at most 30 seconds later. None when there is no such user or no such app.
    pub fn otp(&self, user: &str, now: Timestamp) -> Option<Otp> {
        totp::otp(self.user(user)?.totp_secret()?, totp::step(now))
    }

    /// Whether a factor is on.
    pub fn has_factor(&self, factor: Factor) -> bool {
        self.factors.has(factor)
    }

    /// Switches a factor on or off. While it is off, its authenticators are not listed, cannot be enrolled and are not
    /// challenged, and what they show or were sent before is refused (see
    /// [`Behaviour::switched_off_factors_are_refused`]); as for recovery codes, see
    /// [`set_recovery_codes`](Self::set_recovery_codes).
    pub fn set_factor(&mut self, factor: Factor, on: bool) {
        self.factors.set(factor, on);
        if factor == Factor::RecoveryCode && !on && !self.behaviour.codes_survive_switching_off {
            self.users.iter_mut().for_each(|user| user.recovery = None);
        }
    }

    /// Whether the factor `recovery-code` is on.
    pub fn has_recovery_codes(&self) -> bool {
        self.has_factor(Factor::RecoveryCode)
    }

    /// Switches the factor `recovery-code` on or off. While it is off, codes are refused like wrong ones and first
    /// associations bring none.
    pub fn set_recovery_codes(&mut self, on: bool) {
        self.set_factor(Factor::RecoveryCode, on);
    }

    /// When a login needs a second factor.
    pub fn mfa_policy(&self) -> MfaPolicy {
        self.mfa_policy
    }

    /// Sets when a login needs a second factor.
    pub fn set_mfa_policy(&mut self, policy: MfaPolicy) {
        self.mfa_policy = policy;
    }

    /// What would have been sent, oldest first. The newest 10,000 are kept.
    pub fn outbox(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.outbox.iter()
    }

    /// The user's answer to a push, by the number that the push has in the [`outbox`](Self::outbox). To approve the
    /// push of an enrolment is to have scanned its barcode.
    ///
    /// # Errors
    /// When there is no such push, or it was answered before, or is too old.
    pub fn answer_push(&mut self, id: u64, answer: PushAnswer, now: Timestamp) -> Result<(), PushError> {
        let transaction = self.oob.answer(id, answer, now)?;
        let (user, client_id) = (transaction.user, transaction.client_id.clone());
        self.outbox.note_answer(id, answer);
        if answer == PushAnswer::Deny {
            self.origin = Origin::default();
            self.log(EventKind::PushRejected, Some(user), &client_id, now);
        }
        Ok(())
    }

    /// The log, oldest event first. The newest 10,000 are kept.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }

    /// Where the tenant is, for the one who sent the request.
    pub(crate) fn base_url<B>(&self, request: &http::Request<B>) -> BaseUrl {
        BaseUrl::of(self.issuer.as_deref(), request)
    }

    pub(crate) fn application(&self, client_id: &str) -> Option<&ApplicationConfig> {
        self.applications.iter().find(|application| application.client_id == client_id)
    }

    pub(crate) fn user_mut(&mut self, id: UserId) -> Result<&mut User, Refusal> {
        self.users.get_mut(id.0).ok_or(Refusal::Internal)
    }

    pub(crate) fn log(&mut self, kind: EventKind, user: Option<UserId>, client_id: &str, now: Timestamp) {
        let user = user.and_then(|id| self.users.get(id.0)).map(|user| user.name().to_owned());
        let Origin { ip, client_ip } = self.origin;
        self.events.add(Event { at: now, kind, user, client_id: client_id.to_owned(), ip, client_ip });
    }

    /// Which second factor the login waits for; an access token waits for none.
    pub(crate) fn turn(&self, session: Session) -> Option<Turn> {
        match session {
            Session::Login(login) => self.logins.get(login).map(|login| login.turn),
            Session::AccessToken(_) => None,
        }
    }

    /// Notes that a second factor was verified: the `mfa_token` may end with it.
    pub(crate) fn note_success(&mut self, session: Session, now: Timestamp) {
        if let Session::Login(login) = session {
            self.logins.note_success(login, now);
        }
    }

    /// Notes that a code was wrong.
    pub(crate) fn note_failure(&mut self, session: Session) {
        if let Session::Login(login) = session {
            self.logins.note_failure(login);
        }
    }

    pub(crate) fn mfa_token_lifetime(&self) -> Duration {
        Duration::from_secs(self.behaviour.mfa_token_lifetime_seconds)
    }

    /// The headers that every reply has. `/oauth/token` names no charset in recordings, `/mfa/` does.
    pub(crate) fn mark(&mut self, response: &mut http::Response<Body>, path: &str) {
        let headers = response.headers_mut();
        if path == endpoints::TOKEN_PATH {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if self.behaviour.no_store && !path.starts_with("/.well-known/") {
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        if let Ok(id) = HeaderValue::from_str(&self.generator.hexadecimal(20)) {
            headers.insert(HeaderName::from_static("x-auth0-requestid"), id);
        }
    }
}

impl std::fmt::Debug for Tenant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tenant")
            .field("name", &self.name)
            .field("applications", &self.applications)
            .field("users", &self.users)
            .field("factors", &self.factors)
            .field("behaviour", &self.behaviour)
            .finish_non_exhaustive()
    }
}
