//! The tenant as a transport: what a client is told of each fault.

use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth0_mfa_core::transport::{AsyncTransport, BlockingTransport, Delivery};
use auth0_mfa_core::{
    Call, CallError, CallOptions, CodeState, FirstFactor, PasswordGrant, RecoveryCode,
    VerifyWithRecoveryCode, begin,
};
use auth0_mfa_emulator::{Clock, Config, EmulatorTransport, Fault, FaultRule, Tenant};

use crate::support::*;

fn transport() -> EmulatorTransport {
    let tenant = Tenant::new(Config::default(), 1).expect("a good config");
    EmulatorTransport::with_clock(tenant, Clock::stopped_at(START))
}

fn call<C: Call>(transport: &EmulatorTransport, call: C) -> Result<C::Output, CallError<C>> {
    let (request, pending) = begin(call, &public("public-app"), CallOptions::default());
    pending.finish(BlockingTransport::send(transport, request))
}

/// A recovery of Alice's with the right code.
fn recovery(transport: &EmulatorTransport) -> VerifyWithRecoveryCode {
    match call(transport, PasswordGrant::new(ALICE, password_of(ALICE))).expect("a login") {
        FirstFactor::MfaRequired(mfa) => {
            mfa.verify_with_recovery_code(RecoveryCode::verbatim(code(transport)))
        }
        FirstFactor::Tokens(_) => panic!("a second factor is required"),
    }
}

/// A recovery that meets this fault.
fn fail(transport: &EmulatorTransport, fault: Fault) -> CallError<VerifyWithRecoveryCode> {
    let recovery = recovery(transport);
    transport.with_tenant(|tenant, _| tenant.faults_mut().add(FaultRule::new(fault)));
    call(transport, recovery).map(drop).expect_err("a fault")
}

/// The code that is good now.
fn code(transport: &EmulatorTransport) -> String {
    let code_of = |tenant: &Tenant| tenant.user(ALICE)?.recovery_code().map(|code| code.expose().to_owned());
    transport.with_tenant(|tenant, _| code_of(tenant)).expect("a code")
}

#[test]
fn a_connection_that_ends_and_one_that_stalls_leave_it_unknown_what_became_of_the_code() {
    for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Stall] {
        let error = fail(&transport(), fault.clone());
        assert!(matches!(error, CallError::InDoubt(_)), "{fault:?}");
        assert_eq!(error.code_state(), CodeState::Unknown, "{fault:?}");
    }
}

#[test]
fn the_new_code_of_a_reply_that_is_cut_is_saved() {
    let twin = transport();
    let (request, _) = begin(recovery(&twin), &public("public-app"), CallOptions::default());
    let whole = BlockingTransport::send(&twin, request).expect("a reply").body().len();

    let transport = transport();
    let mut error = fail(&transport, Fault::CutReply(whole - 1));
    assert_eq!(error.code_state(), CodeState::Spent);
    assert_eq!(error.take_new_code().issued().expect("a code").expose(), code(&transport));
}

#[test]
fn a_delay_puts_the_clock_forward() {
    let transport = transport();
    transport.with_tenant(|tenant, _| tenant.faults_mut().add(FaultRule::new(Fault::DelayMs(1_500))));
    let request = form("grant_type=x");
    assert!(BlockingTransport::send(&transport, request).is_ok());
    assert_eq!(transport.clock().now().since(START), Duration::from_millis(1_500));
}

#[test]
fn a_cut_reply_is_handed_over_as_far_as_it_came() {
    let transport = transport();
    transport.with_tenant(|tenant, _| tenant.faults_mut().add(FaultRule::new(Fault::CutReply(9))));
    let error = BlockingTransport::send(&transport, form("grant_type=x")).expect_err("it is cut");
    assert_eq!(error.delivery(), Delivery::Answered);
    assert_eq!(error.partial().expect("a part").body().expose(), br#"{"error":"#);
}

#[test]
fn a_future_is_ready_at_once_and_sends_nothing_before_it_is_polled() {
    let transport = transport();
    let login = || {
        let body = "grant_type=password&client_id=public-app&username=alice@example.com&password=fake-password-alice";
        AsyncTransport::send(&transport, form(body))
    };
    drop(login());
    assert_eq!(transport.with_tenant(|tenant, _| tenant.events().count()), 0);
    let mut future = login();
    let polled = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(Ok(reply)) if reply.status() == 403));
    assert_eq!(transport.with_tenant(|tenant, _| tenant.events().count()), 1);
}

#[test]
fn it_shows_nothing_of_its_tenant() {
    let shown = format!("{:?}", transport());
    assert!(shown.starts_with("EmulatorTransport") && !shown.contains("alice"), "{shown}");
}

#[test]
fn its_applications_are_those_of_the_tenant() {
    let transport = EmulatorTransport::demo().expect("a tenant");
    let log_in = |client_id| {
        let application = transport.application(client_id).expect("a client_id");
        let login = PasswordGrant::new(ALICE, password_of(ALICE));
        let (request, _) = begin(login, &application, CallOptions::default());
        BlockingTransport::send(&transport, request).expect("a reply").status()
    };
    assert_eq!(log_in("public-app"), 403, "a second factor is required");
    assert_eq!(log_in("confidential-app"), 403, "it has proved itself");
    assert_eq!(log_in("unknown-app"), 401);
    assert!(transport.application("").is_err());
    assert!(transport.recovery_code("nobody@example.com").is_none());
}
