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

use super::tenant::{Answer, FakeTenant, mfa_required};

pub(crate) struct Site {
    pub(crate) address: SocketAddr,
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
