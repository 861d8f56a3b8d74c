//! Nothing that is printed shows a secret.

use auth0_mfa_core::RecoveryCode;
use auth0_mfa_emulator::{AuthenticatorConfig, Config, Fault, FaultRule, Tenant, UserConfig};

use crate::support::*;

const SECRETS: [&str; 5] =
    ["fake-client-secret", "fake-password-alice", "CANARYCODE", "GEZDGNBVGY3TQOJQ", "fake-password-bob"];

fn config() -> Config {
    let mut config = Config::default();
    config.users[0].recovery_code = Some(RecoveryCode::verbatim("CANARYCODE"));
    config.users[0].totp_secret = Some("GEZDGNBVGY3TQOJQ".to_owned().into());
    config
}

fn assert_secret(shown: &str, more: &[String]) {
    for secret in SECRETS.into_iter().chain(more.iter().map(String::as_str)) {
        assert!(!shown.contains(secret), "{secret} is in {shown}");
    }
}

#[test]
fn a_config_and_a_tenant_show_no_secret() {
    let config = config();
    assert_secret(&format!("{config:?} {config:#?}"), &[]);
    assert_secret(&format!("{:#?}", Tenant::new(config, 1).expect("a good config")), &[]);
}

#[test]
fn a_tenant_that_was_used_shows_no_secret() {
    let mut world = World::of(config());
    let mfa = world.login(BOB);
    let (association, codes) = world.added(&mfa);
    let _ = world.recover_with(ALICE, "CANARYCODE").expect("the code is good");
    let secrets = [
        codes[0].clone(),
        world.code_of(ALICE),
        association.secret.expect("a secret").expose().to_owned(),
        mfa.mfa_token().expose()[100..140].to_owned(),
    ];
    assert_secret(&format!("{:?} {:#?}", world.tenant, world.tenant), &secrets);
    assert_secret(&format!("{:#?}", world.tenant.users()), &secrets);
    assert_secret(&format!("{:#?}", world.tenant.applications()), &secrets);
    assert_secret(&format!("{:#?}", world.tenant.events().collect::<Vec<_>>()), &secrets);
}

#[test]
fn nothing_that_is_personal_is_shown_by_debug() {
    let personal = ["alice", "bob", "dave", "Fake Phone", "5550109167"];
    let mut config = Config::default();
    let dave = UserConfig::new(DAVE, "fake-password-dave");
    let means = [phone(), push(), email()].map(AuthenticatorConfig::new);
    config.users.push(means.into_iter().fold(dave, UserConfig::with_authenticator));
    config.faults.push(FaultRule::new(Fault::DelayMs(0)).user(ALICE));
    let before = format!("{config:#?}");
    let mut world = World::of(config);
    let mfa = world.login(DAVE);
    let _ = world.challenge(&mfa, "sms").expect("it is sent");
    let _ = world.recover_with(ALICE, "WRONG");
    let (events, outbox): (Vec<_>, Vec<_>) =
        (world.tenant.events().collect(), world.tenant.outbox().collect());
    assert!(events.len() > 3 && outbox.len() == 1);
    let shown = [
        before,
        format!("{:#?} {:#?}", world.tenant, world.tenant.users()),
        format!("{events:#?} {outbox:#?}"),
    ];
    for (index, shown) in shown.iter().enumerate() {
        for word in personal {
            assert!(!shown.contains(word), "{word} is in {index}: {shown}");
        }
    }
}

#[test]
fn an_error_repeats_nothing_that_was_sent() {
    let mut world = World::new();
    let grant = "http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code";
    for body in [
        "grant_type=CANARY".to_owned(),
        "grant_type=password&client_id=CANARY&username=CANARY&password=CANARY".to_owned(),
        "grant_type=password&client_id=public-app&username=CANARY&password=CANARY".to_owned(),
        format!("grant_type={grant}&client_id=public-app&mfa_token=CANARY&recovery_code=CANARY"),
        format!("grant_type={grant}&client_id=public-app&recovery_code=CANARY"),
    ] {
        let response = world.handle(&form(&body));
        let shown = String::from_utf8_lossy(response.body().expose()).into_owned();
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}
