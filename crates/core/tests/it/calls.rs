//! Every call, made of one text that stands wherever a secret does. What holds for all calls is written once, as a
//! [`Visitor`].

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    AddAuthenticator, AuthenticationMethodId, AuthenticatorId, Bearer, BindingCode,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator,
    EmailAddress, GuardianFactorName, ListAuthenticationMethods, ListAuthenticators, ListGuardianFactors,
    ManagementToken, MfaApiScope, MfaApiToken, MfaApiTokenGrant, MfaToken, NewAuthenticator, OobCode, Otp,
    Password, PasswordGrant, PasswordRealmGrant, PhoneNumber, RecoveryCode, RefreshToken, RefreshTokenGrant,
    RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob, VerifyWithOtp,
    VerifyWithRecoveryCode,
};

/// A call, from the text of its secrets: visible ASCII.
pub(crate) type Make<C> = fn(&str) -> C;

/// What is to be shown of every call.
pub(crate) trait Visitor {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>);
}

/// How many calls there are, each new authenticator and each form of a call counted.
pub(crate) const COUNT: usize = 26;

pub(crate) fn each_call(visitor: &mut impl Visitor) {
    visitor.visit(password_grant);
    visitor.visit(password_realm_grant);
    visitor.visit(refresh_token_grant);
    each_new_authenticator(visitor);
    visitor.visit(list_authenticators);
    visitor.visit(delete_authenticator);
    visitor.visit(|text| RequestChallenge::new(mfa_token(text)));
    visitor.visit(request_challenge);
    visitor.visit(verify_with_otp);
    visitor.visit(|text| VerifyWithOob::new(mfa_token(text), oob_code(text)));
    visitor.visit(verify_with_oob);
    visitor.visit(verify_with_recovery_code);
    visitor.visit(mfa_api_token_grant);
    visitor.visit(regenerate_recovery_code);
    visitor.visit(|text| ListAuthenticationMethods::new(management_token(text), user_id()));
    visitor.visit(list_authentication_methods);
    visitor.visit(delete_authentication_method);
    visitor.visit(delete_all_authentication_methods);
    visitor.visit(delete_all_authenticators);
    visitor.visit(list_guardian_factors);
    visitor.visit(set_guardian_factor);
}

/// [`AddAuthenticator`], for everything that can be added.
pub(crate) fn each_new_authenticator(visitor: &mut impl Visitor) {
    visitor.visit(add_authenticator);
    visitor.visit(|text| add(text, NewAuthenticator::Sms(PhoneNumber::parse(text).unwrap())));
    visitor.visit(|text| add(text, NewAuthenticator::Voice(PhoneNumber::parse(text).unwrap())));
    visitor.visit(|text| add(text, NewAuthenticator::Email(Some(EmailAddress::parse(text).unwrap()))));
    visitor.visit(|text| add(text, NewAuthenticator::Email(None)));
    visitor.visit(|text| add(text, NewAuthenticator::Push));
}

pub(crate) fn mfa_token(text: &str) -> MfaToken {
    MfaToken::parse(text).unwrap()
}

pub(crate) fn oob_code(text: &str) -> OobCode {
    OobCode::parse(text).unwrap()
}

pub(crate) fn management_token(text: &str) -> ManagementToken {
    ManagementToken::parse(text).unwrap()
}

/// Identifiers are no secrets.
pub(crate) fn user_id() -> UserId {
    UserId::parse("auth0|fake").unwrap()
}

pub(crate) fn authenticator_id() -> AuthenticatorId {
    AuthenticatorId::parse("sms|dev_FAKE").unwrap()
}

pub(crate) fn add_authenticator(text: &str) -> AddAuthenticator {
    add(text, NewAuthenticator::Otp)
}

fn add(text: &str, authenticator: NewAuthenticator) -> AddAuthenticator {
    AddAuthenticator::new(Bearer::from(mfa_token(text)), authenticator)
}

pub(crate) fn password_grant(text: &str) -> PasswordGrant {
    PasswordGrant::new(text, Password::new(text))
}

pub(crate) fn password_realm_grant(text: &str) -> PasswordRealmGrant {
    password_grant(text).audience("https://api.example.com/").in_realm("Username-Password-Authentication")
}

pub(crate) fn refresh_token_grant(text: &str) -> RefreshTokenGrant {
    RefreshTokenGrant::new(RefreshToken::parse(text).unwrap()).scope("openid")
}

pub(crate) fn mfa_api_token_grant(text: &str) -> MfaApiTokenGrant {
    password_grant(text).for_mfa_api(&[MfaApiScope::ReadAuthenticators])
}

pub(crate) fn mfa_api_token(text: &str) -> MfaApiToken {
    MfaApiToken::parse(text).unwrap()
}

pub(crate) fn list_authenticators(text: &str) -> ListAuthenticators {
    ListAuthenticators::new(Bearer::from(mfa_token(text)))
}

pub(crate) fn delete_authenticator(text: &str) -> DeleteAuthenticator {
    DeleteAuthenticator::new(mfa_api_token(text), authenticator_id())
}

pub(crate) fn request_challenge(text: &str) -> RequestChallenge {
    RequestChallenge::new(mfa_token(text)).challenge_type("oob").authenticator(authenticator_id())
}

pub(crate) fn verify_with_otp(text: &str) -> VerifyWithOtp {
    VerifyWithOtp::new(mfa_token(text), Otp::verbatim(text))
}

pub(crate) fn verify_with_oob(text: &str) -> VerifyWithOob {
    VerifyWithOob::new(mfa_token(text), oob_code(text)).with_binding_code(BindingCode::verbatim(text))
}

pub(crate) fn verify_with_recovery_code(text: &str) -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(text), RecoveryCode::verbatim(text))
}

pub(crate) fn regenerate_recovery_code(text: &str) -> RegenerateRecoveryCode {
    RegenerateRecoveryCode::new(management_token(text), user_id())
}

pub(crate) fn list_authentication_methods(text: &str) -> ListAuthenticationMethods {
    ListAuthenticationMethods::new(management_token(text), user_id()).page(2, 10)
}

pub(crate) fn delete_authentication_method(text: &str) -> DeleteAuthenticationMethod {
    let id = AuthenticationMethodId::parse("recovery-code|dev_FAKE").unwrap();
    DeleteAuthenticationMethod::new(management_token(text), user_id(), id)
}

pub(crate) fn delete_all_authentication_methods(text: &str) -> DeleteAllAuthenticationMethods {
    DeleteAllAuthenticationMethods::new(management_token(text), user_id())
}

pub(crate) fn delete_all_authenticators(text: &str) -> DeleteAllAuthenticators {
    DeleteAllAuthenticators::new(management_token(text), user_id())
}

pub(crate) fn list_guardian_factors(text: &str) -> ListGuardianFactors {
    ListGuardianFactors::new(management_token(text))
}

pub(crate) fn set_guardian_factor(text: &str) -> SetGuardianFactor {
    SetGuardianFactor::new(management_token(text), GuardianFactorName::recovery_code(), true)
}
