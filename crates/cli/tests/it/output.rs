//! What goes where: standard output may take nothing, and standard error is no place for a token.

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
}
