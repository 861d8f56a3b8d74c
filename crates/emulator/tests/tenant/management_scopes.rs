//! Each call of the Management API asks for its token, its scope and its user.

use auth0_mfa_core::Body;

use crate::administrator::*;
use crate::support::*;

const CALLS: [(&str, &str, &str); 17] = [
    ("POST", "users/{}/recovery-code-regeneration", "update:users"),
    ("GET", "users/{}/authentication-methods", "read:authentication_methods"),
    ("POST", "users/{}/authentication-methods", "create:authentication_methods"),
    ("PUT", "users/{}/authentication-methods", "update:authentication_methods"),
    ("DELETE", "users/{}/authentication-methods", "delete:authentication_methods"),
    ("GET", "users/{}/authentication-methods/totp%7Cdev_fake", "read:authentication_methods"),
    ("PATCH", "users/{}/authentication-methods/totp%7Cdev_fake", "update:authentication_methods"),
    ("DELETE", "users/{}/authentication-methods/totp%7Cdev_fake", "delete:authentication_methods"),
    ("DELETE", "users/{}/authenticators", "delete:guardian_enrollments"),
    ("GET", "users/{}/enrollments", "read:users"),
    ("DELETE", "users/{}/multifactor/duo", "update:users"),
    ("GET", "guardian/enrollments/dev_fake", "read:guardian_enrollments"),
    ("DELETE", "guardian/enrollments/dev_fake", "delete:guardian_enrollments"),
    ("GET", "guardian/factors", "read:guardian_factors"),
    ("PUT", "guardian/factors/otp", "update:guardian_factors"),
    ("GET", "guardian/policies", "read:mfa_policies"),
    ("PUT", "guardian/policies", "update:mfa_policies"),
];

fn path(world: &World, pattern: &str) -> String {
    pattern.replace("{}", &encoded(user_id(world, ALICE).as_str()))
}

#[test]
fn a_call_needs_its_scope_and_no_other() {
    for (method, pattern, scope) in CALLS {
        let message = format!("Insufficient scope; expected: {scope}.");
        let mut world = World::with(|config| {
            config.applications[0].management_scopes.retain(|granted| granted != scope);
        });
        let call = path(&world, pattern);
        let refused = error(403, "Forbidden", &message, "insufficient_scope");
        assert_eq!(manage(&mut world, method, &call, None), refused, "{method} {pattern}");
        let mut world = World::with(|config| {
            config.applications[0].management_scopes.retain(|granted| granted == scope);
        });
        let (status, body) = manage(&mut world, method, &call, None);
        assert_ne!(status, 403, "{method} {pattern}: {body}");
    }
}

#[test]
fn a_call_needs_a_token() {
    for (method, pattern, _) in CALLS {
        let mut world = World::new();
        let uri = format!("https://tenant.example.com/api/v2/{}", path(&world, pattern));
        let request = http::Request::builder().method(method).uri(uri).body(Body::empty());
        let response = world.handle(&request.expect("a request"));
        assert_eq!((response.status().as_u16(), &json(&response)["statusCode"]), (401, &401.into()));
        assert_eq!(json(&response)["error"], "Unauthorized", "{method} {pattern}");
    }
}

#[test]
fn a_call_for_an_unknown_user_is_not_found() {
    for (method, pattern, _) in CALLS.into_iter().filter(|(_, pattern, _)| pattern.contains("{}")) {
        let path = pattern.replace("{}", "auth0%7Cnobody");
        let unknown = error(404, "Not Found", "The user does not exist.", "inexistent_user");
        assert_eq!(manage(&mut World::new(), method, &path, None), unknown, "{method} {pattern}");
    }
}
