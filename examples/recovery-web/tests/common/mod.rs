//! What the tests over HTTP and those in a browser share.
#![allow(dead_code, reason = "each uses its part")]

pub(crate) mod site;
pub(crate) mod tenant;

use auth0_mfa_emulator::EmulatorServer;

/// What the fake tenant's user has, and gets. None of them may be seen where it does not belong.
pub(crate) const USER: &str = "alice@example.com";
pub(crate) const PASSWORD: &str = "fake-password-alice";
pub(crate) const OLD_CODE: &str = "FAKEOLDCODE0000000000000";
pub(crate) const NEW_CODE: &str = "FAKENEWCODE1111111111111";

/// The recovery code that the emulator's user has now.
pub(crate) fn current_code(tenant: &EmulatorServer) -> String {
    tenant.with_tenant(|tenant, _| tenant.user(USER).unwrap().recovery_code().unwrap().expose().to_owned())
}
