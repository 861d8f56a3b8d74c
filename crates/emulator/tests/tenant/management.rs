//! The Management API: regeneration, factors, policies, authentication methods, and the reset of a user.

use auth0_mfa_core::{
    AuthenticationMethodId, Body, DeleteAllAuthenticationMethods, DeleteAllAuthenticators,
    DeleteAuthenticationMethod, ErrorCode, GuardianFactorName, ListAuthenticationMethods,
    ListGuardianFactors, ManagementToken, MfaApiToken, RegenerateRecoveryCode, SetGuardianFactor, UserId,
};
use auth0_mfa_emulator::{Config, TokenFormat};
use serde_json::{Value, json};

use crate::administrator::*;
use crate::support::*;

fn json_of(response: &http::Response<Body>) -> Value {
    crate::support::json(response)
}

fn regenerate(world: &mut World, user: &str) -> Result<String, ApiFailure> {
    let (token, id) = (token(world), user_id(world, user));
    let regenerated = world.call(RegenerateRecoveryCode::new(token, id)).map_err(failure)?;
    Ok(regenerated.into_new_code().issued().expect("a code").expose().to_owned())
}

#[test]
fn a_regenerated_code_is_good_at_once_and_the_old_one_is_void() {
    for tokens in [TokenFormat::Jwt, TokenFormat::Opaque] {
        let mut world = World::with(|config| config.tokens = tokens);
        let old = world.code_of(ALICE);
        let new = regenerate(&mut world, ALICE).expect("a code");
        assert_ne!(new, old);
        assert_eq!(new, world.code_of(ALICE));
        assert_eq!(world.recover_with(ALICE, &old).map(|_| ()), Err(rejected()));
        assert!(world.recover_with(ALICE, &new).is_ok());
    }
}

#[test]
fn a_user_without_an_enrolment_has_no_code_to_regenerate_unless_that_is_set() {
    let code = || ErrorCode::Other("enrollment_not_found".to_owned());
    let mut world = World::new();
    assert_eq!(regenerate(&mut world, BOB), Err(refused(404, code(), "Enrollment not found.")));
    // One that is not confirmed is none, either.
    world.tenant.set_recovery_codes(false);
    let mfa = world.login(BOB);
    world.added(&mfa);
    assert_eq!(regenerate(&mut world, BOB), Err(refused(404, code(), "Enrollment not found.")));

    let mut world = World::with(|config| config.behaviour.regeneration_enrols = true);
    assert!(regenerate(&mut world, BOB).is_ok());
    let mut world = World::with(|config| config.behaviour.regeneration_counts_unconfirmed = true);
    assert!(regenerate(&mut world, BOB).is_err());
    world.tenant.set_recovery_codes(false);
    let mfa = world.login(BOB);
    world.added(&mfa);
    assert!(regenerate(&mut world, BOB).is_ok());
}

#[test]
fn the_code_of_a_user_who_has_confirmed_nothing_is_good_at_once_only_when_that_is_set() {
    for activates in [false, true] {
        let mut world = World::with(|config| config.behaviour.regeneration_activates = activates);
        let mfa = world.login(BOB);
        world.added(&mfa);
        let code = regenerate(&mut world, BOB).expect("a code");
        assert_eq!(world.recover_with(BOB, &code).is_ok(), activates);
    }
}

#[test]
fn a_user_who_enrolled_before_codes_were_on_gets_a_first_one() {
    let mut world = World::with(|config| config.behaviour.codes_survive_switching_off = false);
    world.tenant.set_recovery_codes(false);
    world.tenant.set_recovery_codes(true);
    assert!(world.tenant.user(ALICE).expect("a user").recovery_code().is_none());
    let code = regenerate(&mut world, ALICE).expect("a code");
    assert!(world.recover_with(ALICE, &code).is_ok());
}

