//! `cargo xtask powerset`: each published crate builds without a warning with every set of up to two of its features.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::command::{Failure, cargo, run, text};

const TRANSPORTS: [&str; 3] =
    ["auth0-mfa-transport", "auth0-mfa-transport-hyper", "auth0-mfa-transport-ureq"];

pub(crate) fn check() -> Result<(), Failure> {
    for package in published()? {
        let sets = package.sets_of_features();
        for features in &sets {
            // As the lints do, so that most of what this needs is built already.
            run(cargo(&["clippy", "--locked", "--quiet", "--no-default-features"])
                .args(["--package", &package.name, "--features", features])
                .args(["--", "--deny", "warnings"]))?;
        }
        println!("powerset: {} builds with each of {} sets of features", package.name, sets.len());
    }
    test_all_at_once()
}

/// Two crypto providers in one build are what makes a process without a default one panic: the transports must not.
fn test_all_at_once() -> Result<(), Failure> {
    let packages = TRANSPORTS.iter().flat_map(|name| ["--package", name]);
    run(cargo(&["test", "--locked", "--quiet", "--all-features", "--lib", "--test", "it"]).args(packages))?;
    println!("powerset: the transports pass their tests with all features at once");
    Ok(())
}

/// A package of the workspace.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    features: BTreeMap<String, Vec<String>>,
    publish: Option<Vec<String>>,
}

impl Package {
    pub(crate) fn feature_names(&self) -> impl Iterator<Item = &str> {
        self.features.keys().map(String::as_str)
    }

    /// None, each alone, and each two of those that change this package itself.
    fn sets_of_features(&self) -> Vec<String> {
        let mut sets = vec![String::new()];
        let mut before: Vec<&str> = Vec::new();
        for (feature, enables) in self.features.iter().filter(|(name, _)| *name != "default") {
            sets.push(feature.clone());
            if !only_forwards(enables) {
                sets.extend(before.iter().map(|other| format!("{other},{feature}")));
                before.push(feature);
            }
        }
        sets
    }
}

/// Whether a feature does nothing but enable features of dependencies that are there already: this package's code is
/// the same with it, and the dependency's own sets have it.
fn only_forwards(enables: &[String]) -> bool {
    !enables.is_empty() && enables.iter().all(|enabled| enabled.contains("?/"))
}

/// The packages that are published: nothing forbids it.
pub(crate) fn published() -> Result<Vec<Package>, Failure> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let metadata = text(&mut cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]))?;
    let metadata: Metadata = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
    Ok(metadata.packages.into_iter().filter(|package| package.publish.is_none()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_are_none_each_and_each_two_but_those_that_only_forward() {
        let package = |features: serde_json::Value| {
            let package = serde_json::json!({"name": "a", "version": "1.0.0", "features": features});
            serde_json::from_value::<Package>(package).unwrap().sets_of_features()
        };
        let three = serde_json::json!({"default": ["a"], "a": [], "b": ["dep:x"], "c": ["dep:x", "x?/y"]});
        assert_eq!(package(three), ["", "a", "b", "a,b", "c", "a,c", "b,c"]);
        let forwarding = serde_json::json!({"a": [], "b": ["x?/b", "y?/b"], "c": []});
        assert_eq!(package(forwarding), ["", "a", "b", "c", "a,c"]);
        assert_eq!(package(serde_json::json!({})), [""]);
    }
}
