//! Clients of reqwest that are not set as they have to be: what they do is told truly.

use std::error::Error;
use std::process::Command;

use auth0_mfa::reqwest::{RedirectFollowed, ReqwestTransport};
use auth0_mfa::{
    Application, AsyncClient, Call, CallError, ClientAuth, ClientId, CodeState, Domain, ManagementToken,
    MfaToken, RecoveryCode, RegenerateRecoveryCode, UserId, VerifyWithRecoveryCode,
};
use auth0_mfa_emulator::contract::kit::Terms;
use auth0_mfa_emulator::contract::{ClosedPort, Script, ScriptedServer, reply, reply_head};
use reqwest::{Client, ClientBuilder};

use crate::services::reqwest_settings;
use crate::transports::asynchronous;

const NEW_CODE: &str = r#"{"recovery_code":"FAKENEXTCODE000000000000","access_token":"fake-access-token"}"#;

/// It follows redirects and has a pool: reqwest's own defaults.
fn usual_client() -> Client {
    settings().no_proxy().build().unwrap()
}

fn settings() -> ClientBuilder {
    reqwest_settings(&Terms::default())
}

fn verify() -> VerifyWithRecoveryCode {
    VerifyWithRecoveryCode::new(
        MfaToken::parse("FAKE-MFA-TOKEN").unwrap(),
        RecoveryCode::verbatim("FAKESENTCODE000000000000"),
    )
}

fn regenerate() -> RegenerateRecoveryCode {
    RegenerateRecoveryCode::new(
        ManagementToken::parse("FAKE-TOKEN").unwrap(),
        UserId::parse("auth0|fake").unwrap(),
    )
}

fn send<C: Call + Send>(
    transport: ReqwestTransport,
    origin: &str,
    call: C,
) -> Result<C::Output, CallError<C>> {
    asynchronous(transport, application(origin), call)
}

fn application(origin: &str) -> Application {
    let domain = Domain::parse(origin).unwrap();
    Application::new(domain, ClientId::parse("fakeClientId").unwrap(), ClientAuth::None)
}

/// A server that sends a request there, and answers the next.
fn redirects(status: u16, location: &str) -> ScriptedServer {
    let head = [("location", location), ("content-length", "0"), ("connection", "close")];
    let redirect = reply_head(status, &head);
    let answer = reply(200, "application/json", NEW_CODE);
    ScriptedServer::plain([Script::answer(redirect), Script::answer(answer)]).unwrap()
}

fn redirect_followed<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a RedirectFollowed> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
}

#[test]
fn a_redirect_that_was_followed_is_no_success_and_what_came_of_it_is_there() {
    let server = redirects(307, "/fake-elsewhere");
    let transport = ReqwestTransport::from_client(usual_client());
    let error = send(transport, server.origin(), regenerate()).unwrap_err();
    assert_eq!(error.code_state(), CodeState::Unknown);
    let followed = redirect_followed(&error).expect("it is told");
    assert_eq!(followed.url().path(), "/fake-elsewhere");
    assert_eq!(followed.reply().unwrap().body().expose(), NEW_CODE.as_bytes());
    for shown in [format!("{error:?}"), format!("{followed:?}"), error.to_string()] {
        assert!(!shown.contains("FAKENEXTCODE") && !shown.contains("fake-elsewhere"), "{shown}");
    }
}

#[test]
fn a_redirect_never_takes_the_code_along() {
    for status in [301, 302, 303, 307, 308] {
        let server = redirects(status, "/fake-elsewhere");
        let transport = ReqwestTransport::from_client(usual_client());
        let error = send(transport, server.origin(), verify()).unwrap_err();
        assert_ne!(error.code_state(), CodeState::Intact, "{status}");
        let seen = server.finish();
        let with_code = seen.iter().filter(|seen| seen.contains(b"FAKESENTCODE"));
        assert_eq!(with_code.count(), 1, "{status}");
    }
}

