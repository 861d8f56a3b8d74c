//! `GET /api/v2/users/{id}/authentication-methods`: what a user can log in with, the recovery code included.
//!
//! Source: <https://auth0.com/docs/api/management/v2/users/get-authentication-methods>

use std::fmt;

use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};
use crate::serve::{ClientCredentials, Received, RequestError, Serve};
use crate::wire::json::{self, Fields};
use crate::wire::parameters::Parameters;
use crate::wire::{bearer_endpoint, json_response, path};
use crate::{
    ApiError, Application, AuthenticationMethodId, Body, Call, CallOptions, ManagementToken, NextStep,
    Replay, UserId, shown,
};

const PATH: &str = "/api/v2/users/{}/authentication-methods";

/// Lists a user's authentication methods, one page at a time. Answers [`AuthenticationMethods`].
///
/// Refused with 401 (the token), 403 (its scope is not `read:authentication_methods`), 404 or 429.
///
/// ```
/// use auth0_mfa_core::{ListAuthenticationMethods, ManagementToken, UserId};
///
/// let token = ManagementToken::parse("eyJ.FAKE.FAKE")?;
/// let call = ListAuthenticationMethods::new(token, UserId::parse("auth0|fake")?).page(1, 100);
/// # let _ = call;
/// # Ok::<(), auth0_mfa_core::InvalidValue>(())
/// ```
#[derive(Debug)]
pub struct ListAuthenticationMethods {
    token: ManagementToken,
    user_id: UserId,
    page: Option<(u32, u32)>,
}

impl ListAuthenticationMethods {
    /// The call for the first page, with a token of scope `read:authentication_methods`.
    pub fn new(token: ManagementToken, user_id: UserId) -> Self {
        Self { token, user_id, page: None }
    }

    /// Another page, counted from 0, of so many methods each (Auth0 allows 100).
    #[must_use]
    pub fn page(mut self, page: u32, per_page: u32) -> Self {
        self.page = Some((page, per_page));
        self
    }

    /// The token; for servers and tests.
    pub fn token(&self) -> &ManagementToken {
        &self.token
    }

    /// The user; for servers and tests.
    pub fn user_id(&self) -> &UserId {
        &self.user_id
    }

    /// The page and how many methods it has, when they were asked for; for servers and tests.
    pub fn requested_page(&self) -> Option<(u32, u32)> {
        self.page
    }
}

impl Call for ListAuthenticationMethods {
    type Output = AuthenticationMethods;
    type NewCode = ();

    const NAME: &'static str = "ListAuthenticationMethods";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, application: &Application, options: &CallOptions) -> http::Request<Body> {
        let mut path = path::write(PATH, &[self.user_id.as_str()]);
        path.push_str("?include_totals=true");
        if let Some((page, per_page)) = self.page {
            path.push_str(&format!("&page={page}&per_page={per_page}"));
        }
        let domain = application.management_domain();
        bearer_endpoint::request(domain, options, Method::GET, &path, self.token.expose(), None)
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<AuthenticationMethods, Unreadable> {
        let number = |name| reply.fields().and_then(|fields| fields.whole_number(name));
        // With totals it is an object around the list, without them the list.
        let listed = reply.fields().and_then(|fields| fields.raw("authenticators")).unwrap_or(reply.text());
        let elements = json::elements(listed).ok_or(Unreadable::new("has no list of authenticators"))?;
        let elements = elements.into_iter().map(RawValue::get).filter(|element| *element != "null");
        let methods = elements.map(AuthenticationMethod::read);
        Ok(AuthenticationMethods {
            methods: methods.collect::<Result<_, _>>()?,
            start: number("start"),
            limit: number("limit"),
            total: number("total"),
            info: reply.info(),
        })
    }

    fn next_step(error: &ApiError) -> NextStep {
        NextStep::of_management(error)
    }
}

impl Serve for ListAuthenticationMethods {
    fn read_request(request: &http::Request<&[u8]>) -> Result<Received<Self>, RequestError> {
        let [user_id] = path::read(request.uri().path(), PATH)?;
        let user_id = UserId::parse(user_id).map_err(|_| RequestError::WrongPath)?;
        let query = Parameters::of_query(request);
        let mut call = Self::new(bearer_endpoint::read_management_token(request)?, user_id);
        let (page, per_page) = (query.whole_number("page")?, query.whole_number("per_page")?);
        if page.is_some() || per_page.is_some() {
            call = call.page(page.unwrap_or(0), per_page.unwrap_or(DEFAULT_PER_PAGE));
        }
        Ok(Received::new(call, ClientCredentials::default()))
    }

