//! Back to the start.

use auth0_mfa_core::RecoveryCode;
use auth0_mfa_emulator::{Fault, FaultRule};

use crate::support::*;

#[test]
fn a_tenant_that_is_reset_is_as_it_began() {
    let mut world = World::with(|config| {
        config.users[1] = auth0_mfa_emulator::UserConfig::new(BOB, "fake-password-bob").enrolled();
        config.users[1].recovery_code = Some(RecoveryCode::verbatim("FAKERECOVERYCODE00000000"));
        config.faults.push(FaultRule::new(Fault::Stall).nth(7));
    });
    let first = (world.code_of(ALICE), world.code_of(BOB), world.otp_of(ALICE));
    let mfa = world.login(ALICE);
    for user in [ALICE, BOB] {
        let code = world.code_of(user);
        let _ = world.recover_with(user, &code).expect("the code is good");
    }
    world.tenant.set_recovery_codes(false);
    world.tenant.faults_mut().clear();

    world.tenant.reset();
    assert_eq!((world.code_of(ALICE), world.code_of(BOB), world.otp_of(ALICE)), first);
    assert!(world.tenant.has_recovery_codes());
    assert_eq!(world.tenant.faults().rules()[0].rule.fault, Fault::Stall);
    assert_eq!(world.tenant.events().count(), 0);
    assert!(world.recover(&mfa, &first.0).is_err(), "logins are gone");
}
