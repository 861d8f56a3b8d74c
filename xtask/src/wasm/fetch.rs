//! `examples/wasm-fetch` in node: at the emulator, and at servers that break off.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use auth0_mfa_core::{
    Application, CallOptions, ClientAuth, ClientId, Domain, FirstFactor, Password, PasswordGrant, begin,
};
use auth0_mfa_emulator::EmulatorServer;
use auth0_mfa_emulator::contract::{End, Script, ScriptedServer, Step, reply_announcing, reply_head};

use super::module_of;
use crate::command::{Failure, root};

const CLIENT_ID: &str = "public-app";
const USER: &str = "alice@example.com";
const PASSWORD: &str = "fake-password-alice";

pub(super) fn check() -> Result<(), Failure> {
    let crate_folder = root().join("examples/wasm-fetch");
    let module = module_of(&crate_folder, "auth0_mfa_wasm_fetch")?;
    let example = Example { script: &crate_folder.join("node.mjs"), module: &module };
    recovers_once(&example)?;
    loses_no_code_that_came_back(&example)?;
    follows_no_redirect(&example)?;
    println!(
        "wasm: over fetch, a code is spent once, and the new one shown, even of a reply that breaks off"
    );
    Ok(())
}

struct Example<'a> {
    script: &'a Path,
    module: &'a Path,
}

impl Example<'_> {
    /// What it prints.
    fn told(&self, domain: &str, mfa_token: &str, code: &str) -> Result<String, Failure> {
        let failed = |error: std::io::Error| format!("the example could not be run: {error}");
        let mut node = Command::new("node")
            .args([self.script, self.module])
            .envs([("AUTH0_DOMAIN", domain), ("AUTH0_CLIENT_ID", CLIENT_ID), ("AUTH0_MFA_TOKEN", mfa_token)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        // Dropped, so that it ends. What node says when it takes nothing is on standard error.
        let _ = node.stdin.take().map(|mut stdin| stdin.write_all(code.as_bytes()));
        let output = node.wait_with_output().map_err(failed)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn recovers_once(example: &Example<'_>) -> Result<(), Failure> {
    let tenant = EmulatorServer::start().map_err(|error| format!("no emulator: {error}"))?;
    let domain = tenant.base_url();
    let first = code_of(&tenant)?;

    let accepted = example.told(&domain, &mfa_token(&tenant)?, &first)?;
    let second = code_of(&tenant)?;
    same(&accepted, &format!("accepted; the code is spent\nnew code: {second}\n"))?;
    if first == second {
        return Err("the tenant has spent no code".to_owned());
    }

    let refused = example.told(&domain, &mfa_token(&tenant)?, &first)?;
    has(&refused, "invalid_grant (403); the code is not_accepted\nnew code: none\n")?;

    let token = mfa_token(&tenant)?;
    tenant.stop();
    // It was not sent; nobody who has only `fetch` can know.
    has(&example.told(&domain, &token, &second)?, "; the code is unknown\nnew code: none\n")
}

fn loses_no_code_that_came_back(example: &Example<'_>) -> Result<(), Failure> {
    let half = r#"{"recovery_code":"FAKENEXTCODE000000000000","access_tok"#;
    let cut_off = reply_announcing(200, "application/json", 1000, half);
    let told = told_of(example, Script::answer(cut_off))?;
    has(&told, "; the code is spent\nnew code: FAKENEXTCODE000000000000\n")?;
    // Closed behind the request: nothing came back.
    let told = told_of(example, Script::new([Step::ReadRequest], End::Close))?;
    has(&told, "; the code is unknown\nnew code: none\n")
}

fn follows_no_redirect(example: &Example<'_>) -> Result<(), Failure> {
    // Not a 307: node cannot follow one with a body, even when it is told to.
    let redirect = reply_head(302, &[("location", "/elsewhere"), ("content-length", "0")]);
    let told = told_of(example, Script::answer_each(redirect))?;
    has(&told, "; the code is unknown\nnew code: none\n")
}

/// What the example prints at a server with this script, which is to see one request and no other.
fn told_of(example: &Example<'_>, script: Script) -> Result<String, Failure> {
    let server = ScriptedServer::plain(script).map_err(|error| format!("no server: {error}"))?;
    let told = example.told(server.origin(), "Fe26.2*FAKEMFATOKEN", "FAKEOLDCODE0000000000000")?;
    let requests: usize = server.finish().iter().map(|seen| seen.requests().len()).sum();
    if requests == 1 { Ok(told) } else { Err(format!("{requests} requests were sent, and not one: {told}")) }
}

/// A login up to the second factor. It needs no network: the tenant is a function.
fn mfa_token(tenant: &EmulatorServer) -> Result<String, Failure> {
    let domain = Domain::parse(&tenant.base_url()).map_err(|error| error.to_string())?;
    let client_id = ClientId::parse(CLIENT_ID).map_err(|error| error.to_string())?;
    let application = Application::new(domain, client_id, ClientAuth::None);
    let login = PasswordGrant::new(USER, Password::new(PASSWORD));
    let (request, pending) = begin(login, &application, CallOptions::default());
    let (head, body) = request.into_parts();
    let request = http::Request::from_parts(head, body.expose());
    match pending.finish(Ok(tenant.with_tenant(|tenant, now| tenant.handle(&request, now)))) {
        Ok(FirstFactor::MfaRequired(mfa)) => Ok(mfa.mfa_token().expose().to_owned()),
        Ok(FirstFactor::Tokens(_)) => Err("the tenant asks for no second factor".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn code_of(tenant: &EmulatorServer) -> Result<String, Failure> {
    let code = tenant.with_tenant(|tenant, _| Some(tenant.user(USER)?.recovery_code()?.expose().to_owned()));
    code.ok_or_else(|| format!("{USER} has no recovery code"))
}

fn same(told: &str, expected: &str) -> Result<(), Failure> {
    if told == expected { Ok(()) } else { Err(format!("wasm-fetch told {told:?}, and not {expected:?}")) }
}

fn has(told: &str, expected: &str) -> Result<(), Failure> {
    if told.contains(expected) {
        Ok(())
    } else {
        Err(format!("wasm-fetch told {told:?}, without {expected:?}"))
    }
}
