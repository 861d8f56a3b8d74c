//! Each client. Those that are ours do all that they do: the request's form, the reply's JSON, the tokens, wiping.
//! Those that are raw send bytes that are there and collect the bytes of the reply.

mod hyper_util;
mod oauth2;
mod ours_hyper;
mod ours_ureq;
mod reqwest;
mod ureq;

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::runtime::{Builder, Runtime};

use crate::Site;
use crate::player::{Async, AsyncSubject, Blocking, BlockingSubject, Player};

/// The client of this name. With no workers an async one has all its work in the one thread that plays.
///
/// # Panics
/// When there is none of this name.
pub fn player(name: &str, site: &Site, workers: usize) -> Box<dyn Player> {
    match name {
        "ours-hyper" => awaiting(ours_hyper::OursHyper::new(site), workers),
        "hyper-util" => awaiting(hyper_util::HyperUtil::new(site), workers),
        "reqwest" => awaiting(reqwest::Reqwest::new(site), workers),
        "oauth2+reqwest" => awaiting(oauth2::Oauth2::new(site), workers),
        "ours-ureq" => blocking(ours_ureq::OursUreq::new(site)),
        "ureq" => blocking(ureq::Ureq::new(site)),
        _ => panic!("there is no {name}"),
    }
}

fn awaiting(subject: impl AsyncSubject, workers: usize) -> Box<dyn Player> {
    Box::new(Async { subject: Arc::new(subject), runtime: runtime(workers) })
}

fn blocking(subject: impl BlockingSubject) -> Box<dyn Player> {
    Box::new(Blocking(Arc::new(subject)))
}

fn runtime(workers: usize) -> Runtime {
    let mut builder = match workers {
        0 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    builder.worker_threads(workers.max(1)).enable_all().build().expect("a runtime")
}

/// How many idle connections a pool keeps: as many as there ever are, or none when each call is to have its own.
fn most_idle(site: &Site) -> usize {
    if site.fresh { 0 } else { 64 }
}

fn root(site: &Site) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(site.root.as_bytes()).expect("a certificate")
}
