//! Ctrl-C and SIGTERM while the code is under way: no file is left, and what is known of the code is said.

#![cfg(unix)]

use std::io::Read;
use std::process::{Child, Command, Stdio};

use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, reply};

use crate::command::{CODE, NEXT_CODE, Run, Secrets, TRANSPORTS};

/// `recover`, with `--save-code`.
fn start(server: &ScriptedServer, secrets: &Secrets, transport: &str, more: &[&str]) -> Child {
    let mut command = secrets.recover(server.origin());
    command.args(["--transport", transport, "--save-code", &secrets.path("new-code")]).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// `recover` that gets a signal while it waits for the answer.
fn stopped(signal: &str, transport: &str, more: &[&str]) -> Run {
    let server = ScriptedServer::plain(Script::new([Step::ReadRequest], End::Stall)).unwrap();
    let secrets = Secrets::new();
    let child = start(&server, &secrets, transport, more);
    server.wait_for_bytes(0, 1).unwrap();
    send(signal, &child);
    let run = Run::of(child.wait_with_output().unwrap());
    assert_eq!(secrets.files(), ["code", "mfa_token"], "{signal}, {transport}");
    assert!(!run.everything().contains(CODE), "{signal}, {transport}");
    run
}

#[test]
fn a_person_is_told_that_the_code_is_in_doubt() {
    for signal in ["-INT", "-TERM"] {
        for transport in TRANSPORTS {
            let run = stopped(signal, transport, &[]);
            assert_eq!(run.exit, 12, "{signal}, {transport}: {}", run.everything());
            for told in ["may or may not be used up", "Keep the code", "--resubmit"] {
                assert!(run.stderr.contains(told), "{signal}, {transport}: {told}: {}", run.stderr);
            }
        }
    }
}

#[test]
fn a_program_is_told_so_in_json() {
    for transport in TRANSPORTS {
        let run = stopped("-TERM", transport, &["--json"]);
        let json = run.json();
        assert_eq!(
            (run.exit, &json["outcome"], &json["code_state"]),
            (12, &"in_doubt".into(), &"unknown".into())
        );
    }
}

#[test]
fn a_signal_after_the_answer_does_not_cost_the_new_code() {
    // More than a pipe holds: the command still writes when the signal comes.
    let token = "f".repeat(200_000);
    let body = format!(r#"{{"access_token":"{token}","recovery_code":"{NEXT_CODE}"}}"#);
    for (signal, transport) in [("-INT", "hyper"), ("-TERM", "ureq"), ("-HUP", "hyper"), ("-HUP", "ureq")] {
        let server = ScriptedServer::plain(Script::answer(reply(200, "application/json", &body))).unwrap();
        let secrets = Secrets::new();
        let mut child = start(&server, &secrets, transport, &["--json"]);
        let mut begun = [0];
        child.stdout.as_mut().unwrap().read_exact(&mut begun).unwrap();
        send(signal, &child);
        let mut run = Run::of(child.wait_with_output().unwrap());
        run.stdout.insert(0, begun[0].into());
        assert_eq!((run.exit, &run.json()["recovery_code"]), (0, &NEXT_CODE.into()), "{signal}, {transport}");
    }
}

#[test]
fn a_terminal_that_is_gone_does_not_end_the_wait_for_the_answer() {
    for transport in TRANSPORTS {
        let server = ScriptedServer::plain(Script::new([Step::ReadRequest], End::Stall)).unwrap();
        let secrets = Secrets::new();
        let child = start(&server, &secrets, transport, &["--json", "--timeout", "2"]);
        server.wait_for_bytes(0, 1).unwrap();
        send("-HUP", &child);
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!((run.exit, &run.json()["http_status"]), (12, &serde_json::Value::Null), "{transport}");
        assert!(run.json()["message"].as_str().unwrap().contains("no reply was read"), "{}", run.stdout);
    }
}
