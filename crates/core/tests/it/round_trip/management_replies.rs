//! Replies of the Management API: every field that a server writes, the client reads.

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{
    AuthenticationMethod, AuthenticationMethodId, AuthenticationMethods, DeleteAllAuthenticationMethods,
    DeleteAllAuthenticators, DeleteAuthenticationMethod, Deleted, GuardianFactor, GuardianFactorSet,
    GuardianFactors, ListAuthenticationMethods, ListGuardianFactors, RecoveryCodeRegenerated,
    RegenerateRecoveryCode, SetGuardianFactor,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::identifier;
use super::replies::{answered, issued, new_code};
use crate::calls::{self, Make};
use crate::support::cases;

type Words = (Option<String>, Option<String>, Option<String>);

fn words() -> impl Strategy<Value = Words> {
    (option::of(any::<String>()), option::of(any::<String>()), option::of(any::<String>()))
}

fn method() -> impl Strategy<Value = AuthenticationMethod> {
    (option::of(identifier()), option::of(any::<bool>()), words(), words()).prop_map(
        |(id, confirmed, (r#type, name, link_id), (created_at, enrolled_at, last_auth_at))| {
            let mut method = AuthenticationMethod::default();
            method.id = id.map(|id| AuthenticationMethodId::parse(id).unwrap());
            method.r#type = r#type;
            method.confirmed = confirmed;
            method.name = name;
            method.link_id = link_id;
            method.created_at = created_at;
            method.enrolled_at = enrolled_at;
            method.last_auth_at = last_auth_at;
            method
        },
    )
}

fn factor() -> impl Strategy<Value = GuardianFactor> {
    (option::of(any::<String>()), option::of(any::<bool>()), option::of(any::<bool>())).prop_map(
        |(name, enabled, trial_expired)| {
            let mut factor = GuardianFactor::new("recovery-code", false);
            factor.name = name;
            factor.enabled = enabled;
            factor.trial_expired = trial_expired;
            factor
        },
    )
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn a_recovery_code_that_was_regenerated(code in new_code()) {
        let written = RecoveryCodeRegenerated::new(issued(code.as_ref()));
        let read = answered::<RegenerateRecoveryCode>(calls::regenerate_recovery_code, &written);
        prop_assert_eq!(read.into_new_code().issued().map(|code| code.expose().to_owned()), code);
    }

    #[test]
    fn a_page_of_authentication_methods(
        methods in vec(method(), 0..4),
        figures in (option::of(any::<u64>()), option::of(any::<u64>()), option::of(any::<u64>())),
    ) {
        let mut written = AuthenticationMethods::from(methods);
        (written.start, written.limit, written.total) = figures;
        let read = answered::<ListAuthenticationMethods>(calls::list_authentication_methods, &written);
        prop_assert!(read.methods == written.methods, "{} methods", written.methods.len());
        prop_assert_eq!((read.start, read.limit, read.total), figures);
        let id = |it: &AuthenticationMethods| it.recovery_code().map(|method| method.id.clone());
        prop_assert_eq!(id(&read), id(&written));
    }

    #[test]
    fn the_tenants_factors(factors in vec(factor(), 0..4), enabled in any::<bool>()) {
        let written = GuardianFactors::from(factors);
        let read = answered::<ListGuardianFactors>(calls::list_guardian_factors, &written);
        prop_assert_eq!(read.factors, written.factors);
        let set = GuardianFactorSet::new(enabled);
        let read = answered::<SetGuardianFactor>(calls::set_guardian_factor, &set);
        prop_assert_eq!(read.enabled, enabled);
    }
}

fn is_read_as_deleted<C: Serve<Output = Deleted>>(make: Make<C>) {
    let reply = C::write_reply(&Deleted::default());
    assert_eq!((reply.status().as_u16(), reply.body().len()), (204, 0), "{}", C::NAME);
    let _: Deleted = answered(make, &Deleted::default());
}

#[test]
fn every_deletion() {
    is_read_as_deleted::<DeleteAuthenticationMethod>(calls::delete_authentication_method);
    is_read_as_deleted::<DeleteAllAuthenticationMethods>(calls::delete_all_authentication_methods);
    is_read_as_deleted::<DeleteAllAuthenticators>(calls::delete_all_authenticators);
}
