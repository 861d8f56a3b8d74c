//! No secret is anywhere in the browser but the new code on its page.

use auth0_mfa_browser::Browser;
use serde_json::json;

use crate::common::site::Site;
use crate::common::tenant::{ACCESS_TOKEN, MFA_TOKEN, accepted, no_answer, rejected};
use crate::common::{NEW_CODE, OLD_CODE, PASSWORD};
use crate::person::{NEW_CODE_PAGE, address, confirm, log_in, type_code};

const NEVER: [&str; 4] = [PASSWORD, MFA_TOKEN, ACCESS_TOKEN, OLD_CODE];

/// All that a page, or whoever comes to the browser later, can find.
struct Found {
    title: String,
    page: String,
    /// Addresses, history, console, cookies that scripts can read, what pages can store.
    elsewhere: String,
}

#[test]
fn no_secret_is_in_the_browser_but_the_new_code_on_its_page() {
    let Some(browser) = Browser::start() else { return };
    let (site, _tenant) = Site::answering([no_answer(), rejected(), accepted(NEW_CODE)]);
    let mut found = Vec::new();
    let mut look = || found.push(find(&browser));
    browser.open(&address(&site));
    look();
    log_in(&browser, &site);
    look();
    for leads_to in ["One more step", "One more step", NEW_CODE_PAGE] {
        type_code(&browser, OLD_CODE);
        look();
        browser.click("#send-recovery-code");
        browser.wait_for_title(leads_to);
        look();
    }
    browser.click("#copy");
    look();
    confirm(&browser);
    look();
    browser.back();
    look();
    browser.click("#log-out");
    browser.wait_for_title("Log in");
    look();

    for Found { title, page, elsewhere } in &found {
        for secret in NEVER {
            assert!(!page.contains(secret) && !elsewhere.contains(secret), "{secret}: {title}");
        }
        assert_eq!(page.contains(NEW_CODE), title == NEW_CODE_PAGE, "{title}");
        assert!(!elsewhere.contains(NEW_CODE), "{title}: {elsewhere}");
    }
    assert!(found.iter().any(|found| found.title == NEW_CODE_PAGE));
}

fn find(browser: &Browser) -> Found {
    let history = browser.devtools("Page.getNavigationHistory", &json!({}));
    let stored = browser.script(
        "return [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage), \
         JSON.stringify(history.state), document.referrer, \
         performance.getEntries().map((entry) => entry.name)]",
    );
    let console = browser.console().join("\n");
    assert!(history.to_string().contains("http://127.0.0.1"));
    let elsewhere = format!("{}\n{history}\n{stored}\n{console}", browser.url());
    Found { title: browser.title(), page: browser.source(), elsewhere }
}
