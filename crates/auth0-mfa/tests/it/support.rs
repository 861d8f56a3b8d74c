//! What the tests share: clients of both kinds over a script, and the values that calls are made of.

use std::fmt::Debug;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use auth0_mfa::transport::{AsyncTransport, BlockingTransport, TransportError, from_blocking_fn, from_fn};
use auth0_mfa::{
    Application, AsyncClient, BlockingClient, Body, Call, CallError, CallOptions, ClientAuth, ClientId,
    ClientSettings, Domain, ManagementToken, MfaApiToken, MfaToken, Replay, TokenSet, UserId,
};
use http::{Request, Response};

/// A status and a body.
pub(crate) type Reply = (u16, &'static str);

pub(crate) const TOKENS: Reply = (200, r#"{"access_token":"fake-access-token"}"#);
pub(crate) const DELETED: Reply = (204, "");

/// What a transport answers to one request.
pub(crate) type Sent = Result<Response<Body>, TransportError>;

/// A client of each kind over one transport, and the requests that it was given.
pub(crate) struct Clients {
    pub(crate) blocking: BlockingClient,
    pub(crate) asynchronous: AsyncClient,
    requests: Arc<Mutex<Vec<Request<Body>>>>,
}

impl Clients {
    pub(crate) fn over(answer: impl Fn(&Request<Body>) -> Sent + Send + Sync + 'static) -> Self {
        Self::with(ClientAuth::None, ClientSettings::default(), answer)
    }

    pub(crate) fn with(
        auth: ClientAuth,
        settings: ClientSettings,
        answer: impl Fn(&Request<Body>) -> Sent + Send + Sync + 'static,
    ) -> Self {
        let application = application_with(auth);
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let send = Arc::new(move |request: Request<Body>| {
            let sent = answer(&request);
            kept.lock().unwrap().push(request);
            sent
        });
        let send_later = Arc::clone(&send);
        let blocking: Arc<dyn BlockingTransport> = Arc::new(from_blocking_fn(move |request| send(request)));
        let asynchronous: Arc<dyn AsyncTransport> =
            Arc::new(from_fn(move |request| std::future::ready(send_later(request))));
        Self {
            blocking: BlockingClient::with_settings(blocking, application.clone(), settings.clone()),
            asynchronous: AsyncClient::with_settings(asynchronous, application, settings),
            requests,
        }
    }

    /// The requests that were sent since this was asked.
    pub(crate) fn take_requests(&self) -> Vec<Request<Body>> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

/// One call, as both clients are to send it with their methods for it.
pub(crate) struct Exchange<C> {
    call: C,
    request_line: &'static str,
    reply: Reply,
}

impl<C: Call + Debug> Exchange<C> {
    pub(crate) fn new(call: C, request_line: &'static str, reply: Reply) -> Self {
        Self { call, request_line, reply }
    }

    /// What the methods hand out, each of which has sent the call's own request once.
    #[track_caller]
    pub(crate) fn with(
        &self,
        blocking: impl FnOnce(&BlockingClient) -> Result<C::Output, CallError<C>>,
        asynchronous: impl FnOnce(&AsyncClient) -> Result<C::Output, CallError<C>>,
    ) -> [C::Output; 2] {
        let (status, body) = self.reply;
        let clients = Clients::over(move |_| Ok(replied(status, body)));
        let by_blocking = blocking(&clients.blocking);
        self.check_the_one(&clients.take_requests());
        let by_asynchronous = asynchronous(&clients.asynchronous);
        self.check_the_one(&clients.take_requests());
        [by_blocking.expect(C::NAME), by_asynchronous.expect(C::NAME)]
    }

    #[track_caller]
    fn check_the_one(&self, requests: &[Request<Body>]) {
        let [request] = requests else { panic!("{}: {} requests were sent", C::NAME, requests.len()) };
        let request_line = format!("{} {}", request.method(), request.uri().path_and_query().unwrap());
        assert_eq!(request_line, self.request_line, "{}", C::NAME);
        assert_eq!(Replay::of(request), C::REPLAY, "{}", C::NAME);
        let expected = self.call.request(&application(), &CallOptions::default());
        assert_eq!(request.uri(), expected.uri(), "{}", C::NAME);
        assert_eq!(request.headers(), expected.headers(), "{}", C::NAME);
        assert_eq!(text(request), text(&expected), "{}", C::NAME);
    }

    pub(crate) fn name(&self) -> &'static str {
        C::NAME
    }
}

/// The output of a future that does not have to wait. It is `Send`, so that a call can be spawned as a task of its own.
pub(crate) fn ready<F: Future + Send>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits for something"),
    }
}

/// What was made of [`TOKENS`].
pub(crate) fn are_the_tokens(tokens: TokenSet) {
    assert_eq!(tokens.access_token.expose(), "fake-access-token");
}

pub(crate) fn replied(status: u16, body: &str) -> Response<Body> {
    Response::builder().status(status).body(Body::from(body.as_bytes().to_vec())).unwrap()
}

/// A body as text.
pub(crate) fn text(request: &Request<Body>) -> &str {
    std::str::from_utf8(request.body().expose()).unwrap()
}

pub(crate) fn application() -> Application {
    application_with(ClientAuth::None)
}

pub(crate) fn application_with(auth: ClientAuth) -> Application {
    let domain = Domain::parse("tenant.eu.auth0.com").unwrap();
    Application::new(domain, ClientId::parse("fakeClientId").unwrap(), auth)
}

pub(crate) fn mfa_token() -> MfaToken {
    MfaToken::parse("Fe26.2*FAKE*TOKEN").unwrap()
}

pub(crate) fn mfa_api_token() -> MfaApiToken {
    MfaApiToken::parse("eyJ.FAKE.FAKE").unwrap()
}

pub(crate) fn management_token() -> ManagementToken {
    ManagementToken::parse("eyJ.FAKE.FAKE").unwrap()
}

pub(crate) fn user_id() -> UserId {
    UserId::parse("auth0|fake").unwrap()
}
