//! What a reply means: first match wins, by `error` and not by status. One row, one reply.

use auth0_mfa_core::{CodeState, ErrorCode, FirstFactor};

use crate::support::{
    add_authenticator, answer, kind, list_authenticators, password_grant, reply, sent, verify_with_otp,
    verify_with_recovery_code,
};

const HTML: &str = "<html><body>Too many requests</body></html>";

/// The kind of outcome, and the state of the code.
fn meaning(status: u16, body: &str) -> (&'static str, CodeState) {
    let outcome = answer(verify_with_recovery_code(), status, body);
    (kind(&outcome), outcome.map_or_else(|error| error.code_state(), |_| CodeState::Spent))
}

fn assert_rows(rows: &[(u16, &str, &'static str, CodeState)]) {
    for (status, body, kind, state) in rows {
        assert_eq!(meaning(*status, body), (*kind, *state), "{status} {body}");
    }
}

fn error(code: &str, description: &str) -> String {
    format!(r#"{{"error":"{code}","error_description":"{description}"}}"#)
}

#[test]
fn a_success() {
    assert_rows(&[
        (200, r#"{"access_token":"T","recovery_code":"NEW"}"#, "ok", CodeState::Spent),
        (200, r#"{"access_token":"T"}"#, "ok", CodeState::Spent),
        (201, r#"{"access_token":"T","expires_in":"soon","token_type":7}"#, "ok", CodeState::Spent),
        // A reply with an access token is no error.
        (200, r#"{"access_token":"T","error":"odd"}"#, "ok", CodeState::Spent),
        (200, r#"{"access_token":"T","error":null}"#, "ok", CodeState::Spent),
    ]);
}

#[test]
fn a_2xx_that_begins_what_only_a_success_has_has_spent_the_code() {
    assert_rows(&[
        (200, r#"{"success":true,"scope":"openid","toke"#, "malformed", CodeState::Spent),
        (200, r#"[{"recovery_code":"NEW"}]"#, "malformed", CodeState::Spent),
        (200, r#"{"data":{"recovery_code":"NEW"}}"#, "malformed", CodeState::Spent),
        (200, r#"{"token_type":"Bearer"}"#, "malformed", CodeState::Spent),
        (200, r#"{"access_token":""}"#, "malformed", CodeState::Spent),
        (200, r#"{"access_token":["T"]}"#, "malformed", CodeState::Spent),
        (200, r#"{"recovery_code":"NEW","access_to"#, "malformed", CodeState::Spent),
        (200, r#"{"access_token":"T"#, "malformed", CodeState::Spent),
        (200, r#"{"access_token":"T","error":"odd","sco"#, "malformed", CodeState::Spent),
        (200, r#"{"error":null,"access_token":"T","sco"#, "malformed", CodeState::Spent),
        (200, r#"{"error":null,"recovery_code":"NEW","acc"#, "malformed", CodeState::Spent),
        (200, r#"{"error":null,"recovery_code":"NEW"}"#, "malformed", CodeState::Spent),
        (206, r#"{"access_token":"T","sco"#, "malformed", CodeState::Spent),
    ]);
}

#[test]
fn a_2xx_that_shows_nothing_leaves_the_code_unknown() {
    assert_rows(&[
        (200, "", "malformed", CodeState::Unknown),
        (204, "", "malformed", CodeState::Unknown),
        (200, HTML, "malformed", CodeState::Unknown),
        (200, "null", "malformed", CodeState::Unknown),
        (200, "[]", "malformed", CodeState::Unknown),
        (200, r#"[{"access_token":"T"}]"#, "malformed", CodeState::Unknown),
        (200, "true", "malformed", CodeState::Unknown),
        (200, "OK", "malformed", CodeState::Unknown),
        (200, "{}", "malformed", CodeState::Unknown),
        (200, r#"{"success":false,"incident":"1"}"#, "malformed", CodeState::Unknown),
        (202, r#"{"status":"pending"}"#, "malformed", CodeState::Unknown),
        (200, r#"{"data":{"error":"invalid_grant"}}"#, "malformed", CodeState::Unknown),
        (200, "{", "malformed", CodeState::Unknown),
        (200, r#"{"acc"#, "malformed", CodeState::Unknown),
    ]);
}

#[test]
fn a_2xx_that_began_an_error_and_was_cut_leaves_the_code_unknown() {
    for begun in [
        r#"{"error":"invalid_gr"#,
        r#"{"error":nul"#,
        r#"{"access_token":null,"error":"invalid_gr"#,
        r#"{"error":"invalid_grant","access_token":nul"#,
        r#"{"error_description":"MFA Authorization rejected.","#,
        r#"{"error_uri":"https://"#,
        r#"{"statusCode":403,"err"#,
        r#"{"code":"inva"#,
        r#"{"name":"Error","#,
        r#"{"message":"m"#,
        r#"{"description":{"#,
        r#"{"validation_errors":["#,
        r#"{"mfa_token":"Fe26.2*","err"#,
        r#"{"mfa_requirements":{"#,
    ] {
        assert_rows(&[(200, begun, "malformed", CodeState::Unknown)]);
    }
}

#[test]
fn an_error_means_the_same_at_any_status() {
    for status in [200, 302, 400, 401, 403, 404, 429, 500, 502, 503] {
        assert_rows(&[
            (status, &error("invalid_grant", "MFA Authorization rejected."), "api", CodeState::NotAccepted),
            (status, &error("expired_token", "mfa_token is expired"), "api", CodeState::Intact),
            (status, &error("too_many_attempts", "blocked"), "api", CodeState::Unknown),
            (status, r#"{"error":"something_new"}"#, "api", CodeState::Unknown),
            (status, r#"{"error":""}"#, "api", CodeState::Unknown),
            (status, r#"{"error":{"x":1}}"#, "api", CodeState::Unknown),
        ]);
    }
}

#[test]
fn an_error_before_the_code_was_looked_at_leaves_it_intact() {
    for (code, description) in [
        ("expired_token", "mfa_token is expired"),
        ("invalid_grant", "Malformed mfa_token"),
        ("invalid_grant", "  malformed MFA_TOKEN.  "),
        ("invalid_grant", "The mfa_token provided is invalid. Try getting a new token."),
        ("invalid_client", "Client authentication failed"),
        ("access_denied", "Unauthorized"),
        ("unauthorized_client", "Grant type 'x' not allowed for the client."),
        ("invalid_request", "Missing required parameter: recovery_code"),
        ("invalid_request", "mfa_token not issued to this client"),
        ("use_dpop_nonce", "Authorization server requires nonce in DPoP proof"),
        ("too_many_requests", "Rate limit exceeded."),
    ] {
        assert_rows(&[(403, &error(code, description), "api", CodeState::Intact)]);
    }
}

#[test]
fn a_rejection_is_not_accepted_and_any_other_error_is_unknown() {
    for (code, description, state) in [
        ("invalid_grant", "MFA Authorization rejected.", CodeState::NotAccepted),
        ("invalid_grant", "mfa authorization rejected", CodeState::NotAccepted),
        ("invalid_grant", "", CodeState::Unknown),
        ("invalid_grant", "Wrong email or password.", CodeState::Unknown),
        ("access_denied", "MFA Authorization rejected.", CodeState::Unknown),
        ("access_denied", "User is already enrolled.", CodeState::Unknown),
        ("unauthorized", "user is blocked", CodeState::Unknown),
        ("too_many_attempts", "", CodeState::Unknown),
        ("mfa_required", "", CodeState::Unknown),
        ("server_error", "", CodeState::Unknown),
    ] {
        assert_rows(&[(403, &error(code, description), "api", state)]);
    }
    assert_rows(&[(403, r#"{"error":"invalid_grant"}"#, "api", CodeState::Unknown)]);
}

#[test]
fn what_is_no_answer_of_auth0_leaves_the_code_unknown() {
    assert_rows(&[
        (302, "", "malformed", CodeState::Unknown),
        (307, HTML, "malformed", CodeState::Unknown),
        (304, r#"{"access_token":"T","recovery_code":"NEW"}"#, "malformed", CodeState::Unknown),
        (400, "", "malformed", CodeState::Unknown),
        (403, HTML, "malformed", CodeState::Unknown),
        (403, "null", "malformed", CodeState::Unknown),
        (403, "[]", "malformed", CodeState::Unknown),
        (403, "{}", "malformed", CodeState::Unknown),
        (403, r#"{"error":null}"#, "malformed", CodeState::Unknown),
        (403, r#"{"error":"invalid_client","error_descr"#, "malformed", CodeState::Unknown),
        (429, HTML, "malformed", CodeState::Unknown),
        (429, "Too Many Requests", "malformed", CodeState::Unknown),
        (101, "", "malformed", CodeState::Unknown),
        (600, "", "malformed", CodeState::Unknown),
    ]);
}

#[test]
fn a_gateway_that_spoke_leaves_the_call_in_doubt() {
    assert_rows(&[
        (500, "", "in doubt", CodeState::Unknown),
        (502, HTML, "in doubt", CodeState::Unknown),
        (503, r#"{"message":"Service Unavailable"}"#, "in doubt", CodeState::Unknown),
        (504, "null", "in doubt", CodeState::Unknown),
        (500, r#"{"access_token":"T","recovery_code":"NEW"}"#, "in doubt", CodeState::Unknown),
        (503, &error("invalid_client", "")[..20], "in doubt", CodeState::Unknown),
    ]);
}

#[test]
fn each_envelope_of_an_error_is_understood() {
    for (status, body, code, description) in [
        (403, r#"{"error":"invalid_grant","error_description":"No."}"#, "invalid_grant", Some("No.")),
        (
            400,
            r#"{"error":"invalid_request","error_description":"d","error_uri":"u"}"#,
            "invalid_request",
            Some("d"),
        ),
        (403, r#"{"error":"mfa_required"}"#, "mfa_required", None),
        (
            403,
            r#"{"error":"mfa_required","error_description":"d","mfa_token":"t"}"#,
            "mfa_required",
            Some("d"),
        ),
        (
            400,
            r#"{"error":"invalid_request","error_description":"d","validation_errors":[{"field":"f","message":"m"}]}"#,
            "invalid_request",
            Some("d"),
        ),
        (
            403,
            r#"{"statusCode":403,"error":"access_denied","error_description":"d"}"#,
            "access_denied",
            Some("d"),
        ),
        (
            429,
            r#"{"statusCode":429,"error":"Too Many Requests","message":"m","errorCode":"too_many_requests"}"#,
            "too_many_requests",
            Some("m"),
        ),
        (401, r#"{"statusCode":401,"error":"Unauthorized","message":"m"}"#, "Unauthorized", Some("m")),
        (400, r#"{"name":"N","code":"c","description":"d","statusCode":400}"#, "c", Some("d")),
        (400, r#"{"name":"N","code":"c","description":{"rules":[]}}"#, "c", Some(r#"{"rules":[]}"#)),
        (400, r#"{"code":"c","error":"e"}"#, "e", None),
        (400, r#"{"error":"e","message":"m"}"#, "e", Some("m")),
    ] {
        let error = answer(verify_with_otp(), status, body).unwrap_err();
        let error = error.api_error().unwrap_or_else(|| panic!("{body} is an error"));
        assert_eq!((error.code().as_str(), error.description()), (code, description), "{body}");
        assert_eq!(error.status().as_u16(), status);
    }
}

#[test]
fn the_other_calls_are_read_by_the_same_rules() {
    let rejected = error("invalid_grant", "Wrong email or password.");
    for (status, body, expected) in [
        (403, rejected.as_str(), "api"),
        (200, rejected.as_str(), "api"),
        (502, HTML, "in doubt"),
        (429, HTML, "malformed"),
        (302, "", "malformed"),
        (200, HTML, "malformed"),
        (204, "", "malformed"),
        (200, "null", "malformed"),
    ] {
        assert_eq!(kind(&answer(password_grant(), status, body)), expected, "{status} {body}");
        assert_eq!(kind(&answer(verify_with_otp(), status, body)), expected, "{status} {body}");
        assert_eq!(kind(&answer(add_authenticator(), status, body)), expected, "{status} {body}");
        assert_eq!(kind(&answer(list_authenticators(), status, body)), expected, "{status} {body}");
    }
}

#[test]
fn mfa_required_is_the_success_of_a_first_factor_at_any_status() {
    for status in [200, 400, 401, 403] {
        let body = r#"{"error":"mfa_required","mfa_token":"Fe26.2*NEXT"}"#;
        match answer(password_grant(), status, body).unwrap() {
            FirstFactor::MfaRequired(mfa) => assert_eq!(mfa.mfa_token().expose(), "Fe26.2*NEXT"),
            FirstFactor::Tokens(_) => panic!("MFA was required"),
        }
    }
    let without_a_token = answer(password_grant(), 403, r#"{"error":"mfa_required"}"#).unwrap_err();
    assert_eq!(without_a_token.api_error().unwrap().code(), &ErrorCode::MfaRequired);
}

#[test]
fn no_reply_is_in_doubt_unless_nothing_was_sent() {
    let error = sent(verify_with_recovery_code()).lost("reset", None).unwrap_err();
    assert_eq!((error.code_state(), error.status()), (CodeState::Unknown, None));
    assert!(matches!(error, auth0_mfa_core::CallError::InDoubt(_)));

    let error = sent(verify_with_recovery_code()).not_sent("refused").unwrap_err();
    assert_eq!((error.code_state(), error.status()), (CodeState::Intact, None));
    assert!(matches!(error, auth0_mfa_core::CallError::NotSent(_)));
}

#[test]
fn the_end_of_a_reply_that_was_not_seen_changes_nothing_behind_a_whole_object() {
    let body = br#"{"access_token":"T","recovery_code":"NEW"}"#;
    let outcome = sent(verify_with_recovery_code()).lost("reset", Some(reply(200, body)));
    assert_eq!(outcome.unwrap().into_parts().1.issued().unwrap().expose(), "NEW");
}
