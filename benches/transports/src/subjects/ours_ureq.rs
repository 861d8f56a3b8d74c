//! This project's blocking client, with the same two calls as the async one.

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{
    Application, BlockingClient, ClientAuth, ClientId, ClientSecret, Domain, MfaToken, Otp, RecoveryCode,
    RecoveryCodeAccepted,
};

use crate::Site;
use crate::fixture::{CLIENT_ID, CLIENT_SECRET, OTP, RECOVERY_CODE, mfa_token};
use crate::player::BlockingSubject;

pub(crate) struct OursUreq {
    client: BlockingClient<UreqTransport>,
    mfa_token: MfaToken,
    fresh: bool,
}

impl OursUreq {
    pub(crate) fn new(site: &Site) -> Self {
        let builder = UreqTransport::builder().without_webpki_roots();
        let builder = builder.add_root_pem(site.root.as_bytes()).expect("a root");
        let client = BlockingClient::new(builder.build().expect("settings"), application(site));
        Self { client, mfa_token: token(), fresh: site.fresh }
    }
}

impl BlockingSubject for OursUreq {
    fn call(&self) -> bool {
        let mfa_token = self.mfa_token.clone();
        if self.fresh {
            self.client.verify_with_recovery_code(mfa_token, recovery_code()).is_ok_and(has_new_code)
        } else {
            self.client.verify_with_otp(mfa_token, otp()).is_ok()
        }
    }
}

pub(super) fn application(site: &Site) -> Application {
    Application::new(
        Domain::parse(&site.origin).expect("a domain"),
        ClientId::parse(CLIENT_ID).expect("an identifier"),
        ClientAuth::SecretPost(ClientSecret::parse(CLIENT_SECRET).expect("a secret")),
    )
}

pub(super) fn token() -> MfaToken {
    MfaToken::parse(mfa_token()).expect("a token")
}

pub(super) fn recovery_code() -> RecoveryCode {
    RecoveryCode::verbatim(RECOVERY_CODE)
}

pub(super) fn otp() -> Otp {
    Otp::verbatim(OTP)
}

pub(super) fn has_new_code(accepted: RecoveryCodeAccepted) -> bool {
    accepted.into_parts().1.issued().is_some()
}
