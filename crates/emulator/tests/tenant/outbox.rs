//! What would have been sent, and the answers to pushes.

use auth0_mfa_core::NewAuthenticator;
use auth0_mfa_emulator::{Channel, Purpose, PushAnswer, PushError};

use crate::support::*;

#[test]
fn each_message_is_there_with_its_time_user_recipient_and_code() {
    let mut world = World::with_dave(|_| {}, vec![phone(), email(), push()]);
    let mfa = world.login(DAVE);
    for kind in ["sms", "email", "push"] {
        world.pass(1);
        world.challenge(&mfa, kind).unwrap();
    }
    let expected = [
        (1, Channel::Sms, NUMBER, true),
        (2, Channel::Email, DAVE, true),
        (3, Channel::Push, "Fake Phone", false),
    ];
    assert_eq!(world.tenant.outbox().count(), 3);
    for (message, (number, channel, recipient, has_code)) in world.tenant.outbox().zip(expected) {
        assert_eq!(message.id, number);
        assert_eq!(message.at, START.plus(std::time::Duration::from_secs(number)));
        assert_eq!(message.user, DAVE);
        assert_eq!((message.channel, message.purpose), (channel, Purpose::Challenge));
        assert_eq!(message.recipient, recipient);
        assert_eq!(message.code.is_some(), has_code);
        assert_eq!(message.answer, None);
    }
    let codes: Vec<_> = world.tenant.events().map(|event| event.kind.code()).collect();
    assert_eq!(codes, ["mfar", "gd_send_sms", "gd_send_email", "gd_send_pn"]);
}

#[test]
fn the_enrolment_of_a_push_sends_nothing_and_waits_for_the_scan() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let _ = world.enrol(&mfa, NewAuthenticator::Push).unwrap();
    let message = world.tenant.outbox().next().unwrap();
    assert_eq!((message.channel, message.purpose), (Channel::Push, Purpose::Enrolment));
    let codes: Vec<_> = world.tenant.events().map(|event| event.kind.code()).collect();
    assert_eq!(codes, ["mfar"]);
}

#[test]
fn a_push_is_answered_once_in_its_time_and_nothing_else_is() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push()]);
    let mfa = world.login(DAVE);
    world.challenge(&mfa, "sms").unwrap();
    world.challenge(&mfa, "push").unwrap();
    world.challenge(&mfa, "push").unwrap();
    let mut answer = |id, later| {
        let now = START.plus(std::time::Duration::from_secs(later));
        world.tenant.answer_push(id, PushAnswer::Deny, now)
    };
    assert_eq!(answer(1, 0), Err(PushError::Unknown), "an SMS has no answer");
    assert_eq!(answer(9, 0), Err(PushError::Unknown));
    assert_eq!(answer(2, 0), Ok(()));
    assert_eq!(answer(2, 0), Err(PushError::Answered));
    assert_eq!(answer(3, 300), Err(PushError::Expired));
    let answers: Vec<_> = world.tenant.outbox().map(|message| message.answer).collect();
    assert_eq!(answers, [None, Some(PushAnswer::Deny), None]);
    let last = world.tenant.events().last().unwrap();
    assert_eq!((last.kind.code(), last.client_id.as_str()), ("gd_auth_rejected", "public-app"));
}

#[test]
fn nothing_that_is_printed_shows_a_code_or_a_recipient() {
    let mut world = World::with_dave(|_| {}, vec![phone(), push()]);
    let mfa = world.login(DAVE);
    world.challenge(&mfa, "push").unwrap();
    let challenge = world.challenge(&mfa, "sms").unwrap();
    let shown = format!("{:?} {:?}", world.tenant.outbox().collect::<Vec<_>>(), world.tenant.users());
    for secret in
        [world.sent_code().as_str(), NUMBER, "Fake Phone", &challenge.oob_code.unwrap().expose()[60..]]
    {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[test]
fn exchanges_are_in_the_log() {
    let mut world = World::with_dave(|_| {}, vec![phone()]);
    let mfa = world.login(DAVE);
    let oob_code = world.challenge(&mfa, "sms").unwrap().oob_code.unwrap();
    let code = world.sent_code();
    let _ = world.verify_oob(&mfa, &oob_code, Some("x"));
    world.verify_oob(&mfa, &oob_code, Some(&code)).unwrap();
    let codes: Vec<_> = world.tenant.events().map(|event| event.kind.code()).collect();
    assert_eq!(codes, ["mfar", "gd_send_sms", "feoobft", "seoobft"]);
}
