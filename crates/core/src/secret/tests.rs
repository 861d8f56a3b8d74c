use super::*;

#[test]
fn a_bearer_value_is_visible_ascii() {
    for refused in ["", "two words", "tab\there", "line\n", "t\u{f6}ken", "nul\0"] {
        let error = MfaToken::parse(refused).expect_err("must be refused");
        assert_eq!(error.field(), "mfa_token");
    }
    assert_eq!(MfaToken::parse("Fe26.2*1*~!#").expect("is visible ASCII").expose(), "Fe26.2*1*~!#");
}

#[test]
fn an_otp_keeps_its_leading_zero_and_loses_white_space() {
    assert_eq!(Otp::parse(" 012 345\n").expect("is an OTP").expose(), "012345");
    assert!(Otp::parse(" \t ").is_err());
}

#[test]
fn debug_shows_the_type_and_not_the_value() {
    assert_eq!(
        format!("{:#?}", ClientSecret::parse("CANARY").expect("is not empty")),
        "ClientSecret([redacted])"
    );
}
