//! Every example logs a user in at the emulator, and shows the new code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, BlockingClient, ClientAuth, ClientId, Domain, FirstFactor, Password};
use auth0_mfa_emulator::EmulatorServer;

const USER: &str = "alice@example.com";

/// Cargo builds the examples of a package before its tests, beside them.
fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("examples")
        .join(name)
        .with_extension(std::env::consts::EXE_EXTENSION)
}

fn mfa_token(tenant: &EmulatorServer) -> String {
    let domain = Domain::parse(&tenant.base_url()).unwrap();
    let application = Application::new(domain, ClientId::parse("public-app").unwrap(), ClientAuth::None);
    let client = BlockingClient::new(UreqTransport::new().unwrap(), application);
    match client.password_grant(USER, Password::new("fake-password-alice")).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa.mfa_token().expose().to_owned(),
        FirstFactor::Tokens(_) => panic!("a second factor is asked for"),
    }
}

fn current_code(tenant: &EmulatorServer) -> String {
    tenant.with_tenant(|tenant, _| tenant.user(USER).unwrap().recovery_code().unwrap().expose().to_owned())
}

/// What an example prints when it is run with this code.
fn run(name: &str, domain: &str, mfa_token: &str, code: &str) -> String {
    let mut child = Command::new(example(name))
        .env("AUTH0_DOMAIN", domain)
        .env("AUTH0_CLIENT_ID", "public-app")
        .env("AUTH0_MFA_TOKEN", mfa_token)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the example is built: run the tests of the whole package");
    child.stdin.take().unwrap().write_all(code.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// A program that is being started beside has, for a moment, a copy of every socket: it would keep the port open of a
/// tenant that was stopped.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn recovers_once_and_says_what_became_of_each_code(name: &str) {
    let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let tenant = EmulatorServer::start().unwrap();
    let first = current_code(&tenant);

    let accepted = run(name, &tenant.base_url(), &mfa_token(&tenant), &first);
    let second = current_code(&tenant);
    assert_eq!(accepted, format!("accepted\nnew code: {second}\n"));
    assert_ne!(first, second);

    let refused = run(name, &tenant.base_url(), &mfa_token(&tenant), &first);
    assert!(refused.contains("invalid_grant (403); the code is not_accepted"), "{refused}");
    assert_eq!(current_code(&tenant), second);

    let (base_url, token) = (tenant.base_url(), mfa_token(&tenant));
    tenant.stop();
    let not_sent = run(name, &base_url, &token, &second);
    assert!(not_sent.contains("the request was not sent; the code is intact"), "{not_sent}");
}

#[test]
fn hyper_recovers() {
    recovers_once_and_says_what_became_of_each_code("hyper");
}

#[test]
fn ureq_recovers() {
    recovers_once_and_says_what_became_of_each_code("ureq");
}

#[test]
fn own_runtime_recovers() {
    recovers_once_and_says_what_became_of_each_code("own_runtime");
}
