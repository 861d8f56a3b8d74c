//! What core writes, core reads back: requests by a server, replies by a client.

use std::net::IpAddr;
use std::time::Duration;

use auth0_mfa_core::serve::{ClientCredentials, Received, RequestError, Serve, grant_type};
use auth0_mfa_core::{
    AccessToken, AddAuthenticator, Association, Authenticator, AuthenticatorAdded, AuthenticatorId,
    Authenticators, BarcodeUri, Bearer, Call, CallOptions, ClientAuth, ClientId, ClientSecret, Domain,
    FirstFactor, IdToken, ListAuthenticators, MfaRequired, MfaRequirements, MfaToken, NewAuthenticator,
    NewCode, Otp, OtpSecret, Password, PasswordGrant, RecoveryCode, RecoveryCodeAccepted, RefreshToken,
    TokenSet, VerifyWithOtp, VerifyWithRecoveryCode, begin,
};
use auth0_mfa_core::{Application, Body};
use http::Request;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use zeroize::Zeroizing;

use crate::support::{
    add_authenticator, cases, delivered, list_authenticators, password_grant, received, sent, shown,
    verify_with_otp, verify_with_recovery_code,
};

/// Any text that a parameter can have: an empty parameter counts as absent (RFC 6749, 3.2).
fn parameter() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{1,12}", "[ -~]{1,24}", any::<String>().prop_filter("is empty", |text| !text.is_empty())]
}

fn visible() -> impl Strategy<Value = String> {
    "[!-~]{1,40}"
}

#[derive(Clone, Copy, Debug)]
enum Method {
    None,
    Post,
    Basic,
}

#[derive(Clone, Debug)]
struct Client {
    id: String,
    secret: String,
    method: Method,
}

impl Client {
    fn application(&self) -> Application {
        let secret = ClientSecret::parse(self.secret.as_str()).unwrap();
        let client_auth = match self.method {
            Method::None => ClientAuth::None,
            Method::Post => ClientAuth::SecretPost(secret),
            Method::Basic => ClientAuth::SecretBasic(secret),
        };
        let id = ClientId::parse(self.id.as_str()).unwrap();
        Application::new(Domain::parse("tenant.eu.auth0.com").unwrap(), id, client_auth)
    }

    fn is(&self, read: &ClientCredentials) -> bool {
        let secret = match self.method {
            Method::None => None,
            Method::Post | Method::Basic => Some(self.secret.as_str()),
        };
        read.client_id.as_deref() == Some(&self.id)
            && read.client_secret.as_ref().map(ClientSecret::expose) == secret
            && read.basic == matches!(self.method, Method::Basic)
    }
}

fn client() -> impl Strategy<Value = Client> {
    let method = prop_oneof![Just(Method::None), Just(Method::Post), Just(Method::Basic)];
    (parameter(), parameter(), method).prop_map(|(id, secret, method)| Client { id, secret, method })
}

fn request<C: Call>(call: C, client: &Client) -> Request<Body> {
    let options = CallOptions::default().forwarded_for(IpAddr::from([192, 0, 2, 1]));
    begin(call, &client.application(), &options).0
}

