//! Requests: what a call holds, and who sends it, a server reads.

use auth0_mfa_core::serve::{RequestError, Serve, grant_type};
use auth0_mfa_core::{
    AddAuthenticator, AuthenticationMethodId, AuthenticatorId, Bearer, BindingCode,
    DeleteAllAuthenticationMethods, DeleteAllAuthenticators, DeleteAuthenticationMethod, DeleteAuthenticator,
    EmailAddress, GuardianFactorName, ListAuthenticationMethods, ListAuthenticators, ListGuardianFactors,
    MfaApiScope, NewAuthenticator, Otp, Password, PasswordGrant, PhoneNumber, RecoveryCode, RefreshToken,
    RefreshTokenGrant, RegenerateRecoveryCode, RequestChallenge, SetGuardianFactor, UserId, VerifyWithOob,
    VerifyWithOtp, VerifyWithRecoveryCode,
};
use http::Request;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::subsequence;

use super::client::{Client, Endpoint, client};
use super::{identifier, parameter, visible};
use crate::calls::{management_token, mfa_api_token, mfa_token, oob_code};
use crate::support::cases;

/// Sends a grant to `/oauth/token`, and looks at its `grant_type`.
fn grant<C: Serve>(client: &Client, grant_type_ends: &str, call: C) -> Result<C, TestCaseError> {
    client.send(Endpoint::Authenticating, call, |request| {
        prop_assert_eq!(request.uri().path(), "/oauth/token");
        let word = grant_type(request).unwrap();
        prop_assert!(word.ends_with(grant_type_ends), "{}", word);
        Ok(())
    })
}

/// Sends a call to a path, and looks at its method and path.
fn to<C: Serve>(
    client: &Client,
    endpoint: Endpoint,
    line: (&str, &str),
    call: C,
) -> Result<C, TestCaseError> {
    client.send(endpoint, call, |request| {
        let (method, path) = line;
        prop_assert_eq!(request.method(), method);
        let segments = |path: &str| path.split('/').count();
        let is_the_path = request
            .uri()
            .path()
            .split('/')
            .zip(path.split('/'))
            .all(|(segment, part)| part == "{}" || part == segment);
        prop_assert!(is_the_path && segments(request.uri().path()) == segments(path), "{}", request.uri());
        prop_assert!(!request.uri().path().contains('|'), "{}", request.uri());
        Ok(())
    })
}

/// A login, and what of it a server is to read.
#[derive(Clone, Debug)]
struct Login {
    username: String,
    password: String,
    audience: Option<String>,
    scope: Option<String>,
}

fn login() -> impl Strategy<Value = Login> {
    (parameter(), parameter(), option::of(parameter()), option::of(parameter()))
        .prop_map(|(username, password, audience, scope)| Login { username, password, audience, scope })
}

impl Login {
    fn grant(&self) -> PasswordGrant {
        let mut call = PasswordGrant::new(self.username.as_str(), Password::new(self.password.as_str()));
        if let Some(audience) = &self.audience {
            call = call.audience(audience.as_str());
        }
        match &self.scope {
            Some(scope) => call.scope(scope.as_str()),
            None => call,
        }
    }

