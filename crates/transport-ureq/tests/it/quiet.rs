//! Line 7 of the contract: no secret reaches a log, an error or a `Debug`.

use std::sync::{Mutex, OnceLock};

use auth0_mfa_core::Replay;
use auth0_mfa_core::transport::BlockingTransport;
use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::server::Server;
use crate::support::{chain, post_body, transport};

const CANARY: &str = "CANARY";

/// Keeps everything that is logged at `trace`, with ureq capped at `debug` as the documentation asks for.
struct Collector(Mutex<Vec<String>>);

impl Log for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        !metadata.target().starts_with("ureq") || metadata.level() <= Level::Debug
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.lock().unwrap().push(format!("{} {}", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

fn collector() -> &'static Collector {
    static COLLECTOR: OnceLock<Collector> = OnceLock::new();
    COLLECTOR.get_or_init(|| Collector(Mutex::default()))
}

#[test]
fn no_secret_reaches_a_log_an_error_or_debug() {
    log::set_logger(collector()).expect("the only logger");
    log::set_max_level(LevelFilter::Trace);
    for length in [CANARY.len(), 99] {
        let server = Server::start(move |peer| {
            peer.read_request();
            let head = format!(
                "HTTP/1.1 200 OK\r\nset-cookie: s={CANARY}\r\nlocation: /?code={CANARY}\r\ncontent-length: {length}\r\n\r\n"
            );
            peer.write(format!("{head}{CANARY}").as_bytes());
        });
        let transport = transport();
        let mut request = post_body(&server.url("/"), Replay::Once, format!("code={CANARY}").into_bytes());
        for name in ["authorization", "dpop", "auth0-forwarded-for"] {
            request.headers_mut().insert(name, CANARY.parse().expect("a value"));
        }
        let reply = transport.send(request);
        let mut shown = vec![format!("{transport:?}"), format!("{reply:?}")];
        if reply.is_err() {
            shown.extend(chain(&reply));
        }
        assert!(shown.iter().all(|text| !text.contains(CANARY)), "{shown:?}");
        server.finish();
    }
    log::set_max_level(LevelFilter::Off);
    let logged = collector().0.lock().unwrap();
    assert!(logged.iter().any(|line| line.starts_with("ureq")), "nothing was collected");
    let leaks: Vec<_> =
        logged.iter().filter(|line| line.contains(CANARY) || line.contains("43 41 4e")).collect();
    assert!(leaks.is_empty(), "{leaks:?}");
}
