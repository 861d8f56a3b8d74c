//! What is said of each state of a code, and that no new code is lost.

use auth0_mfa::transport::TransportError;

use crate::site::{Site, confirm, log_in, send_code, send_otp};
use crate::tenant::{Answer, accepted, json, let_in, mfa_required, no_answer, refused, rejected};
use crate::{NEW_CODE, OLD_CODE};

/// The page after a recovery that got this answer.
fn after(answer: Answer) -> crate::browser::Page {
    let (site, _tenant) = Site::answering([answer]);
    site.after_recovery(OLD_CODE).1
}

#[test]
fn intact_with_an_answer_leads_to_the_password() {
    let page = after(refused("expired_token", "mfa_token is expired"));
    assert_eq!(
        (page.title(), page.code_state(), page.next_step()),
        ("Log in", Some("intact"), Some("log_in_again"))
    );
    assert!(page.body.contains("as good as before"));
}

#[test]
fn intact_because_nothing_was_sent_leads_to_another_try() {
    let page = after(Err(TransportError::not_sent("no network")));
    assert_eq!((page.title(), page.code_state()), ("One more step", Some("intact")));
    assert!(page.has("choose-recovery-code") && page.body.contains("Nothing was sent"));
}

#[test]
fn spent_and_in_shows_the_new_code() {
    let page = after(accepted(NEW_CODE));
    assert_eq!((page.code_state(), page.text("new-code")), (Some("spent"), NEW_CODE));
}

#[test]
fn spent_and_in_without_a_new_code_says_that_there_is_none() {
    let page = after(let_in());
    assert_eq!((page.title(), page.code_state()), ("You are logged in", Some("spent")));
    assert!(page.body.contains("NO new recovery code"));
}

