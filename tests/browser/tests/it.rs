//! The browser does what its tests ask for.

use auth0_mfa_browser::Browser;
use serde_json::json;

const PAGE: &str = "data:text/html,<title>Fake</title><input id=typed><button id=copy \
    onclick=\"document.getElementById('shown').textContent=document.getElementById('typed').value\">Copy</button>\
    <p id=shown></p><p id=hidden hidden>not seen</p><script>console.log('a line')</script>";

#[test]
fn a_page_is_read_clicked_and_typed_into() {
    let Some(browser) = Browser::start() else { return };
    browser.open(PAGE);
    assert_eq!(browser.title(), "Fake");
    browser.type_into("#typed", "fake text");
    browser.click("#copy");
    browser.wait_until("it is copied", |browser| browser.text("#shown") == "fake text");
    assert!(!browser.is_displayed("#hidden") && browser.has("#hidden") && !browser.has("#missing"));
    assert_eq!(browser.script("return Promise.resolve(6 * 7)"), json!(42));
    assert!(browser.console().iter().any(|line| line.contains("a line")));
    assert!(browser.source().contains("id=\"shown\""));
}

#[test]
fn a_tab_is_closed_and_another_goes_on() {
    let Some(browser) = Browser::start() else { return };
    browser.open(PAGE);
    let first = browser.tab();
    let second = browser.new_tab();
    assert_ne!(first, second);
    browser.open("data:text/html,<title>Second</title>");
    browser.close_tab();
    browser.go_to(&first);
    assert_eq!(browser.title(), "Fake");
}

#[test]
fn a_page_runs_no_script_when_scripts_are_disabled() {
    let Some(browser) = Browser::start() else { return };
    browser.disable_scripts();
    browser
        .open("data:text/html,<title>Before</title><script>document.title='After'</script><p id=p>shown</p>");
    assert_eq!(browser.title(), "Before");
    assert_eq!(browser.text("#p"), "shown");
}
