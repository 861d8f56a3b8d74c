//! What a tenant can be made of.

use auth0_mfa_core::{EmailAddress, OtpSecret, PhoneNumber, RecoveryCode};
use auth0_mfa_emulator::{
    ApplicationConfig, AuthenticatorConfig, BadClient, Behaviour, CodeNormalisation, Config, ConfigError,
    ConfiguredMeans, Factor, Fault, FaultRule, GrantNotAllowed, Limit, LoginRefusal, MfaPolicy, OverLimit,
    RateLimits, RefusedPush, Tenant, UserConfig, grant_type,
};

use crate::support::*;

fn error_of(change: impl FnOnce(&mut Config)) -> ConfigError {
    let mut config = Config::default();
    change(&mut config);
    Tenant::new(config, 1).expect_err("a bad config")
}

fn otp_secret(text: &str) -> Option<OtpSecret> {
    Some(text.to_owned().into())
}

#[test]
fn the_tenant_for_demonstrations_is_what_it_says() {
    let tenant = Tenant::new(Config::default(), 1).expect("a good config");
    let names: Vec<_> = tenant.users().iter().map(|user| (user.name(), user.is_enrolled())).collect();
    assert_eq!(names, [(ALICE, true), (BOB, false)]);
    let applications: Vec<_> = tenant.applications().iter().map(|app| app.client_id.as_str()).collect();
    assert_eq!(applications, ["confidential-app", "public-app"]);
    assert!(
        tenant.applications()[0].client_secret.is_some() && tenant.applications()[1].client_secret.is_none()
    );
    assert!(tenant.has_recovery_codes());
    assert_eq!(tenant.users()[0].recovery_code().expect("alice's").expose().len(), 24);
    assert_eq!(tenant.users()[0].totp_secret().expect("alice's").expose().len(), 32);
    assert!(tenant.users()[1].recovery_code().is_none() && tenant.users()[1].totp_secret().is_none());
}

#[test]
fn a_config_that_contradicts_itself_is_refused_by_the_name_of_the_field() {
    for (error, expected) in [
        (
            error_of(|c| c.applications.push(ApplicationConfig::public(""))),
            "applications[2].client_id is empty",
        ),
        (
            error_of(|c| c.applications.push(ApplicationConfig::public("public-app"))),
            "applications[2].client_id is there twice",
        ),
        (error_of(|c| c.users.push(UserConfig::new("", "x"))), "users[2].name is empty"),
        (
            error_of(|c| c.users.push(UserConfig::new("ALICE@example.com", "x"))),
            "users[2].name is there twice",
        ),
        (
            error_of(|c| c.users[0].totp_secret = otp_secret("CANARY is not base32")),
            "users[0].totp_secret is not base32 of ten bytes or more",
        ),
        (
            error_of(|c| c.users[0].totp_secret = otp_secret("JBSWY3DP")),
            "users[0].totp_secret is not base32 of ten bytes or more",
        ),
        (
            error_of(|c| c.users[0].recovery_code = Some(RecoveryCode::verbatim(""))),
            "users[0].recovery_code is empty",
        ),
        (
            error_of(|c| c.users[1].recovery_code = Some(RecoveryCode::verbatim("CANARY"))),
            "users[1].recovery_code is given for a user who is not enrolled",
        ),
        (
            error_of(|c| c.users[1].email = EmailAddress::parse("CANARY").ok()),
            "users[1].email is no e-mail address",
        ),
        (
            error_of(|c| {
                c.users[1].name = "CANARY".to_owned();
                c.users[1].email_verified = true;
            }),
            "users[1].email_verified is given for a user without an e-mail address",
        ),
        (
            error_of(|c| {
                let phone_number = PhoneNumber::parse("CANARY").expect("not empty");
                let phone = AuthenticatorConfig::new(ConfiguredMeans::Sms { phone_number });
                c.users[1].authenticators.push(phone);
            }),
            "users[1].authenticators has one without a phone number or an e-mail address",
        ),
        (
            error_of(|c| c.factors.push(Factor::RecoveryCode)),
            "factors has recovery-code, which recovery_codes says",
        ),
        (
            error_of(|c| c.faults.push(FaultRule::new(Fault::Stall).user("canary@example.com"))),
            "faults[0].user is no user of the tenant",
        ),
        (
            error_of(|c| c.users[1].totp_secret = otp_secret("JBSWY3DPEHPK3PXP")),
            "users[1].totp_secret is given for a user who is not enrolled",
        ),
    ] {
        assert_eq!(error.to_string(), expected);
        assert!(expected.starts_with(error.field()) && expected.ends_with(error.reason()));
    }
}

