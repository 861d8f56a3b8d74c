//! The methods for the first factor.

use auth0_mfa::{FirstFactor, Password, PasswordGrant, PasswordRealmGrant, RefreshToken, RefreshTokenGrant};

use crate::support::{Exchange, Reply, TOKENS, are_the_tokens, ready};

pub(crate) const ROWS: [fn() -> &'static str; 3] =
    [password_grant, password_realm_grant, refresh_token_grant];

const TOKEN_ENDPOINT: &str = "POST /oauth/token";
const MFA_REQUIRED: Reply = (403, r#"{"error":"mfa_required","mfa_token":"Fe26.2*FAKE*NEXT"}"#);

fn password_grant() -> &'static str {
    let exchange = Exchange::new(login(), TOKEN_ENDPOINT, MFA_REQUIRED);
    let outputs = exchange.with(
        |client| client.password_grant("user@example.com", password()),
        |client| ready(client.password_grant("user@example.com", password())),
    );
    for output in outputs {
        let FirstFactor::MfaRequired(mfa) = output else { panic!("{output:?}") };
        assert_eq!(mfa.mfa_token().expose(), "Fe26.2*FAKE*NEXT");
    }
    exchange.name()
}

fn password_realm_grant() -> &'static str {
    let call = PasswordRealmGrant::new("fake-realm", login());
    let exchange = Exchange::new(call, TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.password_realm_grant("fake-realm", login()),
        |client| ready(client.password_realm_grant("fake-realm", login())),
    );
    outputs.into_iter().for_each(is_passed);
    exchange.name()
}

fn refresh_token_grant() -> &'static str {
    let exchange = Exchange::new(RefreshTokenGrant::new(refresh_token()), TOKEN_ENDPOINT, TOKENS);
    let outputs = exchange.with(
        |client| client.refresh_token_grant(refresh_token()),
        |client| ready(client.refresh_token_grant(refresh_token())),
    );
    outputs.into_iter().for_each(is_passed);
    exchange.name()
}

pub(crate) fn is_passed(output: FirstFactor) {
    let FirstFactor::Tokens(tokens) = output else { panic!("{output:?}") };
    are_the_tokens(tokens);
}

pub(crate) fn login() -> PasswordGrant {
    PasswordGrant::new("user@example.com", password())
}

fn password() -> Password {
    Password::new("fake-password")
}

fn refresh_token() -> RefreshToken {
    RefreshToken::parse("fake-refresh-token").unwrap()
}