#[test]
fn spent_and_not_in_shows_the_new_code_and_then_the_way_on() {
    let answer = json(200, &format!(r#"{{"recovery_code":"{NEW_CODE}"}}"#));
    let (site, _tenant) = Site::answering([answer]);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    assert_eq!((page.code_state(), page.text("new-code")), (Some("spent"), NEW_CODE));
    let page = confirm(&mut browser, &page);
    assert_eq!((page.title(), page.code_state()), ("One more step", Some("spent")));
    assert!(page.body.contains("You are not logged in"));
}

#[test]
fn spent_and_not_in_without_a_new_code_says_so() {
    let page = after(json(200, r#"{"access_token":7}"#));
    assert_eq!((page.title(), page.code_state()), ("One more step", Some("spent")));
    assert!(page.body.contains("held no new one"));
}

#[test]
fn a_code_that_cannot_be_read_is_shown_as_it_came() {
    let answer = r#"{"access_token":"FAKE-ACCESS-TOKEN","recovery_code":{"odd":"<FAKE>"}}"#;
    let page = after(json(200, answer));
    assert!(page.has("unreadable"));
    assert!(page.body.contains("{&quot;odd&quot;:&quot;&lt;FAKE&gt;&quot;}"), "{page:?}");
    assert!(page.body.contains("ask your administrator"));
}

#[test]
fn not_accepted_does_not_tell_to_throw_the_code_away() {
    let page = after(rejected());
    assert_eq!((page.title(), page.code_state()), ("One more step", Some("not_accepted")));
    assert!(page.body.contains("The recovery code was not accepted"), "{page:?}");
    assert!(page.body.contains("Do not throw the code away"));
}

#[test]
fn unknown_says_to_keep_the_code_and_to_send_it_once_more() {
    let page = after(no_answer());
    assert_eq!((page.title(), page.code_state()), ("One more step", Some("unknown")));
    assert!(page.body.contains("Send the same code once more"));
}

#[test]
fn a_code_in_doubt_that_is_refused_is_likely_spent_and_another_is_not() {
    let (site, _tenant) = Site::answering([no_answer(), rejected(), rejected(), rejected()]);
    let (mut browser, _) = site.after_recovery(OLD_CODE);
    assert_eq!(send_code(&mut browser, NEW_CODE).code_state(), Some("not_accepted"));
    for _ in 0..2 {
        let page = send_code(&mut browser, &OLD_CODE.to_lowercase());
        assert_eq!(page.code_state(), Some("likely_spent"));
        assert!(!page.body.contains("ry again"), "it would be refused again: {page:?}");
        assert!(page.body.contains("very likely used up"));
    }
}

#[test]
fn a_doubt_outlives_the_login_and_the_session() {
    let answers = [no_answer(), mfa_required(), rejected()];
    let (site, _tenant) = Site::answering(answers);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    assert_eq!(browser.submit(&page, "/logout", &[]).title(), "Log in");
    let _ = log_in(&mut browser);
    assert_eq!(send_code(&mut browser, OLD_CODE).code_state(), Some("likely_spent"));
}

#[test]
fn a_code_in_doubt_that_is_accepted_after_all_brings_the_new_one() {
    let (site, _tenant) = Site::answering([no_answer(), accepted(NEW_CODE)]);
    let (mut browser, _) = site.after_recovery(OLD_CODE);
    assert_eq!(send_code(&mut browser, OLD_CODE).text("new-code"), NEW_CODE);
}

#[test]
fn an_error_that_came_with_a_new_code_shows_it_and_says_to_keep_both() {
    let answer = json(200, &format!(r#"{{"error":"odd","recovery_code":"{NEW_CODE}"}}"#));
    let page = after(answer);
    assert_eq!(page.text("new-code"), NEW_CODE);
    assert!(page.body.contains("Keep both codes"));
}

#[test]
fn codes_that_came_one_after_the_other_are_all_kept_until_they_are_confirmed() {
    let odd = |code: &str| json(200, &format!(r#"{{"error":"odd","recovery_code":"{code}"}}"#));
    let (site, _tenant) = Site::answering([odd(NEW_CODE), odd("FAKESECONDCODE2222222222")]);
    let (mut browser, first_page) = site.after_recovery(OLD_CODE);
    let _ = confirm(&mut browser, &first_page);
    let page = send_code(&mut browser, NEW_CODE);
    assert_eq!(page.text("new-code"), "FAKESECONDCODE2222222222");

    let page = confirm(&mut browser, &first_page);
    assert_eq!(page.text("new-code"), "FAKESECONDCODE2222222222", "the first page did not show it");
    assert_eq!(confirm(&mut browser, &page).title(), "One more step");
}

#[test]
fn one_more_factor_goes_on_with_the_token_that_came() {
    let (site, tenant) = Site::answering([
        json(403, r#"{"error":"mfa_required","mfa_token":"FAKE-SECOND-MFA-TOKEN"}"#),
        let_in(),
    ]);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    assert_eq!((page.title(), page.next_step()), ("One more step", Some("continue_with_mfa")));
    assert!(page.body.contains("Keep your recovery code until you are in"));
    assert_eq!(send_otp(&mut browser, "123 456").title(), "You are logged in");
    assert!(tenant.last_request().contains("mfa_token=FAKE-SECOND-MFA-TOKEN"));
}

#[test]
fn a_code_that_is_not_ticked_as_stored_is_shown_again() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, page) = site.after_recovery(OLD_CODE);
    let page = browser.submit(&page, "/new-code", &[("codes_so_far", "1")]);
    assert_eq!(page.text("new-code"), NEW_CODE);
    let page = browser.submit(&page, "/logout", &[]);
    assert_eq!(page.text("new-code"), NEW_CODE, "logging out would lose it");
}

#[test]
fn a_code_that_comes_with_a_one_time_password_is_shown_too() {
    let (site, _tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, _) = site.at_second_factor();
    assert_eq!(send_otp(&mut browser, "123456").text("new-code"), NEW_CODE);
}

#[test]
fn a_code_that_comes_with_a_refused_one_time_password_is_shown_too() {
    let answer = json(200, &format!(r#"{{"error":"odd","recovery_code":"{NEW_CODE}"}}"#));
    let (site, _tenant) = Site::answering([answer]);
    let (mut browser, _) = site.at_second_factor();
    assert_eq!(send_otp(&mut browser, "123456").text("new-code"), NEW_CODE);
}

#[test]
fn a_doubt_is_its_users_when_another_logs_in_with_the_same_browser() {
    let expired = || refused("expired_token", "mfa_token is expired");
    let (site, _tenant) = Site::answering([
        no_answer(),
        expired(),
        mfa_required(),
        rejected(),
        expired(),
        mfa_required(),
        rejected(),
    ]);
    let (mut browser, _) = site.after_recovery(OLD_CODE);
    let page = send_code(&mut browser, NEW_CODE);
    let _ = browser.submit(&page, "/login", &[("user", "bob@example.com"), ("password", "fake")]);
    assert_eq!(send_code(&mut browser, OLD_CODE).code_state(), Some("not_accepted"));

    let _ = send_code(&mut browser, NEW_CODE);
    let _ = log_in(&mut browser);
    assert_eq!(send_code(&mut browser, OLD_CODE).code_state(), Some("likely_spent"));
}