#[test]
fn a_fixed_code_and_secret_are_used() {
    let mut world = World::with(|config| {
        config.users[0].recovery_code = Some(RecoveryCode::verbatim("FAKECODEFAKECODEFAKECODE"));
        config.users[0].totp_secret = otp_secret("JBSWY3DPEHPK3PXP");
    });
    assert_eq!(world.tenant.users()[0].totp_secret().expect("hers").expose(), "JBSWY3DPEHPK3PXP");
    assert!(world.recover_with(ALICE, "FAKECODEFAKECODEFAKECODE").is_ok());
    let mfa = world.login(ALICE);
    let otp = world.otp_of(ALICE);
    assert!(world.verify(&mfa, &otp).is_ok());
}

#[test]
fn every_field_has_a_default() {
    let config: Config = serde_json::from_str("{}").expect("nothing is needed");
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
    let config: Config = serde_json::from_str(r#"{"behaviour":{}}"#).expect("nothing is needed");
    assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
}

#[test]
fn every_field_can_be_given() {
    let text = r#"{
        "tenant_name": "My Tenant",
        "applications": [{"client_id": "a", "client_secret": "s", "grant_types": ["password"]}, {"client_id": "b",
            "client_keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "k"}], "requires_dpop": true, "refresh_token_rotation": true, "refresh_token_leeway_seconds": 5,
            "management_scopes": ["update:users"], "client_certificates": [], "is_token_endpoint_ip_header_trusted": true, "allowed_origins": ["http://localhost:3000"]}],
        "users": [
            {"name": "u", "password": "p", "enrolled": true, "recovery_code": "C", "totp_secret": "JBSWY3DPEHPK3PXP"},
            {
                "name": "v", "password": "q", "user_id": "auth0|v", "email": "v@example.com", "email_verified": true,
                "login_refusal": "requires_verification",
                "authenticators": [
                    {"type": "totp"}, {"type": "sms", "phone_number": "+15550100123"}, {"type": "email"},
                    {"type": "voice", "phone_number": "+15550100123", "confirmed": false}, {"type": "push", "name": "Phone"}
                ]
            }
        ],
        "recovery_codes": false,
        "issuer": "https://login.example.com",
        "mfa_audience": "https://tenant.example.com/mfa/",
        "cname_api_key": "fake-cname-api-key",
        "tokens": "opaque",
        "connection": "Users",
        "rate_limits": {
            "authentication": {"burst": 4, "refill": 3, "window_seconds": 2},
            "token": {"burst": 3, "refill": 2, "window_seconds": 1},
            "management": {"burst": 2, "refill": 1, "window_seconds": 5},
            "logins_per_user": {"burst": 1, "refill": 4, "window_seconds": 3}
        },
        "factors": ["otp", "duo"],
        "phone_message_types": ["sms"],
        "mfa_policy": "never",
        "behaviour": {
            "mfa_required_status": 401,
            "wrong_code_status": 401,
            "expired_token_status": 403,
            "malformed_mfa_token_status": 401,
            "bad_client": "invalid_client",
            "grant_not_allowed": "backticks",
            "challenge_takes_basic": false,
            "dpop_nonce_of_everybody": true,
            "mfa_grants_may_ask": true,
            "mfa_is_chained": true,
            "mfa_token_is_of_one_host": true,
            "mfa_on_refresh": "always",
            "password_failures_allowed": 5,
            "password_block_seconds": 60,
            "mfa_token_removes_authenticators": true,
            "access_token_confirms": false,
            "access_token_recovers": true,
            "bad_access_token": "invalid_grant",
            "insufficient_scope_status": 401,
            "missing_bearer": "unauthorized",
            "regeneration_enrols": true,
            "regeneration_counts_unconfirmed": true,
            "regeneration_activates": true,
            "mfa_token_lifetime_seconds": 300,
            "mfa_token_ends_with_success": false,
            "mfa_token_ends_with_failure": true,
            "associate_checks_client_id": true,
            "rotate_recovery_codes": false,
            "code_normalisation": "lenient",
            "spent_code_leeway_seconds": 30,
            "codes_survive_switching_off": false,
            "switched_off_factors_are_refused": false,
            "failures": {"burst": 3, "refill": 2, "window_seconds": 60},
            "over_limit": "same_as_wrong",
            "over_limit_retry_after": true,
            "over_limit_spends_code": true,
            "code_alphabet": "letters_and_digits",
            "recovery_codes_issued": 3,
            "recovery_codes_off": "access_denied",
            "no_store": false,
            "rate_limit_headers_of_mfa": false,
            "recovery_code_outlives_factors": false,
            "recovery_code_is_enrolment": true,
            "confirmation_brings_recovery_code": true,
            "oob_code_lifetime_seconds": 60,
            "pending_status": 200,
            "refused_push": "invalid_grant",
            "slow_down_status": 429,
            "oob_exchanges": {"burst": 1, "refill": 1, "window_seconds": 2},
            "oob_over_limit": "too_many_requests",
            "challenge_says_times": true,
            "challenge_type_required": true,
            "not_enrolled": "association_required",
            "unsupported_challenge_status": 401,
            "unknown_authenticator": "invalid_authenticator",
            "phone_messages": {"burst": 1, "refill": 1, "window_seconds": 2},
            "emails": {"burst": 1, "refill": 1, "window_seconds": 2},
            "pushes": {"burst": 1, "refill": 1, "window_seconds": 2},
            "send_over_limit": "too_many_requests",
            "push_twin": "own_device",
            "associate_answers_id": true,
            "associate_checks_client_credentials": true,
            "undeletable_authenticator_status": 403,
            "methods_of_one_type": 1,
            "password_is_listed": true,
            "enrollments_listed": "all",
            "google_authenticator_is_otp": true,
            "webauthn_is_listed": false,
            "mfa_requirements_form": "both",
            "customizable_mfa": true
        }
    }"#;
    let config: Config = serde_json::from_str(text).expect("every field is known");
    assert_eq!(config.tenant_name, "My Tenant");
    assert_eq!(config.applications[0].grant_types, ["password"]);
    assert_eq!(config.applications[1].grant_types, grant_type::all());
    assert_eq!(config.users[0].recovery_code.as_ref().expect("given").expose(), "C");
    assert_eq!(config.users[1].login_refusal, Some(LoginRefusal::RequiresVerification));
    assert!(!config.recovery_codes && config.mfa_policy == MfaPolicy::Never);
    let mut rate_limits = RateLimits::none();
    rate_limits.authentication = Some(Limit::new(4, 3, 2));
    rate_limits.token = Some(Limit::new(3, 2, 1));
    rate_limits.management = Some(Limit::new(2, 1, 5));
    rate_limits.logins_per_user = Some(Limit::new(1, 4, 3));
    assert_eq!(config.rate_limits, rate_limits);
    let behaviour = &config.behaviour;
    assert_eq!(behaviour.mfa_required_status, 401);
    assert_eq!(behaviour.bad_client, BadClient::InvalidClient);
    assert_eq!(behaviour.code_normalisation, CodeNormalisation::Lenient);
    assert_eq!(behaviour.over_limit, OverLimit::SameAsWrong);
    let settings = serde_json::from_str::<serde_json::Value>(text).expect("JSON")["behaviour"].clone();
    assert_eq!(
        serde_json::to_value(behaviour).expect("a table"),
        settings,
        "all are given, and read as they stand"
    );
    let default = serde_json::to_value(Behaviour::default()).expect("a table");
    for (name, value) in default.as_object().expect("a table") {
        assert_ne!(settings[name], *value, "{name} was given another value");
    }
    assert!(Tenant::new(config, 1).is_ok());
}