#[test]
fn a_connection_that_failed_behind_a_redirect_proves_nothing() {
    let nobody = ClosedPort::open().unwrap();
    let server = redirects(307, &nobody.origin());
    let transport = ReqwestTransport::from_client(usual_client());
    let error = send(transport, server.origin(), regenerate()).unwrap_err();
    assert_eq!(error.code_state(), CodeState::Unknown);
    assert_eq!(server.finish().len(), 1);
}

#[test]
fn a_connection_that_failed_is_a_proof_where_redirects_are_off() {
    let nobody = ClosedPort::open().unwrap();
    let built = ReqwestTransport::from_builder(settings()).unwrap();
    let client = usual_client();
    let state = |transport| send(transport, &nobody.origin(), verify()).unwrap_err().code_state();
    assert_eq!(state(built), CodeState::Intact);
    assert_eq!(state(ReqwestTransport::from_client(client.clone())), CodeState::Unknown);
    assert_eq!(state(ReqwestTransport::from_client(client).redirects_are_off()), CodeState::Intact);
}

#[test]
fn a_client_that_is_built_for_it_opens_a_connection_for_each_request() {
    let answer = || Script::answer_each(reply(200, "application/json", NEW_CODE));
    let server = ScriptedServer::plain([answer(), answer()]).unwrap();
    let transport = ReqwestTransport::from_builder(settings().pool_max_idle_per_host(8)).unwrap();
    let client = AsyncClient::new(transport, application(server.origin()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for _ in 0..2 {
            drop(client.send(verify()).await.unwrap());
        }
    });
    assert_eq!(server.connections(), 2);
}

/// A body that cannot be cloned is what keeps a client with retries of its own from them.
#[test]
fn a_client_with_retries_sends_once() {
    let server = || {
        let failure = reply(503, "application/json", "{}");
        let success = reply(200, "application/json", NEW_CODE);
        ScriptedServer::plain([Script::answer(failure), Script::answer(success)]).unwrap()
    };
    let client = |server: &ScriptedServer| {
        let host = server.address().ip().to_string();
        let always = reqwest::retry::for_host(host).classify_fn(|reply| match reply.status() {
            Some(status) if status.is_server_error() => reply.retryable(),
            _ => reply.success(),
        });
        settings().no_proxy().retry(always).build().unwrap()
    };
    let (verified, regenerated) = (server(), server());
    let transport = ReqwestTransport::from_client(client(&verified));
    assert!(send(transport, verified.origin(), verify()).is_err());
    let transport = ReqwestTransport::from_client(client(&regenerated));
    assert!(send(transport, regenerated.origin(), regenerate()).is_err());
    assert_eq!((verified.finish().len(), regenerated.finish().len()), (1, 1));
}

/// Runs itself again, with a proxy in the environment that is nobody's.
#[test]
fn the_proxy_of_the_environment_is_not_used_and_one_that_is_set_is() {
    const NAME: &str = "reqwest_clients::the_proxy_of_the_environment_is_not_used_and_one_that_is_set_is";
    let nobody = ClosedPort::open().unwrap();
    if std::env::var_os("HTTP_PROXY").is_none() {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME])
            .envs([("HTTP_PROXY", nobody.origin()), ("http_proxy", nobody.origin())])
            .output()
            .unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        return assert!(output.status.success() && shown.contains("1 passed"), "{shown}");
    }
    let server =
        || ScriptedServer::plain([Script::answer(reply(200, "application/json", NEW_CODE))]).unwrap();
    let (direct, proxy) = (server(), server());
    let built = |settings| ReqwestTransport::from_builder(settings).unwrap();
    drop(send(built(settings()), direct.origin(), verify()).unwrap());
    let set = settings().proxy(reqwest::Proxy::all(proxy.origin()).unwrap());
    drop(send(built(set), &nobody.origin(), verify()).unwrap());
    assert_eq!((direct.finish().len(), proxy.finish().len()), (1, 1));
}