fn read<C: Serve>(request: &Request<Body>) -> Received<C> {
    C::read_request(&received(request)).unwrap()
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn a_password_grant(
        client in client(), username in parameter(), password in parameter(),
        audience in option::of(parameter()), scope in option::of(parameter()),
    ) {
        let mut call = PasswordGrant::new(username.as_str(), Password::new(password.as_str()));
        if let Some(audience) = &audience {
            call = call.audience(audience.as_str());
        }
        if let Some(scope) = &scope {
            call = call.scope(scope.as_str());
        }
        let request = request(call, &client);
        prop_assert_eq!(grant_type(&received(&request)).unwrap(), "password");
        let read = read::<PasswordGrant>(&request);
        prop_assert!(client.is(&read.client));
        prop_assert_eq!(read.call.username(), username);
        prop_assert_eq!(read.call.password().expose(), password);
        prop_assert_eq!(read.call.requested_audience(), audience.as_deref());
        prop_assert_eq!(read.call.requested_scope(), scope.as_deref());
    }

    #[test]
    fn a_recovery_code(client in client(), token in visible(), code in parameter()) {
        let token_of_call = MfaToken::parse(token.as_str()).unwrap();
        let call = VerifyWithRecoveryCode::new(token_of_call, RecoveryCode::verbatim(code.as_str()));
        let request = request(call, &client);
        prop_assert!(grant_type(&received(&request)).unwrap().ends_with("/mfa-recovery-code"));
        let read = read::<VerifyWithRecoveryCode>(&request);
        prop_assert!(client.is(&read.client));
        prop_assert_eq!(read.call.mfa_token().expose(), token);
        prop_assert_eq!(read.call.recovery_code().expose(), code);
    }

    #[test]
    fn a_one_time_password(client in client(), token in visible(), otp in parameter()) {
        let call = VerifyWithOtp::new(MfaToken::parse(token.as_str()).unwrap(), Otp::verbatim(otp.as_str()));
        let request = request(call, &client);
        prop_assert!(grant_type(&received(&request)).unwrap().ends_with("/mfa-otp"));
        let read = read::<VerifyWithOtp>(&request);
        prop_assert!(client.is(&read.client));
        prop_assert_eq!(read.call.mfa_token().expose(), token);
        prop_assert_eq!(read.call.otp().expose(), otp);
    }

    #[test]
    fn the_calls_with_a_bearer(client in client(), token in visible()) {
        let bearer = || Bearer::from(MfaToken::parse(token.as_str()).unwrap());
        let list = read::<ListAuthenticators>(&request(ListAuthenticators::new(bearer()), &client));
        prop_assert_eq!(list.call.bearer().expose(), token.as_str());
        let add = AddAuthenticator::new(bearer(), NewAuthenticator::Otp);
        let add = read::<AddAuthenticator>(&request(add, &client));
        prop_assert_eq!(add.call.bearer().expose(), token.as_str());
        prop_assert!(matches!(add.call.authenticator(), NewAuthenticator::Otp));
        // The Authorization header is taken: what can travel in the body does, where there is one.
        prop_assert!(list.client.client_id.is_none() && list.client.client_secret.is_none());
        let is_post = matches!(client.method, Method::Post);
        prop_assert_eq!(add.client.client_id.as_deref(), is_post.then_some(client.id.as_str()));
        let secret = add.client.client_secret.as_ref().map(ClientSecret::expose);
        prop_assert_eq!(secret, is_post.then_some(client.secret.as_str()));
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

fn token_set() -> impl Strategy<Value = TokenSet> {
    let words = (option::of("\\PC{0,12}"), option::of(any::<u64>()), option::of(any::<String>()));
    let tokens = (option::of(any::<String>()), option::of(any::<String>()));
    (visible(), words, tokens).prop_map(|(access_token, (token_type, life, scope), (id, refresh))| {
        let mut tokens = TokenSet::new(AccessToken::parse(access_token).unwrap());
        tokens.token_type = token_type;
        tokens.expires_in = life.map(Duration::from_secs);
        tokens.scope = scope;
        tokens.id_token = id.map(|token| IdToken::from(Zeroizing::new(token)));
        tokens.refresh_token = refresh.map(|token| RefreshToken::from(Zeroizing::new(token)));
        tokens
    })
}

/// Every field of a token set, for comparison.
fn parts(tokens: &TokenSet) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        tokens.access_token.expose().to_owned(),
        (tokens.token_type.clone(), tokens.expires_in, tokens.scope.clone()),
        tokens.id_token.as_ref().map(|token| token.expose().to_owned()),
        tokens.refresh_token.as_ref().map(|token| token.expose().to_owned()),
    )
}

/// A code that a server can issue: some text, without the mark of bytes that could not be read.
fn new_code() -> impl Strategy<Value = Option<String>> {
    let is_code = |code: &String| !code.is_empty() && !code.contains(char::REPLACEMENT_CHARACTER);
    option::of(prop_oneof!["[A-Z0-9]{24}", any::<String>()].prop_filter("is no code", is_code))
}

fn issued(code: Option<&String>) -> NewCode {
    code.map_or(NewCode::NotReturned, |code| NewCode::Issued(RecoveryCode::verbatim(code.as_str())))
}