#[test]
fn what_is_no_good_token_is_refused_in_the_api_s_own_shape() {
    let mut world = World::with(|config: &mut Config| {
        config.applications[0].management_scopes = vec!["read:guardian_factors".to_owned()];
    });
    let (good, id) = (token(&mut world), user_id(&world, ALICE));
    let path = format!("/api/v2/users/{}/recovery-code-regeneration", id.as_str().replace('|', "%7C"));
    let mut send = |authorization: Option<String>| {
        let request = http::Request::post(format!("https://tenant.example.com{path}"));
        let request = authorization.into_iter().fold(request, |it, value| it.header("authorization", value));
        let response = world.handle(&request.body(Body::empty()).expect("a request"));
        let body = json_of(&response);
        assert_eq!(body["statusCode"], response.status().as_u16());
        body
    };
    let missing = send(None);
    assert_eq!(
        missing,
        json!({ "statusCode": 401, "error": "Unauthorized", "message": "Missing authentication" })
    );
    for bad in ["Bearer fake", "Basic fake", "Bearer", "Bearer Fe26.2*fake"] {
        assert_eq!(send(Some(bad.to_owned()))["statusCode"], 401, "{bad}");
    }
    let scope = send(Some(format!("Bearer {}", good.expose())));
    assert_eq!(
        scope,
        json!({
            "statusCode": 403,
            "error": "Forbidden",
            "message": "Insufficient scope; expected: update:users.",
            "errorCode": "insufficient_scope",
        })
    );
    world.pass(86_400);
    let refusal = world.call(ListGuardianFactors::new(good)).map(|_| ()).map_err(failure);
    assert_eq!(refusal.expect_err("too old").0, 401);
}

#[test]
fn a_token_for_the_mfa_api_opens_nothing_here() {
    let mut world = World::new();
    let call = auth0_mfa_core::PasswordGrant::new(BOB, password_of(BOB)).for_mfa_api(&[]);
    let auth0_mfa_core::FirstFactor::Tokens(tokens) = world.call(call).expect("tokens") else {
        panic!("tokens")
    };
    let mfa = MfaApiToken::try_from(&tokens.access_token).expect("a token");
    let call = ListGuardianFactors::new(ManagementToken::parse(mfa.expose()).expect("a token"));
    assert_eq!(world.call(call).map(|_| ()).map_err(failure).expect_err("another API").0, 401);
}

#[test]
fn an_unknown_user_is_not_found() {
    let mut world = World::new();
    let token = token(&mut world);
    let call = RegenerateRecoveryCode::new(token, UserId::parse("auth0|nobody").expect("an id"));
    let refusal = world.call(call).map(|_| ()).map_err(failure);
    let code = ErrorCode::Other("inexistent_user".to_owned());
    assert_eq!(refusal, Err(refused(404, code, "The user does not exist.")));
    let response = request(&mut world, "GET", "nothing", None);
    assert_eq!((response.status().as_u16(), &json_of(&response)["error"]), (404, &"Not Found".into()));
}

#[test]
fn a_factor_is_switched_by_its_name() {
    let mut world = World::new();
    let token = token(&mut world);
    let name = GuardianFactorName::parse("recovery-code").expect("a name");
    let off = world.call(SetGuardianFactor::new(token.clone(), name, false)).expect("it can be switched");
    assert!(!off.enabled && !world.tenant.has_recovery_codes());
    let factors = world.call(ListGuardianFactors::new(token)).expect("a list");
    assert_eq!(factors.factors.len(), 8);
    assert_eq!(factors.is_enabled("recovery-code"), Some(false));
    assert_eq!((factors.is_enabled("otp"), factors.is_enabled("duo")), (Some(true), Some(false)));
    let code = world.code_of(ALICE);
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    for (name, body) in
        [("voice", json!({ "enabled": true })), ("otp", json!({})), ("otp", json!({ "enabled": 1 }))]
    {
        let response = request(&mut world, "PUT", &format!("guardian/factors/{name}"), Some(body));
        assert_eq!((response.status().as_u16(), &json_of(&response)["statusCode"]), (400, &400.into()));
    }
}

#[test]
fn the_policy_says_when_a_login_needs_a_second_factor() {
    let mut world = World::new();
    assert_eq!(json_of(&request(&mut world, "GET", "guardian/policies", None)), json!(["all-applications"]));
    for (policy, is_asked) in
        [(json!([]), false), (json!(["confidence-score"]), false), (json!(["all-applications"]), true)]
    {
        let response = request(&mut world, "PUT", "guardian/policies", Some(policy.clone()));
        assert_eq!((response.status().as_u16(), &json_of(&response)), (200, &policy));
        assert_eq!(json_of(&request(&mut world, "GET", "guardian/policies", None)), policy);
        let login = world.call(auth0_mfa_core::PasswordGrant::new(BOB, password_of(BOB))).expect("right");
        assert_eq!(matches!(login, auth0_mfa_core::FirstFactor::MfaRequired(_)), is_asked, "{policy}");
    }
    for bad in [json!(["sometimes"]), json!({}), json!(["all-applications", "confidence-score"])] {
        assert_eq!(request(&mut world, "PUT", "guardian/policies", Some(bad)).status(), 400);
    }
}

