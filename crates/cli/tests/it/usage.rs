//! Bad input: exit code 2, the option by name, never the secret, and nothing is sent.

use std::io::Write;
use std::process::{Command, Stdio};

use auth0_mfa_emulator::contract::{Script, ScriptedServer, reply};

use crate::command::{Secrets, command, run};

const CANARY: &str = "CANARY-SECRET";

#[test]
fn bad_input_is_named_and_nothing_is_sent() {
    let server = ScriptedServer::plain(Script::answer(reply(200, "application/json", "{}"))).unwrap();
    let secrets = Secrets::new();
    let file = |name: &str, content: &str| {
        std::fs::write(secrets.path(name), content).unwrap();
        secrets.path(name)
    };
    let empty = file("empty", "\n");
    let two_words = file("two_words", &format!("{CANARY} {CANARY}"));
    let there = file("there", "x");
    let too_long = secrets.path(&"n".repeat(300));
    let pem = file("pem", &format!("-----BEGIN {CANARY}-----"));
    for (arguments, named) in [
        (vec!["--domain", "https://tenant.example/path"], "--domain"),
        (vec!["--domain", "https://user:CANARY-SECRET@tenant.example"], "--domain"),
        (vec!["--domain", "http://tenant.example"], "--domain"),
        (vec!["--client-id", ""], "--client-id"),
        (vec!["--recovery-code-file", &empty], "--recovery-code-file"),
        (vec!["--client-secret-file", &empty], "--client-secret-file"),
        (vec!["--mfa-token-file", "/nowhere/at/all"], "--mfa-token-file"),
        (vec!["--mfa-token-file", &two_words], "--mfa-token-file"),
        (vec!["--ca-file", &pem], "--ca-file"),
        (vec!["--ca-file", "/nowhere/at/all"], "--ca-file"),
        (
            vec!["--mfa-token-file", "-", "--recovery-code-file", "-"],
            "--mfa-token-file and --recovery-code-file",
        ),
        (vec!["--save-code", &there], "--save-code"),
        (vec!["--save-code", "/nowhere/at/all"], "--save-code"),
        (vec!["--save-code", &too_long], "--save-code"),
        (vec!["--save-code", ".."], "--save-code"),
        (vec!["--save-code", "-"], "--save-code"),
        (vec!["--timeout", "0"], "--timeout"),
        (vec!["--timeout", CANARY], "--timeout"),
        (vec!["--transport", CANARY], "--transport"),
        (vec!["--recovery-code=CANARY-SECRET"], "--recovery-code"),
        (vec!["--client-secret", CANARY], "--client-secret"),
        (vec![CANARY], "argument"),
        (vec!["-xCANARY-SECRET"], "argument"),
        (vec!["--json=CANARY-SECRET"], "--json"),
    ] {
        for json in [false, true] {
            let mut command = recover_without(&secrets, server.origin(), &arguments);
            command.args(json.then_some("--json").filter(|_| !arguments.concat().contains("--json")));
            let run = run(&mut command);
            assert_eq!(run.exit, 2, "{arguments:?}: {}", run.everything());
            assert!(run.everything().contains(named), "{arguments:?}: {}", run.everything());
            assert!(!run.everything().contains("CANARY"), "{arguments:?}: {}", run.everything());
            if json && !arguments.concat().contains("--json") {
                assert_eq!(run.json()["outcome"], "usage", "{arguments:?}");
                assert_eq!(run.json()["code_state"], "intact", "{arguments:?}");
            }
        }
    }
    assert_eq!(server.connections(), 0);
}

/// `recover` whose usual options are left out where others take their place.
fn recover_without(secrets: &Secrets, domain: &str, arguments: &[&str]) -> Command {
    let (token, code) = (secrets.path("mfa_token"), secrets.path("code"));
    let mut command = command();
    command.arg("recover");
    for (option, value) in [
        ("--domain", domain),
        ("--client-id", "fakeClientId"),
        ("--mfa-token-file", &token),
        ("--recovery-code-file", &code),
    ] {
        if !arguments.contains(&option) {
            command.args([option, value]);
        }
    }
    command.args(arguments);
    command
}

