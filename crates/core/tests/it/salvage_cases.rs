//! Salvage where replies are stranger than a cut.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    AccessToken, AddAuthenticator, Association, AuthenticatorAdded, BarcodeUri, Body, CodeState, NewCode,
    NewCodes, OobCode, OtpSecret, RecoveryCode, RecoveryCodeAccepted, RecoveryCodeRegenerated,
    RegenerateRecoveryCode, TokenSet, VerifyWithRecoveryCode,
};
use http::Response;
use zeroize::Zeroizing;

use crate::support::{
    OLD_CODE, add_authenticator, add_authenticators, answer, recovered, regenerate_recovery_code,
    regenerated, reply, sent, shown, verify_with_recovery_code,
};

fn salvaged(status: u16, body: &str) -> String {
    recovered(answer(verify_with_recovery_code(), status, body)).0
}

fn salvaged_of_a_cut(body: &str) -> (String, CodeState) {
    recovered(sent(verify_with_recovery_code()).lost("cut", Some(reply(200, body.as_bytes()))))
}

fn codes_of_a_cut(body: &str) -> Vec<String> {
    let error = sent(add_authenticator()).lost("cut", Some(reply(200, body.as_bytes()))).unwrap_err();
    error.new_code().unwrap().iter().map(shown).collect()
}

#[test]
fn every_failure_with_a_2xx_carries_the_code() {
    for body in [
        r#"{"error":"server_error","recovery_code":"NEW"}"#,
        r#"{"access_token":7,"recovery_code":"NEW"}"#,
        r#"{"recovery_code":"NEW"}"#,
        r#"[{"recovery_code":"NEW"}]"#,
        r#"{"status":"ok","data":{"access_token":"T","recovery_code":"NEW"}}"#,
        r#"<pre>{"access_token":"T","recovery_code":"NEW"}</pre>"#,
        "{\"access_token\":\"\u{0}\",\"recovery_code\":\"NEW\"}",
        r#"{"access_token":"T","recovery_code":"NEW","expires_in":0600}"#,
    ] {
        for status in [200, 201, 203, 206] {
            assert_eq!(salvaged(status, body), "NEW", "{status} {body}");
        }
    }
}

#[test]
fn bytes_that_are_not_text_cost_no_code() {
    let body = b"\xef\xbb\xbf{\"access_token\":\"\xff\xfe\",\"scope\":\"\xc3\",\"recovery_code\":\"NEW\",\"x\":\"\xe2\x82";
    let outcome = sent(verify_with_recovery_code()).answered(reply(200, body));
    assert_eq!(recovered(outcome), ("NEW".to_owned(), CodeState::Spent));
}

#[test]
fn a_code_with_bytes_that_are_not_text_is_kept_for_a_person() {
    let body = b"{\"access_token\":\"T\",\"recovery_code\":\"N\xffW\"}";
    let (code, _) = recovered(sent(verify_with_recovery_code()).answered(reply(200, body)));
    assert_eq!(code, "?\"N\u{fffd}W\"");
}

