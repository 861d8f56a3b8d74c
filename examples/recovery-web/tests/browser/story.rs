//! The whole story by clicking, at the emulator.

use auth0_mfa_browser::Browser;
use auth0_mfa_emulator::EmulatorServer;

use crate::common::current_code;
use crate::common::site::Site;
use crate::person::{NEW_CODE_PAGE, confirm, log_in, send_code};

#[test]
fn who_has_lost_the_phone_gets_in_and_keeps_the_new_code() {
    let Some(browser) = Browser::start() else { return };
    let tenant = EmulatorServer::start().unwrap();
    let site = Site::at(&tenant);
    log_in(&browser, &site);
    assert!(browser.text("#choose-recovery-code").contains("I lost my phone"));
    send_code(&browser, &current_code(&tenant), NEW_CODE_PAGE);

    let new_code = current_code(&tenant);
    assert_eq!(browser.text("#new-code"), new_code);
    assert_eq!(copied(&browser), new_code);
    assert!(downloaded(&browser).starts_with(&format!("Recovery code: {new_code}\r\n")));
    assert!(prints(&browser));
    says_when_it_cannot_copy(&browser);

    // Not before it is said that the code is stored.
    browser.click("#confirm");
    assert_eq!(browser.text("#new-code"), new_code);
    confirm(&browser);
    assert!(!browser.source().contains(&new_code));
    browser.click("#log-out");
    browser.wait_for_title("Log in");
}

#[test]
fn without_a_script_the_new_code_is_shown_and_confirmed() {
    let Some(browser) = Browser::start() else { return };
    browser.disable_scripts();
    let tenant = EmulatorServer::start().unwrap();
    let site = Site::at(&tenant);
    log_in(&browser, &site);
    send_code(&browser, &current_code(&tenant), NEW_CODE_PAGE);
    assert_eq!(browser.text("#new-code"), current_code(&tenant));
    assert!(!browser.is_displayed("#copy") && !browser.is_displayed("#print"));
    assert!(browser.is_displayed("#download"));
    confirm(&browser);
}

fn says_when_it_cannot_copy(browser: &Browser) {
    browser.script("navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))");
    browser.click("#copy");
    browser.wait_until("it is said", |browser| browser.text("#copied").contains("write the code down"));
}

fn copied(browser: &Browser) -> String {
    browser.allow_clipboard();
    browser.click("#copy");
    browser.wait_until("it is said", |browser| browser.text("#copied").starts_with("Copied."));
    browser.script("return navigator.clipboard.readText()").as_str().unwrap().to_owned()
}

fn downloaded(browser: &Browser) -> String {
    let folder = tempfile::tempdir().unwrap();
    browser.download_into(folder.path());
    browser.click("#download");
    let file = folder.path().join("recovery-code.txt");
    browser.wait_until("it is downloaded", |_| file.exists());
    std::fs::read_to_string(file).unwrap()
}

fn prints(browser: &Browser) -> bool {
    browser.script("window.print = () => { window.hasPrinted = true; }");
    browser.click("#print");
    browser.script("return window.hasPrinted") == true
}
