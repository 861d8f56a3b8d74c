//! What a person does, by clicking and typing.

use auth0_mfa_browser::Browser;

use crate::common::site::Site;
use crate::common::{PASSWORD, USER};

pub(crate) const NEW_CODE_PAGE: &str = "Your new recovery code";

pub(crate) fn log_in(browser: &Browser, site: &Site) {
    browser.open(&address(site));
    give_password(browser);
}

pub(crate) fn give_password(browser: &Browser) {
    browser.type_into("#user", USER);
    browser.type_into("#password", PASSWORD);
    browser.click("#log-in");
    browser.wait_for_title("One more step");
}

/// From the page that asks for a second factor to the one of this title.
pub(crate) fn send_code(browser: &Browser, code: &str, leads_to: &str) {
    type_code(browser, code);
    browser.click("#send-recovery-code");
    browser.wait_for_title(leads_to);
}

pub(crate) fn type_code(browser: &Browser, code: &str) {
    browser.click("#choose-recovery-code");
    browser.wait_for_title("Recovery code");
    browser.type_into("#recovery-code", code);
}

pub(crate) fn confirm(browser: &Browser) {
    browser.click("#stored");
    browser.click("#confirm");
    browser.wait_for_title("You are logged in");
}

pub(crate) fn address(site: &Site) -> String {
    format!("http://{}/", site.address)
}
