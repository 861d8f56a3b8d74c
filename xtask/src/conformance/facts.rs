//! What is known of a request or of an outcome, as named JSON values: one comparer for all of them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

/// Named facts. A fact that is not there is not the case: there is no default.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(transparent)]
pub(crate) struct Facts(BTreeMap<String, Value>);

impl Facts {
    pub(crate) fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        self.0.insert(name.into(), value.into());
    }

    pub(crate) fn set_some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn into_value(self) -> Value {
        self.0.into_iter().collect()
    }

    /// What `came` has differently, lacks, or has too many.
    pub(crate) fn differences(&self, came: &Self) -> Vec<String> {
        let names: BTreeSet<&String> = self.0.keys().chain(came.0.keys()).collect();
        names.into_iter().filter_map(|name| difference(name, self.get(name), came.get(name))).collect()
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Facts {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(facts: I) -> Self {
        Self(facts.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// The values that are shown are those of the corpus, where every secret is a fake one.
fn difference(name: &str, expected: Option<&Value>, came: Option<&Value>) -> Option<String> {
    let shown = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
    (expected != came).then(|| format!("{name}: expected {}, came {}", shown(expected), shown(came)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(state: &str) -> Facts {
        Facts::default().with("outcome", "refused").with("code_state", state)
    }

    #[test]
    fn the_same_facts_do_not_differ() {
        assert!(facts("intact").differences(&facts("intact")).is_empty());
    }

    #[test]
    fn a_wrong_a_missing_and_an_additional_fact_each_differ() {
        let expected = facts("spent");
        assert_eq!(
            expected.differences(&facts("unknown")),
            [r#"code_state: expected "spent", came "unknown""#]
        );
        let less = Facts::default().with("outcome", "refused");
        assert_eq!(expected.differences(&less), [r#"code_state: expected "spent", came nothing"#]);
        let more = facts("spent").with("recovery_code", "FAKE");
        assert_eq!(expected.differences(&more), [r#"recovery_code: expected nothing, came "FAKE""#]);
    }
}
