//! Every example logs a user in at the emulator, and shows the new code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{Application, BlockingClient, ClientAuth, ClientId, Domain, FirstFactor, Password};
use auth0_mfa_emulator::EmulatorServer;
use auth0_mfa_emulator::contract::ClosedPort;

const USER: &str = "alice@example.com";
const PASSWORD: &str = "fake-password-alice";

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
    match client.password_grant(USER, Password::new(PASSWORD)).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa.mfa_token().expose().to_owned(),
        FirstFactor::Tokens(_) => panic!("a second factor is asked for"),
    }
}

fn current_code(tenant: &EmulatorServer) -> String {
    tenant.with_tenant(|tenant, _| tenant.user(USER).unwrap().recovery_code().unwrap().expose().to_owned())
}

/// An example that is about to be run, and what is typed into it.
struct Run {
    example: Command,
    typed: String,
}

/// The example goes on with a login that somebody else began.
fn with_mfa_token(name: &str, tenant: &EmulatorServer, code: &str) -> Run {
    let mut example = at(name, tenant);
    example.env("AUTH0_MFA_TOKEN", mfa_token(tenant));
    Run { example, typed: code.to_owned() }
}

/// The example begins the login itself.
fn with_password(name: &str, tenant: &EmulatorServer, code: &str) -> Run {
    let mut example = at(name, tenant);
    example.env("AUTH0_USERNAME", USER);
    Run { example, typed: format!("{PASSWORD}\n{code}\n") }
}

fn at(name: &str, tenant: &EmulatorServer) -> Command {
    let mut command = Command::new(example(name));
    command.env("AUTH0_DOMAIN", tenant.base_url()).env("AUTH0_CLIENT_ID", "public-app");
    command
}

impl Run {
    /// What the example prints.
    fn told(mut self) -> String {
        let mut child = self
            .example
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example is built: run the tests of the whole package");
        child.stdin.take().unwrap().write_all(self.typed.as_bytes()).unwrap();
        String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
    }
}

fn recovers_once_and_says_what_became_of_each_code(prepare: impl Fn(&EmulatorServer, &str) -> Run) {
    let tenant = EmulatorServer::start().unwrap();
    let first = current_code(&tenant);

    let accepted = prepare(&tenant, &first).told();
    let second = current_code(&tenant);
    assert_eq!(accepted, format!("accepted\nnew code: {second}\n"));
    assert_ne!(first, second);

    let refused = prepare(&tenant, &first).told();
    assert!(refused.contains("invalid_grant (403); the code is not_accepted"), "{refused}");
    assert_eq!(current_code(&tenant), second);

    // A tenant that is stopped would not do: for a moment, a child of another test has its socket, too.
    let closed = ClosedPort::open().unwrap();
    let mut late = prepare(&tenant, &second);
    late.example.env("AUTH0_DOMAIN", closed.origin());
    let not_sent = late.told();
    assert!(not_sent.contains("the request was not sent; the code is intact"), "{not_sent}");
}

#[test]
fn hyper_recovers() {
    recovers_once_and_says_what_became_of_each_code(|tenant, code| with_mfa_token("hyper", tenant, code));
}

#[test]
fn ureq_recovers() {
    recovers_once_and_says_what_became_of_each_code(|tenant, code| with_mfa_token("ureq", tenant, code));
}

#[test]
fn own_runtime_recovers() {
    recovers_once_and_says_what_became_of_each_code(|tenant, code| {
        with_mfa_token("own_runtime", tenant, code)
    });
}

#[test]
fn thread_per_core_logs_in_and_recovers() {
    recovers_once_and_says_what_became_of_each_code(|tenant, code| {
        with_password("thread_per_core", tenant, code)
    });
}
