//! The calls that the replies are for. Every secret in them is one that is easily found where it shows.

use std::sync::LazyLock;

use auth0_mfa_core::{
    AddAuthenticator, Application, AuthenticationMethodId, AuthenticatorId, Bearer, BindingCode, ClientAuth,
    ClientId, DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod,
    DeleteAuthenticator, Domain, GuardianFactorName, ListAuthenticationMethods, ListAuthenticators,
    ListGuardianFactors, ManagementToken, MfaApiToken, MfaApiTokenGrant, MfaToken, NewAuthenticator, OobCode,
    Otp, Password, PasswordGrant, PasswordRealmGrant, RecoveryCode, RefreshToken, RefreshTokenGrant,
    RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob, VerifyWithOtp,
    VerifyWithRecoveryCode,
};

use crate::canary::{CANARY, SENT_CODE};

/// An application that sends no secret.
pub static APPLICATION: LazyLock<Application> =
    LazyLock::new(|| application("fakeClientId", ClientAuth::None));

/// An application of the tenant.
pub fn application(client_id: &str, client_auth: ClientAuth) -> Application {
    let domain = Domain::parse("tenant.eu.auth0.com").expect("a host name");
    Application::new(domain, ClientId::parse(client_id).expect("an identifier"), client_auth)
}

fn mfa_token() -> MfaToken {
    MfaToken::parse(CANARY).expect("visible ASCII")
}

fn management_token() -> ManagementToken {
    ManagementToken::parse(CANARY).expect("visible ASCII")
}

fn user() -> UserId {
    UserId::parse("auth0|fake").expect("an identifier")
}

/// `password`.
pub fn password_grant() -> PasswordGrant {
    PasswordGrant::new(CANARY, Password::new(CANARY))
}

/// `password-realm`.
pub fn password_realm_grant() -> PasswordRealmGrant {
    password_grant().in_realm("fake-realm")
}

/// `refresh_token`.
pub fn refresh_token_grant() -> RefreshTokenGrant {
    RefreshTokenGrant::new(RefreshToken::parse(CANARY).expect("not empty"))
}

/// `password` for the MFA API.
pub fn mfa_api_token_grant() -> MfaApiTokenGrant {
    password_grant().for_mfa_api(&[])
}

/// `mfa-otp`.
pub fn verify_with_otp() -> VerifyWithOtp {
    VerifyWithOtp::new(mfa_token(), Otp::verbatim(CANARY))
}

/// `mfa-oob`.
pub fn verify_with_oob() -> VerifyWithOob {
    let call = VerifyWithOob::new(mfa_token(), OobCode::parse(CANARY).expect("not empty"));
    call.with_binding_code(BindingCode::verbatim(CANARY))
}

/// `mfa-recovery-code`.
pub fn verify_with_recovery_code() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(mfa_token(), RecoveryCode::verbatim(SENT_CODE))
}

/// The same after a doubt.
pub fn verify_again() -> VerifyWithRecoveryCode {
    verify_with_recovery_code().earlier_sending_in_doubt()
}

/// `/mfa/associate`.
pub fn add_authenticator() -> AddAuthenticator {
    AddAuthenticator::new(Bearer::from(mfa_token()), NewAuthenticator::Otp)
}

/// `/mfa/challenge`.
pub fn request_challenge() -> RequestChallenge {
    RequestChallenge::new(mfa_token())
}

/// `GET /mfa/authenticators`.
pub fn list_authenticators() -> ListAuthenticators {
    ListAuthenticators::new(Bearer::from(mfa_token()))
}

/// `DELETE /mfa/authenticators/{id}`.
pub fn delete_authenticator() -> DeleteAuthenticator {
    let token = MfaApiToken::parse(CANARY).expect("visible ASCII");
    DeleteAuthenticator::new(token, AuthenticatorId::parse("sms|dev_fake").expect("an identifier"))
}

/// `recovery-code-regeneration`.
pub fn regenerate_recovery_code() -> RegenerateRecoveryCode {
    RegenerateRecoveryCode::new(management_token(), user())
}

/// The same after a doubt.
pub fn regenerate_again() -> RegenerateRecoveryCode {
    regenerate_recovery_code().earlier_sending_in_doubt()
}

/// `GET authentication-methods`.
pub fn list_authentication_methods() -> ListAuthenticationMethods {
    ListAuthenticationMethods::new(management_token(), user())
}

/// `DELETE authentication-methods/{id}`.
pub fn delete_authentication_method() -> DeleteAuthenticationMethod {
    let id = AuthenticationMethodId::parse("totp|dev_fake").expect("an identifier");
    DeleteAuthenticationMethod::new(management_token(), user(), id)
}

/// `DELETE authentication-methods`.
pub fn delete_all_authentication_methods() -> DeleteAllAuthenticationMethods {
    DeleteAllAuthenticationMethods::new(management_token(), user())
}

/// `DELETE authenticators`.
pub fn delete_all_authenticators() -> DeleteAllAuthenticators {
    DeleteAllAuthenticators::new(management_token(), user())
}

/// `GET /guardian/factors`.
pub fn list_guardian_factors() -> ListGuardianFactors {
    ListGuardianFactors::new(management_token())
}

/// `PUT /guardian/factors/{name}`.
pub fn set_guardian_factor() -> SetGuardianFactor {
    SetGuardianFactor::new(management_token(), GuardianFactorName::recovery_code(), true)
}
