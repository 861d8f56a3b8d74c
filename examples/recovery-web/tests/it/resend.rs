//! Reload, back button, double click: nothing is sent twice.

use crate::site::{Site, confirm, send_otp};
use crate::tenant::{accepted, rejected};
use crate::{NEW_CODE, OLD_CODE, PASSWORD, USER};

#[test]
fn a_form_leads_to_a_page_whose_reload_sends_nothing() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, _) = site.at_second_factor();
    let page = browser.open("/recovery-code");
    let answer = browser.post(&page, "/recovery-code", &[("recovery_code", OLD_CODE)]);
    assert_eq!((answer.status, answer.header("location").as_deref()), (303, Some("/")));
    for _ in 0..2 {
        assert_eq!(browser.open("/").text("new-code"), NEW_CODE);
    }
    assert_eq!(tenant.requests(), 2);
}

#[test]
fn the_back_button_leads_to_what_is_true_now() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    for earlier in ["/recovery-code", "/otp", "/"] {
        assert_eq!(browser.open(earlier).title(), "Your new recovery code", "{earlier}");
    }
    let _ = confirm(&mut browser, &page);
    for earlier in ["/recovery-code", "/otp", "/"] {
        assert_eq!(browser.open(earlier).title(), "You are logged in", "{earlier}");
    }
    assert_eq!(tenant.requests(), 2);
}

#[test]
fn a_form_that_is_sent_again_after_its_answer_sends_nothing() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE), rejected()]);
    let (mut browser, _) = site.at_second_factor();
    let form = browser.open("/recovery-code");
    for _ in 0..2 {
        let page = browser.submit(&form, "/recovery-code", &[("recovery_code", OLD_CODE)]);
        assert_eq!(page.text("new-code"), NEW_CODE);
    }
    assert_eq!(tenant.requests(), 2);
}

#[test]
fn a_double_click_on_the_code_sends_it_once() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE), rejected()]);
    let (mut browser, _) = site.at_second_factor();
    tenant.wait_for_request();
    let form = browser.open("/recovery-code");
    tenant.close_gate();
    let first = browser.begin_post(&form, "/recovery-code", &[("recovery_code", OLD_CODE)]);
    tenant.wait_for_request();

    let page = browser.submit(&form, "/recovery-code", &[("recovery_code", OLD_CODE)]);
    assert_eq!(page.text("sending"), "Your recovery code is being sent.");
    assert!(page.body.contains("http-equiv=\"refresh\""), "it looks again by itself, without a script");
    for other in ["/otp", "/recovery-code"] {
        assert!(browser.open(other).has("sending"), "{other}");
    }

    tenant.open_gate();
    assert_eq!(browser.end(first).status, 303);
    assert_eq!(browser.open("/").text("new-code"), NEW_CODE);
    assert_eq!(tenant.requests(), 2);
}

#[test]
fn a_double_click_on_the_password_sends_it_once() {
    let (site, tenant) = Site::answering([]);
    let mut browser = site.browser();
    let form = browser.open("/");
    tenant.close_gate();
    let fields = [("user", USER), ("password", PASSWORD)];
    let first = browser.begin_post(&form, "/login", &fields);
    tenant.wait_for_request();
    assert!(browser.submit(&form, "/login", &fields).has("sending"));
    tenant.open_gate();
    let _ = browser.end(first);
    assert_eq!(browser.open("/").title(), "One more step");
    assert_eq!(tenant.requests(), 1);
}

#[test]
fn a_code_that_does_not_look_whole_is_asked_for_again_before_it_is_sent() {
    let (site, tenant) = Site::answering([rejected()]);
    let (mut browser, page) = site.after_recovery("FAKE-TOO-SHORT");
    assert!(page.has("as-it-is") && !page.body.contains("FAKE-TOO-SHORT"));
    assert_eq!(tenant.requests(), 1);

    let fields = [("recovery_code", "FAKE-TOO-SHORT"), ("as_it_is", "yes")];
    let page = browser.submit(&page, "/recovery-code", &fields);
    assert_eq!((tenant.requests(), page.code_state()), (2, Some("not_accepted")));
    assert!(!browser.open("/recovery-code").has("as-it-is"));
}

#[test]
fn nothing_that_was_typed_is_nothing_that_is_sent() {
    let (site, tenant) = Site::answering([rejected()]);
    let (mut browser, page) = site.after_recovery(" ");
    assert_eq!(page.title(), "Recovery code");
    assert_eq!(send_otp(&mut browser, " ").title(), "One-time password");
    assert_eq!(tenant.requests(), 1);
}
