//! The runbook leaves nothing out.

use auth0_mfa::{CodeState, Evidence};

const RUNBOOK: &str = include_str!("../../RUNBOOK.md");
const TRACE: &str = include_str!("../../src/trace.rs");
const FRONT_PAGE: &str = include_str!("../../src/lib.rs");

#[test]
fn each_state_of_a_code_has_its_paragraph() {
    let histories: [&[Evidence]; 5] = [
        &[],
        &[Evidence::Taken],
        &[Evidence::Refused],
        &[Evidence::Nothing, Evidence::Refused],
        &[Evidence::Nothing],
    ];
    for history in histories {
        let state: CodeState = auth0_mfa::code_state(history.iter().copied());
        let heading = format!("\n### `{state}`\n");
        let (_, paragraph) = RUNBOOK.split_once(&heading).expect(&heading);
        let paragraph = paragraph.split("\n#").next().unwrap();
        assert!(paragraph.contains("*Tell the user*") || paragraph.contains("*Tell the\nuser*"), "{state}");
        assert!(paragraph.contains("*Do*"), "{state}");
    }
}

#[test]
fn each_field_and_each_event_of_the_traces_is_named() {
    let (_, span) = TRACE.split_once("\"auth0_mfa.call\",").unwrap();
    let (fields, _) = span.split_once(");").unwrap();
    let fields: Vec<_> = fields.lines().filter_map(|line| line.trim().split_once(" = ")).collect();
    assert_eq!(fields.len(), 14);
    for (field, _) in fields {
        assert!(RUNBOOK.contains(&format!("`{field}`")), "{field}");
        assert!(FRONT_PAGE.contains(&format!("`{field}`")), "{field}");
    }
    let events = TRACE.split("count!(self, end, ").skip(1);
    for event in events.map(|event| event.split('"').nth(1).unwrap()) {
        assert!(RUNBOOK.contains(&format!("| `auth0_mfa::{event}`")), "{event}");
        assert!(FRONT_PAGE.contains(&format!("`auth0_mfa::{event}`")), "{event}");
    }
}
