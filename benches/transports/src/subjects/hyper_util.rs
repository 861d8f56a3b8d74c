//! hyper's client of hyper-util, raw: it has no time limit, and no cap on the reply.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::most_idle;
use crate::Site;
use crate::player::AsyncSubject;

pub(crate) struct HyperUtil {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    uri: Uri,
    form: Bytes,
}

impl HyperUtil {
    pub(crate) fn new(site: &Site) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(super::root(site)).expect("a root");
        let tls = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        let client =
            Client::builder(TokioExecutor::new()).pool_max_idle_per_host(most_idle(site)).build(connector);
        Self {
            client,
            uri: site.token_url().parse().expect("a URI"),
            form: Bytes::from(crate::fixture::form()),
        }
    }
}

impl AsyncSubject for HyperUtil {
    async fn call(&self) -> bool {
        let request = Request::post(self.uri.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(self.form.clone()))
            .expect("a request");
        let response = self.client.request(request).await.expect("a response");
        let status = response.status();
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        status == StatusCode::OK && !body.is_empty()
    }
}
