//! Values that are refused when they are made, for any text.

use auth0_mfa_core::{
    AccessToken, Application, AuthenticationMethodId, AuthenticatorId, Bearer, CallOptions, ClientAuth,
    ClientId, ClientSecret, DeleteAuthenticationMethod, Domain, GuardianFactorName, MfaApiToken, MfaToken,
    Otp, RecoveryCode, UserId, begin,
};
use proptest::prelude::*;

use crate::calls::management_token;
use crate::support::{cases, public_application, verify_with_recovery_code};

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[ -~\t\r\n]{0,30}", "[0-9a-zA-Z \u{2010}-\u{2015}-]{20,32}"]
}

fn like_a_domain() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        2 => "[a-zA-Z0-9.:/@?#%+\\[\\]\\\\_ -]{0,20}",
        3 => "(https?://)?(localhost|127\\.0\\.0\\.[0-9]{1,3}|\\[::1\\]|[a-z-]{1,6}(\\.[a-zA-Z0-9]{1,4}){1,2})(:[+0-9]{0,6})?/?",
    ]
}

proptest! {
    #![proptest_config(cases(900))]

    #[test]
    fn a_bearer_value_is_taken_as_it_is_when_it_is_visible_ascii(text in any_text()) {
        let proper = !text.is_empty() && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        prop_assert_eq!(MfaToken::parse(text.as_str()).is_ok(), proper);
        prop_assert_eq!(AccessToken::parse(text.as_str()).is_ok(), proper);
        if let Ok(token) = MfaToken::parse(text.as_str()) {
            prop_assert_eq!(token.expose(), text.as_str());
            let bearer = Bearer::from(MfaApiToken::try_from(&AccessToken::parse(text.as_str()).unwrap()).unwrap());
            prop_assert_eq!(bearer.expose(), text.as_str());
        }
    }

    #[test]
    fn an_identifier_and_a_client_secret_are_taken_as_they_are_unless_empty(text in any_text()) {
        let (id, secret) = (ClientId::parse(text.as_str()), ClientSecret::parse(text.as_str()));
        prop_assert_eq!(id.as_ref().map(ClientId::as_str).ok(), Some(text.as_str()).filter(|it| !it.is_empty()));
        prop_assert_eq!(secret.as_ref().map(ClientSecret::expose).ok(), Some(text.as_str()).filter(|it| !it.is_empty()));
    }

    #[test]
    fn a_one_time_password_is_what_was_typed_without_white_space(text in any_text()) {
        let kept: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let otp = Otp::parse(&text);
        prop_assert_eq!(otp.as_ref().map(Otp::expose).ok(), Some(kept.as_str()).filter(|it| !it.is_empty()));
    }

    #[test]
    fn a_recovery_code_is_what_was_typed_or_its_usual_form(text in any_text()) {
        let Ok(code) = RecoveryCode::parse(&text) else {
            prop_assert!(text.trim().is_empty());
            return Ok(());
        };
        let usual = code.expose().len() == 24
            && code.expose().bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        prop_assert!(usual || code.expose() == text.trim());
        let again = RecoveryCode::parse(code.expose()).unwrap();
        prop_assert_eq!(again.expose(), code.expose());
        if code.looks_complete() {
            let letters = |text: &str| text.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect::<String>();
            prop_assert_eq!(letters(&text), letters(code.expose()));
        }
    }

    #[test]
    fn a_domain_is_an_origin_that_a_request_can_go_to(text in like_a_domain()) {
        let Ok(domain) = Domain::parse(&text) else { return Ok(()) };
        let origin = domain.to_string();
        prop_assert_eq!(&Domain::parse(&origin).unwrap(), &domain);
        prop_assert!(origin.starts_with("https://") || (origin.starts_with("http://") && domain.is_loopback()));
        if let Some((_, port)) = domain.authority().rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            prop_assert!(port.bytes().all(|byte| byte.is_ascii_digit()), "{}", origin);
        }
        let application = Application::new(domain, ClientId::parse("id").unwrap(), ClientAuth::None);
        let (request, _) = begin(verify_with_recovery_code(), &application, CallOptions::default());
        prop_assert_eq!(request.uri().to_string(), origin + "/oauth/token");
    }
}

#[test]
fn an_identifier_that_no_path_can_hold_is_refused() {
    let refused = |length: usize| {
        let text = "\u{e9}".repeat(length);
        [
            UserId::parse(text.as_str()).is_err(),
            AuthenticatorId::parse(text.as_str()).is_err(),
            AuthenticationMethodId::parse(text.as_str()).is_err(),
            GuardianFactorName::parse(text.as_str()).is_err(),
        ]
    };
    let longest = 512;
    assert_eq!((refused(longest), refused(longest + 1)), ([false; 4], [true; 4]));

    let text = "\u{e9}".repeat(longest);
    let (user, method) =
        (UserId::parse(text.as_str()).unwrap(), AuthenticationMethodId::parse(text).unwrap());
    let call = DeleteAuthenticationMethod::new(management_token("t"), user, method);
    let (request, _) = begin(call, &public_application(), CallOptions::default());
    assert_eq!(request.uri().host(), Some("tenant.eu.auth0.com"), "two of the longest fit into one path");
}
