//! The page at `/_emulator/`, in headless Chromium: a developer plays the phone by hand. And scripts of other pages.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "a browser beside a server")]

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{
    Application, BlockingClient, ClientAuth, ClientId, Domain, ErrorCode, FirstFactor, MfaToken,
    NewAuthenticator, Password, RequestChallenge,
};
use auth0_mfa_browser::Browser;
use auth0_mfa_emulator::server::Clock;
use auth0_mfa_emulator::{Config, EmulatorServer, Fault, FaultRule, Timestamp};

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

/// An application that calls over HTTP, as any.
fn application(server: &EmulatorServer) -> BlockingClient<UreqTransport> {
    let domain = Domain::parse(&server.base_url()).unwrap();
    let client_id = ClientId::parse("public-app").unwrap();
    BlockingClient::new(UreqTransport::new().unwrap(), Application::new(domain, client_id, ClientAuth::None))
}

fn log_in(client: &BlockingClient<UreqTransport>) -> MfaToken {
    match client.password_grant("bob@example.com", Password::new("fake-password-bob")).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa.mfa_token().clone(),
        FirstFactor::Tokens(_) => panic!("a second factor is required"),
    }
}

fn log_has(browser: &Browser, event: &str) {
    browser.wait_until(&format!("{event} is in the log"), |browser| browser.text("#log").contains(event));
}

#[test]
fn a_push_is_approved_and_one_is_denied_by_hand_and_the_log_tells_it() {
    let (server, clock) = start();
    let Some(browser) = open(&server) else { return };
    let client = application(&server);
    let mfa_token = log_in(&client);
    let added = client.add_authenticator(mfa_token.clone(), NewAuthenticator::Push).unwrap();
    let oob_code = added.into_parts().0.oob_code.unwrap();
    let pending = client.verify_with_oob(mfa_token.clone(), oob_code.clone(), None).map(drop).unwrap_err();
    assert_eq!(pending.api_error().unwrap().code(), &ErrorCode::AuthorizationPending);

    browser
        .wait_until("it is announced", |browser| browser.text("#status") == "New: push to bob@example.com.");
    browser.click("#outbox button[aria-label^='Approve']");
    browser.wait_until("it is said", |browser| browser.text("#status").ends_with("the push is approved."));
    assert!(browser.text("#outbox").contains("approved") && !browser.has("#outbox button"));
    clock.advance(std::time::Duration::from_secs(5));
    assert!(client.verify_with_oob(mfa_token, oob_code, None).is_ok());
    log_has(&browser, "gd_enrollment_complete");
    log_has(&browser, "seoobft");

    let mfa_token = log_in(&client);
    let listed = client.list_authenticators(mfa_token.clone()).unwrap().authenticators;
    let mut ids = listed.into_iter().filter_map(|authenticator| authenticator.id);
    let push = ids.find(|id| id.as_str().starts_with("push|")).unwrap();
    let challenge = client.send(RequestChallenge::new(mfa_token.clone()).authenticator(push)).unwrap();
    browser.click("#outbox button[aria-label^='Deny']");
    browser.wait_until("it is said", |browser| browser.text("#status").ends_with("the push is denied."));
    log_has(&browser, "gd_auth_rejected");
    assert!(client.verify_with_oob(mfa_token, challenge.oob_code.unwrap(), None).is_err());
    picture(&browser, "push.png");
}

#[test]
fn it_is_live_and_its_buttons_work() {
    let (server, clock) = start();
    let Some(browser) = open(&server) else { return };
    let user_id = server.with_tenant(|tenant, _| tenant.users()[0].user_id().to_owned());
    let (code, otp) = server.with_tenant(|tenant, now| {
        let code = tenant.users()[0].recovery_code().unwrap().expose().to_owned();
        (code, tenant.otp("alice@example.com", now).unwrap().expose().to_owned())
    });
    let users = browser.text("#users");
    assert!(users.contains("alice@example.com") && users.contains(&user_id), "{users}");
    assert!(users.contains(&code) && users.contains(&otp), "{users}");

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
    picture(&browser, "page.png");
}

/// For whoever wants to look at it: `SCREENSHOTS=folder cargo test --test page`.
fn picture(browser: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("SCREENSHOTS") {
        browser.screenshot(&std::path::Path::new(&folder).join(name));
    }
}

#[test]
fn a_script_of_an_allowed_page_calls_the_tenant_and_one_of_another_page_is_kept_out() {
    // Any page will do that forbids its scripts nothing: these are two others' key sets.
    let [allowed, other] = [(); 2].map(|()| EmulatorServer::start().unwrap());
    let mut config = Config::default();
    config.applications[1].allowed_origins = vec![allowed.base_url()];
    let server = EmulatorServer::builder().config(config).start().unwrap();
    let Some(browser) = Browser::start() else { return };
    let login = serde_json::json!({
        "grant_type": "password",
        "client_id": "public-app",
        "username": "alice@example.com",
        "password": "fake-password-alice",
    });
    let script = format!(
        "const headers = {{ 'content-type': 'application/json', 'auth0-client': 'fake' }};
         const request = {{ method: 'POST', headers, body: JSON.stringify({login}) }};
         const read = (reply) => reply.json();
         return fetch('{}/oauth/token', request).then(read, (failure) => ({{ error: failure.name }}));",
        server.base_url()
    );
    for (page, told) in [(allowed, "mfa_required"), (other, "TypeError")] {
        browser.open(&format!("{}/.well-known/jwks.json", page.base_url()));
        assert_eq!(browser.script(&script)["error"], told);
    }
    let logins = server.with_tenant(|tenant, _| tenant.events().count());
    assert_eq!(logins, 1, "the other page's request was never sent");
}