#[test]
fn the_methods_of_a_user_are_listed_page_by_page() {
    let mut world = World::new();
    let (token, id) = (token(&mut world), user_id(&world, ALICE));
    let listed = world.call(ListAuthenticationMethods::new(token.clone(), id.clone())).expect("a list");
    let types: Vec<_> = listed.methods.iter().filter_map(|method| method.r#type.as_deref()).collect();
    assert_eq!(types, ["totp", "recovery-code"]);
    assert!(listed.methods.iter().all(|method| method.confirmed == Some(true)));
    assert_eq!((listed.start, listed.limit, listed.total), (Some(0), Some(50), Some(2)));
    let second = world.call(ListAuthenticationMethods::new(token, id).page(1, 1)).expect("a page");
    assert_eq!((second.start, second.limit, second.total), (Some(1), Some(1), Some(2)));
    assert!(second.recovery_code().is_some() && second.methods.len() == 1);
    // Without totals, it is a list and nothing around it.
    let path = methods_of(&world, ALICE);
    assert_eq!(json_of(&request(&mut world, "GET", &path, None)).as_array().map(Vec::len), Some(2));
    assert_eq!(request(&mut world, "GET", &format!("{path}?per_page=101"), None).status(), 400);
    assert_eq!(request(&mut world, "GET", &format!("{path}?page=x"), None).status(), 400);
}

#[test]
fn the_recovery_code_is_a_method_that_can_be_deleted() {
    let mut world = World::new();
    let (token, id) = (token(&mut world), user_id(&world, ALICE));
    let code = world.code_of(ALICE);
    let listed = world.call(ListAuthenticationMethods::new(token.clone(), id.clone())).expect("a list");
    let method = listed.recovery_code().and_then(|method| method.id.clone()).expect("its id");
    world
        .call(DeleteAuthenticationMethod::new(token.clone(), id.clone(), method.clone()))
        .expect("it is there");
    assert!(world.tenant.user(ALICE).expect("a user").recovery_code().is_none());
    assert!(world.tenant.user(ALICE).expect("a user").is_enrolled());
    assert_eq!(world.recover_with(ALICE, &code).map(|_| ()), Err(rejected()));
    let path = format!("{}/{}", methods_of(&world, ALICE), method.as_str().replace('|', "%7C"));
    let again = request(&mut world, "DELETE", &path, None);
    assert_eq!(again.status(), 404);
    let unknown = AuthenticationMethodId::parse("totp|dev_unknown").expect("an id");
    let refusal =
        world.call(DeleteAuthenticationMethod::new(token, id, unknown)).map(|_| ()).map_err(failure);
    // A client takes it for deleted, or is told that it is not there.
    assert!(refusal.is_ok() || refusal.is_err_and(|refusal| refusal.0 == 404));
}

#[test]
fn a_reset_user_enrols_anew_and_gets_a_first_code() {
    for all in [true, false] {
        let mut world = World::with(|config| config.users[0].email_verified = true);
        let (token, id) = (token(&mut world), user_id(&world, ALICE));
        if all {
            world.call(DeleteAllAuthenticators::new(token, id)).expect("deleted");
        } else {
            world.call(DeleteAllAuthenticationMethods::new(token, id)).expect("deleted");
        }
        assert!(!world.tenant.user(ALICE).expect("a user").is_enrolled());
        let mfa = world.login(ALICE);
        assert_eq!(world.list(&mfa).len(), 1, "the address is still verified");
        let (_, codes) = world.added(&mfa);
        assert_eq!(codes.len(), 1);
    }
}

#[test]
fn a_deletion_is_answered_without_a_body_and_with_a_type() {
    let mut world = World::new();
    let path = methods_of(&world, ALICE);
    let response = request(&mut world, "DELETE", &path, None);
    assert_eq!(response.status(), 204);
    assert!(response.body().is_empty());
    assert_eq!(response.headers()["content-type"], "application/json");
}

#[test]
fn an_administrator_makes_names_and_replaces_methods() {
    let mut world = World::new();
    let path = methods_of(&world, BOB);
    let new =
        json!({ "type": "totp", "name": "Bob's app", "totp_secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" });
    let created = request(&mut world, "POST", &path, Some(new));
    assert_eq!(created.status(), 201);
    let created = json_of(&created);
    assert_eq!(
        (&created["type"], &created["name"], &created["confirmed"]),
        (&"totp".into(), &"Bob's app".into(), &true.into())
    );
    assert_eq!(
        world.tenant.user(BOB).expect("a user").totp_secret().expect("one").expose(),
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    );
    assert!(world.tenant.user(BOB).expect("a user").is_enrolled(), "it is confirmed at once");

    let one = format!("{path}/{}", created["id"].as_str().expect("an id").replace('|', "%7C"));
    let renamed = request(&mut world, "PATCH", &one, Some(json!({ "name": "Old app" })));
    assert_eq!((renamed.status().as_u16(), &json_of(&renamed)["name"]), (200, &"Old app".into()));
    let shown = json_of(&request(&mut world, "GET", &one, None));
    assert_eq!(shown["name"], "Old app");
    assert!(shown.get("totp_secret").is_none(), "the secret is shown once");

    let replaced = request(&mut world, "PUT", &path, Some(json!([{ "type": "totp" }])));
    assert_eq!((replaced.status().as_u16(), json_of(&replaced).as_array().map(Vec::len)), (200, Some(1)));
    assert_eq!(request(&mut world, "GET", &one, None).status(), 404);

    for bad in [
        json!({ "type": "recovery-code" }),
        json!({ "type": "totp", "totp_secret": "?" }),
        json!({}),
        json!([]),
    ] {
        assert_eq!(request(&mut world, "POST", &path, Some(bad.clone())).status(), 400, "{bad}");
    }
    let kept = request(&mut world, "PUT", &path, Some(json!([{ "type": "totp", "totp_secret": "?" }])));
    assert_eq!(kept.status(), 400);
    assert!(world.tenant.user(BOB).expect("a user").is_enrolled(), "nothing was replaced");
}

#[test]
fn a_phone_and_an_address_are_made_once() {
    let mut world = World::new();
    let path = methods_of(&world, BOB);
    for new in [
        json!({ "type": "phone", "phone_number": "+15550100123", "name": "Phone" }),
        json!({ "type": "email", "email": "bob@example.org" }),
    ] {
        let made = request(&mut world, "POST", &path, Some(new.clone()));
        assert_eq!(made.status(), 201, "{new}");
        assert_eq!(json_of(&made)["created_at"], "2023-11-14T22:13:20.000Z");
        let again = request(&mut world, "POST", &path, Some(new));
        assert_eq!((again.status().as_u16(), &json_of(&again)["error"]), (409, &"Conflict".into()));
    }
    assert!(world.tenant.user(BOB).expect("a user").is_enrolled());
    for bad in [json!({ "type": "phone", "phone_number": "0" }), json!({ "type": "email", "email": "bob" })] {
        assert_eq!(request(&mut world, "POST", &path, Some(bad)).status(), 400);
    }
}

#[test]
fn a_factor_that_an_administrator_makes_is_the_first_confirmed_one_and_makes_the_code_good() {
    let mut world = World::new();
    let mfa = world.login(BOB);
    let (_, codes) = world.added(&mfa);
    assert_eq!(world.recover_with(BOB, &codes[0]).map(drop), Err(rejected()), "nothing is confirmed");
    let path = methods_of(&world, BOB);
    let phone = json!({ "type": "phone", "phone_number": "+15550100123" });
    assert_eq!(request(&mut world, "POST", &path, Some(phone)).status(), 201);
    let mfa = world.login(BOB);
    let listed = world.list(&mfa);
    let recovery = listed.iter().find(|it| it.authenticator_type == "recovery-code");
    assert_eq!(recovery.expect("it is listed").active, Some(true));
    assert!(world.recover_with(BOB, &codes[0]).is_ok());
}

#[test]
fn what_cannot_replace_all_methods_changes_none() {
    let mut world = World::new();
    let path = methods_of(&world, ALICE);
    let phone = || json!({ "type": "phone", "phone_number": "+15550100123" });
    let old = world.code_of(ALICE);
    let response = request(&mut world, "PUT", &path, Some(json!([phone(), phone()])));
    assert_eq!(response.status(), 409);
    assert_eq!(json_of(&request(&mut world, "GET", &path, None)).as_array().expect("a list").len(), 2);
    assert!(world.recover_with(ALICE, &old).is_ok(), "the code is there as before");
}
