//! The page at `/_emulator/`, in headless Chromium: a developer plays the phone by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a browser beside a server")]

use auth0_mfa_browser::Browser;
use auth0_mfa_emulator::server::Clock;
use auth0_mfa_emulator::{EmulatorServer, Fault, FaultRule, Timestamp};

fn start() -> (EmulatorServer, Clock) {
    let clock = Clock::stopped_at(Timestamp::from_unix_seconds(1_700_000_010));
    (EmulatorServer::builder().clock(clock.clone()).start().unwrap(), clock)
}

fn open(server: &EmulatorServer) -> Option<Browser> {
    let browser = Browser::start()?;
    browser.open(&format!("{}/_emulator/", server.base_url()));
    browser.wait_until("the tenant is shown", |browser| browser.text("#tenant") == "Local Tenant");
    Some(browser)
}

#[test]
fn it_is_live_and_its_buttons_work() {
    let (server, clock) = start();
    let Some(browser) = open(&server) else { return };
    let (code, otp) = server.with_tenant(|tenant, now| {
        let code = tenant.users()[0].recovery_code().unwrap().expose().to_owned();
        (code, tenant.otp("alice@example.com", now).unwrap().expose().to_owned())
    });
    let users = browser.text("#users");
    assert!(users.contains("alice@example.com") && users.contains(&code) && users.contains(&otp), "{users}");

    server.with_tenant(|tenant, _| tenant.faults_mut().add(FaultRule::new(Fault::CutReply(40))));
    browser.wait_until("the fault is shown", |browser| browser.text("#faults").contains("cut_reply"));
    browser.click("#clear-faults");
    browser.wait_until("it is said", |browser| browser.text("#status") == "No fault is planned.");
    assert!(browser.is_displayed("#faults-empty"));
    assert!(server.with_tenant(|tenant, _| tenant.faults().rules().is_empty()));

    browser.click("[data-advance='600']");
    browser.wait_until("the clock is on", |browser| browser.text("#clock") == "2023-11-14 22:23:30 UTC");
    assert_eq!(clock.now(), Timestamp::from_unix_seconds(1_700_000_610));

    server.with_tenant(|tenant, _| tenant.set_recovery_codes(false));
    browser.click("#reset");
    browser.wait_until("it is said", |browser| browser.text("#status") == "The tenant is as it began.");
    assert!(server.with_tenant(|tenant, _| tenant.has_recovery_codes()));

    assert_eq!(browser.console(), [""; 0], "no script and no style was refused");
    if let Some(folder) = std::env::var_os("SCREENSHOTS") {
        browser.screenshot(&std::path::Path::new(&folder).join("emulator.png"));
    }
}
