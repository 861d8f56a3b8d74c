//! The tab is closed between sending and answer.

use auth0_mfa_browser::{Browser, Tab};
use auth0_mfa_emulator::EmulatorServer;

use crate::common::current_code;
use crate::common::site::Site;
use crate::line::{Answers, Line};
use crate::person::{NEW_CODE_PAGE, address, confirm, give_password, log_in, send_code, type_code};

#[test]
fn whoever_closed_the_tab_finds_the_new_code_in_another() {
    let Some(browser) = Browser::start_impatient() else { return };
    let tenant = EmulatorServer::start().unwrap();
    let (line, transport) = Line::new();
    let site = Site::over(transport, &tenant.base_url());
    let old_code = current_code(&tenant);
    let other_tab = closes_the_tab_before_the_answer(&browser, &site, &line, &old_code);
    let new_code = current_code(&tenant);
    assert_ne!(old_code, new_code, "the emulator has used it up by now");

    browser.go_to(&other_tab);
    browser.open(&address(&site));
    browser.wait_for_title("Being sent");
    assert!(browser.text("main").contains("goes on if you leave"));
    line.let_answers(Answers::Pass);
    // The page looks again by itself.
    browser.wait_for_title(NEW_CODE_PAGE);
    assert_eq!(browser.text("#new-code"), new_code);
    confirm(&browser);
}

#[test]
fn whoever_closed_the_tab_is_told_what_became_of_the_code_when_the_answer_is_lost() {
    let Some(browser) = Browser::start_impatient() else { return };
    let tenant = EmulatorServer::start().unwrap();
    let (line, transport) = Line::new();
    let site = Site::over(transport, &tenant.base_url());
    let old_code = current_code(&tenant);
    let other_tab = closes_the_tab_before_the_answer(&browser, &site, &line, &old_code);

    browser.go_to(&other_tab);
    line.let_answers(Answers::GetLost);
    browser.open(&address(&site));
    browser.wait_for("[data-code-state=unknown]");
    line.let_answers(Answers::Pass);
    // Logs in anew, and follows the advice: the same code once more.
    browser.click("#start-over");
    browser.wait_for_title("Log in");
    give_password(&browser);
    send_code(&browser, &old_code, "One more step");
    browser.wait_for("[data-code-state=likely_spent]");
    assert!(browser.text("#advice").contains("very likely used up"));
}

/// Answers the tab that is left, which shows nothing yet.
fn closes_the_tab_before_the_answer(browser: &Browser, site: &Site, line: &Line, code: &str) -> Tab {
    let other_tab = browser.new_tab();
    let _closed = browser.new_tab();
    log_in(browser, site);
    line.wait_for_answer();
    type_code(browser, code);
    line.let_answers(Answers::Wait);
    browser.click("#send-recovery-code");
    line.wait_for_answer();
    browser.close_tab();
    other_tab
}
