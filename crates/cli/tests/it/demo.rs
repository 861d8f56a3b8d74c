//! The story, told to a program and to a person who watches. (A person who takes part: `terminal.rs`.)

use serde_json::Value;

use crate::command::{TRANSPORTS, command, run};

#[test]
fn the_whole_story_is_told_step_by_step() {
    for transport in TRANSPORTS {
        let run = run(command().args(["demo", "--json", "--transport", transport]));
        assert_eq!(run.exit, 0, "{}", run.everything());
        let steps: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let named =
            |name: &str| steps.iter().find(|step| step["name"] == name).unwrap_or_else(|| panic!("{name}"));

        assert_eq!(named("tenant_started")["transport"], transport);
        let codes = ["first_code_issued", "accepted", "new_code_accepted"].map(|name| {
            let code = named(name)["recovery_code"].as_str().unwrap();
            assert_eq!(code.len(), 24, "{name}");
            code
        });
        assert!(codes[0] != codes[1] && codes[1] != codes[2] && codes[0] != codes[2], "{codes:?}");
        assert_eq!(named("old_code_refused")["error"], "invalid_grant");
        assert_eq!(named("old_code_refused")["code_state"], "not_accepted");
        assert_eq!(named("no_code_issued")["recovery_codes"], Value::Array(vec![]));
        assert_eq!(named("code_refused_while_off")["outcome"], "refused");
        assert_eq!(steps.last().unwrap()["outcome"], "done");
    }
}

#[test]
fn a_person_who_watches_is_shown_every_code_and_a_summary() {
    for arguments in [&["demo"][..], &["demo", "--yes"]] {
        let run = run(command().args(arguments));
        assert_eq!(run.exit, 0, "{}", run.everything());
        assert!(run.stdout.lines().last().unwrap().starts_with("Done: "), "{}", run.stdout);
        for shown in ["Bob's recovery code:", "Bob's new recovery code:", "Bob's third recovery code:"] {
            assert_eq!(run.stdout.matches(shown).count(), 1, "{shown}");
        }
    }
}
