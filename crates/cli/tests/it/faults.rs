//! `recover` against servers that do everything but what they should. What is said must agree with what they saw.

use std::process::Command;
use std::time::Duration;

use auth0_mfa_emulator::contract::{
    End, Script, ScriptedServer, Step, Tls, reply, reply_announcing, reply_head,
};

use crate::command::{CODE, NEXT_CODE, Run, Secrets, TRANSPORTS, run};

/// What `recover --json` is to say.
#[derive(Clone, Copy)]
struct Expected {
    exit: i32,
    outcome: &'static str,
    code_state: Option<&'static str>,
    new_code: bool,
}

const IN_DOUBT: Expected =
    Expected { exit: 12, outcome: "in_doubt", code_state: Some("unknown"), new_code: false };
const NOT_SENT: Expected =
    Expected { exit: 11, outcome: "not_sent", code_state: Some("intact"), new_code: false };
const FOREIGN: Expected =
    Expected { exit: 13, outcome: "malformed", code_state: Some("unknown"), new_code: false };
const SALVAGED: Expected =
    Expected { exit: 13, outcome: "malformed", code_state: Some("spent"), new_code: true };
const ACCEPTED: Expected = Expected { exit: 0, outcome: "accepted", code_state: None, new_code: true };

fn body() -> String {
    format!(
        r#"{{"recovery_code":"{NEXT_CODE}","access_token":"fake-access-token","token_type":"Bearer","scope":"openid"}}"#
    )
}

/// Runs `recover` against the script over both transports, plain and TLS, and checks that at most one request came.
fn check(what: &str, script: &Script, expected: impl Fn(&ScriptedServer) -> Expected) {
    check_with(what, script, |_| {}, expected);
}

fn check_with(
    what: &str,
    script: &Script,
    prepare: impl Fn(&mut Command),
    expected: impl Fn(&ScriptedServer) -> Expected,
) {
    for transport in TRANSPORTS {
        for tls in [false, true] {
            let what = format!("{what}, {transport}, {}", if tls { "TLS" } else { "plain" });
            let server = if tls {
                ScriptedServer::tls(script.clone(), Tls::Valid).unwrap()
            } else {
                ScriptedServer::plain(script.clone()).unwrap()
            };
            let secrets = Secrets::new();
            let mut command = secrets.recover(server.origin());
            command.args(["--transport", transport, "--json"]);
            if let Some(pem) = server.ca_pem() {
                std::fs::write(secrets.path("ca.pem"), pem).unwrap();
                command.args(["--ca-file", &secrets.path("ca.pem")]);
            }
            prepare(&mut command);
            let run = run(&mut command);
            server.wait_for_end(0);
            assert_says(&what, &run, expected(&server));
            assert_sent_at_most_once(&what, server);
        }
    }
}

fn assert_says(what: &str, run: &Run, expected: Expected) {
    let json = run.json();
    assert_eq!(run.exit, expected.exit, "{what}: {json}");
    assert_eq!(json["outcome"], expected.outcome, "{what}: {json}");
    assert_eq!(json["code_state"].as_str(), expected.code_state, "{what}: {json}");
    assert_eq!(json["recovery_code"].as_str(), expected.new_code.then_some(NEXT_CODE), "{what}: {json}");
    assert!(!run.everything().contains(CODE), "{what}: the old code was printed");
}

fn assert_sent_at_most_once(what: &str, server: ScriptedServer) {
    let seen = server.finish();
    let code_arrived = seen.iter().filter(|seen| seen.contains(CODE.as_bytes())).count();
    assert!(code_arrived <= 1, "{what}: the code arrived {code_arrived} times");
    let requests: usize = seen.iter().map(|seen| seen.requests().len()).sum();
    assert!(requests <= 1, "{what}: {requests} requests arrived");
}

