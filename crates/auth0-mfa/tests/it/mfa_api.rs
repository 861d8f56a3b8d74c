//! The methods for the MFA API.

use auth0_mfa::{
    AddAuthenticator, AuthenticatorId, BindingCode, DeleteAuthenticator, ListAuthenticators, MfaApiScope,
    MfaApiTokenGrant, NewAuthenticator, OobCode, Otp, PhoneNumber, RecoveryCode, RequestChallenge,
    VerifyWithOob, VerifyWithOtp, VerifyWithRecoveryCode,
};

use crate::first_factor::{is_passed, login};
use crate::support::{DELETED, Exchange, TOKENS, are_the_tokens, mfa_api_token, mfa_token, ready};

pub(crate) const ROWS: [fn() -> &'static str; 9] = [
    add_authenticator,
    list_authenticators,
    delete_authenticator,
    request_challenge,
    verify_with_otp,
    verify_with_oob_by_a_code,
    verify_with_oob_by_a_push,
    verify_with_recovery_code,
    mfa_api_token_grant,
];

const TOKEN_ENDPOINT: &str = "POST /oauth/token";

fn add_authenticator() -> &'static str {
    let exchange = Exchange::new(
        AddAuthenticator::new(mfa_token().into(), sms()),
        "POST /mfa/associate",
        (
            200,
            r#"{"authenticator_type":"oob","oob_code":"fake-oob-code","recovery_codes":["FAKEFIRSTCODE"]}"#,
        ),
    );
    let outputs = exchange.with(
        |client| client.add_authenticator(mfa_token(), sms()),
        |client| ready(client.add_authenticator(mfa_token(), sms())),
    );
    for output in outputs {
        let (association, new_codes) = output.into_parts();
        assert_eq!(association.oob_code.unwrap().expose(), "fake-oob-code");
        assert_eq!(new_codes.iter().next().unwrap().issued().unwrap().expose(), "FAKEFIRSTCODE");
    }
    exchange.name()
}

fn list_authenticators() -> &'static str {
    let exchange = Exchange::new(
        ListAuthenticators::new(mfa_token().into()),
        "GET /mfa/authenticators",
        (200, r#"[{"id":"recovery-code|dev_FAKE","authenticator_type":"recovery-code","active":true}]"#),
    );
    let outputs = exchange.with(
        |client| client.list_authenticators(mfa_token()),
        |client| ready(client.list_authenticators(mfa_token())),
    );
    for output in outputs {
        assert!(output.authenticators[0].is_recovery_code());
    }
    exchange.name()
}

fn delete_authenticator() -> &'static str {
    let id = || AuthenticatorId::parse("sms|dev_FAKE").unwrap();
    let exchange = Exchange::new(
        DeleteAuthenticator::new(mfa_api_token(), id()),
        "DELETE /mfa/authenticators/sms%7Cdev_FAKE",
        DELETED,
    );
    exchange.with(
        |client| client.delete_authenticator(mfa_api_token(), id()),
        |client| ready(client.delete_authenticator(mfa_api_token(), id())),
    );
    exchange.name()
}

fn request_challenge() -> &'static str {
    let exchange = Exchange::new(
        RequestChallenge::new(mfa_token()),
        "POST /mfa/challenge",
        (200, r#"{"challenge_type":"oob","oob_code":"fake-oob-code","binding_method":"prompt"}"#),
    );
    let outputs = exchange.with(
        |client| client.request_challenge(mfa_token()),
        |client| ready(client.request_challenge(mfa_token())),
    );
    for output in outputs {
        assert_eq!(output.oob_code.unwrap().expose(), "fake-oob-code");
    }
    exchange.name()
}

fn verify_with_otp() -> &'static str {
    let otp = || Otp::verbatim("012345");
    let exchange = Exchange::new(VerifyWithOtp::new(mfa_token(), otp()), TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.verify_with_otp(mfa_token(), otp()),
        |client| ready(client.verify_with_otp(mfa_token(), otp())),
    );
    outputs.into_iter().for_each(|it| are_the_tokens(it.into_parts().0));
    exchange.name()
}

fn verify_with_oob_by_a_code() -> &'static str {
    let code = || BindingCode::verbatim("012345");
    let call = VerifyWithOob::new(mfa_token(), oob_code()).with_binding_code(code());
    let exchange = Exchange::new(call, TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.verify_with_oob(mfa_token(), oob_code(), code()),
        |client| ready(client.verify_with_oob(mfa_token(), oob_code(), code())),
    );
    outputs.into_iter().for_each(|it| are_the_tokens(it.into_parts().0));
    exchange.name()
}

fn verify_with_oob_by_a_push() -> &'static str {
    let call = VerifyWithOob::new(mfa_token(), oob_code());
    let exchange = Exchange::new(call, TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.verify_with_oob(mfa_token(), oob_code(), None),
        |client| ready(client.verify_with_oob(mfa_token(), oob_code(), None)),
    );
    outputs.into_iter().for_each(|it| are_the_tokens(it.into_parts().0));
    exchange.name()
}

fn verify_with_recovery_code() -> &'static str {
    let old_code = || RecoveryCode::verbatim("FAKEOLDCODE0000000000000");
    let exchange = Exchange::new(
        VerifyWithRecoveryCode::new(mfa_token(), old_code()),
        TOKEN_ENDPOINT,
        (200, r#"{"access_token":"fake-access-token","recovery_code":"FAKENEXTCODE"}"#),
    );
    let outputs = exchange.with(
        |client| client.verify_with_recovery_code(mfa_token(), old_code()),
        |client| ready(client.verify_with_recovery_code(mfa_token(), old_code())),
    );
    for output in outputs {
        let (tokens, new_code) = output.into_parts();
        assert_eq!(tokens.access_token.expose(), "fake-access-token");
        assert_eq!(new_code.issued().unwrap().expose(), "FAKENEXTCODE");
    }
    exchange.name()
}

fn mfa_api_token_grant() -> &'static str {
    let scopes = [MfaApiScope::Enroll, MfaApiScope::RemoveAuthenticators];
    let exchange = Exchange::new(MfaApiTokenGrant::new(login(), &scopes), TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.mfa_api_token_grant(login(), &scopes),
        |client| ready(client.mfa_api_token_grant(login(), &scopes)),
    );
    outputs.into_iter().for_each(is_passed);
    exchange.name()
}

fn sms() -> NewAuthenticator {
    NewAuthenticator::Sms(PhoneNumber::parse("+15550100").unwrap())
}

fn oob_code() -> OobCode {
    OobCode::parse("fake-oob-code").unwrap()
}
