//! HTTP clients of others, as services, through every scenario of the contract.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use auth0_mfa::Replay;
use auth0_mfa::reqwest::ReqwestTransport;
use auth0_mfa::tower::{RequestBody, TowerTransport};
use auth0_mfa_emulator::contract::kit::{Ability, Report, Subject, Terms, asynchronous, scenarios};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::{self, Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use reqwest::redirect;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tower::Service;

use crate::contract::{keeps, runtime};

#[test]
fn hyper_utils_client_as_a_service_keeps_the_contract() {
    let make = |terms: &Terms| asynchronous(transport(hyper_util_client(terms, 0), terms), runtime());
    keeps(&Subject::new("tower over hyper-util", make).without(Ability::Pool).without(Ability::ManyHeaders));
}

/// What is single-use goes to a client without a pool.
#[test]
fn hyper_utils_pool_is_for_what_is_not_single_use() {
    let subject = Subject::new("tower over hyper-util's pool", |terms| {
        let (fresh, pooled) = (hyper_util_client(terms, 0), hyper_util_client(terms, 4));
        let service = tower::service_fn(move |request: http::Request<RequestBody>| {
            let client = if Replay::of(&request) == Replay::SingleUse { &fresh } else { &pooled };
            client.request(request)
        });
        asynchronous(transport(service, terms), runtime())
    });
    let mut report = Report::default();
    for scenario in
        scenarios().iter().filter(|it| it.name().contains("reuse") || it.name().contains("used again"))
    {
        report += scenario.run(&subject, 1).unwrap();
    }
    assert!(report.totals().faulty > 100, "the scenarios were run");
    assert!(report.is_kept(), "{report}");
}

#[test]
fn a_reqwest_client_as_a_service_keeps_the_contract() {
    let subject = Subject::new("tower over reqwest", |terms| {
        let settings = reqwest_settings(terms).redirect(redirect::Policy::none()).pool_max_idle_per_host(0);
        let client = settings.no_proxy().build().unwrap();
        let service = tower::service_fn(move |request: http::Request<RequestBody>| {
            let client = client.clone();
            async move {
                let request = reqwest::Request::try_from(request.map(reqwest::Body::wrap))?;
                client.execute(request).await.map(http::Response::from)
            }
        });
        asynchronous(transport(service, terms), runtime())
    });
    keeps(&subject.without(Ability::Pool).without(Ability::ManyHeaders));
}

#[test]
fn a_reqwest_client_that_is_built_for_it_keeps_the_contract() {
    let subject = Subject::new("reqwest, built for it", |terms| {
        let transport = ReqwestTransport::from_builder(reqwest_settings(terms)).unwrap();
        asynchronous(transport.timeout(terms.timeout).max_reply_bytes(terms.max_reply_bytes), runtime())
    });
    keeps(&subject.without(Ability::Pool).without(Ability::ManyHeaders));
}

pub(crate) fn reqwest_settings(terms: &Terms) -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_backend_preconfigured(tls(terms)).connect_timeout(terms.connect_timeout)
}

fn transport<S>(service: S, terms: &Terms) -> TowerTransport<S> {
    let timeout = terms.timeout;
    TowerTransport::new(service)
        .max_reply_bytes(terms.max_reply_bytes)
        .deadline(move || tokio::time::sleep(timeout))
        .not_sent_if(has_no_connection)
}

fn has_no_connection(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<legacy::Error>().is_some_and(legacy::Error::is_connect)
        || error.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect)
}

type Connection = hyper_rustls::MaybeHttpsStream<hyper_util::rt::TokioIo<tokio::net::TcpStream>>;
type Connecting =
    std::pin::Pin<Box<dyn Future<Output = Result<Connection, Box<dyn Error + Send + Sync>>> + Send>>;

fn hyper_util_client(
    terms: &Terms,
    idle: usize,
) -> Client<impl legacy::connect::Connect + Clone + Send + Sync + use<>, RequestBody> {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    let builder = HttpsConnectorBuilder::new().with_tls_config(tls(terms));
    let tls = builder.https_or_http().enable_http1().wrap_connector(tcp);
    let connector = tower::service_fn(within(terms.connect_timeout, tls));
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(idle).build(connector)
}

/// Time for connecting, the handshake of TLS included.
fn within(
    timeout: Duration,
    connector: hyper_rustls::HttpsConnector<HttpConnector>,
) -> impl Fn(http::Uri) -> Connecting + Clone {
    move |uri| {
        let mut connector = connector.clone();
        Box::pin(async move {
            let connecting = connector.call(uri);
            let out_of_time = |_| io::Error::from(io::ErrorKind::TimedOut);
            tokio::time::timeout(timeout, connecting).await.map_err(out_of_time)?
        })
    }
}

/// Trusts the authority of the terms, and nobody else.
fn tls(terms: &Terms) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = &terms.authority_pem {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let Some(pem) = &terms.client_pem else { return builder.with_no_client_auth() };
    let certificates = CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    builder.with_client_auth_cert(certificates, key).unwrap()
}
