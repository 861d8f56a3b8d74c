//! What the README shows is so.

use auth0_mfa_emulator::{Config, Fault, FaultRule, OverLimit, Tenant};

const README: &str = include_str!("../../README.md");

#[test]
fn its_config_file_makes_a_tenant() {
    let toml =
        README.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a TOML file");
    let config: Config = toml::from_str(toml).expect("a config");
    assert_eq!(config.behaviour.over_limit, OverLimit::SameAsWrong);
    let tenant = Tenant::new(config, 1).expect("a good config");
    assert!(tenant.user("carol@example.com").expect("Carol").is_enrolled());
    assert_eq!(tenant.faults().rules()[0].rule.fault, Fault::DropAfter);
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
