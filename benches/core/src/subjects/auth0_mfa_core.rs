//! This project's own crate, with everything that it does: the request's and the reply's body, the tokens and the codes
//! are wiped.

use ::auth0_mfa_core::{
    Application, Body, CallOptions, ClientAuth, ClientId, ClientSecret, Domain, MfaToken, RecoveryCode,
    VerifyWithRecoveryCode, begin,
};

use crate::Subject;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, DOMAIN, RECOVERY_CODE, mfa_token};

pub struct Core(Application);

impl Core {
    pub fn new() -> Self {
        Self(Application::new(
            Domain::parse(DOMAIN).expect("a domain"),
            ClientId::parse(CLIENT_ID).expect("an identifier"),
            ClientAuth::SecretPost(ClientSecret::parse(CLIENT_SECRET).expect("a secret")),
        ))
    }
}

impl Subject for Core {
    type Call = VerifyWithRecoveryCode;
    type Body = Body;

    fn call(&self) -> Self::Call {
        let mfa_token = MfaToken::parse(mfa_token()).expect("a token");
        VerifyWithRecoveryCode::new(mfa_token, RecoveryCode::verbatim(RECOVERY_CODE))
    }

    fn begin(&self, call: Self::Call) {
        let _ = begin(call, &self.0, CallOptions::default());
    }

    fn both(&self, call: Self::Call, reply: http::Response<Body>) -> bool {
        let (request, pending) = begin(call, &self.0, CallOptions::default());
        drop(request);
        match pending.finish(Ok(reply)) {
            Ok(accepted) => accepted.into_parts().1.issued().is_some(),
            Err(_) => false,
        }
    }
}
