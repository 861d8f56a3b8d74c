//! The application on a free port of 127.0.0.1.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use auth0_mfa::hyper::HyperTransport;
use auth0_mfa::transport::AsyncTransport;
use auth0_mfa::{Application, AsyncClient, ClientAuth, ClientId, Domain};
use auth0_mfa_emulator::EmulatorServer;
use axum::Router;
use recovery_web::{Origin, Sessions, application};
use tokio::runtime::Runtime;

use crate::browser::{Browser, Page};
use crate::tenant::{Answer, FakeTenant, mfa_required};
use crate::{PASSWORD, USER};

pub(crate) struct Site {
    address: SocketAddr,
    pub(crate) sessions: Sessions,
    clock: Arc<AtomicU64>,
    _runtime: Runtime,
}

impl Site {
    pub(crate) fn at(emulator: &EmulatorServer) -> Self {
        Self::over(Arc::new(HyperTransport::new().unwrap()), &emulator.base_url())
    }

    /// One whose tenant asks for a second factor, and then answers these.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> (Self, FakeTenant) {
        let (tenant, transport) = FakeTenant::new([mfa_required()].into_iter().chain(answers));
        (Self::over(transport, "https://tenant.example.com"), tenant)
    }

    pub(crate) fn over(transport: Arc<dyn AsyncTransport>, domain: &str) -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let sessions = sessions(&clock);
        let app = app(transport, domain, sessions.clone());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, app).await });
        Self { address, sessions, clock, _runtime: runtime }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser whose user has given the password, and the page that it shows.
    pub(crate) fn at_second_factor(&self) -> (Browser, Page) {
        let mut browser = self.browser();
        let page = log_in(&mut browser);
        assert_eq!(page.title(), "One more step");
        (browser, page)
    }

    /// The same, and a recovery code was sent.
    pub(crate) fn after_recovery(&self, code: &str) -> (Browser, Page) {
        let (mut browser, _) = self.at_second_factor();
        let page = send_code(&mut browser, code);
        (browser, page)
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }
}

fn sessions(clock: &Arc<AtomicU64>) -> Sessions {
    let (start, clock) = (Instant::now(), Arc::clone(clock));
    Sessions::new(move || start + Duration::from_secs(clock.load(Ordering::SeqCst)))
}

pub(crate) fn app(transport: Arc<dyn AsyncTransport>, domain: &str, sessions: Sessions) -> Router {
    let domain = Domain::parse(domain).unwrap();
    let tenant = Application::new(domain, ClientId::parse("public-app").unwrap(), ClientAuth::None);
    let origin = Origin::parse("http://127.0.0.1").unwrap();
    application(AsyncClient::new(transport, tenant), sessions, origin)
}

pub(crate) fn log_in(browser: &mut Browser) -> Page {
    let page = browser.open("/");
    browser.submit(&page, "/login", &[("user", USER), ("password", PASSWORD)])
}

pub(crate) fn send_code(browser: &mut Browser, code: &str) -> Page {
    let page = browser.open("/recovery-code");
    browser.submit(&page, "/recovery-code", &[("recovery_code", code)])
}

pub(crate) fn send_otp(browser: &mut Browser, otp: &str) -> Page {
    let page = browser.open("/otp");
    browser.submit(&page, "/otp", &[("otp", otp)])
}

pub(crate) fn confirm(browser: &mut Browser, page: &Page) -> Page {
    let shown = page.value("name=\"codes_so_far\" value").unwrap();
    browser.submit(page, "/new-code", &[("codes_so_far", shown), ("stored", "yes")])
}
