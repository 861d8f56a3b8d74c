//! In the errors of a call, of Auth0 and of a transport.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::time::Duration;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::transport::{TransportError, from_fn};
use auth0_mfa_core::{
    ApiError, Body, Call, CallError, ClientAuth, ErrorCode, MfaRequired, MfaRequirements, OobPoll,
    ValidationError, begin,
};
use http::Response;

use super::{echo, echoing_headers, options, secret};
use crate::calls::{
    COUNT, Make, Visitor, each_call, mfa_token, oob_code, regenerate_recovery_code, verify_with_recovery_code,
};
use crate::needles::{CANARIES, hides, hides_in_debug, hides_in_error};
use crate::support::application;

/// What no call reads as a success, and each reads in its own way.
const FAILURES: [(u16, &str); 16] = [
    (403, r#""access_token":null"#),
    (200, r#""access_token":null"#),
    (500, r#""access_token":null"#),
    (403, r#""error":"invalid_grant","access_token":null"#),
    (403, r#""error":"mfa_required","access_token":null,"mfa_token":7"#),
    (400, r#""error":null,"access_token":null"#),
    (400, r#""error":null,"access_token":null,"errorCode":null"#),
    (400, r#""error":null,"access_token":null,"errorCode":null,"code":null"#),
    (400, r#""error":{"a":1},"errorCode":null,"access_token":null"#),
    (200, r#""error":null,"access_token":null,"secret":null,"barcode_uri":null"#),
    (204, r#""error":null,"access_token":7,"secret":7,"barcode_uri":7"#),
    (
        200,
        r#""error":null,"access_token":null,"secret":null,"barcode_uri":null,"oob_code":null,"challenge_type":"oob","enabled":7,"authenticators":7"#,
    ),
    (422, r#""error":"x","access_token":null,"mfa_token":7,"recovery_code":7"#),
    (302, r#""error":null,"access_token":null"#),
    (502, r#""error":null,"access_token":null"#),
    (429, r#""error":null,"access_token":"T""#),
];

/// All that a program may log of an error.
fn shown_of<C: Call>(error: CallError<C>) -> [String; 2] {
    let mut parts = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        parts.push_str(&format!("\n{cause} {cause:?} {cause:#?}"));
        source = cause.source();
    }
    let (code, info, api) = (error.new_code(), error.info(), error.api_error());
    parts.push_str(&format!("\n{code:?} {code:#?} {info:?} {info:#?} {api:?} {api:#?}"));
    parts.push_str(&format!("\n{:?} {:#?}", error.mfa_required(), error.mfa_required()));
    let variant = match error {
        CallError::NotSent(it) => format!("{it:?} {it:#?}"),
        CallError::InDoubt(it) => format!("{it:?} {it:#?}"),
        CallError::Api(it) => format!("{it:?} {it:#?}"),
        CallError::Malformed(it) => format!("{it:?} {it:#?}"),
    };
    [parts, variant]
}

/// Every failure of a call: what is shown of it, once, since most of it is alike.
struct Failures<'a> {
    canary: &'a str,
    shown: BTreeSet<String>,
}

impl Visitor for Failures<'_> {
    fn visit<C: Serve<Output: Debug> + Debug>(&mut self, call: Make<C>) {
        let pending = || begin(call(self.canary), &application(ClientAuth::None), options(self.canary)).1;
        let mut errors: Vec<CallError<C>> =
            vec![pending().not_sent("refused").err().unwrap(), pending().lost("reset", None).err().unwrap()];
        for (status, fields) in FAILURES {
            let mut body = String::new();
            errors.extend(pending().answered(echo(self.canary, status, fields, &mut body)).err());
            let (head, whole) = echo(self.canary, status, fields, &mut body).into_parts();
            for cut in (0..whole.len()).step_by(whole.len() / 5) {
                let cut = Response::from_parts(head.clone(), &whole[..cut]);
                errors.extend(pending().lost("reset", Some(cut)).err());
            }
        }
        let mut seen = [0; 4];
        for error in errors {
            seen[match error {
                CallError::NotSent(_) => 0,
                CallError::InDoubt(_) => 1,
                CallError::Api(_) => 2,
                CallError::Malformed(_) => 3,
            }] += 1;
            self.shown.extend(shown_of(error));
        }
        assert!(seen.iter().all(|count| *count > 0), "{}: {seen:?}", C::NAME);
    }
}

#[test]
fn in_the_errors_of_every_call() {
    for canary in CANARIES {
        let mut failures = Failures { canary, shown: BTreeSet::new() };
        each_call(&mut failures);
        assert!(failures.shown.len() > COUNT);
        for shown in failures.shown {
            hides(canary, &shown);
        }
    }
}

fn failed<C: Call>(canary: &str, call: C, status: u16, fields: &str) -> CallError<C> {
    let (_, pending) = begin(call, &application(ClientAuth::None), options(canary));
    let mut body = String::new();
    pending.answered(echo(canary, status, fields, &mut body)).err().expect("an error")
}

#[test]
fn in_a_doubt() {
    for canary in CANARIES {
        let fields = r#""access_token":null"#;
        let error = failed(canary, verify_with_recovery_code(canary), 403, fields);
        hides_in_debug(canary, &error.into_in_doubt().unwrap());
        let error = failed(canary, regenerate_recovery_code(canary), 409, fields);
        hides_in_debug(canary, &error.into_in_doubt().unwrap());
    }
}

#[test]
fn in_a_repeat_with_a_nonce() {
    for canary in CANARIES {
        let fields = r#""error":"use_dpop_nonce","errorCode":null,"access_token":null,"recovery_code":null"#;
        let CallError::Api(refused) = failed(canary, verify_with_recovery_code(canary), 400, fields) else {
            panic!("it is an error of Auth0")
        };
        hides_in_debug(canary, &refused);
        let repeat = refused.into_dpop_repeat().unwrap();
        assert_eq!(repeat.nonce(), canary);
        hides_in_debug(canary, &repeat);
        let (request, pending) = repeat.begin(&application(ClientAuth::None), options(canary));
        hides_in_debug(canary, &request);
        hides_in_debug(canary, &pending);
    }
}

#[test]
fn in_the_steps_of_a_poll() {
    for canary in CANARIES {
        let pending = r#""error":"authorization_pending","errorCode":null,"access_token":null"#;
        let refused = r#""error":"access_denied","error_description":"MFA Authorization rejected.","errorCode":null,"access_token":null"#;
        let success = r#""error":null,"token_type":"Bearer","scope":"openid","expires_in":600"#;
        for (status, fields) in
            [(400, pending), (400, refused), (403, FAILURES[3].1), (502, FAILURES[14].1), (200, success)]
        {
            let mut poll = OobPoll::new(mfa_token(canary), oob_code(canary));
            let (_, sent) = begin(poll.call(), &application(ClientAuth::None), options(canary));
            let mut body = String::new();
            let answer = sent.answered(echo(canary, status, fields, &mut body));
            hides_in_debug(canary, &poll.after(answer, Duration::ZERO));
            hides_in_debug(canary, &poll);
        }
    }
}

#[test]
fn in_an_error_of_auth0() {
    for canary in CANARIES {
        let error = ApiError::new(http::StatusCode::BAD_REQUEST, ErrorCode::parse(canary)).describe(canary);
        let error = error.validation_error(ValidationError::new(canary, canary));
        hides_in_error(canary, &error);
        hides_in_debug(canary, &error.validation_errors());
        hides(canary, &format!("{} {:?}", error.code(), error.code()));
        let mfa = MfaRequired::new(mfa_token(canary), MfaRequirements::default());
        hides_in_debug(canary, &mfa);
        hides_in_error(canary, &ApiError::require_mfa(mfa));
    }
    assert_eq!(ErrorCode::parse("invalid_grant").to_string(), "invalid_grant", "what is known is shown");
}

#[test]
fn in_an_error_of_a_transport() {
    for canary in CANARIES {
        let mut partial = Response::new(Body::from(canary.as_bytes().to_vec()));
        *partial.headers_mut() = echoing_headers(canary);
        hides_in_error(canary, &TransportError::answered("reset", partial));
        let held = secret(canary);
        hides_in_debug(
            canary,
            &from_fn(move |_| {
                let _ = held.len();
                async { Err(TransportError::not_sent("refused")) }
            }),
        );
    }
}