#[test]
fn what_is_not_known_is_refused() {
    for text in [
        r#"{"tenant":"x"}"#,
        r#"{"behaviour":{"over_limits":"same_as_wrong"}}"#,
        r#"{"applications":[{"client_id":"a","secret":"s"}]}"#,
        r#"{"users":[{"name":"u","password":"p","mfa":true}]}"#,
        r#"{"users":[{"name":"u"}]}"#,
        r#"{"mfa_policy":"sometimes"}"#,
        r#"{"behaviour":{"wrong_code_status":200}}"#,
        r#"{"behaviour":{"wrong_code_status":"403"}}"#,
        r#"{"behaviour":{"pending_status":99}}"#,
        r#"{"behaviour":{"preset":"imagined"}}"#,
        r#"{"behaviour":{"pushes":{"burst":1}}}"#,
        r#"{"rate_limits":"team"}"#,
        r#"{"rate_limits":300}"#,
        r#"{"rate_limits":{"tokens":{"burst":1,"refill":1,"window_seconds":1}}}"#,
        r#"{"rate_limits":{"token":{"burst":1}}}"#,
        r#"{"factors":["voice"]}"#,
        r#"{"users":[{"name":"u","password":"p","authenticators":[{"type":"sms"}]}]}"#,
        r#"{"users":[{"name":"u","password":"p","authenticators":[{"type":"fax"}]}]}"#,
        r#"{"applications":[{"client_id":"a","client_secret":""}]}"#,
    ] {
        assert!(serde_json::from_str::<Config>(text).is_err(), "{text}");
    }
}

