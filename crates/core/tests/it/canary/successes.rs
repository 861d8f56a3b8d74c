//! In a success, and in a reply that is being read.

use std::fmt::Debug;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    Application, Association, Authenticator, AuthenticatorAdded, AuthenticatorId, Authenticators, BarcodeUri,
    Body, Call, CallOptions, Challenge, ClientAuth, FactorAccepted, FirstFactor, IdToken, MfaRequired,
    MfaRequirements, NewCode, NewCodes, OobStep, OtpSecret, RecoveryCodeAccepted, RecoveryCodeRegenerated,
    RefreshToken, Replay, Reply, TokenSet, Unreadable, begin,
};
use http::{Request, Response};

use super::{access_token, echo, new_code, options, secret};
use crate::calls::{
    COUNT, Make, Visitor, each_call, mfa_token, oob_code, regenerate_recovery_code, verify_with_recovery_code,
};
use crate::needles::{CANARIES, hides, hides_in_debug};
use crate::support::application;

fn token_set(canary: &str) -> TokenSet {
    let mut tokens = TokenSet::new(access_token(canary));
    tokens.id_token = Some(IdToken::from(secret(canary)));
    tokens.refresh_token = Some(RefreshToken::from(secret(canary)));
    tokens
}

#[test]
fn in_a_success_that_a_server_makes() {
    for canary in CANARIES {
        let mfa = MfaRequired::new(mfa_token(canary), MfaRequirements::default());
        hides_in_debug(canary, &FirstFactor::MfaRequired(mfa));
        hides_in_debug(canary, &FirstFactor::Tokens(token_set(canary)));
        hides_in_debug(canary, &RecoveryCodeAccepted::new(token_set(canary), new_code(canary)));
        hides_in_debug(canary, &new_code(canary));
        hides(canary, &new_code(canary).to_string());
        let association = Association::otp(OtpSecret::from(secret(canary)), BarcodeUri::from(secret(canary)));
        let new_codes: NewCodes = [new_code(canary)].into_iter().collect();
        hides_in_debug(canary, &AuthenticatorAdded::new(association, new_codes));
        let mut phone = Authenticator::new(AuthenticatorId::parse("sms|dev_1").unwrap(), "oob");
        phone.name = Some(canary.to_owned());
        hides_in_debug(canary, &Authenticators::from(vec![phone]));
        let oob = Association::oob("sms", oob_code(canary));
        hides_in_debug(canary, &AuthenticatorAdded::new(oob, NewCodes::default()));
        hides_in_debug(canary, &Challenge::oob(oob_code(canary)));
        hides_in_debug(
            canary,
            &OobStep::Done(FactorAccepted::new(token_set(canary)).with_new_code(new_code(canary))),
        );
        hides_in_debug(canary, &RecoveryCodeRegenerated::new(new_code(canary)));
    }
}

fn succeeded<C: Call>(canary: &str, call: C, fields: &str) -> C::Output {
    let mut body = String::new();
    let (_, pending) = begin(call, &application(ClientAuth::None), CallOptions::default());
    pending.answered(echo(canary, 200, fields, &mut body)).unwrap()
}

/// What a success cannot be without, and figures; every other field repeats the canary.
const WORDS: &str = r#""error":null,"expires_in":600,"interval":5,"start":0,"limit":1,"total":1,"challenge_type":"oob","enabled":true,"authenticators":null"#;

/// Each success, of a reply that repeats the canary wherever it can.
struct Successes<'a> {
    canary: &'a str,
    seen: usize,
}

impl Visitor for Successes<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let (_, pending) = begin(call(self.canary), &application(ClientAuth::None), options(self.canary));
        let mut body = String::new();
        let object = echo(self.canary, 200, WORDS, &mut body).map(<[u8]>::to_vec);
        let list = format!("[{}]", String::from_utf8(object.body().clone()).unwrap());
        let is_list = C::NAME.starts_with("List");
        let body = match C::NAME {
            // Nothing is what says that something was deleted.
            name if name.starts_with("Delete") => &[],
            _ if is_list => list.as_bytes(),
            _ => object.body().as_slice(),
        };
        let mut reply = Response::new(body);
        *reply.headers_mut() = object.headers().clone();
        let output = pending.answered(reply).unwrap_or_else(|error| panic!("{error}"));
        hides_in_debug(self.canary, &output);
        self.seen += 1;
    }
}

#[test]
fn in_a_success_that_was_read_from_a_reply() {
    for canary in CANARIES {
        let mut successes = Successes { canary, seen: 0 };
        each_call(&mut successes);
        assert_eq!(successes.seen, COUNT);
    }
}

#[test]
fn in_a_new_code_of_digits_that_is_no_string() {
    // Readers of JSON like to quote them.
    let digits = format!(r#"{WORDS},"recovery_code":73194628501397"#);
    for canary in CANARIES {
        let unreadable = succeeded(canary, verify_with_recovery_code(canary), &digits);
        hides_in_debug("73194628501397", &unreadable);
        assert!(matches!(unreadable.into_parts().1, NewCode::Unreadable(_)));
        let unreadable = succeeded(canary, regenerate_recovery_code(canary), &digits);
        hides_in_debug("73194628501397", &unreadable);
        assert!(matches!(unreadable.into_new_code(), NewCode::Unreadable(_)));
    }
}

/// A call of one's own, which is shown the reply.
struct Probe;

impl Call for Probe {
    type Output = String;
    type NewCode = ();
    const NAME: &'static str = "Probe";
    const REPLAY: Replay = Replay::Safe;

    fn request(&self, _: &Application, _: &CallOptions) -> Request<Body> {
        Request::new(Body::empty())
    }

    fn parse(&self, reply: &Reply<'_>) -> Result<String, Unreadable> {
        assert!(!reply.body().is_empty() && !reply.headers().is_empty());
        Ok(format!("{reply:?} {reply:#?} {:?}", reply.info()))
    }
}

#[test]
fn in_a_reply_that_is_being_read() {
    for canary in CANARIES {
        hides(canary, &succeeded(canary, Probe, r#""error":null"#));
    }
}
