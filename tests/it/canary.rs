//! No secret reaches a log, through any transport, at `trace`.
//!
//! The collector takes every record of `log` and every event and span of `tracing` in the process. One target is
//! capped, as the documentation tells users to and as every subscriber of ours does: `ureq` and `ureq_proto` at
//! `debug`, because ureq-proto writes heads and replies at `trace`. The last test shows that this cap is needed.

use std::fmt::Write;
use std::sync::{Mutex, OnceLock};

use auth0_mfa::{
    Application, ClientAuth, ClientId, ClientSecret, Domain, MfaToken, Password, PasswordGrant, RecoveryCode,
    VerifyWithRecoveryCode,
};
use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, Tls, reply, reply_announcing};
use base64ct::{Base64, Encoding};
use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::transports::{TRANSPORTS, send};

/// In the request, in the reply, and in what is cut off.
const CANARY: &str = "CANARY7SECRET7CANARY7SEC";
const OTHER_CANARIES: [&str; 5] = [
    "CanaryPassword7",
    "CanaryClientSecret7",
    "Fe26.2*CANARYTOKEN7",
    "canary-access-token-7",
    "CANARY7NEW7CODE7CANARY77",
];

#[test]
fn no_secret_reaches_a_log_at_trace() {
    let collector = collector();
    for transport in TRANSPORTS {
        for auth in [ClientAuth::SecretPost(secret()), ClientAuth::SecretBasic(secret())] {
            for script in scripts() {
                for server in [
                    ScriptedServer::plain(script.clone()).unwrap(),
                    ScriptedServer::tls(script, Tls::Valid).unwrap(),
                ] {
                    let ca = server.ca_pem();
                    let password = PasswordGrant::new("user@example.com", Password::new(OTHER_CANARIES[0]));
                    let _ = send(transport, ca, application(&server, auth.clone()), password);
                    let call = VerifyWithRecoveryCode::new(
                        MfaToken::parse(OTHER_CANARIES[2]).unwrap(),
                        RecoveryCode::verbatim(CANARY),
                    );
                    let outcome = send(transport, ca, application(&server, auth.clone()), call);
                    if let Err(error) = &outcome {
                        log::trace!(target: "application", "{error} {error:?} {error:#?}");
                    }
                    log::trace!(target: "application", "{outcome:?}");
                }
            }
        }
    }
    let logged = collector.text.lock().unwrap();
    assert!(logged.contains("application"), "the collector collects");
    assert!(
        logged.contains("VerifyWithRecoveryCode") && logged.contains("in_doubt"),
        "and the spans of the calls"
    );
    for canary in [CANARY].iter().chain(&OTHER_CANARIES) {
        for form in forms(canary) {
            assert!(!logged.contains(&form), "{form} in the log");
        }
    }
}

#[test]
fn the_collector_would_see_a_secret() {
    let collector = collector();
    log::trace!(target: "application", "PLANTED7{}", "CANARY");
    tracing::trace!(target: "application", planted = "PLANTED8CANARY");
    let logged = collector.text.lock().unwrap();
    assert!(logged.contains("PLANTED7CANARY") && logged.contains("PLANTED8CANARY"));
}

