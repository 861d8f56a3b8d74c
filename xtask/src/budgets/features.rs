//! What each feature of the facade adds, as the table in the facade's documentation.

use std::collections::BTreeSet;

use super::{FACADE, external_crates};
use crate::command::Failure;
use crate::golden::Goldens;
use crate::powerset::published;

/// The table is a part of the facade's documentation.
const TABLE: &str = "crates/auth0-mfa/FEATURES.md";

/// A feature, and the one beside which it does something.
const FEATURES: [(&str, &str); 15] = [
    ("hyper", ""),
    ("ureq", ""),
    ("tower", ""),
    ("reqwest", ""),
    ("ring", "hyper"),
    ("ring", "ureq"),
    ("aws-lc-rs", "hyper"),
    ("aws-lc-rs", "ureq"),
    ("platform-verifier", "hyper"),
    ("platform-verifier", "ureq"),
    ("tracing", ""),
    ("private-key-jwt", ""),
    ("dpop", ""),
    ("id-token", ""),
    ("hyper", "ureq"),
];

/// More names than these are a list that nobody reads.
const MOST_NAMES: usize = 8;

/// What is wrong with the table.
pub(super) fn check(goldens: Goldens) -> Result<Option<Failure>, Failure> {
    every_feature_has_a_row()?;
    let mut table = "| Feature | External crates that it adds |\n|---|---|\n".to_owned();
    for (feature, beside) in FEATURES {
        table.push_str(&row(feature, beside)?);
    }
    Ok(goldens.hold(TABLE, &table).err())
}

fn every_feature_has_a_row() -> Result<(), Failure> {
    let package = published()?.into_iter().find(|package| package.name == FACADE);
    let package = package.ok_or_else(|| format!("{FACADE} is not a package"))?;
    let has_row = |feature: &str| feature == "default" || FEATURES.iter().any(|(name, _)| *name == feature);
    match package.feature_names().find(|feature| !has_row(feature)) {
        None => Ok(()),
        Some(feature) => Err(format!("{feature} has no row in {TABLE}: add it to FEATURES")),
    }
}

fn row(feature: &str, beside: &str) -> Result<String, Failure> {
    let without: BTreeSet<_> = names(beside)?;
    let added: Vec<_> = names(&format!("{beside},{feature}"))?.difference(&without).cloned().collect();
    let place = if beside.is_empty() { String::new() } else { format!(" beside `{beside}`") };
    let list = if added.is_empty() || added.len() > MOST_NAMES {
        String::new()
    } else {
        format!(": {}", added.join(", "))
    };
    Ok(format!("| `{feature}`{place} | {}{list} |\n", added.len()))
}

/// Without the versions, which change more often than what a feature is made of.
fn names(features: &str) -> Result<BTreeSet<String>, Failure> {
    let crates = external_crates(FACADE, &["--no-default-features", "--features", features])?;
    Ok(crates.iter().filter_map(|it| it.split(' ').next()).map(str::to_owned).collect())
}
