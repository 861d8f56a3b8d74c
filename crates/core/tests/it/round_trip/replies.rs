//! Replies of the authentication API and of the MFA API: every field that a server writes, the client reads.

use std::time::Duration;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    AccessToken, AddAuthenticator, Association, Authenticator, AuthenticatorAdded, AuthenticatorId,
    Authenticators, BarcodeUri, Challenge, DeleteAuthenticator, Deleted, FactorAccepted, FirstFactor,
    IdToken, ListAuthenticators, MfaApiTokenGrant, MfaRequired, MfaRequirements, NewCode, NewCodes, OobCode,
    OtpSecret, PasswordGrant, PasswordRealmGrant, RecoveryCode, RecoveryCodeAccepted, RefreshToken,
    RefreshTokenGrant, RequestChallenge, TokenSet, VerifyWithOob, VerifyWithOtp, VerifyWithRecoveryCode,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::{identifier, parameter, visible};
use crate::calls::{self, Make};
use crate::support::{cases, delivered, sent, shown, verify_with_recovery_code};

/// What a server writes, read by the call that it is for.
pub(super) fn answered<C: Serve>(make: Make<C>, written: &C::Output) -> C::Output {
    let reply = C::write_reply(written);
    sent(make("fake")).answered(delivered(&reply)).unwrap_or_else(|error| panic!("{error}"))
}

fn token_set() -> impl Strategy<Value = TokenSet> {
    let words = (option::of("\\PC{0,12}"), option::of(any::<u64>()), option::of(any::<String>()));
    let tokens = (option::of(any::<String>()), option::of(any::<String>()));
    (visible(), words, tokens).prop_map(|(access_token, (token_type, life, scope), (id, refresh))| {
        let mut tokens = TokenSet::new(AccessToken::parse(access_token).unwrap());
        tokens.token_type = token_type;
        tokens.expires_in = life.map(Duration::from_secs);
        tokens.scope = scope;
        tokens.id_token = id.map(IdToken::from);
        tokens.refresh_token = refresh.map(RefreshToken::from);
        tokens
    })
}

/// Every field of a token set, for comparison.
fn parts(tokens: &TokenSet) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        tokens.access_token.expose().to_owned(),
        (tokens.token_type.clone(), tokens.expires_in, tokens.scope.clone()),
        tokens.id_token.as_ref().map(|token| token.expose().to_owned()),
        tokens.refresh_token.as_ref().map(|token| token.expose().to_owned()),
    )
}

/// A code that a server can issue: some text, without the mark of bytes that could not be read.
pub(super) fn new_code() -> impl Strategy<Value = Option<String>> {
    let is_code = |code: &String| !code.is_empty() && !code.contains(char::REPLACEMENT_CHARACTER);
    option::of(prop_oneof!["[A-Z0-9]{24}", any::<String>()].prop_filter("is no code", is_code))
}

pub(super) fn issued(code: Option<&String>) -> NewCode {
    code.map_or(NewCode::NotReturned, |code| NewCode::Issued(RecoveryCode::verbatim(code.as_str())))
}

