//! `POST /_emulator/reset`: the tenant is again what it was at the start. The clock goes on.

use super::reply::{Answer, done};
use crate::hosted::Hosted;

pub(super) fn post(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, _| tenant.reset());
    done()
}
