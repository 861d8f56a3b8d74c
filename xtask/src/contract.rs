//! `cargo xtask contract`: our transports through the scenarios of their contract, over and over.
//!
//! The tests run each scenario once; this is for the faults that come once in ten thousand.

use std::thread;

use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, TransportError};
use auth0_mfa_emulator::contract::kit::{Report, Scenario, Subject, Terms, examine, scenarios};
use auth0_mfa_transport::{Builder, ConfigError};
use auth0_mfa_transport_hyper::HyperTransport;
use auth0_mfa_transport_ureq::UreqTransport;

use crate::command::Failure;

/// How much oftener than the others a scenario is run that is about the moment in which something happens.
const RACES: usize = 8;

/// Runs the scenarios until each transport has made its half of `calls` under a fault; prints the table.
pub(crate) fn check(calls: u64) -> Result<(), Failure> {
    let subjects = [hyper(), ureq()];
    let each = calls.div_ceil(subjects.len() as u64);
    let reports = thread::scope(|scope| {
        let running = subjects.each_ref().map(|subject| scope.spawn(move || report(subject, each)));
        running.map(|run| run.join().unwrap_or_else(|_| Err("a scenario panicked".to_owned())))
    });
    let mut together = Report::default();
    for report in reports {
        together += report?;
    }
    println!("{together}");
    if together.is_kept() { Ok(()) } else { Err("the contract is broken".to_owned()) }
}

fn report(subject: &Subject, calls: u64) -> Result<Report, Failure> {
    let failed = |error: std::io::Error| format!("{}: {error}", subject.name());
    let mut report = examine(subject).map_err(failed)?;
    let quick: Vec<Scenario> = scenarios().into_iter().filter(|scenario| !scenario.is_slow()).collect();
    while report.totals().faulty < calls {
        for scenario in &quick {
            let times = if scenario.name().starts_with("idle connection") { RACES } else { 1 };
            report += scenario.run(subject, times).map_err(failed)?;
        }
        eprintln!("contract: {} made {} calls under a fault", subject.name(), report.totals().faulty);
    }
    Ok(report)
}

fn hyper() -> Subject {
    Subject::new("hyper", |terms| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let made = runtime.map_err(|error| error.to_string());
        let made = made.and_then(|runtime| Ok((runtime, built(HyperTransport::builder(), terms)?)));
        move |request| match &made {
            Ok((runtime, transport)) => runtime.block_on(transport.send(request)),
            Err(reason) => Err(TransportError::not_sent(reason.clone())),
        }
    })
}

fn ureq() -> Subject {
    Subject::new("ureq", |terms| {
        let made = built(UreqTransport::builder(), terms);
        move |request| match &made {
            Ok(transport) => transport.send(request),
            Err(reason) => Err(TransportError::not_sent(reason.clone())),
        }
    })
}

fn built<T>(builder: Builder<T>, terms: &Terms) -> Result<T, Failure> {
    let failed = |error: ConfigError| error.to_string();
    let mut builder = builder
        .connect_timeout(terms.connect_timeout)
        .timeout(terms.timeout)
        .max_reply_bytes(terms.max_reply_bytes);
    if let Some(pem) = &terms.authority_pem {
        builder = builder.without_webpki_roots().add_root_pem(pem.as_bytes()).map_err(failed)?;
    }
    if let Some(pem) = &terms.client_pem {
        builder = builder.client_certificate_pem(pem.as_bytes()).map_err(failed)?;
    }
    builder.build().map_err(failed)
}
