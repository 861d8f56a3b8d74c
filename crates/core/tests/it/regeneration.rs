//! What became of the user's code when a new one was asked for: the Management API's errors are their statuses.

use auth0_mfa_core::{CodeState, NewCode, RegenerateRecoveryCode, Salvaged};

use crate::support::{
    answer, kind, regenerate_recovery_code, regenerated, reply, sent, shown, verify_with_recovery_code,
};

fn after(status: u16, body: &str) -> (&'static str, String, CodeState) {
    let kind = kind(&answer(regenerate_recovery_code(), status, body));
    let (code, state) = regenerated(answer(regenerate_recovery_code(), status, body));
    (kind, code, state)
}

fn assert_rows(rows: &[(u16, &str, &'static str, &str, CodeState)]) {
    for (status, body, kind, code, state) in rows {
        assert_eq!(after(*status, body), (*kind, (*code).to_owned(), *state), "{status} {body}");
    }
}

#[test]
fn a_2xx_that_begins_an_object_and_is_no_error_has_voided_the_code() {
    assert_rows(&[
        (200, r#"{"recovery_code":"NEW"}"#, "ok", "NEW", CodeState::Spent),
        (201, r#"{"more":1,"recovery_code":"NEW"}"#, "ok", "NEW", CodeState::Spent),
        (200, "{}", "ok", "-", CodeState::Spent),
        (200, r#"{"recovery_code":null}"#, "ok", "-", CodeState::Spent),
        (200, r#"{"recovery_code":7}"#, "ok", "?7", CodeState::Spent),
        (200, r#"{"data":{"recovery_code":"NEW"}}"#, "ok", "NEW", CodeState::Spent),
        (200, r#"{"recovery_code":"NEW""#, "malformed", "NEW", CodeState::Spent),
        (200, r#"{"recovery_code":"NE"#, "malformed", "-", CodeState::Spent),
        (200, r#"{"error":null,"recovery_code":"NEW","#, "malformed", "NEW", CodeState::Spent),
    ]);
}

#[test]
fn a_2xx_that_shows_nothing_leaves_the_code_unknown() {
    assert_rows(&[
        (200, "", "malformed", "-", CodeState::Unknown),
        (204, "", "malformed", "-", CodeState::Unknown),
        (200, "<html>", "malformed", "-", CodeState::Unknown),
        (200, "null", "malformed", "-", CodeState::Unknown),
        (200, "{", "malformed", "-", CodeState::Unknown),
        (200, r#"{"reco"#, "malformed", "-", CodeState::Unknown),
        (200, r#"{"statusCode":403,"err"#, "malformed", "-", CodeState::Unknown),
        (200, r#"{"message":"accepted"}"#, "malformed", "-", CodeState::Unknown),
    ]);
}

#[test]
fn a_refusal_leaves_the_code_intact_whatever_its_envelope() {
    for status in [400, 401, 403, 404, 429] {
        for body in [
            r#"{"statusCode":0,"error":"x","message":"Enrollment not found."}"#,
            r#"{"statusCode":0,"error":"x","message":"m","errorCode":"something_new"}"#,
            r#"{"error":"access_denied","error_description":"Service not enabled within domain: x"}"#,
            r#"{"error":"invalid_grant","error_description":"MFA Authorization rejected."}"#,
            r#"{"error":"too_many_attempts"}"#,
            r#"{"message":"m"}"#,
            r#"{"code":"c"}"#,
        ] {
            assert_rows(&[(status, body, "api", "-", CodeState::Intact)]);
        }
    }
}

#[test]
fn any_other_error_and_what_is_no_error_of_auth0_leave_the_code_unknown() {
    let error = r#"{"statusCode":0,"error":"x","message":"m"}"#;
    for status in [200, 302, 402, 408, 409, 422, 500, 503] {
        assert_rows(&[(status, error, "api", "-", CodeState::Unknown)]);
    }
    assert_rows(&[
        (401, "<html>", "malformed", "-", CodeState::Unknown),
        (403, "", "malformed", "-", CodeState::Unknown),
        (404, "{}", "malformed", "-", CodeState::Unknown),
        (429, "Too many requests", "malformed", "-", CodeState::Unknown),
        (403, r#"{"error":"Forbidd"#, "malformed", "-", CodeState::Unknown),
        (307, "", "malformed", "-", CodeState::Unknown),
        (502, "<html>", "in doubt", "-", CodeState::Unknown),
        (500, r#"{"message":"m"}"#, "in doubt", "-", CodeState::Unknown),
    ]);
}

#[test]
fn a_new_code_beside_an_error_is_given_and_leaves_the_old_one_unknown() {
    for status in [200, 400, 401, 403, 404, 429, 500] {
        assert_rows(&[
            (status, r#"{"error":"x","recovery_code":"NEW"}"#, "api", "NEW", CodeState::Unknown),
            (status, r#"{"error":"x","data":{"recovery_code":"NEW"}}"#, "api", "NEW", CodeState::Unknown),
            (status, r#"{"error":"x","recovery_code":["NEW"]}"#, "api", r#"?["NEW"]"#, CodeState::Unknown),
        ]);
    }
    // The same for a code that was sent.
    let body = r#"{"error":"expired_token","recovery_code":"NEW"}"#;
    let error = answer(verify_with_recovery_code(), 401, body).unwrap_err();
    assert_eq!(
        (shown(error.new_code().unwrap()), error.code_state()),
        ("NEW".to_owned(), CodeState::Unknown)
    );
}

#[test]
fn what_was_not_sent_leaves_the_code_intact_and_what_was_lost_leaves_it_unknown() {
    let (code, state) = regenerated(sent(regenerate_recovery_code()).not_sent("refused"));
    assert_eq!((code.as_str(), state), ("-", CodeState::Intact));
    let (code, state) = regenerated(sent(regenerate_recovery_code()).lost("reset", None));
    assert_eq!((code.as_str(), state), ("-", CodeState::Unknown));
    let cut = Some(reply(200, br#"{"recovery_code":"NEW","x":"#));
    let (code, state) = regenerated(sent(regenerate_recovery_code()).lost("reset", cut));
    assert_eq!((code.as_str(), state), ("NEW", CodeState::Spent));
}

#[test]
fn an_earlier_sending_in_doubt_is_settled_by_a_new_code_only() {
    let doubtful = || regenerate_recovery_code().earlier_sending_in_doubt();
    let refused = r#"{"statusCode":404,"error":"Not Found","message":"Enrollment not found."}"#;
    let error = answer(doubtful(), 404, refused).unwrap_err();
    assert_eq!(error.code_state(), CodeState::Unknown);
    let (call, new_code): (RegenerateRecoveryCode, NewCode) = error.into_in_doubt().unwrap().into_parts();
    assert!(!new_code.is_returned() && !Salvaged::is_returned(&new_code));
    let (code, state) = regenerated(answer(call, 200, r#"{"recovery_code":"NEW"}"#));
    assert_eq!((code.as_str(), state), ("NEW", CodeState::Spent));
    assert_eq!(regenerated(sent(doubtful()).not_sent("refused")).1, CodeState::Unknown);
}

#[test]
fn a_code_that_repeats_nothing_that_was_sent_is_a_new_one_wherever_it_stands() {
    let old = crate::support::OLD_CODE;
    let body = format!(r#"{{"user":{{"recovery_code":"{old}"}}}}"#);
    assert_eq!(after(200, &body).1, old, "no code was sent, so that none can be repeated");
}
