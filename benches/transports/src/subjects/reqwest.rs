//! reqwest, raw: no time limit and no redirect.

use ::reqwest::header::CONTENT_TYPE;
use ::reqwest::redirect::Policy;
use ::reqwest::{Certificate, Client, StatusCode};
use bytes::Bytes;

use super::most_idle;
use crate::Site;
use crate::player::AsyncSubject;

pub(crate) struct Reqwest {
    client: Client,
    url: String,
    form: Bytes,
}

impl Reqwest {
    pub(crate) fn new(site: &Site) -> Self {
        Self { client: client(site), url: site.token_url(), form: Bytes::from(crate::fixture::form()) }
    }
}

impl AsyncSubject for Reqwest {
    async fn call(&self) -> bool {
        let request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(self.form.clone());
        let response = request.send().await.expect("a response");
        let status = response.status();
        status == StatusCode::OK && !response.bytes().await.expect("a body").is_empty()
    }
}

pub(super) fn client(site: &Site) -> Client {
    Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .add_root_certificate(Certificate::from_pem(site.root.as_bytes()).expect("a certificate"))
        .pool_max_idle_per_host(most_idle(site))
        .build()
        .expect("a client")
}
