//! The rules, and how often each was met.

use serde::Serialize;

use super::request::Request;
use super::{Fault, FaultRule};

/// The rules of a tenant. Each rule counts the requests that it is for; of the rules that would act on one request, the
/// first does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultPlan(Vec<PlannedFault>);

/// A rule, and how often it was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedFault {
    /// The rule.
    #[serde(flatten)]
    pub rule: FaultRule,
    /// How many requests it was for.
    pub met: u64,
    /// How many of them it acted on.
    pub applied: u64,
}

impl FaultPlan {
    /// Adds a rule, behind the others.
    pub fn add(&mut self, rule: FaultRule) {
        self.0.push(PlannedFault { rule, met: 0, applied: 0 });
    }

    /// Removes every rule.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The rules, in their order.
    pub fn rules(&self) -> &[PlannedFault] {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What goes wrong with this request.
    pub(super) fn next(&mut self, request: &Request) -> Option<Fault> {
        let mut due = None;
        for planned in self.0.iter_mut().filter(|planned| request.meets(&planned.rule)) {
            planned.met = planned.met.saturating_add(1);
            if due.is_none() && planned.rule.nth.is_none_or(|nth| nth == planned.met) {
                planned.applied = planned.applied.saturating_add(1);
                due = Some(planned.rule.fault.clone());
            }
        }
        due
    }
}

impl FromIterator<FaultRule> for FaultPlan {
    fn from_iter<I: IntoIterator<Item = FaultRule>>(rules: I) -> Self {
        let mut plan = Self::default();
        rules.into_iter().for_each(|rule| plan.add(rule));
        plan
    }
}
