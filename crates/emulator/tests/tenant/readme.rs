//! What the README shows is so.

use auth0_mfa_emulator::{Config, Fault, FaultRule, Limit, OverLimit, RateLimits, Tenant};

const README: &str = include_str!("../../README.md");

/// What its TOML files say.
fn configs() -> impl Iterator<Item = Config> {
    let files = README.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    files.map(|toml| toml::from_str(toml).expect("a config"))
}

#[test]
fn its_config_file_makes_a_tenant() {
    let config = configs().next().expect("a config");
    assert_eq!(config.behaviour.over_limit, OverLimit::SameAsWrong);
    let tenant = Tenant::new(config, 1).expect("a good config");
    assert!(tenant.user("carol@example.com").expect("Carol").is_enrolled());
    assert_eq!(tenant.faults().rules()[0].rule.fault, Fault::DropAfter);
}

#[test]
fn its_limits_are_limits() {
    let limits: Vec<RateLimits> = configs().skip(1).map(|config| config.rate_limits).collect();
    let mut own = RateLimits::free();
    own.authentication = None;
    own.management = Some(Limit::new(10, 2, 1));
    assert_eq!(limits, [RateLimits::free(), own]);
}

/// It runs here, as it stands there; a doctest leaves out what `#[test]` is on.
#[test]
fn its_test_is_one() {
    assert!(README.contains(include_str!("readme_test.rs")));
}

#[test]
fn its_faults_are_faults() {
    let rows = README.lines().filter(|line| line.starts_with("| `{\"") || line.starts_with("| `\""));
    let faults = rows.flat_map(|row| row.split('|').nth(1).expect("a cell").split('`').skip(1).step_by(2));
    let faults: Vec<String> = faults.map(|fault| fault.replace('N', "7")).collect();
    assert_eq!(faults.len(), 13, "{faults:?}");
    for fault in faults {
        let rule = format!(r#"{{"fault":{fault}}}"#);
        assert!(serde_json::from_str::<FaultRule>(&rule).is_ok(), "{rule}");
    }
}