#[test]
fn what_is_missing_is_named() {
    let secrets = Secrets::new();
    for (missing, named) in [
        ("--domain", "AUTH0_DOMAIN"),
        ("--client-id", "AUTH0_CLIENT_ID"),
        ("--mfa-token-file", "AUTH0_MFA_TOKEN"),
        ("--recovery-code-file", "there is no terminal"),
    ] {
        let mut command = command();
        command.arg("recover");
        let (token, code) = (secrets.path("mfa_token"), secrets.path("code"));
        for (option, value) in [
            ("--domain", "127.0.0.1:1"),
            ("--client-id", "fakeClientId"),
            ("--mfa-token-file", &token),
            ("--recovery-code-file", &code),
        ] {
            if option != missing {
                command.args([option, value]);
            }
        }
        let run = run(&mut command);
        assert_eq!(run.exit, 2, "{missing}");
        assert!(run.stderr.contains(named), "{missing}: {}", run.stderr);
    }
}

#[test]
fn an_earlier_doubt_is_not_forgotten_by_bad_input() {
    let run = run(command().args(["recover", "--resubmit", "--json"]));
    assert_eq!(run.json()["code_state"], "unknown");
}

#[test]
fn that_nothing_was_sent_is_said_where_something_would_have_been() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for (arguments, said) in [
        (&["recover", "--odd"][..], true),
        (&["recover"], true),
        (&["demo", "--odd"], false),
        (&["emulator", "--odd"], false),
        (&["emulator", "--port", &port], false),
        (&["emulator", "--config", "/nowhere/at/all"], false),
        (&["odd"], false),
    ] {
        let human = run(command().args(arguments));
        assert_eq!(human.exit, 2, "{arguments:?}: {}", human.stderr);
        assert_eq!(human.stderr.contains("Nothing was sent"), said, "{arguments:?}: {}", human.stderr);
    }
    let in_use = run(command().args(["emulator", "--port", &port]));
    assert!(in_use.stderr.starts_with("error: --port: "), "{}", in_use.stderr);
    let demo = run(command().args(["demo", "--json", "--odd"]));
    assert_eq!((&demo.json()["outcome"], demo.json().get("code_state")), (&"usage".into(), None));
}

#[test]
fn secrets_come_from_the_environment_and_standard_input() {
    let answer = reply(200, "application/json", r#"{"access_token":"fake"}"#);
    let server = ScriptedServer::plain(Script::answer(answer)).unwrap();
    let mut child = command()
        .args(["recover", "--json", "--recovery-code-file", "-"])
        .env("AUTH0_DOMAIN", server.origin())
        .env("AUTH0_CLIENT_ID", "fakeClientId")
        .env("AUTH0_CLIENT_SECRET", "fake secret&")
        .env("AUTH0_MFA_TOKEN", "Fe26.2*FAKEENVIRONMENT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"fake-reco-very-code-0000-0000\r\n").unwrap();
    let output = child.wait_with_output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &json["new_code"]), (Some(0), &"not_returned".into()));
    let seen = server.wait_for_end(0).unwrap();
    for sent in [
        "client_secret=fake+secret%26",
        "mfa_token=Fe26.2*FAKEENVIRONMENT",
        "recovery_code=FAKERECOVERYCODE00000000",
    ] {
        assert!(seen.contains(sent.as_bytes()), "{sent}");
    }
}

#[test]
fn help_names_every_option_and_exit_code_and_no_value_of_the_environment() {
    for help in ["--help", "-h"] {
        let run = run(command().args(["recover", help]).env("AUTH0_DOMAIN", "CANARY.example"));
        assert_eq!(run.exit, 0);
        for option in ["--domain", "--mfa-token-file", "--save-code", "--resubmit", "--hidden", "--ca-file"] {
            assert!(run.stdout.contains(option), "{option}");
        }
        let exit_codes = run.stdout.split_once("Exit codes:\n").unwrap().1;
        let exit_codes: Vec<u8> =
            exit_codes.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        assert_eq!(exit_codes, [0, 2, 10, 11, 12, 13, 14]);
        assert!(!run.stdout.contains("CANARY"));
    }
}