fn authenticator() -> impl Strategy<Value = Authenticator> {
    let words = (vec(any::<String>(), 0..3), option::of(any::<String>()), option::of(any::<String>()));
    let id = prop_oneof![identifier(), any::<String>()];
    (id, any::<String>(), option::of(any::<bool>()), words).prop_map(
        |(id, authenticator_type, active, (channels, name, r#type))| {
            let mut authenticator = Authenticator::new(AuthenticatorId::parse(id).ok(), authenticator_type);
            authenticator.active = active;
            authenticator.oob_channels = channels;
            // No channel is said twice.
            authenticator.oob_channels.dedup();
            authenticator.name = name;
            authenticator.r#type = r#type;
            authenticator
        },
    )
}

/// Every field of an authenticator, for comparison.
fn fields(it: &Authenticator) -> impl PartialEq + std::fmt::Debug + use<> {
    let Authenticator { id, authenticator_type, active, oob_channels, name, r#type, .. } = it.clone();
    (id, authenticator_type, active, oob_channels, name, r#type)
}

/// A whole number of seconds.
fn seconds() -> impl Strategy<Value = Option<Duration>> {
    option::of(any::<u64>().prop_map(Duration::from_secs))
}

fn challenge() -> impl Strategy<Value = Challenge> {
    let out_of_band = (parameter(), option::of(any::<String>())).prop_map(|(code, binding_method)| {
        let mut challenge = Challenge::oob(OobCode::parse(code).unwrap());
        challenge.binding_method = binding_method;
        challenge
    });
    let kind = prop_oneof![Just(()).prop_map(|()| Challenge::otp()), out_of_band];
    (kind, seconds(), seconds()).prop_map(|(mut challenge, expires_in, interval)| {
        challenge.expires_in = expires_in;
        challenge.interval = interval;
        challenge
    })
}

/// Every field of an association, for comparison.
fn parts_of(it: &Association) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (it.authenticator_type.clone(), it.oob_channel.clone(), it.binding_method.clone(), it.id.clone()),
        it.secret.as_ref().map(|secret| secret.expose().to_owned()),
        it.barcode_uri.as_ref().map(|uri| uri.expose().to_owned()),
        it.oob_code.as_ref().map(|code| code.expose().to_owned()),
    )
}

/// Of an app, of a message, or of a push, which has a barcode too.
fn association() -> impl Strategy<Value = Association> {
    let text = || String::from("fake");
    let app = (any::<String>(), any::<String>())
        .prop_map(|(secret, uri)| Association::otp(OtpSecret::from(secret), BarcodeUri::from(uri)));
    let message = ("sms|voice|email|auth0|new", parameter(), option::of(any::<String>()), any::<bool>())
        .prop_map(move |(channel, code, binding_method, has_barcode)| {
            let mut association = Association::oob(channel, OobCode::parse(code).unwrap());
            association.binding_method = binding_method;
            association.barcode_uri = has_barcode.then(|| BarcodeUri::from(text()));
            association
        });
    (prop_oneof![app, message], option::of(any::<String>())).prop_map(|(mut association, id)| {
        association.id = id.and_then(|id| AuthenticatorId::parse(id).ok());
        association
    })
}

/// The tokens of a first factor, read by a call.
fn check_tokens<C: Serve<Output = FirstFactor>>(
    make: Make<C>,
    written: FirstFactor,
) -> Result<FirstFactor, TestCaseError> {
    let FirstFactor::Tokens(tokens) = &written else { return Err(TestCaseError::fail("tokens are written")) };
    let expected = parts(tokens);
    match answered(make, &written) {
        FirstFactor::Tokens(read) => prop_assert_eq!(parts(&read), expected),
        FirstFactor::MfaRequired(_) => prop_assert!(false, "tokens were written"),
    }
    Ok(written)
}

/// That MFA is required, read by a call.
fn check_mfa<C: Serve<Output = FirstFactor>>(
    make: Make<C>,
    written: &MfaRequired,
) -> Result<(), TestCaseError> {
    match answered(make, &FirstFactor::MfaRequired(written.clone())) {
        FirstFactor::MfaRequired(read) => {
            prop_assert_eq!(read.mfa_token().expose(), written.mfa_token().expose());
            prop_assert_eq!(read.requirements(), written.requirements());
        }
        FirstFactor::Tokens(_) => prop_assert!(false, "MFA was required"),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn the_reply_to_a_recovery_code(tokens in token_set(), code in new_code()) {
        let expected = parts(&tokens);
        let written = RecoveryCodeAccepted::new(tokens, issued(code.as_ref()));
        let reply = VerifyWithRecoveryCode::write_reply(&written);
        let read = sent(verify_with_recovery_code()).answered(delivered(&reply)).unwrap();
        let (tokens, new_code) = read.into_parts();
        prop_assert_eq!(parts(&tokens), expected);
        prop_assert_eq!(new_code.issued().map(|code| code.expose().to_owned()), code);
    }

    #[test]
    fn the_reply_to_another_second_factor(tokens in token_set(), code in new_code()) {
        let expected = (parts(&tokens), code.clone().unwrap_or_else(|| "-".to_owned()));
        let written = FactorAccepted::new(tokens).with_new_code(issued(code.as_ref()));
        let (tokens, new_code) = answered::<VerifyWithOtp>(calls::verify_with_otp, &written).into_parts();
        prop_assert_eq!(&(parts(&tokens), shown(&new_code)), &expected);
        let (tokens, new_code) = answered::<VerifyWithOob>(calls::verify_with_oob, &written).into_parts();
        prop_assert_eq!(&(parts(&tokens), shown(&new_code)), &expected);
    }

    #[test]
    fn the_tokens_of_a_first_factor(tokens in token_set()) {
        let written = FirstFactor::Tokens(tokens);
        let written = check_tokens::<PasswordGrant>(calls::password_grant, written)?;
        let written = check_tokens::<PasswordRealmGrant>(calls::password_realm_grant, written)?;
        let written = check_tokens::<RefreshTokenGrant>(calls::refresh_token_grant, written)?;
        check_tokens::<MfaApiTokenGrant>(calls::mfa_api_token_grant, written)?;
    }

    #[test]
    fn a_second_factor_that_is_asked_for(
        token in visible(), challenge in vec(any::<String>(), 0..3), enroll in vec(any::<String>(), 0..3),
        challenge_types in vec(any::<String>(), 0..3),
    ) {
        let mut requirements = MfaRequirements::default();
        requirements.challenge = challenge;
        requirements.enroll = enroll;
        requirements.challenge_types = challenge_types;
        let mfa = MfaRequired::new(calls::mfa_token(&token), requirements);
        check_mfa::<PasswordGrant>(calls::password_grant, &mfa)?;
        check_mfa::<PasswordRealmGrant>(calls::password_realm_grant, &mfa)?;
        check_mfa::<RefreshTokenGrant>(calls::refresh_token_grant, &mfa)?;
        check_mfa::<MfaApiTokenGrant>(calls::mfa_api_token_grant, &mfa)?;
    }

    #[test]
    fn the_list_of_authenticators(list in vec(authenticator(), 0..5)) {
        let written = Authenticators::from(list);
        let read = answered::<ListAuthenticators>(calls::list_authenticators, &written);
        let all = |list: &Authenticators| list.authenticators.iter().map(fields).collect::<Vec<_>>();
        prop_assert_eq!(all(&read), all(&written));
    }

    #[test]
    fn a_challenge(written in challenge()) {
        let read = answered::<RequestChallenge>(calls::request_challenge, &written);
        let code = |it: &Challenge| it.oob_code.as_ref().map(|code| code.expose().to_owned());
        prop_assert_eq!(&read.challenge_type, &written.challenge_type);
        prop_assert_eq!(code(&read), code(&written));
        prop_assert_eq!(&read.binding_method, &written.binding_method);
        prop_assert_eq!((read.expires_in, read.interval), (written.expires_in, written.interval));
        prop_assert_eq!(read.asks_for_binding_code(), written.binding_method.as_deref() == Some("prompt"));
    }

    #[test]
    fn an_authenticator_that_was_added(association in association(), codes in vec(new_code(), 0..3)) {
        let expected = parts_of(&association);
        let new_codes: NewCodes = codes.iter().flatten().map(|code| issued(Some(code))).collect();
        let written = AuthenticatorAdded::new(association, new_codes);
        let reply = AddAuthenticator::write_reply(&written);
        for call in crate::support::add_authenticators() {
            let (association, new_codes) = sent(call).answered(delivered(&reply)).unwrap().into_parts();
            prop_assert_eq!(&parts_of(&association), &expected);
            let read: Vec<String> = new_codes.iter().map(shown).collect();
            prop_assert_eq!(read, codes.iter().flatten().cloned().collect::<Vec<_>>());
        }
    }
}

#[test]
fn an_authenticator_that_was_deleted() {
    let reply = DeleteAuthenticator::write_reply(&Deleted::default());
    assert_eq!((reply.status().as_u16(), reply.body().len()), (204, 0));
    let _: Deleted = answered::<DeleteAuthenticator>(calls::delete_authenticator, &Deleted::default());
}
