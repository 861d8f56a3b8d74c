//! `--save-code`: on disk before anything is printed, for the owner only, never over another file.

use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, reply, reply_announcing};

use crate::command::{NEXT_CODE, Secrets, TRANSPORTS, read, run};

fn accepted() -> Vec<u8> {
    let body = format!(r#"{{"access_token":"fake-access-token","recovery_code":"{NEXT_CODE}"}}"#);
    reply(200, "application/json", body)
}

#[test]
fn the_new_code_is_saved_for_its_owner_only() {
    for transport in TRANSPORTS {
        let server = ScriptedServer::plain(Script::answer(accepted())).unwrap();
        let secrets = Secrets::new();
        let target = secrets.path("new-code");
        let run = run(secrets.recover(server.origin()).args([
            "--json",
            "--transport",
            transport,
            "--save-code",
            &target,
        ]));
        assert_eq!((run.exit, &run.json()["saved"]), (0, &true.into()));
        assert_eq!(read(&target), format!("{NEXT_CODE}\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(secrets.files(), ["code", "mfa_token", "new-code"]);
    }
}

#[test]
fn a_salvaged_code_and_an_unreadable_one_are_saved_too() {
    let cut = format!(r#"{{"recovery_code":"{NEXT_CODE}","acc"#);
    for (answer, saved, exit) in [
        (reply_announcing(200, "application/json", 1000, cut), NEXT_CODE, 13),
        (
            reply(200, "application/json", r#"{"access_token":"fake","recovery_code":1234567890}"#),
            "1234567890",
            0,
        ),
    ] {
        let server = ScriptedServer::plain(Script::answer(answer)).unwrap();
        let secrets = Secrets::new();
        let target = secrets.path("new-code");
        let run = run(secrets.recover(server.origin()).args(["--json", "--save-code", &target]));
        assert_eq!(run.exit, exit, "{}", run.stdout);
        assert_eq!(read(&target), format!("{saved}\n"));
    }
}

#[test]
fn without_a_new_code_no_file_is_left() {
    let server = ScriptedServer::plain(Script::new([Step::ReadRequest], End::Close)).unwrap();
    let secrets = Secrets::new();
    let run =
        run(secrets.recover(server.origin()).args(["--json", "--save-code", &secrets.path("new-code")]));
    assert_eq!(run.exit, 12);
    assert!(run.json().get("saved").is_none());
    assert_eq!(secrets.files(), ["code", "mfa_token"]);
}

#[test]
fn a_file_that_appears_during_the_call_is_not_overwritten_and_the_code_is_printed() {
    let secrets = Secrets::new();
    let target = secrets.path("new-code");
    let answer = Script::new([Step::ReadRequest, Step::Write(accepted())], End::Close);
    let taken = target.clone();
    // The server takes the name when the connection comes, which is after the command has looked.
    let server = ScriptedServer::plain(auth0_mfa_emulator::contract::Scripts::from_fn(move |_| {
        std::fs::write(&taken, "somebody else's").unwrap();
        answer.clone()
    }))
    .unwrap();
    let run = run(secrets.recover(server.origin()).args(["--json", "--save-code", &target]));
    let json = run.json();
    assert_eq!(run.exit, 14, "{json}");
    assert_eq!((&json["saved"], &json["recovery_code"]), (&false.into(), &NEXT_CODE.into()));
    assert_eq!(read(&target), "somebody else's");
}

#[test]
#[cfg(unix)]
fn a_disk_that_takes_nothing_is_found_before_anything_is_sent() {
    let server = ScriptedServer::plain(Script::answer(accepted())).unwrap();
    let secrets = Secrets::new();
    let inner = secrets.recover(server.origin());
    // No file may grow, and that is an error in place of a signal.
    let mut limited = std::process::Command::new("sh");
    limited
        .args(["-c", r#"trap '' XFSZ; ulimit -f 0; exec "$0" "$@""#])
        .arg(inner.get_program())
        .args(inner.get_args());
    let run = run(limited.args(["--save-code", &secrets.path("new-code")]));
    assert_eq!(run.exit, 2, "{}", run.everything());
    assert!(run.stderr.contains("--save-code"), "{}", run.stderr);
    assert_eq!((server.connections(), secrets.files()), (0, vec!["code".to_owned(), "mfa_token".to_owned()]));
}
