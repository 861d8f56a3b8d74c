//! What the page says about a code, in each state.

use auth0_mfa::transport::TransportError;
use auth0_mfa_browser::Browser;

use crate::common::site::Site;
use crate::common::tenant::{json, let_in, mfa_required, no_answer, refused, rejected};
use crate::common::{NEW_CODE, OLD_CODE};
use crate::person::{NEW_CODE_PAGE, give_password, log_in, send_code};

const ANOTHER_CODE: &str = "FAKEANOTHERCODE000000000";

#[test]
fn each_state_of_a_code_says_what_to_do() {
    let Some(browser) = Browser::start() else { return };
    let answers = [
        rejected(),
        no_answer(),
        rejected(),
        Err(TransportError::not_sent("no network")),
        refused("expired_token", "mfa_token is expired"),
        mfa_required(),
        let_in(),
    ];
    let (site, _tenant) = Site::answering(answers);
    log_in(&browser, &site);
    let send = |code: &str, leads_to: &str, state: &str, says: &[&str]| {
        send_code(&browser, code, leads_to);
        expect(&browser, state, says);
    };

    let says = ["Do not throw the code away", "letter by letter", "ask your administrator"];
    send(OLD_CODE, "One more step", "not_accepted", &says);
    let says = ["Keep the code", "Send the same code once more", "one of ten tries"];
    send(OLD_CODE, "One more step", "unknown", &says);
    let says = ["very likely used up", "Use another factor, or ask your administrator"];
    send(OLD_CODE, "One more step", "likely_spent", &says);
    let says = ["Nothing was sent", "Your recovery code was not used", "Keep it"];
    send(ANOTHER_CODE, "One more step", "intact", &says);
    let says = ["as good as before", "log in again with your password"];
    send(ANOTHER_CODE, "Log in", "intact", &says);
    give_password(&browser);
    let says = ["used up", "NO new recovery code", "ask your administrator"];
    send(ANOTHER_CODE, "You are logged in", "spent", &says);

    spent_without_a_login(&browser);
}

fn spent_without_a_login(browser: &Browser) {
    let (site, _tenant) = Site::answering([json(200, &format!(r#"{{"recovery_code":"{NEW_CODE}"}}"#))]);
    log_in(browser, &site);
    send_code(browser, OLD_CODE, NEW_CODE_PAGE);
    expect(browser, "spent", &["used up", NEW_CODE, "You are not logged in", "give the new one"]);
    browser.click("#stored");
    browser.click("#confirm");
    browser.wait_for_title("One more step");
    expect(browser, "spent", &["You are not logged in", "give the new one"]);
}

fn expect(browser: &Browser, state: &str, says: &[&str]) {
    browser.wait_for(&format!("[data-code-state={state}]"));
    let seen = browser.text("main");
    for line in says {
        assert!(seen.contains(line), "{state}: {line:?} is not in {seen:?}");
    }
}