#[test]
fn the_top_level_counts_before_what_is_nested_even_when_it_is_cut() {
    let (code, _) = salvaged_of_a_cut(r#"{"user":{"recovery_code":"OTHER"},"recovery_code":"NE"#);
    assert_eq!(code, "-", "the code that was issued is cut off; the other is not it");

    let body = r#"{"user":{"recovery_codes":["OTHER"]},"recovery_codes":["NEW","CU"#;
    assert_eq!(codes_of_a_cut(body), ["NEW"]);
    let body = r#"{"user":{"recovery_codes":["OTHER"]},"recovery\u005fcodes" : [ "NEW" , "CU"#;
    assert_eq!(codes_of_a_cut(body), ["NEW"]);
}

#[test]
fn a_field_that_says_nothing_hides_no_code() {
    for body in [
        r#"{"recovery_code":null,"data":{"recovery_code":"NEW"}}"#,
        r#"{"recovery_code":"NEW","recovery_code":null}"#,
        r#"{"recovery_code":"NEW","recovery_code":""}"#,
        r#"[{"recovery_code":null},{"recovery_code":"NEW"}]"#,
        r#"{"recovery_code":null,"a":soon,"recovery_code":"NEW"}"#,
    ] {
        assert_eq!(salvaged(200, body), "NEW", "{body}");
    }
}

#[test]
fn what_repeats_the_request_is_no_new_code() {
    let echo = format!(r#"{{"error":"invalid_request","sent":{{"recovery_code":"{OLD_CODE}"}}}}"#);
    for status in [400, 422, 500] {
        assert_eq!(salvaged(status, &echo), "-", "{status}");
    }
}

#[test]
fn a_reply_of_nested_fields_is_not_multiplied() {
    // 256 KiB, the cap of a reply: every value holds all of those behind it.
    let depth = 13_000;
    let nested = format!("!{}1{}", r#"{"recovery_code":"#.repeat(depth), "}".repeat(depth));
    let (code, _) = recovered(answer(verify_with_recovery_code(), 200, &nested));
    assert!(code.len() <= nested.len() + 3, "{} bytes out of {}", code.len(), nested.len());
}

#[test]
fn a_reply_of_nested_fields_that_never_ends_is_given_up() {
    let begun = r#"{"recovery_code":"#.repeat(13_000);
    for end in ["", "!"] {
        assert_eq!(salvaged(200, &format!("{begun}{end}")), "-");
    }
}

const NEW_CODE: &str = "FAKENEXTCODE111111111111";

fn issued() -> NewCode {
    NewCode::Issued(RecoveryCode::verbatim(NEW_CODE))
}

/// The new code exactly when a reply that was cut at any byte has all of it.
fn is_given_when_whole(written: &Response<Body>, read: impl Fn(&[u8]) -> String) {
    let bytes = written.body().expose();
    let text = std::str::from_utf8(bytes).unwrap();
    let whole = text.find(NEW_CODE).unwrap() + NEW_CODE.len() + 1;
    for cut in 0..=bytes.len() {
        let expected = if cut < whole { "-" } else { NEW_CODE };
        assert_eq!(read(&bytes[..cut]), expected, "cut at {cut} of {text}");
    }
}

#[test]
fn the_code_of_a_recovery_as_auth0_writes_it_is_given_once_it_is_whole() {
    let mut tokens = TokenSet::new(AccessToken::parse("eyJ.fake").unwrap());
    tokens.token_type = Some("Bearer".to_owned());
    let written = VerifyWithRecoveryCode::write_reply(&RecoveryCodeAccepted::new(tokens, issued()));
    is_given_when_whole(&written, |bytes| {
        recovered(sent(verify_with_recovery_code()).lost("cut", Some(reply(200, bytes)))).0
    });
}

#[test]
fn the_code_of_a_regeneration_as_auth0_writes_it_is_given_once_it_is_whole() {
    let written = RegenerateRecoveryCode::write_reply(&RecoveryCodeRegenerated::new(issued()));
    is_given_when_whole(&written, |bytes| {
        regenerated(sent(regenerate_recovery_code()).lost("cut", Some(reply(200, bytes)))).0
    });
}

#[test]
fn the_code_of_every_association_as_auth0_writes_it_is_given_once_it_is_whole() {
    let _secret = |text: &str| Zeroizing::new(text.to_owned());
    let barcode = || BarcodeUri::from("otpauth://totp/fake".to_owned());
    let oob = |channel: &str, binding_method: Option<&str>| {
        let mut association = Association::oob(channel, OobCode::parse("Fe26.2*OOB").unwrap());
        association.binding_method = binding_method.map(str::to_owned);
        association
    };
    let mut push = oob("auth0", None);
    push.barcode_uri = Some(barcode());
    let mut associations = vec![
        Association::otp(OtpSecret::from("FAKESECRET".to_owned()), barcode()),
        oob("sms", Some("prompt")),
        oob("voice", Some("prompt")),
        oob("email", Some("prompt")),
        oob("email", Some("prompt")),
        push,
    ];
    for which in (0..add_authenticators().len()).rev() {
        let new_codes: NewCodes = [issued()].into_iter().collect();
        let written = AuthenticatorAdded::new(associations.pop().unwrap(), new_codes);
        is_given_when_whole(&AddAuthenticator::write_reply(&written), |bytes| {
            let call = add_authenticators().into_iter().nth(which).unwrap();
            let mut codes = match sent(call).lost("cut", Some(reply(200, bytes))) {
                Ok(added) => added.into_parts().1,
                Err(mut error) => error.take_new_code(),
            }
            .into_iter();
            codes.next().map_or_else(|| "-".to_owned(), |code| shown(&code))
        });
    }
}
