//! The methods for the Management API.

use auth0_mfa::{
    AuthenticationMethodId, DeleteAllAuthenticationMethods, DeleteAllAuthenticators,
    DeleteAuthenticationMethod, GuardianFactorName, ListAuthenticationMethods, ListGuardianFactors,
    RegenerateRecoveryCode, SetGuardianFactor,
};

use crate::support::{DELETED, Exchange, management_token, ready, user_id};

pub(crate) const ROWS: [fn() -> &'static str; 7] = [
    regenerate_recovery_code,
    list_authentication_methods,
    delete_authentication_method,
    delete_all_authentication_methods,
    delete_all_authenticators,
    list_guardian_factors,
    set_guardian_factor,
];

fn regenerate_recovery_code() -> &'static str {
    let exchange = Exchange::new(
        RegenerateRecoveryCode::new(management_token(), user_id()),
        "POST /api/v2/users/auth0%7Cfake/recovery-code-regeneration",
        (200, r#"{"recovery_code":"FAKENEXTCODE"}"#),
    );
    let outputs = exchange.with(
        |client| client.regenerate_recovery_code(management_token(), user_id()),
        |client| ready(client.regenerate_recovery_code(management_token(), user_id())),
    );
    for output in outputs {
        assert_eq!(output.into_new_code().issued().unwrap().expose(), "FAKENEXTCODE");
    }
    exchange.name()
}

fn list_authentication_methods() -> &'static str {
    let exchange = Exchange::new(
        ListAuthenticationMethods::new(management_token(), user_id()),
        "GET /api/v2/users/auth0%7Cfake/authentication-methods?include_totals=true",
        (200, r#"{"total":7,"authenticators":[{"id":"recovery-code|dev_FAKE","type":"recovery-code"}]}"#),
    );
    let outputs = exchange.with(
        |client| client.list_authentication_methods(management_token(), user_id()),
        |client| ready(client.list_authentication_methods(management_token(), user_id())),
    );
    for output in outputs {
        assert_eq!(output.total, Some(7));
        assert_eq!(output.recovery_code().unwrap().id, Some(method_id()));
    }
    exchange.name()
}

fn delete_authentication_method() -> &'static str {
    let exchange = Exchange::new(
        DeleteAuthenticationMethod::new(management_token(), user_id(), method_id()),
        "DELETE /api/v2/users/auth0%7Cfake/authentication-methods/recovery-code%7Cdev_FAKE",
        DELETED,
    );
    exchange.with(
        |client| client.delete_authentication_method(management_token(), user_id(), method_id()),
        |client| ready(client.delete_authentication_method(management_token(), user_id(), method_id())),
    );
    exchange.name()
}

fn delete_all_authentication_methods() -> &'static str {
    let exchange = Exchange::new(
        DeleteAllAuthenticationMethods::new(management_token(), user_id()),
        "DELETE /api/v2/users/auth0%7Cfake/authentication-methods",
        DELETED,
    );
    exchange.with(
        |client| client.delete_all_authentication_methods(management_token(), user_id()),
        |client| ready(client.delete_all_authentication_methods(management_token(), user_id())),
    );
    exchange.name()
}

fn delete_all_authenticators() -> &'static str {
    let exchange = Exchange::new(
        DeleteAllAuthenticators::new(management_token(), user_id()),
        "DELETE /api/v2/users/auth0%7Cfake/authenticators",
        DELETED,
    );
    exchange.with(
        |client| client.delete_all_authenticators(management_token(), user_id()),
        |client| ready(client.delete_all_authenticators(management_token(), user_id())),
    );
    exchange.name()
}

fn list_guardian_factors() -> &'static str {
    let exchange = Exchange::new(
        ListGuardianFactors::new(management_token()),
        "GET /api/v2/guardian/factors",
        (200, r#"[{"name":"recovery-code","enabled":true}]"#),
    );
    let outputs = exchange.with(
        |client| client.list_guardian_factors(management_token()),
        |client| ready(client.list_guardian_factors(management_token())),
    );
    for output in outputs {
        assert_eq!(output.is_enabled("recovery-code"), Some(true));
    }
    exchange.name()
}

fn set_guardian_factor() -> &'static str {
    let name = GuardianFactorName::recovery_code;
    let exchange = Exchange::new(
        SetGuardianFactor::new(management_token(), name(), true),
        "PUT /api/v2/guardian/factors/recovery-code",
        (200, r#"{"enabled":true}"#),
    );
    let outputs = exchange.with(
        |client| client.set_guardian_factor(management_token(), name(), true),
        |client| ready(client.set_guardian_factor(management_token(), name(), true)),
    );
    for output in outputs {
        assert!(output.enabled);
    }
    exchange.name()
}

fn method_id() -> AuthenticationMethodId {
    AuthenticationMethodId::parse("recovery-code|dev_FAKE").unwrap()
}