/// Closed before anything was answered: whatever was seen of the request, "not sent" may be said only if it was
/// nothing.
fn as_the_server_saw_it(server: &ScriptedServer) -> Expected {
    let seen = server.seen(0).is_some_and(|seen| !seen.bytes().is_empty());
    if seen { IN_DOUBT } else { NOT_SENT }
}

#[test]
fn a_server_that_closes_before_reading_leaves_the_code_intact_or_in_doubt() {
    for end in [End::Close, End::Reset, End::Abandon] {
        for transport in TRANSPORTS {
            let server = ScriptedServer::plain(Script::new([], end)).unwrap();
            let secrets = Secrets::new();
            let run = run(secrets.recover(server.origin()).args(["--transport", transport, "--json"]));
            server.wait_for_end(0);
            let seen = server.seen(0).is_some_and(|seen| !seen.bytes().is_empty());
            // Where nothing was seen, bytes may still have been on their way: both answers are true then.
            let expected = if run.exit == NOT_SENT.exit && !seen { NOT_SENT } else { IN_DOUBT };
            assert_says(&format!("{end:?}, {transport}"), &run, expected);
        }
    }
}

#[test]
fn a_port_where_nobody_listens_leaves_the_code_intact() {
    let port = auth0_mfa_emulator::contract::ClosedPort::open().unwrap();
    for transport in TRANSPORTS {
        let run = run(Secrets::new().recover(&port.origin()).args(["--transport", transport, "--json"]));
        assert_says(transport, &run, NOT_SENT);
    }
}

#[test]
fn a_tls_server_that_is_not_trusted_leaves_the_code_intact() {
    for tls in [Tls::UnknownAuthority, Tls::WrongName, Tls::Expired, Tls::PlainText, Tls::CloseInHandshake] {
        for transport in TRANSPORTS {
            let what = format!("{tls:?}, {transport}");
            let server =
                ScriptedServer::tls(Script::answer(reply(200, "application/json", body())), tls).unwrap();
            let secrets = Secrets::new();
            let mut command = secrets.recover(server.origin());
            command.args(["--transport", transport, "--json"]);
            if let Some(pem) = server.ca_pem() {
                std::fs::write(secrets.path("ca.pem"), pem).unwrap();
                command.args(["--ca-file", &secrets.path("ca.pem")]);
            }
            assert_says(&what, &run(&mut command), NOT_SENT);
        }
    }
}

#[test]
fn a_server_that_closes_after_a_part_of_the_request_puts_the_code_in_doubt() {
    check("reads 16 bytes", &Script::new([Step::ReadExactly(16)], End::Close), as_the_server_saw_it);
}

#[test]
fn a_server_that_closes_after_reading_everything_puts_the_code_in_doubt() {
    for end in [End::Close, End::Reset] {
        check("reads all, closes", &Script::new([Step::ReadRequest], end), |_| IN_DOUBT);
    }
}

#[test]
fn the_new_code_is_found_in_half_an_answer() {
    let half = &body()[..body().len() / 2];
    let answer = reply_announcing(200, "application/json", body().len() as u64, half);
    check("half an answer", &Script::answer(answer), |_| SALVAGED);
}

