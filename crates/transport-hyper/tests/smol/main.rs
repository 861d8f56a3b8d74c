//! The transport on a runtime that is not tokio's. Nothing in this process starts one of tokio's.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::{AsyncTransport, BoxError};
use auth0_mfa_emulator::contract::kit::{Sent, Subject, Terms, asynchronous, examine};
use auth0_mfa_emulator::contract::{Outcome, Script, ScriptedServer, reply};
use auth0_mfa_transport_hyper::{ConfigError, HyperTransport, Runtime};
use http::Request;
use smol::Executor;
use tokio::runtime::Handle;

mod runtime;
use runtime::Smol;

#[test]
fn on_smol_the_contract_is_kept() {
    let make = |terms: &Terms| asynchronous(transport(terms).expect("the terms are sound"), on_smol);
    let report = examine(&Subject::new("hyper on smol", make)).expect("loopback has ports");
    println!("{report}");
    assert!(report.totals().faulty > 100, "the scenarios were run");
    assert!(report.is_kept(), "{report}");
}

#[test]
fn on_smol_an_idle_connection_is_closed_without_a_further_call() {
    let server = ScriptedServer::plain(Script::answer_each(reply(200, "application/json", "{}")))
        .expect("loopback has ports");
    let builder = HyperTransport::builder_on(Smol).pool_idle_timeout(Duration::from_millis(20));
    let transport = builder.build().expect("the settings are sound");
    let mut request = Request::post(server.origin()).body(Default::default()).expect("is a request");
    Replay::Once.mark(&mut request);
    on_smol(transport.send(request)).expect("the server answers");
    let seen = server.wait_for_end(0).expect("the connection is closed while the transport lives");
    assert_eq!((seen.requests().len(), seen.outcome()), (1, Some(Outcome::Completed)));
    drop(transport);
}

#[test]
fn a_runtime_that_owns_its_executor_goes_with_the_transport() {
    let server = ScriptedServer::plain(Script::answer_each(reply(200, "application/json", "{}")))
        .expect("loopback has ports");
    let executor = Arc::new(Executor::new());
    let transport = HyperTransport::builder_on(Owner(Arc::clone(&executor))).build();
    let transport = transport.expect("the settings are sound");
    let mut request = Request::post(server.origin()).body(Default::default()).expect("is a request");
    Replay::Once.mark(&mut request);
    smol::block_on(executor.run(transport.send(request))).expect("the server answers");
    assert!(!executor.is_empty(), "a connection is idle, and its task waits");

    let of_transport = Arc::downgrade(&executor);
    drop(executor);
    assert_eq!(of_transport.strong_count(), 1);
    drop(transport);
    assert_eq!(of_transport.strong_count(), 0, "the task that waits on it must not keep it");
}

/// A runtime that nobody else has: what is spawned on it runs while its calls do.
struct Owner(Arc<Executor<'static>>);

impl Runtime for Owner {
    type Stream = <Smol as Runtime>::Stream;
    type Sleep = <Smol as Runtime>::Sleep;
    type Id = ();

    fn id(&self) -> io::Result<()> {
        Smol.id()
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Smol.resolve(host, port).await
    }

    async fn connect(&self, addresses: Vec<SocketAddr>, time: Duration) -> Result<Self::Stream, BoxError> {
        Smol.connect(addresses, time).await
    }

    fn sleep_until(&self, at: Instant) -> Self::Sleep {
        Smol.sleep_until(at)
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.0.spawn(task).detach();
    }
}

fn transport(terms: &Terms) -> Result<HyperTransport<Smol>, ConfigError> {
    let mut builder = HyperTransport::builder_on(Smol)
        .connect_timeout(terms.connect_timeout)
        .timeout(terms.timeout)
        .max_reply_bytes(terms.max_reply_bytes);
    if let Some(pem) = &terms.authority_pem {
        builder = builder.without_webpki_roots().add_root_pem(pem.as_bytes())?;
    }
    if let Some(pem) = &terms.client_pem {
        builder = builder.client_certificate_pem(pem.as_bytes())?;
    }
    builder.build()
}

/// Runs a call where there is no runtime of tokio's, whenever it is looked at.
fn on_smol(mut call: Pin<Box<dyn Future<Output = Sent> + Send + '_>>) -> Sent {
    smol::block_on(async {
        let call = poll_fn(|context| {
            assert!(Handle::try_current().is_err(), "this is a runtime of tokio's");
            call.as_mut().poll(context)
        });
        let sent = call.await;
        // What the call left behind gets its turn: it must not send anything any more.
        for _ in 0..4 {
            smol::future::yield_now().await;
        }
        sent
    })
}