fn authenticator() -> impl Strategy<Value = Authenticator> {
    let words = (vec(any::<String>(), 0..3), option::of(any::<String>()), option::of(any::<String>()));
    (any::<String>(), any::<String>(), option::of(any::<bool>()), words).prop_map(
        |(id, authenticator_type, active, (channels, name, r#type))| {
            let mut authenticator = Authenticator::new(AuthenticatorId::parse(id).ok(), authenticator_type);
            authenticator.active = active;
            authenticator.oob_channels = channels;
            authenticator.name = name;
            authenticator.r#type = r#type;
            authenticator
        },
    )
}

/// Every field of an authenticator, for comparison.
fn fields(it: &Authenticator) -> impl PartialEq + std::fmt::Debug + use<> {
    let Authenticator { id, authenticator_type, active, oob_channels, name, r#type, .. } = it.clone();
    (id, authenticator_type, active, oob_channels, name, r#type)
}

proptest! {
    #![proptest_config(cases(250))]

    #[test]
    fn the_reply_to_a_recovery_code(tokens in token_set(), code in new_code()) {
        let expected = parts(&tokens);
        let written = RecoveryCodeAccepted::new(tokens, issued(code.as_ref()));
        let reply = VerifyWithRecoveryCode::write_reply(&written);
        let read = sent(verify_with_recovery_code()).answered(delivered(&reply)).unwrap();
        let (tokens, new_code) = read.into_parts();
        prop_assert_eq!(parts(&tokens), expected);
        prop_assert_eq!(new_code.issued().map(|code| code.expose().to_owned()), code);
    }

    #[test]
    fn the_reply_to_a_one_time_password_and_to_a_password(tokens in token_set()) {
        let reply = VerifyWithOtp::write_reply(&tokens);
        let read = sent(verify_with_otp()).answered(delivered(&reply)).unwrap();
        prop_assert_eq!(parts(&read), parts(&tokens));

        let expected = parts(&tokens);
        let reply = PasswordGrant::write_reply(&FirstFactor::Tokens(tokens));
        match sent(password_grant()).answered(delivered(&reply)).unwrap() {
            FirstFactor::Tokens(read) => prop_assert_eq!(parts(&read), expected),
            FirstFactor::MfaRequired(_) => prop_assert!(false, "tokens were written"),
        }
    }

    #[test]
    fn a_second_factor_that_is_asked_for(
        token in visible(), challenge in vec(any::<String>(), 0..3), enroll in vec(any::<String>(), 0..3),
        challenge_types in vec(any::<String>(), 0..3),
    ) {
        let mut requirements = MfaRequirements::default();
        requirements.challenge = challenge;
        requirements.enroll = enroll;
        requirements.challenge_types = challenge_types;
        let mfa = MfaRequired::new(MfaToken::parse(token.as_str()).unwrap(), requirements.clone());
        let reply = PasswordGrant::write_reply(&FirstFactor::MfaRequired(mfa));
        match sent(password_grant()).answered(delivered(&reply)).unwrap() {
            FirstFactor::MfaRequired(read) => {
                prop_assert_eq!(read.mfa_token().expose(), token);
                prop_assert_eq!(read.requirements(), &requirements);
            }
            FirstFactor::Tokens(_) => prop_assert!(false, "MFA was required"),
        }
    }

    #[test]
    fn the_list_of_authenticators(list in vec(authenticator(), 0..5)) {
        let written = Authenticators::from(list);
        let reply = ListAuthenticators::write_reply(&written);
        let read = sent(list_authenticators()).answered(delivered(&reply)).unwrap();
        let all = |list: &Authenticators| list.authenticators.iter().map(fields).collect::<Vec<_>>();
        prop_assert_eq!(all(&read), all(&written));
    }

    #[test]
    fn an_authenticator_that_was_added(
        secret in any::<String>(), uri in any::<String>(), codes in vec(new_code(), 0..3),
    ) {
        let association = Association::otp(
            OtpSecret::from(Zeroizing::new(secret.clone())),
            BarcodeUri::from(Zeroizing::new(uri.clone())),
        );
        let new_codes = codes.iter().flatten().map(|code| issued(Some(code))).collect();
        let reply = AddAuthenticator::write_reply(&AuthenticatorAdded::new(association, new_codes));
        let read = sent(add_authenticator()).answered(delivered(&reply)).unwrap();
        let (association, new_codes) = read.into_parts();
        prop_assert_eq!(association.authenticator_type, "otp");
        prop_assert_eq!(association.secret.map(|it| it.expose().to_owned()), Some(secret));
        prop_assert_eq!(association.barcode_uri.map(|it| it.expose().to_owned()), Some(uri));
        let read: Vec<String> = new_codes.iter().map(shown).collect();
        prop_assert_eq!(read, codes.into_iter().flatten().collect::<Vec<_>>());
    }
}
