//! Reload, back and forward lose nothing, and bring nothing back.

use auth0_mfa_browser::Browser;

use crate::common::site::Site;
use crate::common::tenant::{accepted, rejected};
use crate::common::{NEW_CODE, OLD_CODE};
use crate::person::{NEW_CODE_PAGE, address, confirm, log_in, send_code, type_code};

#[test]
fn reload_back_and_forward_on_each_page_lose_nothing() {
    let Some(browser) = Browser::start() else { return };
    let (site, tenant) = Site::answering([rejected(), accepted(NEW_CODE)]);
    browser.open(&address(&site));
    stays(&browser, "Log in", "#password");
    log_in(&browser, &site);
    stays(&browser, "One more step", "#choose-recovery-code");
    browser.click("#choose-otp");
    stays(&browser, "One-time password", "#otp");
    browser.click("#another-way");
    type_code(&browser, OLD_CODE);
    stays(&browser, "Recovery code", "#recovery-code");
    browser.click("#another-way");
    send_code(&browser, OLD_CODE, "One more step");
    stays(&browser, "One more step", "[data-code-state=not_accepted]");
    let requests = tenant.requests();

    send_code(&browser, OLD_CODE, NEW_CODE_PAGE);
    stays(&browser, NEW_CODE_PAGE, "#new-code");
    assert_eq!(browser.text("#new-code"), NEW_CODE);
    confirm(&browser);
    stays(&browser, "You are logged in", "#log-out");
    assert_eq!(tenant.requests(), requests + 1, "what was sent is not sent again");
}

/// Wherever in its history the person goes, the page that waits is one step away at most: a reload.
fn stays(browser: &Browser, title: &str, shows: &str) {
    let is_there = |how: &str| {
        browser.wait_for_title(title);
        assert!(browser.is_displayed(shows), "{how}: {shows}");
        assert!(!browser.source().contains(OLD_CODE), "{how}: the old code is in the page");
    };
    is_there("at first");
    browser.reload();
    is_there("after a reload");
    browser.back();
    browser.forward();
    is_there("after back and forward");
}
