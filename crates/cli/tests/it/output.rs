//! What goes where: standard output may take nothing, standard error is no place for a token, and a terminal must not
//! obey what a server sent.

use auth0_mfa_emulator::contract::{Script, ScriptedServer, reply, reply_announcing};
use serde_json::Value;

use crate::command::{NEXT_CODE, Run, Secrets, run};

/// Colours, clears the screen, sets the title, moves back, turns the text round.
const ORDERS: &str = r"\u001b[31m\u001b[2J\u001b]0;title\u0007\b\r\n\u007f\u009b1A\u202e\u2066\u200b";

/// `recover`, answered with this JSON; `ORDERS` stands where it has a `~`.
fn answered(status: u16, json: &str, arguments: &[&str]) -> Run {
    let json = json.replace('~', ORDERS);
    let server = ScriptedServer::plain(Script::answer(reply(status, "application/json", json))).unwrap();
    run(Secrets::new().recover(server.origin()).args(arguments))
}

fn is_order(letter: char) -> bool {
    letter.is_control() && letter != '\n' || matches!(letter, '\u{202e}' | '\u{2066}' | '\u{200b}')
}

#[test]
fn a_terminal_obeys_nothing_that_a_server_sent() {
    let accepted = r#"{"access_token":"fake~","token_type":"Bearer~","scope":"a~b","refresh_token":"fake~","#;
    for (status, json, shown) in [
        (
            403,
            r#"{"error":"odd~error","error_description":"odd~text"}"#.to_owned(),
            "Auth0 refused: odd\\u{1b}[31m",
        ),
        (
            403,
            r#"{"error":"mfa_required","mfa_token":"Fe26.2*FAKE\u009b1A"}"#.to_owned(),
            "with your password",
        ),
        (
            429,
            r#"{"error":"too_many_attempts","error_description":"odd~text"}"#.to_owned(),
            "(odd\\u{1b}[31m",
        ),
        (200, format!(r#"{accepted}"recovery_code":"FAKE~CODE"}}"#), "    FAKE\\u{1b}[31m"),
        (
            200,
            format!(r#"{accepted}"recovery_code":{{"{}FAKE":1}}}}"#, '\u{202e}'),
            r#"    {"\u{202e}FAKE":1}"#,
        ),
    ] {
        for arguments in [&[][..], &["--print-tokens"]] {
            let run = answered(status, &json, arguments);
            assert!(!run.everything().contains(is_order), "{:?}", run.everything());
            assert!(run.stdout.contains(shown), "{shown}: {}", run.stdout);
        }
        let run = answered(status, &json, &["--json"]);
        assert!(!run.stdout.trim_end().contains(is_order), "{:?}", run.stdout);
        assert!(run.json().is_object());
    }
}

#[test]
fn a_program_gets_what_the_server_sent_unchanged() {
    let run =
        answered(200, r#"{"access_token":"fake~","scope":"a~b","recovery_code":"FAKE~CODE"}"#, &["--json"]);
    let orders: String = serde_json::from_str(&format!("\"{ORDERS}\"")).unwrap();
    assert_eq!(run.json()["recovery_code"], format!("FAKE{orders}CODE"));
    assert_eq!(run.json()["scope"], format!("a{orders}b"));
}

#[test]
fn a_refusal_is_told_in_auth0s_own_words() {
    for (json, told) in [
        (
            r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#,
            "Auth0 refused: invalid_grant (MFA Authorization rejected).\n",
        ),
        (r#"{"error":"invalid_client"}"#, "Auth0 refused: invalid_client.\n"),
        (r#"{"error":"too_many_attempts"}"#, "Auth0 has locked further tries for a while.\n"),
    ] {
        let run = answered(403, json, &[]);
        assert!(run.stdout.starts_with(told), "{}", run.stdout);
    }
}

#[test]
fn the_domain_is_doubted_where_something_else_seems_to_have_answered() {
    let foreign = answered(200, "[]", &[]);
    assert!(foreign.stdout.contains("Check --domain"), "{}", foreign.stdout);
    let cut = reply_announcing(200, "application/json", 1000, r#"{"acc"#);
    let server = ScriptedServer::plain(Script::answer(cut)).unwrap();
    let cut = run(&mut Secrets::new().recover(server.origin()));
    assert_eq!(cut.exit, 13);
    assert!(!cut.stdout.contains("--domain") && cut.stdout.contains("--resubmit"), "{}", cut.stdout);
}

/// A new code may come with an answer of any kind: whatever is then said of the old one, both are to be kept.
#[test]
fn a_new_code_beside_an_error_is_not_forgotten_in_the_advice() {
    const REFUSED: &str = r#""error":"invalid_grant","error_description":"MFA Authorization rejected.","#;
    const CHAINED: &str = r#""error":"mfa_required","mfa_token":"Fe26.2*FAKESECOND","#;
    for (status, error, told) in [
        (502, "", "may or may not be used up"),
        (403, r#""error":"server_error","#, "may or may not be used up"),
        (403, r#""error":"expired_token","#, "may or may not be used up"),
        (403, REFUSED, "may or may not be used up"),
        (403, CHAINED, "which of them works"),
    ] {
        let run = answered(status, &format!(r#"{{{error}"recovery_code":"{NEXT_CODE}"}}"#), &[]);
        for told in [NEXT_CODE, "new one above", told] {
            assert!(run.stdout.contains(told), "{status} {error}: {told}: {}", run.stdout);
        }
        assert!(!run.stdout.contains("it replaces the old one"), "{}", run.stdout);
        assert!(!run.stdout.contains("while you are logged in"), "{}", run.stdout);
    }
}

#[test]
fn a_doubt_and_a_new_code_say_which_to_try_first() {
    let json = format!(r#"{{"error":"server_error","recovery_code":"{NEXT_CODE}"}}"#);
    let run = answered(403, &json, &[]);
    assert!(
        run.stdout.contains("If the new code is refused, try the one that you typed and --resubmit"),
        "{}",
        run.stdout
    );
}

#[test]
fn an_unreadable_code_is_not_called_usable() {
    for (status, json) in [
        (502, r#"{"recovery_code":{"odd":"FAKE"}}"#),
        (403, r#"{"error":"server_error","recovery_code":{"odd":"FAKE"}}"#),
    ] {
        let run = answered(status, json, &[]);
        assert!(run.stdout.contains(r#"{"odd":"FAKE"}"#), "{}", run.stdout);
        assert!(run.stdout.contains("it may stand for a new code"), "{}", run.stdout);
        assert!(!run.stdout.contains("hile you are logged in"), "{}", run.stdout);
    }
}

#[test]
fn the_token_for_the_next_factor_is_printed_when_tokens_are() {
    const SECOND: &str = "Fe26.2*FAKESECOND";
    let json = format!(r#"{{"error":"mfa_required","error_description":"More","mfa_token":"{SECOND}"}}"#);
    let shown = answered(403, &json, &["--print-tokens"]);
    assert!(shown.stdout.contains(&format!("mfa_token: {SECOND}\n")), "{}", shown.stdout);
    assert!(shown.stdout.contains("with the mfa_token above"), "{}", shown.stdout);

    let not_shown = answered(403, &json, &[]);
    assert!(!not_shown.everything().contains(SECOND), "{}", not_shown.everything());
    assert!(not_shown.stdout.contains("Log in again with your password"), "{}", not_shown.stdout);
    assert!(not_shown.stdout.contains("--print-tokens"), "{}", not_shown.stdout);

    let none = answered(403, r#"{"error":"mfa_required"}"#, &["--print-tokens"]);
    assert!(none.stdout.contains("Log in again with your password"), "{}", none.stdout);
    assert!(!none.stdout.contains("above"), "{}", none.stdout);

    assert_eq!(answered(403, &json, &["--json"]).json()["mfa_token"], Value::from(SECOND));
}

#[cfg(target_os = "linux")]
mod full {
    use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, reply, reply_announcing};

    use crate::command::{NEXT_CODE, Run, Secrets, run};

    /// `recover`, with a standard output that takes nothing.
    fn recover(script: Script, arguments: &[&str]) -> Run {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let server = ScriptedServer::plain(script).unwrap();
        run(Secrets::new().recover(server.origin()).args(arguments).stdout(full))
    }

    const TOKENS: &str =
        r#""access_token":"fake-token-1","id_token":"fake-token-2","refresh_token":"fake-token-3""#;

    #[test]
    fn the_new_code_goes_to_standard_error_and_no_token_does() {
        let accepted = format!(r#"{{{TOKENS},"recovery_code":"{NEXT_CODE}"}}"#);
        for arguments in [&[][..], &["--json"], &["--print-tokens"]] {
            let run = recover(Script::answer(reply(200, "application/json", &accepted)), arguments);
            assert_eq!(run.exit, 14, "{arguments:?}: {}", run.stderr);
            assert_eq!(run.stderr.matches(NEXT_CODE).count(), 1, "{arguments:?}: {}", run.stderr);
            assert!(run.stderr.contains("is used up"), "{arguments:?}: {}", run.stderr);
            assert!(!run.stderr.contains("fake-token"), "{arguments:?}: {}", run.stderr);
        }
    }

    #[test]
    fn tokens_that_are_lost_are_no_success() {
        let accepted = format!("{{{TOKENS}}}");
        let run = recover(Script::answer(reply(200, "application/json", accepted)), &["--json"]);
        assert_eq!(run.exit, 14, "{}", run.stderr);
        assert!(run.stderr.contains("NO new recovery code"), "{}", run.stderr);
    }

    #[test]
    fn a_salvaged_code_goes_there_too() {
        let cut = format!(r#"{{"recovery_code":"{NEXT_CODE}",{TOKENS}"#);
        let run = recover(Script::answer(reply_announcing(200, "application/json", 1000, cut)), &["--json"]);
        assert_eq!(run.exit, 14, "{}", run.stderr);
        assert!(run.stderr.contains(NEXT_CODE) && !run.stderr.contains("fake-token"), "{}", run.stderr);
    }

    #[test]
    fn a_failure_keeps_its_exit_code_and_says_what_became_of_the_old_code() {
        let run = recover(Script::new([Step::ReadRequest], End::Close), &["--json"]);
        assert_eq!(run.exit, 12, "{}", run.stderr);
        assert!(run.stderr.contains("may or may not be used up"), "{}", run.stderr);
    }

    #[test]
    fn the_token_for_the_next_factor_does_not_go_there() {
        let more = r#"{"error":"mfa_required","mfa_token":"Fe26.2*FAKESECOND"}"#;
        for arguments in [["--json"], ["--print-tokens"]] {
            let run = recover(Script::answer(reply(403, "application/json", more)), &arguments);
            assert_eq!(run.exit, 10, "{}", run.stderr);
            assert!(!run.stderr.contains("FAKESECOND"), "{}", run.stderr);
        }
    }
}
