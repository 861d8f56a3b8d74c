//! The whole story, at the emulator.

use auth0_mfa::Otp;
use auth0_mfa_emulator::EmulatorServer;

use crate::site::{Site, confirm, log_in, send_code, send_otp};
use crate::{USER, current_code};

#[test]
fn who_has_lost_the_phone_gets_in_and_gets_the_new_code() {
    let tenant = EmulatorServer::start().unwrap();
    let site = Site::at(&tenant);
    let (mut browser, page) = site.at_second_factor();
    assert!(page.has("choose-otp") && page.has("choose-recovery-code"));

    // Typed as a person reads it out.
    let old_code = current_code(&tenant).to_lowercase();
    let typed = format!(" {}-{} {}", &old_code[..4], &old_code[4..8], &old_code[8..]);
    let page = send_code(&mut browser, &typed);
    let new_code = current_code(&tenant);
    assert_eq!(page.title(), "Your new recovery code");
    assert_eq!(page.text("new-code"), new_code);
    assert_eq!(page.code_state(), Some("spent"));

    let file = browser.open("/new-code.txt");
    assert!(file.body.starts_with(&format!("Recovery code: {new_code}\r\n")), "{file:?}");
    assert_eq!(file.header("content-disposition").unwrap(), "attachment; filename=\"recovery-code.txt\"");

    let page = confirm(&mut browser, &page);
    assert_eq!(page.title(), "You are logged in");
    assert_eq!(browser.get("/new-code.txt").status, 303, "a code that is stored is not shown again");

    let page = browser.submit(&page, "/logout", &[]);
    assert_eq!(page.title(), "Log in");

    let _ = log_in(&mut browser);
    assert_eq!(send_code(&mut browser, &new_code).text("new-code"), current_code(&tenant));
}

#[test]
fn who_has_the_phone_gets_in_with_a_one_time_password() {
    let tenant = EmulatorServer::start().unwrap();
    let site = Site::at(&tenant);
    let (mut browser, _) = site.at_second_factor();

    let page = send_otp(&mut browser, "000 00");
    assert_eq!((page.title(), page.next_step()), ("One-time password", Some("try_again")));

    let otp = tenant.with_tenant(|tenant, now| tenant.otp(USER, now));
    let page = send_otp(&mut browser, otp.as_ref().map(Otp::expose).unwrap());
    assert_eq!(page.title(), "You are logged in");
    assert!(!page.has("told"));
}

#[test]
fn a_wrong_password_says_so_and_asks_again() {
    let tenant = EmulatorServer::start().unwrap();
    let site = Site::at(&tenant);
    let mut browser = site.browser();
    let page = browser.open("/");
    let page = browser.submit(&page, "/login", &[("user", USER), ("password", "fake-wrong")]);
    assert_eq!((page.title(), page.next_step()), ("Log in", Some("try_again")));
}
