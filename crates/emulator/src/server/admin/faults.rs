//! `/_emulator/faults`: what goes wrong on the way.

use http::StatusCode;

use super::reply::{Answer, Problem, done, json, read};
use crate::hosted::Hosted;
use crate::{FaultRule, Tenant};

/// `GET /_emulator/faults`: the rules, and how often each was met.
pub(super) fn get(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, _| json(&tenant.faults().rules()))
}

/// `PUT /_emulator/faults`: these rules and no others.
pub(super) fn put(hosted: &Hosted, body: &[u8]) -> Answer {
    let rules: Vec<FaultRule> = read(body)?;
    hosted.with_tenant(|tenant, _| {
        rules.iter().try_for_each(|rule| check(tenant, rule))?;
        *tenant.faults_mut() = rules.into_iter().collect();
        Ok(())
    })?;
    get(hosted)
}

/// `POST /_emulator/faults`: one rule more, behind the others.
pub(super) fn add(hosted: &Hosted, body: &[u8]) -> Answer {
    let rule: FaultRule = read(body)?;
    hosted.with_tenant(|tenant, _| {
        check(tenant, &rule)?;
        tenant.faults_mut().add(rule);
        Ok(())
    })?;
    get(hosted)
}

/// A rule for nobody would never be met.
fn check(tenant: &Tenant, rule: &FaultRule) -> Result<(), Problem> {
    let is_known = rule.user.as_ref().is_none_or(|name| tenant.user(name).is_some());
    if is_known { Ok(()) } else { Err(Problem::new(StatusCode::BAD_REQUEST, "user: there is no such user")) }
}

/// `DELETE /_emulator/faults`
pub(super) fn clear(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, _| tenant.faults_mut().clear());
    done()
}
