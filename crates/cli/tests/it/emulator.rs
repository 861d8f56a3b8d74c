//! `auth0-mfa emulator`, and `recover` against it: two processes, as a newcomer would run them.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};

use auth0_mfa::ureq::UreqTransport;
use auth0_mfa::{
    Application, BlockingClient, ClientAuth, ClientId, ClientSecret, Domain, FirstFactor, Password,
};
use serde_json::Value;

use crate::command::{Secrets, TRANSPORTS, command, run};

/// A tenant in a process of its own.
struct Emulator {
    child: Child,
    tenancy: Value,
}

impl Emulator {
    fn start(arguments: &[&str]) -> Self {
        let mut child = command().arg("emulator").args(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { tenancy: serde_json::from_str(&line).unwrap(), child }
    }

    fn text(&self, field: &str) -> &str {
        self.tenancy[field].as_str().unwrap_or_else(|| panic!("{field} in {}", self.tenancy))
    }

    fn enrolled_user(&self) -> &Value {
        self.tenancy["users"]
            .as_array()
            .unwrap()
            .iter()
            .find(|user| user["recovery_code"].is_string())
            .unwrap()
    }

    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first factor of the enrolled user, by the library.
fn mfa_token(emulator: &Emulator, ca: Option<&str>) -> String {
    let mut builder = UreqTransport::builder();
    if let Some(ca) = ca {
        builder = builder.add_root_pem(&std::fs::read(ca).unwrap()).unwrap();
    }
    let application = Application::new(
        Domain::parse(emulator.text("base_url")).unwrap(),
        ClientId::parse(emulator.text("client_id")).unwrap(),
        ClientAuth::SecretBasic(ClientSecret::parse(emulator.text("client_secret")).unwrap()),
    );
    let client = BlockingClient::new(builder.build().unwrap(), application);
    let user = emulator.enrolled_user();
    let password = Password::new(user["password"].as_str().unwrap());
    match client.password_grant(user["name"].as_str().unwrap(), password).unwrap() {
        FirstFactor::MfaRequired(mfa) => mfa.mfa_token().expose().to_owned(),
        FirstFactor::Tokens(_) => panic!("a second factor is asked for"),
    }
}

/// `recover` at the emulator: what it says, and with which code.
fn recover(emulator: &Emulator, transport: &str, mfa_token: &str, code: &str, more: &[&str]) -> (i32, Value) {
    let secrets = Secrets::new();
    std::fs::write(secrets.path("code"), code).unwrap();
    std::fs::write(secrets.path("mfa_token"), mfa_token).unwrap();
    let mut command = command();
    command.args(["recover", "--json", "--transport", transport, "--client-id", emulator.text("client_id")]);
    command.args(["--domain", emulator.text("base_url"), "--mfa-token-file", &secrets.path("mfa_token")]);
    command.args(["--recovery-code-file", &secrets.path("code")]).args(more);
    command.env("AUTH0_CLIENT_SECRET", emulator.text("client_secret"));
    let run = run(&mut command);
    (run.exit, run.json())
}

#[test]
fn a_code_recovers_once_and_the_next_one_takes_its_place() {
    let folder = tempfile::TempDir::new().unwrap();
    let ca = folder.path().join("ca.pem").to_str().unwrap().to_owned();
    for transport in TRANSPORTS {
        recovers(transport, &Emulator::start(&["--seed", "7"]), None);
        let tls = Emulator::start(&["--seed", "7", "--tls", "--ca-out", &ca, "--san", "tenant.test"]);
        assert!(tls.text("base_url").starts_with("https://"));
        recovers(transport, &tls, Some(&ca));
    }
}

fn recovers(transport: &str, emulator: &Emulator, ca: Option<&str>) {
    let more: Vec<&str> = ca.into_iter().flat_map(|ca| ["--ca-file", ca]).collect();
    let attempt = |code: &str| recover(emulator, transport, &mfa_token(emulator, ca), code, &more);
    let first = emulator.enrolled_user()["recovery_code"].as_str().unwrap();

    let (exit, accepted) = attempt(first);
    assert_eq!(
        (exit, &accepted["outcome"], &accepted["new_code"]),
        (0, &"accepted".into(), &"issued".into())
    );
    let second = accepted["recovery_code"].as_str().unwrap();
    assert_ne!(second, first);
    assert!(accepted["access_token"].is_string() && accepted["request_id"].is_string(), "{accepted}");

    let (exit, refused) = attempt(first);
    assert_eq!(
        (exit, &refused["error"], &refused["http_status"], &refused["code_state"]),
        (10, &"invalid_grant".into(), &403.into(), &"not_accepted".into())
    );

    let (exit, accepted) = attempt(second);
    assert_eq!((exit, &accepted["new_code"]), (0, &"issued".into()));
}

#[test]
fn a_tenant_whose_authority_is_not_given_gets_nothing() {
    for transport in TRANSPORTS {
        let emulator = Emulator::start(&["--tls"]);
        let (exit, untrusted) = recover(&emulator, transport, "Fe26.2*FAKE", "FAKERECOVERYCODE00000000", &[]);
        assert_eq!((exit, &untrusted["code_state"]), (11, &"intact".into()), "{untrusted}");
    }
}

#[test]
fn the_same_seed_makes_the_same_tenant() {
    let code = |seed: &str| {
        let emulator = Emulator::start(&["--seed", seed]);
        emulator.enrolled_user()["recovery_code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code("1"), code("1"));
    assert_ne!(code("1"), code("2"));
}

#[test]
fn a_config_file_makes_the_tenant_and_a_wrong_one_is_refused_without_its_text() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("tenant.toml").to_str().unwrap().to_owned();
    std::fs::write(
        &path,
        "[[applications]]\nclient_id = \"my-app\"\n[[users]]\nname = \"dora@example.com\"\npassword = \"fake\"\n\
         enrolled = true\nrecovery_code = \"FAKERECOVERYCODE00000000\"\n",
    )
    .unwrap();
    let emulator = Emulator::start(&["--config", &path]);
    assert_eq!(emulator.text("public_client_id"), "my-app");
    assert_eq!(emulator.enrolled_user()["recovery_code"], "FAKERECOVERYCODE00000000");

    for (wrong, said) in [
        ("password = 'CANARY'\nCANARY = 'CANARY'", "line 3: expected one of `name`,"),
        ("password = 'CANARY'", "line 1: missing field `name`"),
        ("login_refusal = 'CANARY`, expected CANARY'", "line 2: expected one of `blocked`,"),
        ("enrolled = 'CANARY'", "line 2 is not as it should be"),
        ("password = CANARY", "line 2 is not as it should be"),
    ] {
        std::fs::write(&path, format!("[[users]]\n{wrong}\n")).unwrap();
        let run = run(command().args(["emulator", "--config", &path]));
        assert_eq!(run.exit, 2);
        assert!(run.stderr.starts_with(&format!("error: --config: {said}")), "{wrong}: {}", run.stderr);
        assert!(!run.everything().contains("CANARY"), "{}", run.everything());
    }
}

/// The status of `GET /_emulator/state`, asked for by this name.
fn state(emulator: &Emulator, host: &str) -> String {
    let address = emulator.text("base_url").strip_prefix("http://").unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(stream, "GET /_emulator/state HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply.lines().next().unwrap().to_owned()
}

#[test]
fn it_looks_inside_under_the_names_that_it_was_given_and_says_where() {
    let emulator = Emulator::start(&["--san", "tenant.test"]);
    assert_eq!(emulator.text("page"), format!("{}/_emulator/", emulator.text("base_url")));
    assert_eq!(state(&emulator, "tenant.test"), "HTTP/1.1 200 OK");
    assert_eq!(state(&emulator, "localhost"), "HTTP/1.1 200 OK");
    assert_eq!(state(&emulator, "other.test"), "HTTP/1.1 403 Forbidden");
}

#[test]
fn other_machines_look_inside_only_where_they_can_call_at_all() {
    let run = run(command().args(["emulator", "--allow-remote-admin"]));
    assert_eq!(run.exit, 2);
    assert!(run.stderr.contains("--allow-remote"), "{}", run.stderr);
    let emulator = Emulator::start(&["--allow-remote", "--allow-remote-admin"]);
    assert_eq!(state(&emulator, "localhost"), "HTTP/1.1 200 OK");
}

#[test]
#[cfg(unix)]
fn nothing_of_a_request_is_logged() {
    let mut child = command().arg("emulator").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut line).unwrap();
    let mut emulator = Emulator { tenancy: serde_json::from_str(&line).unwrap(), child };
    let address = emulator.text("base_url").strip_prefix("http://").unwrap().to_owned();
    for request in
        ["POST /oauth/token HTTP/1.1\r\nhost: CANARY", "CANARY", "POST /_emulator/faults HTTP/1.1\r\nhost: x"]
    {
        let mut stream = std::net::TcpStream::connect(&address).unwrap();
        write!(stream, "{request}\r\nconnection: close\r\ncontent-length: 6\r\n\r\nCANARY").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    }
    let mut errors = emulator.child.stderr.take();
    assert_eq!(emulator.stop("-TERM"), Some(0));
    let mut logged = String::new();
    output.read_to_string(&mut logged).unwrap();
    errors.take().unwrap().read_to_string(&mut logged).unwrap();
    assert_eq!(logged, "");
}

#[test]
fn faults_of_a_config_file_are_met() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("tenant.toml").to_str().unwrap().to_owned();
    std::fs::write(&path, "[[faults]]\ncall = 'mfa-recovery-code'\nfault = 'drop_after'\nnth = 1\n").unwrap();
    for transport in TRANSPORTS {
        let emulator = Emulator::start(&["--config", &path]);
        let code = emulator.enrolled_user()["recovery_code"].as_str().unwrap();
        let (exit, doubt) = recover(&emulator, transport, &mfa_token(&emulator, None), code, &[]);
        assert_eq!((exit, &doubt["code_state"]), (12, &"unknown".into()), "{doubt}");
    }
}

#[test]
fn a_port_that_is_taken_is_said() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = run(command().args(["emulator", "--port", &port]));
    assert_ne!(run.exit, 0);
    assert!(run.stderr.contains("in use"), "{}", run.stderr);
}

#[test]
#[cfg(unix)]
fn both_signals_end_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        assert_eq!(Emulator::start(&[]).stop(signal), Some(0), "{signal}");
    }
}
