//! Every call, made of one text that stands wherever a secret does.

use std::fmt::Debug;

use auth0_mfa::{
    AddAuthenticator, AuthenticationMethodId, AuthenticatorId, BindingCode, Call,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator,
    EmailAddress, GuardianFactorName, ListAuthenticationMethods, ListAuthenticators, ListGuardianFactors,
    ManagementToken, MfaApiToken, MfaApiTokenGrant, MfaToken, NewAuthenticator, OobCode, Otp, Password,
    PasswordGrant, PasswordRealmGrant, RecoveryCode, RefreshToken, RefreshTokenGrant, RegenerateRecoveryCode,
    RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob, VerifyWithOtp, VerifyWithRecoveryCode,
};

/// What is to be shown of every call, from the text of its secrets.
pub(crate) trait Visitor {
    fn visit<C: Call<Output: Debug + Send, NewCode: Send> + Debug + Send + 'static>(
        &mut self,
        call: fn(&str) -> C,
    );
}

pub(crate) const COUNT: usize = 18;

pub(crate) fn each_call(visitor: &mut impl Visitor) {
    visitor.visit(login);
    visitor.visit(|text| PasswordRealmGrant::new(text, login(text)));
    visitor.visit(|text| RefreshTokenGrant::new(RefreshToken::parse(text).unwrap()));
    visitor.visit(|text| AddAuthenticator::new(mfa_token(text).into(), email(text)));
    visitor.visit(|text| ListAuthenticators::new(mfa_token(text).into()));
    visitor.visit(|text| DeleteAuthenticator::new(MfaApiToken::parse(text).unwrap(), authenticator_id()));
    visitor.visit(|text| RequestChallenge::new(mfa_token(text)));
    visitor.visit(|text| VerifyWithOtp::new(mfa_token(text), Otp::verbatim(text)));
    visitor.visit(verify_with_oob);
    visitor.visit(|text| VerifyWithRecoveryCode::new(mfa_token(text), RecoveryCode::verbatim(text)));
    visitor.visit(|text| MfaApiTokenGrant::new(login(text), &[]));
    visitor.visit(|text| RegenerateRecoveryCode::new(management_token(text), user_id()));
    visitor.visit(|text| ListAuthenticationMethods::new(management_token(text), user_id()));
    visitor.visit(|text| DeleteAuthenticationMethod::new(management_token(text), user_id(), method_id()));
    visitor.visit(|text| DeleteAllAuthenticationMethods::new(management_token(text), user_id()));
    visitor.visit(|text| DeleteAllAuthenticators::new(management_token(text), user_id()));
    visitor.visit(|text| ListGuardianFactors::new(management_token(text)));
    visitor.visit(|text| {
        SetGuardianFactor::new(management_token(text), GuardianFactorName::recovery_code(), true)
    });
}

fn login(text: &str) -> PasswordGrant {
    PasswordGrant::new(text, Password::new(text))
}

fn verify_with_oob(text: &str) -> VerifyWithOob {
    let oob_code = OobCode::parse(text).unwrap();
    VerifyWithOob::new(mfa_token(text), oob_code).with_binding_code(BindingCode::verbatim(text))
}

fn email(text: &str) -> NewAuthenticator {
    NewAuthenticator::Email(Some(EmailAddress::parse(text).unwrap()))
}

fn mfa_token(text: &str) -> MfaToken {
    MfaToken::parse(text).unwrap()
}

fn management_token(text: &str) -> ManagementToken {
    ManagementToken::parse(text).unwrap()
}

fn user_id() -> UserId {
    UserId::parse("auth0|fake").unwrap()
}

fn authenticator_id() -> AuthenticatorId {
    AuthenticatorId::parse("sms|dev_FAKE").unwrap()
}

fn method_id() -> AuthenticationMethodId {
    AuthenticationMethodId::parse("recovery-code|dev_FAKE").unwrap()
}
