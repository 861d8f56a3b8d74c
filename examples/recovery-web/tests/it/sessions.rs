//! Cookies, forms of others, and how a session ends.

use std::time::Duration;

use crate::browser::Page;
use crate::site::{Site, confirm, log_in, send_otp};
use crate::tenant::{accepted, let_in, mfa_required, rejected};
use crate::{NEW_CODE, OLD_CODE, PASSWORD, USER};

const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[test]
fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let (site, _tenant) = Site::answering([]);
    let cookie = site.browser().open("/").header("set-cookie").unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(value.len(), "session=".len() + 43, "256 bits");
    assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Strict");
}

#[test]
fn a_login_gives_the_session_another_identifier_and_other_forms() {
    let (site, _tenant) = Site::answering([rejected()]);
    let mut browser = site.browser();
    let form = browser.open("/");
    let mut who_knew_it = browser.clone();
    let page = log_in(&mut browser);
    assert_eq!(page.title(), "One more step");
    assert_eq!(who_knew_it.open("/").title(), "Log in");
    assert_eq!(browser.submit(&form, "/recovery-code", &[("recovery_code", OLD_CODE)]).status, 403);
}

#[test]
fn a_form_of_another_site_sends_nothing() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, _) = site.at_second_factor();
    let forged = Page { status: 200, head: String::new(), body: "name=\"csrf\" value=\"guess\"".to_owned() };
    for (path, fields) in [
        ("/login", &[("user", USER), ("password", PASSWORD)][..]),
        ("/otp", &[("otp", "123456")]),
        ("/recovery-code", &[("recovery_code", OLD_CODE)]),
        ("/new-code", &[("codes_so_far", "0"), ("stored", "yes")]),
        ("/logout", &[]),
    ] {
        let page = browser.submit(&forged, path, fields);
        assert!(page.status == 403 && page.has("old-form"), "{path}: {page:?}");
    }
    assert_eq!(tenant.requests(), 1);
    assert_eq!(browser.open("/").title(), "One more step");
}

#[test]
fn a_link_of_another_site_does_not_put_an_end_to_the_session() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE)]);
    let (browser, _) = site.after_recovery(OLD_CODE);
    // The browser leaves the cookie out, and would take another one.
    let mut by_link = site.browser();
    by_link.fetch_site = "cross-site";
    let page = by_link.open("/");
    assert!(page.header("set-cookie").is_none() && page.body.contains("content=\"0; url=/\""), "{page:?}");

    let mut and_then = browser.clone();
    and_then.fetch_site = "same-origin";
    assert_eq!(and_then.open("/").text("new-code"), NEW_CODE);
}

#[test]
fn a_session_ends_half_an_hour_after_the_last_visit() {
    let (site, _tenant) = Site::answering([let_in()]);
    let (mut browser, _) = site.at_second_factor();
    site.pass(HALF_AN_HOUR - Duration::from_secs(1));
    assert_eq!(browser.open("/").title(), "One more step");
    site.pass(HALF_AN_HOUR - Duration::from_secs(1));
    assert_eq!(browser.open("/").title(), "One more step");
    site.pass(HALF_AN_HOUR);
    assert_eq!(browser.open("/").title(), "Log in");
}

#[test]
fn a_session_with_a_new_code_lives_for_a_day() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, _) = site.after_recovery(OLD_CODE);
    site.pass(A_DAY - Duration::from_secs(1));
    assert_eq!(browser.open("/").text("new-code"), NEW_CODE);
}

#[test]
fn a_new_code_of_a_session_that_has_ended_is_shown_to_who_is_in_again_and_to_nobody_before() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE), mfa_required(), let_in(), mfa_required()]);
    let _ = site.after_recovery(OLD_CODE);
    site.pass(A_DAY);

    let mut browser = site.browser();
    let page = log_in(&mut browser);
    assert_eq!(page.title(), "One more step", "a password alone is not enough to see it");
    let page = send_otp(&mut browser, "123456");
    assert_eq!(page.text("new-code"), NEW_CODE);
    assert_eq!(confirm(&mut browser, &page).title(), "You are logged in");
}

#[test]
fn a_login_that_takes_no_second_factor_does_not_show_it_and_keeps_it() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE), let_in(), mfa_required(), let_in()]);
    let _ = site.after_recovery(OLD_CODE);
    site.pass(A_DAY);

    let mut browser = site.browser();
    let page = log_in(&mut browser);
    assert_eq!(
        page.title(),
        "You are logged in",
        "it would be a second factor for whoever knows the password"
    );
    assert!(!browser.get("/new-code.txt").body.contains(NEW_CODE));

    let _ = browser.submit(&page, "/logout", &[]);
    let _ = log_in(&mut browser);
    assert_eq!(send_otp(&mut browser, "123456").text("new-code"), NEW_CODE);
}

#[test]
fn two_new_codes_are_both_shown_the_newest_first() {
    let second = "FAKESECONDCODE2222222222";
    let (site, _tenant) = Site::answering([accepted(NEW_CODE), mfa_required(), accepted(second)]);
    let _ = site.after_recovery(OLD_CODE);
    site.pass(A_DAY);
    let mut browser = site.browser();
    let _ = log_in(&mut browser);
    let page = send_otp(&mut browser, "123456");
    assert_eq!((page.text("new-code"), page.text("new-code-2")), (second, NEW_CODE));
    let file = browser.get("/new-code.txt").body;
    assert!(file.starts_with(&format!("Recovery code: {second}\r\nRecovery code: {NEW_CODE}\r\n")), "{file}");
}

#[test]
fn a_new_code_that_was_used_up_since_is_not_shown_again() {
    let second = "FAKESECONDCODE2222222222";
    let (site, _tenant) = Site::answering([accepted(NEW_CODE), mfa_required(), accepted(second)]);
    let _ = site.after_recovery(OLD_CODE);
    site.pass(A_DAY);
    let (_, page) = site.after_recovery(NEW_CODE);
    assert!(page.text("new-code") == second && !page.body.contains(NEW_CODE), "{page:?}");
}

#[test]
fn another_user_is_not_shown_it() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE), let_in()]);
    let _ = site.after_recovery(OLD_CODE);
    site.pass(A_DAY);
    let mut browser = site.browser();
    let page = browser.open("/");
    let page = browser.submit(&page, "/login", &[("user", "bob@example.com"), ("password", "fake")]);
    assert_eq!(page.title(), "You are logged in");
}

#[test]
fn a_session_does_not_end_while_a_call_is_under_way() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, form) = site.after_a_tab_was_closed(&tenant, OLD_CODE);
    site.pass(A_DAY);
    let page = browser.submit(&form, "/logout", &[]);
    assert!(page.has("sending"), "logging out would lose what comes back");
    tenant.open_gate();
    assert_eq!(browser.open_once_answered().text("new-code"), NEW_CODE);
}