#[test]
fn an_odd_field_beside_the_new_code_costs_nothing() {
    let odd = body().replace(r#""scope""#, r#""expires_in":"soon","scope""#);
    check("expires_in soon", &Script::answer(reply(200, "application/json", odd)), |_| ACCEPTED);
}

#[test]
fn a_gateways_error_page_puts_the_code_in_doubt() {
    let answer = reply(502, "text/html", "<html>Bad Gateway</html>");
    check("502", &Script::answer(answer), |_| IN_DOUBT);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = ScriptedServer::plain(Script::answer(reply(200, "application/json", body()))).unwrap();
    let location = format!("{}/oauth/token", elsewhere.origin());
    for status in [301, 302, 303, 307, 308] {
        let head = reply_head(status, &[("location", &location), ("content-length", "0")]);
        check("redirect", &Script::answer(head), |_| FOREIGN);
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn a_server_that_never_answers_puts_the_code_in_doubt() {
    let timeout = |command: &mut Command| {
        command.args(["--timeout", "1"]);
    };
    check_with("silence", &Script::new([Step::ReadRequest], End::Stall), timeout, |_| IN_DOUBT);
}

#[test]
fn an_answer_that_drips_beyond_the_time_is_cut_and_salvaged() {
    let mut bytes = reply_announcing(200, "application/json", 100_000, &body()[..60]);
    let last = bytes.split_off(bytes.len() - 5);
    let drip = Step::Trickle { bytes: vec![b' '; 200], pause: Duration::from_millis(100) };
    let script = Script::new([Step::ReadRequest, Step::Write(bytes), Step::Write(last), drip], End::Stall);
    let timeout = |command: &mut Command| {
        command.args(["--timeout", "1"]);
    };
    check_with("drip", &script, timeout, |_| SALVAGED);
}

#[test]
#[cfg(unix)]
fn an_answer_of_a_gigabyte_is_cut_and_memory_stays_bounded() {
    const GIGABYTE: u64 = 1 << 30;
    let begin = reply_announcing(200, "application/json", GIGABYTE, &body()[..body().len() - 1]);
    let script = Script::new([Step::ReadRequest, Step::Write(begin), Step::Flood(GIGABYTE)], End::Close);
    for transport in TRANSPORTS {
        let server = ScriptedServer::plain(script.clone()).unwrap();
        let secrets = Secrets::new();
        let inner = secrets.recover(server.origin());
        // All of the process's memory is less than half of the answer, its program text and stacks included.
        let mut limited = Command::new("sh");
        limited
            .args(["-c", r#"ulimit -v 400000; exec "$0" "$@""#])
            .arg(inner.get_program())
            .args(inner.get_args());
        let run = run(limited.args(["--transport", transport, "--json"]));
        assert_says(transport, &run, SALVAGED);
        assert_sent_at_most_once(transport, server);
    }
}

#[test]
fn every_failure_tells_a_person_what_to_do_next_from_the_state_of_the_code() {
    let error = |error: &str, description: &str| {
        let body = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
        Script::answer(reply(403, "application/json", body))
    };
    let cut = reply_announcing(200, "application/json", 1000, &body()[..60]);
    for (script, exit, told) in [
        (Script::new([Step::ReadRequest], End::Close), 12, "--resubmit"),
        (error("invalid_grant", "MFA Authorization rejected."), 10, "Do not throw the code away"),
        (error("expired_token", "mfa_token is expired"), 10, "as good as before"),
        (error("unauthorized_client", "Grant type not allowed"), 10, "enable the grant type"),
        (error("too_many_attempts", "locked"), 10, "every six minutes"),
        (Script::answer(cut), 13, NEXT_CODE),
        (Script::answer(reply(200, "text/html", "<html>")), 13, "--resubmit"),
    ] {
        let server = ScriptedServer::plain(script).unwrap();
        let run = run(&mut Secrets::new().recover(server.origin()));
        assert_eq!(run.exit, exit, "{}", run.everything());
        assert!(
            run.stdout.contains("What to do next") && run.stdout.contains(told),
            "{told}: {}",
            run.stdout
        );
        assert!(!run.everything().contains(CODE), "the old code was printed");
    }
}

#[test]
fn a_refusal_after_a_doubt_says_likely_spent() {
    let refusal = r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#;
    let server = ScriptedServer::plain(Script::answer_each(reply(403, "application/json", refusal))).unwrap();
    for transport in TRANSPORTS {
        let secrets = Secrets::new();
        let mut command = secrets.recover(server.origin());
        let run = run(command.args(["--transport", transport, "--json", "--resubmit"]));
        let json = run.json();
        assert_eq!((run.exit, &json["code_state"]), (10, &"likely_spent".into()), "{json}");
        assert_eq!((&json["error"], &json["http_status"]), (&"invalid_grant".into(), &403.into()), "{json}");
    }
}
