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
    confirm(&browser);
    stays(&browser, "You are logged in", "#log-out");
    assert_eq!(tenant.requests(), requests + 1, "what was sent is not sent again");
}

/// The browser keeps pages in memory: the one on which the old code was typed, and the one of a new code that is
/// confirmed in another tab meanwhile.
#[test]
fn back_never_shows_a_code_that_is_past() {
    let Some(browser) = Browser::start() else { return };
    let (site, _tenant) = Site::answering([accepted(NEW_CODE)]);
    log_in(&browser, &site);
    send_code(&browser, OLD_CODE, NEW_CODE_PAGE);
    browser.back();
    browser.wait_for_title(NEW_CODE_PAGE);
    assert_eq!(browser.text("#new-code"), NEW_CODE);
    has_no(OLD_CODE, &browser);

    let first = browser.tab();
    browser.open(&format!("{}elsewhere", address(&site)));
    let _second = browser.new_tab();
    browser.open(&address(&site));
    confirm(&browser);
    has_no(NEW_CODE, &browser);
    browser.go_to(&first);
    browser.back();
    browser.wait_for_title("You are logged in");
    has_no(NEW_CODE, &browser);

    browser.script("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
    assert!(!browser.is_displayed("main"), "what comes back is blank until it has asked anew");
}

/// Reload, or back and forward, show the same page.
fn stays(browser: &Browser, title: &str, shows: &str) {
    let is_there = |how: &str| {
        browser.wait_for_title(title);
        assert!(browser.is_displayed(shows), "{how}: {shows}");
    };
    is_there("at first");
    browser.reload();
    is_there("after a reload");
    has_no(OLD_CODE, browser);
    browser.back();
    browser.forward();
    is_there("after back and forward");
    has_no(OLD_CODE, browser);
}

/// Neither in the page nor in its fields.
fn has_no(secret: &str, browser: &Browser) {
    assert!(!browser.source().contains(secret), "{secret} is in the page");
    let fields = browser.script("return [...document.querySelectorAll('input')].map((input) => input.value)");
    assert!(!fields.to_string().contains(secret), "{secret} is in a field");
}
