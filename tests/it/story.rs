//! The story of a recovery code, by the clients that a user has, against the emulator: plain and TLS.

use auth0_mfa::{
    Application, Bearer, ClientAuth, ClientId, ClientSecret, CodeState, Domain, FirstFactor,
    ListAuthenticators, MfaRequired, NewAuthenticator, Password, PasswordGrant, RecoveryCode,
};
use auth0_mfa_emulator::EmulatorServer;
use auth0_mfa_emulator::server::TlsOptions;

use crate::transports::{TRANSPORTS, send};

const BOB: &str = "bob@example.com";

fn tenants() -> [EmulatorServer; 2] {
    let plain = EmulatorServer::start().unwrap();
    let tls = EmulatorServer::builder().tls(TlsOptions::new()).start().unwrap();
    [plain, tls]
}

fn applications(tenant: &EmulatorServer) -> Vec<Application> {
    let domain = Domain::parse(&tenant.base_url()).unwrap();
    let secret = || ClientSecret::parse("fake-client-secret").unwrap();
    let application = |id: &str, auth| Application::new(domain.clone(), ClientId::parse(id).unwrap(), auth);
    vec![
        application("public-app", ClientAuth::None),
        application("confidential-app", ClientAuth::SecretPost(secret())),
        application("confidential-app", ClientAuth::SecretBasic(secret())),
    ]
}

fn log_in(transport: &str, tenant: &EmulatorServer, application: &Application) -> MfaRequired {
    let call = PasswordGrant::new(BOB, Password::new("fake-password-bob")).scope("openid");
    match send(transport, tenant.ca_pem(), application.clone(), call).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa,
        FirstFactor::Tokens(_) => panic!("a second factor is asked for"),
    }
}

#[test]
fn a_user_enrols_loses_the_phone_and_recovers_with_every_client_authentication() {
    for transport in TRANSPORTS {
        for tenant in tenants() {
            let applications = applications(&tenant);
            let mfa = log_in(transport, &tenant, &applications[0]);
            let add = mfa.add_authenticator(NewAuthenticator::Otp);
            let added = send(transport, tenant.ca_pem(), applications[0].clone(), add).unwrap();
            let (association, codes) = added.into_parts();
            assert_eq!(association.authenticator_type, "otp");
            let mut code = codes.iter().next().unwrap().issued().unwrap().expose().to_owned();

            let otp = tenant.with_tenant(|tenant, now| tenant.otp(BOB, now)).unwrap();
            let accepted =
                send(transport, tenant.ca_pem(), applications[0].clone(), mfa.verify_with_otp(otp)).unwrap();
            let (tokens, _) = accepted.into_parts();
            assert!(tokens.id_token.is_some() && tokens.info.request_id.is_some());

            for application in &applications {
                let mfa = log_in(transport, &tenant, application);
                let call = mfa.verify_with_recovery_code(RecoveryCode::verbatim(code.as_str()));
                let accepted = send(transport, tenant.ca_pem(), application.clone(), call).unwrap();
                let (_tokens, new_code) = accepted.into_parts();
                let next = new_code.issued().unwrap().expose().to_owned();
                assert_ne!(next, code);

                // A login is over when it succeeded; the old code is tried in another one.
                let mfa = log_in(transport, &tenant, application);
                let call = mfa.verify_with_recovery_code(RecoveryCode::verbatim(code.as_str()));
                let error = send(transport, tenant.ca_pem(), application.clone(), call).unwrap_err();
                assert_eq!(error.code_state(), CodeState::NotAccepted, "{error}");
                code = next;
            }
        }
    }
}

#[test]
fn the_list_shows_the_recovery_code_once_a_factor_is_confirmed() {
    for transport in TRANSPORTS {
        let tenant = EmulatorServer::start().unwrap();
        let application = applications(&tenant).swap_remove(0);
        let mfa = log_in(transport, &tenant, &application);
        let list = |mfa: &MfaRequired| {
            send(transport, None, application.clone(), mfa.list_authenticators()).unwrap()
        };
        assert!(list(&mfa).authenticators.is_empty());
        let add = mfa.add_authenticator(NewAuthenticator::Otp);
        let _added = send(transport, None, application.clone(), add).unwrap();
        assert_eq!((list(&mfa).authenticators.len(), list(&mfa).active().count()), (2, 0));
        let otp = tenant.with_tenant(|tenant, now| tenant.otp(BOB, now)).unwrap();
        let _accepted = send(transport, None, application.clone(), mfa.verify_with_otp(otp)).unwrap();

        let active = list(&log_in(transport, &tenant, &application));
        let kinds: Vec<&str> = active.active().map(|it| it.authenticator_type.as_str()).collect();
        assert!(kinds.contains(&"recovery-code") && kinds.contains(&"otp"), "{kinds:?}");
    }
}

#[test]
fn a_token_that_the_tenant_does_not_know_is_refused_as_such() {
    for transport in TRANSPORTS {
        let tenant = EmulatorServer::start().unwrap();
        let bearer = Bearer::from(auth0_mfa::MfaToken::parse("Fe26.2*FAKE").unwrap());
        let call = ListAuthenticators::new(bearer);
        let error = send(transport, None, applications(&tenant).swap_remove(0), call).unwrap_err();
        assert_eq!(error.api_error().unwrap().code().as_str(), "invalid_grant");
    }
}
