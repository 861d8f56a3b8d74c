//! A person at a terminal: prompts, what is shown, and what is asked again.

#![cfg(unix)]

use std::process::Command;

use auth0_mfa_emulator::contract::{Script, ScriptedServer, reply};
use rexpect::session::{PtySession, spawn_command};

use crate::command::{CODE, NEXT_CODE, Secrets, command};

const PATIENCE_MS: Option<u64> = Some(30_000);

fn at_a_terminal(mut command: Command) -> PtySession {
    // The helper closes standard input; a terminal takes its place.
    command.stdin(std::process::Stdio::inherit());
    spawn_command(command, PATIENCE_MS).unwrap()
}

fn recover(server: &ScriptedServer, secrets: &Secrets, more: &[&str]) -> Command {
    let mut command = command();
    command.args(["recover", "--domain", server.origin(), "--client-id", "fakeClientId"]);
    command.args(["--mfa-token-file", &secrets.path("mfa_token")]).args(more);
    command
}

fn tenant() -> ScriptedServer {
    let body = format!(r#"{{"access_token":"fake-access-token","recovery_code":"{NEXT_CODE}"}}"#);
    ScriptedServer::plain(Script::answer(reply(200, "application/json", body))).unwrap()
}

#[test]
fn an_incomplete_code_is_asked_for_again_before_anything_is_sent() {
    let (server, secrets) = (tenant(), Secrets::new());
    let mut person = at_a_terminal(recover(&server, &secrets, &[]));
    person.exp_string("Recovery code: ").unwrap();
    person.send_line("FAKERECOVERYCODE").unwrap();
    person.exp_string("does not look complete").unwrap();
    person.exp_string("Recovery code: ").unwrap();
    assert_eq!(server.connections(), 0);
    person.send_line("fake reco very code 0000 0000").unwrap();
    person.exp_string("You are in").unwrap();
    person.exp_string(NEXT_CODE).unwrap();
    let rest = person.exp_eof().unwrap();
    assert!(!rest.contains("fake-access-token"), "{rest}");
    assert!(server.finish()[0].contains(format!("recovery_code={CODE}").as_bytes()));
}

#[test]
fn a_code_of_another_form_is_sent_when_it_is_typed_twice() {
    let (server, secrets) = (tenant(), Secrets::new());
    let mut person = at_a_terminal(recover(&server, &secrets, &[]));
    for _ in 0..2 {
        person.exp_string("Recovery code: ").unwrap();
        person.send_line("ANOTHER-FORM").unwrap();
    }
    person.exp_string("You are in").unwrap();
    person.exp_eof().unwrap();
    assert!(server.finish()[0].contains(b"recovery_code=ANOTHER-FORM"));
}

#[test]
fn a_hidden_code_is_not_shown() {
    let (server, secrets) = (tenant(), Secrets::new());
    let mut person = at_a_terminal(recover(&server, &secrets, &["--hidden"]));
    person.exp_string("Recovery code (not shown)").unwrap();
    person.send_line(CODE).unwrap();
    let shown = person.exp_eof().unwrap();
    assert!(shown.contains(NEXT_CODE) && !shown.contains(CODE), "{shown}");
}

#[test]
fn a_person_plays_the_demo() {
    let mut demo = command();
    demo.arg("demo");
    let mut person = at_a_terminal(demo);
    let mut code = shown_code(&mut person, "Bob's recovery code:  ");
    store(&mut person);
    person.exp_string("Recovery code: ").unwrap();
    person.send_line("not the code").unwrap();
    person.exp_string("That is not it").unwrap();
    person.exp_string("Recovery code: ").unwrap();
    person.send_line(&code).unwrap();
    for label in ["Bob's new recovery code:  ", "Bob's third recovery code:  "] {
        let next = shown_code(&mut person, label);
        assert_ne!(next, code);
        code = next;
        store(&mut person);
    }
    person.exp_string("Done: ").unwrap();
    person.exp_eof().unwrap();
}

fn shown_code(person: &mut PtySession, label: &str) -> String {
    person.exp_string(label).unwrap();
    person.read_line().unwrap().trim().to_owned()
}

fn store(person: &mut PtySession) {
    person.exp_string("Type yes: ").unwrap();
    person.send_line("yes").unwrap();
}
