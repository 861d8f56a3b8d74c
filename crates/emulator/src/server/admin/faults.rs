//! `/_emulator/faults`: what goes wrong on the way.

use super::reply::{Answer, done, json, read};
use crate::FaultRule;
use crate::hosted::Hosted;

/// `GET /_emulator/faults`: the rules, and how often each was met.
pub(super) fn get(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, _| json(&tenant.faults().rules()))
}

/// `PUT /_emulator/faults`: these rules and no others.
pub(super) fn put(hosted: &Hosted, body: &[u8]) -> Answer {
    let rules: Vec<FaultRule> = read(body)?;
    hosted.with_tenant(|tenant, _| *tenant.faults_mut() = rules.into_iter().collect());
    get(hosted)
}

/// `POST /_emulator/faults`: one rule more, behind the others.
pub(super) fn add(hosted: &Hosted, body: &[u8]) -> Answer {
    let rule: FaultRule = read(body)?;
    hosted.with_tenant(|tenant, _| tenant.faults_mut().add(rule));
    get(hosted)
}

/// `DELETE /_emulator/faults`
pub(super) fn clear(hosted: &Hosted) -> Answer {
    hosted.with_tenant(|tenant, _| tenant.faults_mut().clear());
    done()
}
