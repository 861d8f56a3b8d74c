//! Recovered at by a client of the core, and looked at and steered by its host.

use std::io::{Read, Write};
use std::time::Duration;

use auth0_mfa_core::{
    Application, Call, CallError, CallOptions, ClientAuth, ClientId, CodeState, Domain, ErrorCode,
    FirstFactor, MfaRequired, Otp, Password, PasswordGrant, RecoveryCode, begin,
};
use auth0_mfa_emulator::server::Clock;
use auth0_mfa_emulator::{EmulatorServer, Timestamp};

use super::{connect, request};

const ALICE: &str = "alice@example.com";

/// The clock is at the start of a step of one-time passwords.
fn start() -> (EmulatorServer, Clock) {
    let clock = Clock::stopped_at(Timestamp::from_unix_seconds(1_700_000_010));
    (EmulatorServer::builder().clock(clock.clone()).start().unwrap(), clock)
}

fn call<C: Call>(server: &EmulatorServer, call: C) -> Result<C::Output, CallError<C>> {
    let domain = Domain::parse(&server.base_url()).unwrap();
    let client_id = ClientId::parse("public-app").unwrap();
    let application = Application::new(domain, client_id, ClientAuth::None);
    let (sent, pending) = begin(call, &application, CallOptions::default());

    let mut stream = connect(server);
    stream.write_all(request(sent.body().len(), "close").as_bytes()).unwrap();
    stream.write_all(sent.body().expose()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
    pending.answered(http::Response::builder().status(status).body(body.as_bytes()).unwrap())
}

fn log_in(server: &EmulatorServer) -> MfaRequired {
    let grant = PasswordGrant::new(ALICE, Password::new("fake-password-alice"));
    match call(server, grant).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa,
        FirstFactor::Tokens(_) => panic!("a second factor is required"),
    }
}

fn code_of_alice(server: &EmulatorServer) -> String {
    server.with_tenant(|tenant, _| tenant.user(ALICE).unwrap().recovery_code().unwrap().expose().to_owned())
}

#[test]
fn a_recovery_over_a_socket_is_what_the_host_sees() {
    let (server, _) = start();
    let old = code_of_alice(&server);
    let recover = || {
        let mfa = log_in(&server);
        call(&server, mfa.verify_with_recovery_code(RecoveryCode::verbatim(old.as_str())))
    };
    let (_, new_code) = recover().unwrap().into_parts();
    assert_eq!(new_code.issued().unwrap().expose(), code_of_alice(&server));
    assert_ne!(code_of_alice(&server), old);
    assert_eq!(recover().map(drop).unwrap_err().code_state(), CodeState::NotAccepted);
    let last = server.with_tenant(|tenant, _| tenant.events().last().map(|event| event.kind.code()));
    assert_eq!(last, Some("fercft"));
}

#[test]
fn the_time_is_the_clocks() {
    let (server, clock) = start();
    let otp = |server: &EmulatorServer| {
        server.with_tenant(|tenant, now| tenant.otp(ALICE, now).unwrap().expose().to_owned())
    };
    let mfa = log_in(&server);
    let first = otp(&server);
    clock.advance(Duration::from_secs(60));
    assert_ne!(otp(&server), first);
    assert!(call(&server, mfa.verify_with_otp(Otp::verbatim(first))).is_err(), "it is two steps old");
    clock.advance(Duration::from_secs(540));
    let now = otp(&server);
    let error = call(&server, mfa.verify_with_otp(Otp::verbatim(now))).map(drop).unwrap_err();
    assert_eq!(error.api_error().unwrap().code(), &ErrorCode::ExpiredToken);
}

#[test]
fn a_running_clock_can_be_put_forward_and_stopped() {
    let clock = Clock::system();
    let before = clock.now();
    clock.advance(Duration::from_secs(3_600));
    assert!(clock.now().since(before) >= Duration::from_secs(3_600));
    clock.stop_at(Timestamp::from_unix_seconds(7));
    assert_eq!(clock.clone().now(), Timestamp::from_unix_seconds(7));
}

#[test]
fn what_the_host_switches_holds_for_the_next_request() {
    let (server, _) = start();
    let code = code_of_alice(&server);
    server.with_tenant(|tenant, _| tenant.set_recovery_codes(false));
    let mfa = log_in(&server);
    let recover = |code: &str| call(&server, mfa.verify_with_recovery_code(RecoveryCode::verbatim(code)));
    assert!(recover(&code).is_err());
    server.with_tenant(|tenant, _| tenant.set_recovery_codes(true));
    assert!(recover(&code).is_ok());
}

#[test]
fn a_host_that_panics_while_it_looks_does_not_end_it() {
    let (server, _) = start();
    let look = || server.with_tenant(|_, _| panic!("the host's own mistake"));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(look));
    assert!(panicked.is_err());
    let _ = log_in(&server);
}
