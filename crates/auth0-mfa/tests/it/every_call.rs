//! No call of core is without a method.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{first_factor, management_api, mfa_api};

const FRONT_PAGE: &str = include_str!("../../src/lib.rs");
const CLIENTS: [(&str, &str); 2] = [
    ("pub fn", include_str!("../../src/blocking_client.rs")),
    ("pub async fn", include_str!("../../src/async_client.rs")),
];

/// Each row of the three files sends one call with the methods of both clients, and says its name.
#[test]
fn every_call_of_core_has_a_method_in_both_clients_that_sends_it_and_hands_out_the_reply() {
    let rows = first_factor::ROWS.iter().chain(&mfa_api::ROWS).chain(&management_api::ROWS);
    let mut sent: Vec<String> = rows.map(|row| row().to_owned()).collect();
    sent.sort();
    sent.dedup();
    assert_eq!(sent, calls_of_core().into_keys().collect::<Vec<_>>());
}

#[test]
fn a_method_has_the_name_of_its_call() {
    for method in calls_of_core().into_values() {
        for (visibility, client) in CLIENTS {
            let signature = format!("{visibility} {method}(");
            assert_eq!(client.matches(&signature).count(), 1, "{signature}");
        }
    }
}

#[test]
fn the_front_page_has_a_line_for_every_call() {
    for (call, method) in calls_of_core() {
        let line = format!("//! | [`{method}`](AsyncClient::{method}) | [`{call}`] | ");
        assert!(FRONT_PAGE.contains(&line), "{line}");
    }
}

/// The calls of core: what each is called, and its file, which is its name in snake case.
fn calls_of_core() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/calls");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let calls: BTreeMap<_, _> = files
        .filter_map(|file| {
            let source = std::fs::read_to_string(&file).unwrap();
            let (_, name) = source.split_once("const NAME: &'static str = \"")?;
            let (name, _) = name.split_once('"')?;
            Some((name.to_owned(), file.file_stem()?.to_str()?.to_owned()))
        })
        .collect();
    assert!(calls.contains_key("VerifyWithRecoveryCode"), "core's calls are found: {calls:?}");
    calls
}
