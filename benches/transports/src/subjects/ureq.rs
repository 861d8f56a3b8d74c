//! ureq, raw: its defaults, but for the root that it trusts and how many idle connections it keeps.

use ::ureq::Agent;
use ::ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::most_idle;
use crate::Site;
use crate::player::BlockingSubject;

pub(crate) struct Ureq {
    agent: Agent,
    url: String,
    form: String,
}

impl Ureq {
    pub(crate) fn new(site: &Site) -> Self {
        let root = Certificate::from_pem(site.root.as_bytes()).expect("a certificate");
        let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[root])).build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .max_idle_connections(most_idle(site))
            .max_idle_connections_per_host(most_idle(site))
            .build()
            .into();
        Self { agent, url: site.token_url(), form: crate::fixture::form() }
    }
}

impl BlockingSubject for Ureq {
    fn call(&self) -> bool {
        let request = self.agent.post(&self.url).content_type("application/x-www-form-urlencoded");
        let response = request.send(&self.form).expect("a response");
        let status = response.status();
        status == 200 && !response.into_body().read_to_vec().expect("a body").is_empty()
    }
}