#[test]
fn a_preset_says_what_is_not_given() {
    let read = |text: &str| serde_json::from_str::<Behaviour>(text).expect("a behaviour");
    let value = |behaviour: &Behaviour| serde_json::to_value(behaviour).expect("a table");
    for (name, preset) in [
        ("default", Behaviour::default()),
        ("documented", Behaviour::documented()),
        ("recorded", Behaviour::recorded()),
    ] {
        assert_eq!(value(&read(&format!(r#"{{"preset":"{name}"}}"#))), value(&preset), "{name}");
    }
    assert_ne!(value(&Behaviour::documented()), value(&Behaviour::recorded()));
    assert_eq!(Behaviour::documented().grant_not_allowed, GrantNotAllowed::Backticks, "as the pages have it");
    let mixed = read(r#"{"refused_push":"access_denied","preset":"documented"}"#);
    assert_eq!(mixed.refused_push, RefusedPush::AccessDenied, "what is given wins, wherever it stands");
    assert_eq!(mixed.bad_client, BadClient::InvalidClient, "and the rest is the preset's");
}

#[test]
fn a_user_with_a_confirmed_authenticator_has_a_recovery_code_which_can_be_given() {
    let mut world = World::with_dave(
        |config| config.users[2].recovery_code = Some(RecoveryCode::verbatim("FAKECODEFAKECODEFAKECODE")),
        vec![phone()],
    );
    assert!(world.tenant.user(DAVE).expect("dave").is_enrolled());
    assert!(world.recover_with(DAVE, "FAKECODEFAKECODEFAKECODE").is_ok());
}

#[test]
fn a_file_names_a_plan_or_says_limits() {
    let rate_limits = |text: &str| toml::from_str::<Config>(text).map(|config| config.rate_limits);
    for (name, limits) in [
        ("none", RateLimits::none()),
        ("free", RateLimits::free()),
        ("essentials", RateLimits::essentials()),
        ("enterprise", RateLimits::enterprise()),
    ] {
        assert_eq!(rate_limits(&format!("rate_limits = {name:?}")), Ok(limits));
    }
    assert_eq!(rate_limits(""), Ok(RateLimits::none()));
    let table = rate_limits("[rate_limits]\ntoken = { burst = 3, refill = 2, window_seconds = 1 }");
    let mut expected = RateLimits::none();
    expected.token = Some(Limit::new(3, 2, 1));
    assert_eq!(table, Ok(expected));
    let error = rate_limits("rate_limits = 300").expect_err("it is neither").to_string();
    assert!(error.contains("the name of a plan, or a table of limits"), "{error}");
    let error = rate_limits("rate_limits = 'team'").expect_err("there is no such plan").to_string();
    assert!(error.contains("`free`, `essentials`, `enterprise`"), "{error}");
}

#[test]
fn a_file_names_a_preset_and_what_differs_from_it() {
    let text = r#"
        [behaviour]
        preset = "documented"
        wrong_code_status = 403
        pushes = { burst = 1, refill = 2, window_seconds = 30 }

        [[users]]
        name = "dave@example.com"
        password = "fake-password-dave"
        email_verified = true

        [[users.authenticators]]
        type = "sms"
        phone_number = "+15550109167"
    "#;
    let config: Config = toml::from_str(text).expect("every field is known");
    let behaviour = &config.behaviour;
    assert_eq!(behaviour.refused_push, RefusedPush::InvalidGrant, "the preset's");
    assert_eq!(behaviour.wrong_code_status, 403, "the file's");
    assert_eq!(behaviour.pushes, Limit::new(1, 2, 30));
    let tenant = Tenant::new(config, 1).expect("a good config");
    let kinds: Vec<_> = tenant.users()[0].authenticators().iter().map(|it| it.kind().as_str()).collect();
    assert_eq!(kinds, ["sms", "email"]);
    let error = toml::from_str::<Config>("[behaviour]\nrefused_push = 7").expect_err("it is no word");
    assert!(error.to_string().contains("[behaviour]"), "it says where: {error}");
}