#[test]
fn ureq_proto_at_trace_is_why_the_documentation_warns() {
    let collector = collector();
    let body = format!(r#"{{"access_token":"fake","recovery_code":"{CANARY}"}}"#);
    let server = ScriptedServer::plain(Script::answer(reply(200, "application/json", body))).unwrap();
    let call = VerifyWithRecoveryCode::new(MfaToken::parse("fake").unwrap(), RecoveryCode::verbatim("fake"));
    send("ureq", None, application(&server, ClientAuth::None), call).map(drop).unwrap();
    assert!(*collector.capped_records.lock().unwrap() > 0, "when this fails, the warning can go");
}

fn secret() -> ClientSecret {
    ClientSecret::parse(OTHER_CANARIES[1]).unwrap()
}

fn application(server: &ScriptedServer, auth: ClientAuth) -> Application {
    Application::new(Domain::parse(server.origin()).unwrap(), ClientId::parse("fakeClientId").unwrap(), auth)
}

/// Answers and faults, each with secrets in it.
fn scripts() -> Vec<Script> {
    let tokens =
        format!(r#"{{"access_token":"{}","recovery_code":"{}"}}"#, OTHER_CANARIES[3], OTHER_CANARIES[4]);
    let odd = format!(r#"{{"access_token":7,"expires_in":"{CANARY}","recovery_code":12345678}}"#);
    let refused = format!(r#"{{"error":"{CANARY}","error_description":"{CANARY}"}}"#);
    let more = format!(r#"{{"error":"mfa_required","mfa_token":"{}"}}"#, OTHER_CANARIES[2]);
    vec![
        Script::answer(reply(200, "application/json", &tokens)),
        Script::answer(reply(200, "application/json", odd)),
        Script::answer(reply(403, "application/json", refused)),
        Script::answer(reply(403, "application/json", more)),
        Script::answer(reply(502, "text/html", CANARY)),
        Script::answer(reply_announcing(200, "application/json", 1000, &tokens[..tokens.len() - 3])),
        Script::answer(format!("HTTP/1.1 {CANARY}\r\n\r\n").into_bytes()),
        Script::new([Step::ReadRequest], End::Close),
        Script::new([Step::ReadExactly(40)], End::Reset),
        Script::new([], End::Close),
    ]
}

/// A secret as it is, in a form body, in hexadecimal, as the decimals of a byte slice, and in base64, which has three
/// forms of the same bytes in the middle of others.
fn forms(secret: &str) -> Vec<String> {
    let list = |format: fn(u8) -> String, between: &str| {
        secret.bytes().map(format).collect::<Vec<_>>().join(between)
    };
    let mut forms = vec![
        secret.to_owned(),
        secret.replace('*', "%2A"),
        list(|byte| format!("{byte:02x}"), ""),
        list(|byte| byte.to_string(), ", "),
    ];
    forms.extend((0..3).map(|lead| in_base64(secret, lead)));
    forms
}

/// What base64 makes of the secret behind so many other bytes, without the characters that these and what follows
/// have a part in.
fn in_base64(secret: &str, lead: usize) -> String {
    let encoded = Base64::encode_string(["...".get(..lead).unwrap(), secret].concat().as_bytes());
    encoded.get(4..encoded.len() - 4).unwrap().to_owned()
}

#[test]
fn a_secret_in_a_basic_header_would_be_seen() {
    let header = Base64::encode_string(format!("fakeClientId:{}", OTHER_CANARIES[1]).as_bytes());
    assert!(forms(OTHER_CANARIES[1]).iter().any(|form| header.contains(form)), "{header}");
}

/// Everything that is logged in the process.
#[derive(Default)]
struct Collector {
    text: Mutex<String>,
    capped_records: Mutex<usize>,
}

fn collector() -> &'static Collector {
    static COLLECTOR: OnceLock<&'static Collector> = OnceLock::new();
    COLLECTOR.get_or_init(|| {
        let collector: &'static Collector = Box::leak(Box::default());
        log::set_logger(collector).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        let subscriber = tracing_subscriber::registry().with(TracingLayer(collector));
        tracing::subscriber::set_global_default(subscriber).unwrap();
        collector
    })
}

impl Collector {
    fn add(&self, text: &str) {
        self.text.lock().unwrap().push_str(text);
    }
}

impl log::Log for Collector {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.level() == log::Level::Trace && record.target().starts_with("ureq") {
            *self.capped_records.lock().unwrap() += 1;
        } else {
            self.add(&format!("{} {}\n", record.target(), record.args()));
        }
    }

    fn flush(&self) {}
}

struct TracingLayer(&'static Collector);

impl<S: tracing::Subscriber> Layer<S> for TracingLayer {
    fn on_new_span(&self, attributes: &tracing::span::Attributes<'_>, _: &tracing::Id, _: Context<'_, S>) {
        let mut text = Text::default();
        attributes.record(&mut text);
        self.0.add(&text.0);
    }

    fn on_record(&self, _: &tracing::Id, values: &tracing::span::Record<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        values.record(&mut text);
        self.0.add(&text.0);
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut text = Text::default();
        event.record(&mut text);
        self.0.add(&text.0);
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = writeln!(self.0, "{field} {value:?}");
    }
}
