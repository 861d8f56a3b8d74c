//! This project's async client. The recovery-code grant is `SingleUse`, and so always fresh; over the pool goes the
//! grant beside it, for a one-time password, whose form and reply are alike.

use auth0_mfa::AsyncClient;
use auth0_mfa::hyper::HyperTransport;

use super::ours_ureq::{application, has_new_code, otp, recovery_code, token};
use crate::Site;
use crate::player::AsyncSubject;

pub(crate) struct OursHyper {
    client: AsyncClient<HyperTransport>,
    mfa_token: auth0_mfa::MfaToken,
    fresh: bool,
}

impl OursHyper {
    pub(crate) fn new(site: &Site) -> Self {
        let builder = HyperTransport::builder().without_webpki_roots();
        let builder = builder.add_root_pem(site.root.as_bytes()).expect("a root");
        let client = AsyncClient::new(builder.build().expect("settings"), application(site));
        Self { client, mfa_token: token(), fresh: site.fresh }
    }
}

impl AsyncSubject for OursHyper {
    async fn call(&self) -> bool {
        let mfa_token = self.mfa_token.clone();
        if self.fresh {
            self.client.verify_with_recovery_code(mfa_token, recovery_code()).await.is_ok_and(has_new_code)
        } else {
            self.client.verify_with_otp(mfa_token, otp()).await.is_ok()
        }
    }
}