    fn write_reply(output: &AuthenticationMethods) -> http::Response<Body> {
        let body = json::write(&Page {
            start: output.start,
            limit: output.limit,
            total: output.total,
            authenticators: output.methods.iter().map(Item::of).collect(),
        });
        json_response(StatusCode::OK, body)
    }
}

/// What the API takes when only a page is asked for.
const DEFAULT_PER_PAGE: u32 = 50;

/// One page of a user's authentication methods, in the reply's order.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct AuthenticationMethods {
    /// Each of them (`authenticators` in the reply).
    pub methods: Vec<AuthenticationMethod>,
    /// `start`: how many come before this page.
    pub start: Option<u64>,
    /// `limit`: how many a page has.
    pub limit: Option<u64>,
    /// `total`: how many there are.
    pub total: Option<u64>,
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl AuthenticationMethods {
    /// The user's recovery code, when this page has it: what
    /// [`DeleteAuthenticationMethod`](crate::DeleteAuthenticationMethod) takes to drop it.
    pub fn recovery_code(&self) -> Option<&AuthenticationMethod> {
        self.methods.iter().find(|method| method.r#type.as_deref() == Some("recovery-code"))
    }
}

impl From<Vec<AuthenticationMethod>> for AuthenticationMethods {
    fn from(methods: Vec<AuthenticationMethod>) -> Self {
        Self { methods, ..Self::default() }
    }
}

/// One authentication method of a user. Words that this crate does not know are kept as text.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuthenticationMethod {
    /// `id`, for example `recovery-code|dev_…`; absent when the reply has none that could be sent.
    pub id: Option<AuthenticationMethodId>,
    /// `type`: `recovery-code`, `totp`, `push`, `phone`, `email`, `email-verification`, `webauthn-roaming`,
    /// `webauthn-platform`, `guardian`, `passkey`, `password`, or a word to come.
    pub r#type: Option<String>,
    /// `confirmed`.
    pub confirmed: Option<bool>,
    /// `name`. Personal: not shown by `Debug`.
    pub name: Option<String>,
    /// `phone_number`. Personal: not shown by `Debug`.
    pub phone_number: Option<String>,
    /// `email`. Personal: not shown by `Debug`.
    pub email: Option<String>,
    /// `preferred_authentication_method` of a phone: `sms` or `voice`.
    pub preferred_authentication_method: Option<String>,
    /// `link_id`: methods that have it in common are deleted together.
    pub link_id: Option<String>,
    /// `created_at`, as it came (ISO 8601).
    pub created_at: Option<String>,
    /// `enrolled_at`, as it came.
    pub enrolled_at: Option<String>,
    /// `last_auth_at`, as it came.
    pub last_auth_at: Option<String>,
}

impl AuthenticationMethod {
    /// A confirmed method; for servers and tests.
    pub fn new(id: AuthenticationMethodId, r#type: impl Into<String>) -> Self {
        Self { id: Some(id), r#type: Some(r#type.into()), confirmed: Some(true), ..Self::default() }
    }

    fn read(element: &str) -> Result<Self, Unreadable> {
        let fields =
            Fields::parse(element).ok_or(Unreadable::new("lists something that is not an object"))?;
        Ok(Self {
            id: fields.text("id").and_then(|id| AuthenticationMethodId::parse(id).ok()),
            r#type: fields.text("type"),
            confirmed: fields.boolean("confirmed"),
            name: fields.text("name"),
            phone_number: fields.text("phone_number"),
            email: fields.text("email"),
            preferred_authentication_method: fields.text("preferred_authentication_method"),
            link_id: fields.text("link_id"),
            created_at: fields.text("created_at"),
            enrolled_at: fields.text("enrolled_at"),
            last_auth_at: fields.text("last_auth_at"),
        })
    }
}

impl fmt::Debug for AuthenticationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthenticationMethod")
            .field("id", &self.id)
            .field("type", &shown::word(self.r#type.as_deref()))
            .field("confirmed", &self.confirmed)
            .finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Page<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u64>,
    authenticators: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#type: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preferred_authentication_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enrolled_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_auth_at: Option<&'a str>,
}

impl<'a> Item<'a> {
    fn of(method: &'a AuthenticationMethod) -> Self {
        Self {
            id: method.id.as_ref().map(AuthenticationMethodId::as_str),
            r#type: method.r#type.as_deref(),
            confirmed: method.confirmed,
            name: method.name.as_deref(),
            phone_number: method.phone_number.as_deref(),
            email: method.email.as_deref(),
            preferred_authentication_method: method.preferred_authentication_method.as_deref(),
            link_id: method.link_id.as_deref(),
            created_at: method.created_at.as_deref(),
            enrolled_at: method.enrolled_at.as_deref(),
            last_auth_at: method.last_auth_at.as_deref(),
        }
    }
}