    fn check(&self, read: &PasswordGrant) -> Result<(), TestCaseError> {
        prop_assert_eq!(read.username(), &self.username);
        prop_assert_eq!(read.password().expose(), &self.password);
        prop_assert_eq!(read.requested_audience(), self.audience.as_deref());
        prop_assert_eq!(read.requested_scope(), self.scope.as_deref());
        Ok(())
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn a_password(client in client(), login in login(), realm in parameter()) {
        login.check(&grant(&client, "password", login.grant())?)?;
        let read = grant(&client, "/password-realm", login.grant().in_realm(realm.as_str()))?;
        login.check(read.login())?;
        prop_assert_eq!(read.realm(), realm);
    }

    #[test]
    fn a_login_for_the_mfa_api(
        client in client(), other in client(), login in login(),
        scopes in subsequence(vec![MfaApiScope::Enroll, MfaApiScope::ReadAuthenticators, MfaApiScope::RemoveAuthenticators], 0..=3),
    ) {
        let read = grant(&client, "password", login.grant().for_mfa_api(&scopes))?;
        let words: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let scope = Some(words.join(" ")).filter(|scope| !scope.is_empty());
        Login { audience: Some(client.mfa_audience()), scope, ..login }.check(read.login())?;
        // Sent on by another, the audience is the one that was read.
        let again = grant(&other, "password", read)?;
        let audience = client.mfa_audience();
        prop_assert_eq!(again.login().requested_audience(), Some(audience.as_str()));
    }

    #[test]
    fn a_refresh_token(
        client in client(), token in parameter(), audience in option::of(parameter()),
        scope in option::of(parameter()),
    ) {
        let mut call = RefreshTokenGrant::new(RefreshToken::parse(token.as_str()).unwrap());
        if let Some(audience) = &audience {
            call = call.audience(audience.as_str());
        }
        if let Some(scope) = &scope {
            call = call.scope(scope.as_str());
        }
        let read = grant(&client, "refresh_token", call)?;
        prop_assert_eq!(read.refresh_token().expose(), token);
        prop_assert_eq!(read.requested_audience(), audience.as_deref());
        prop_assert_eq!(read.requested_scope(), scope.as_deref());
    }

    #[test]
    fn a_second_factor(
        client in client(), token in visible(), code in parameter(), handle in parameter(),
        typed in option::of(parameter()),
    ) {
        let call = VerifyWithRecoveryCode::new(mfa_token(&token), RecoveryCode::verbatim(code.as_str()));
        let read = grant(&client, "/mfa-recovery-code", call)?;
        prop_assert_eq!((read.mfa_token().expose(), read.recovery_code().expose()), (&*token, &*code));

        let call = VerifyWithOtp::new(mfa_token(&token), Otp::verbatim(code.as_str()));
        let read = grant(&client, "/mfa-otp", call)?;
        prop_assert_eq!((read.mfa_token().expose(), read.otp().expose()), (&*token, &*code));

        let mut call = VerifyWithOob::new(mfa_token(&token), oob_code(&handle));
        if let Some(typed) = &typed {
            call = call.with_binding_code(BindingCode::verbatim(typed.as_str()));
        }
        let read = grant(&client, "/mfa-oob", call)?;
        prop_assert_eq!((read.mfa_token().expose(), read.oob_code().expose()), (&*token, &*handle));
        prop_assert_eq!(read.binding_code().map(BindingCode::expose), typed.as_deref());
    }

    #[test]
    fn a_challenge(
        client in client(), token in visible(), types in option::of(parameter()), id in option::of(identifier()),
    ) {
        let mut call = RequestChallenge::new(mfa_token(&token));
        if let Some(types) = &types {
            call = call.challenge_type(types.as_str());
        }
        if let Some(id) = &id {
            call = call.authenticator(AuthenticatorId::parse(id.as_str()).unwrap());
        }
        let read = to(&client, Endpoint::Authenticating, ("POST", "/mfa/challenge"), call)?;
        prop_assert_eq!(read.mfa_token().expose(), token);
        prop_assert_eq!(read.requested_challenge_type(), types.as_deref().unwrap_or("otp oob"));
        prop_assert_eq!(read.authenticator_id().map(AuthenticatorId::as_str), id.as_deref());
    }

    #[test]
    fn a_new_authenticator(client in client(), token in visible(), text in parameter(), channel in 0..6) {
        let number = || PhoneNumber::parse(text.as_str()).unwrap();
        let added = match channel {
            0 => NewAuthenticator::Otp,
            1 => NewAuthenticator::Sms(number()),
            2 => NewAuthenticator::Voice(number()),
            3 => NewAuthenticator::Email(Some(EmailAddress::parse(text.as_str()).unwrap())),
            4 => NewAuthenticator::Email(None),
            _ => NewAuthenticator::Push,
        };
        let call = AddAuthenticator::new(Bearer::from(mfa_token(&token)), added);
        let read = to(&client, Endpoint::Associate, ("POST", "/mfa/associate"), call)?;
        prop_assert_eq!(read.bearer().expose(), token);
        let (read, its_text) = match read.authenticator() {
            NewAuthenticator::Otp => (0, None),
            NewAuthenticator::Sms(number) => (1, Some(number.expose())),
            NewAuthenticator::Voice(number) => (2, Some(number.expose())),
            NewAuthenticator::Email(Some(address)) => (3, Some(address.expose())),
            NewAuthenticator::Email(None) => (4, None),
            _ => (5, None),
        };
        prop_assert_eq!(read, channel);
        prop_assert_eq!(its_text, (1..=3).contains(&channel).then_some(text.as_str()));
    }

    #[test]
    fn the_users_authenticators(client in client(), token in visible(), id in identifier()) {
        let bearer = || Bearer::from(mfa_token(&token));
        let list = ("GET", "/mfa/authenticators");
        let read = to(&client, Endpoint::Mfa, list, ListAuthenticators::new(bearer()))?;
        prop_assert_eq!(read.bearer().expose(), token.as_str());

        let call = DeleteAuthenticator::new(mfa_api_token(&token), AuthenticatorId::parse(id.as_str()).unwrap());
        let read = to(&client, Endpoint::Mfa, ("DELETE", "/mfa/authenticators/{}"), call)?;
        prop_assert_eq!((read.access_token().expose(), read.authenticator_id().as_str()), (&*token, &*id));
    }
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_call_about_a_user(
        client in client(), token in visible(), user in identifier(), method in identifier(),
        page in option::of(any::<(u32, u32)>()),
    ) {
        let secret = || management_token(&token);
        let user_id = || UserId::parse(user.as_str()).unwrap();
        let method_id = AuthenticationMethodId::parse(method.as_str()).unwrap();
        let expected = (token.as_str(), user.as_str());
        let management = Endpoint::Management;

        let line = ("POST", "/api/v2/users/{}/recovery-code-regeneration");
        let read = to(&client, management, line, RegenerateRecoveryCode::new(secret(), user_id()))?;
        prop_assert_eq!((read.token().expose(), read.user_id().as_str()), expected);

        let line = ("DELETE", "/api/v2/users/{}/authentication-methods");
        let read = to(&client, management, line, DeleteAllAuthenticationMethods::new(secret(), user_id()))?;
        prop_assert_eq!((read.token().expose(), read.user_id().as_str()), expected);

        let line = ("DELETE", "/api/v2/users/{}/authenticators");
        let read = to(&client, management, line, DeleteAllAuthenticators::new(secret(), user_id()))?;
        prop_assert_eq!((read.token().expose(), read.user_id().as_str()), expected);

        let line = ("DELETE", "/api/v2/users/{}/authentication-methods/{}");
        let call = DeleteAuthenticationMethod::new(secret(), user_id(), method_id);
        let read = to(&client, management, line, call)?;
        prop_assert_eq!((read.token().expose(), read.user_id().as_str()), expected);
        prop_assert_eq!(read.authentication_method_id().as_str(), method);

        let mut call = ListAuthenticationMethods::new(secret(), user_id());
        if let Some((page, per_page)) = page {
            call = call.page(page, per_page);
        }
        let line = ("GET", "/api/v2/users/{}/authentication-methods");
        let read = to(&client, management, line, call)?;
        prop_assert_eq!((read.token().expose(), read.user_id().as_str()), expected);
        prop_assert_eq!(read.requested_page(), page);
    }

    #[test]
    fn a_call_about_the_tenants_factors(
        client in client(), token in visible(), name in identifier(), enabled in any::<bool>(),
    ) {
        let list = ListGuardianFactors::new(management_token(&token));
        let read = to(&client, Endpoint::Management, ("GET", "/api/v2/guardian/factors"), list)?;
        prop_assert_eq!(read.token().expose(), token.as_str());

        let name_of_call = GuardianFactorName::parse(name.as_str()).unwrap();
        let call = SetGuardianFactor::new(management_token(&token), name_of_call, enabled);
        let read = to(&client, Endpoint::Management, ("PUT", "/api/v2/guardian/factors/{}"), call)?;
        prop_assert_eq!((read.token().expose(), read.name().as_str()), (&*token, &*name));
        prop_assert_eq!(read.enabled(), enabled);
    }
}

#[test]
fn a_parameter_that_is_there_twice_is_refused_whatever_its_values() {
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", "mfa_token=t&otp=1&otp=1"),
        ("application/x-www-form-urlencoded", "mfa_token=t&otp=1&otp="),
        ("application/json", r#"{"mfa_token":"t","otp":"1","otp":"2"}"#),
    ] {
        let request = Request::builder().header("content-type", content_type).body(body.as_bytes()).unwrap();
        let refused = VerifyWithOtp::read_request(&request).err();
        assert_eq!(refused, Some(RequestError::RepeatedParameter("otp")), "{body}");
    }
}

#[test]
fn a_page_that_is_asked_for_by_half_has_the_apis_defaults() {
    for (query, page) in [
        ("", None),
        ("?include_totals=true", None),
        ("?page=3", Some((3, 50))),
        ("?per_page=7", Some((0, 7))),
        ("?page=3&per_page=7&x=y", Some((3, 7))),
    ] {
        let request = Request::builder()
            .uri(format!("https://tenant.eu.auth0.com/api/v2/users/auth0%7C1/authentication-methods{query}"))
            .header("authorization", "Bearer t")
            .body(&b""[..])
            .unwrap();
        let read = ListAuthenticationMethods::read_request(&request).unwrap();
        assert_eq!(read.call.requested_page(), page, "{query}");
    }
}
