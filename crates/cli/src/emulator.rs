//! `auth0-mfa emulator`: a local tenant for programs in any language.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use auth0_mfa::{ClientSecret, OtpSecret, RecoveryCode};
use auth0_mfa_emulator::server::{EmulatorBuilder, TlsOptions};
use auth0_mfa_emulator::{Config, EmulatorServer, Tenant};
use serde::Serialize;

use crate::args::EmulatorArgs;
use crate::exit::Exit;
use crate::interrupt::stop_signal;
use crate::usage::{Usage, chain};
use crate::{input, terminal};

pub(crate) fn run(args: &EmulatorArgs) -> ExitCode {
    let server = match start(args) {
        Ok(server) => server,
        Err(usage) => return usage.print(false, None),
    };
    match serve_until_stopped(&server, args) {
        Ok(()) => {
            server.stop();
            Exit::Done.into()
        }
        Err(error) => {
            terminal::note(&format!("error: {}", chain(&error)));
            Exit::Failed.into()
        }
    }
}

/// SIGINT and SIGTERM end it. They are listened for before the line is printed: who has read it may send one.
fn serve_until_stopped(server: &EmulatorServer, args: &EmulatorArgs) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let stopped = stop_signal()?;
        let tenancy = server.with_tenant(|tenant, _| terminal::json_line(&Tenancy::of(server, tenant, args)));
        terminal::say(&tenancy);
        stopped.await
    })
}

fn start(args: &EmulatorArgs) -> Result<EmulatorServer, Usage> {
    let mut builder = EmulatorServer::builder().port(args.port).seed(args.seed);
    if let Some(path) = args.config.as_deref() {
        builder = builder.config(config_of_file(path)?);
    }
    builder = args.san.iter().fold(builder, EmulatorBuilder::name);
    if args.tls {
        builder = builder.tls(TlsOptions::new());
    }
    if args.allow_remote {
        builder = builder.allow_remote();
    }
    if args.allow_remote_admin {
        builder = builder.allow_remote_admin();
    }
    let server = builder.start().map_err(|error| Usage::caused(what_fails(&error), &error))?;
    if let (Some(path), Some(pem)) = (args.ca_out.as_deref(), server.ca_pem()) {
        std::fs::write(path, pem).map_err(|error| Usage::caused("--ca-out", &error))?;
    }
    Ok(server)
}

/// A port that is taken, or is for the system's own programs, is the option's; the rest has its names in the error.
fn what_fails(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied => "--port",
        _ => "emulator",
    }
}

fn config_of_file(path: &Path) -> Result<Config, Usage> {
    const OPTION: &str = "--config";
    let text = input::secret_of_file(OPTION, path)?;
    toml::from_str(&text).map_err(|error| Usage::option(OPTION, where_toml_is_wrong(&text, &error)))
}

/// What is wrong, and on which line; never the line itself, which may hold a secret.
fn where_toml_is_wrong(text: &str, error: &toml::de::Error) -> String {
    let start = error.span().map_or(0, |span| span.start);
    let line = text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
    match names_in(error.message()) {
        Some(names) => format!("line {line}: {names}"),
        None => format!("line {line} is not as it should be"),
    }
}

/// What a message of serde's says of the names of fields and words; what it quotes of the file is left out.
fn names_in(message: &str) -> Option<&str> {
    if message.starts_with("missing field `") {
        return Some(message);
    }
    let is_of_name = ["unknown field `", "unknown variant `"].iter().any(|start| message.starts_with(start));
    let expected = message.rfind("`, expected ").filter(|_| is_of_name)?;
    message.get(expected + "`, ".len()..)
}

/// The one line that says how to use the tenant. Its secrets are fakes.
#[derive(Serialize)]
struct Tenancy<'a> {
    base_url: String,
    page: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public_client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<&'a Path>,
    users: Vec<TenancyUser<'a>>,
}

#[derive(Serialize)]
struct TenancyUser<'a> {
    name: &'a str,
    password: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp_secret: Option<&'a str>,
}

impl<'a> Tenancy<'a> {
    fn of(server: &EmulatorServer, tenant: &'a Tenant, args: &'a EmulatorArgs) -> Self {
        let confidential = tenant.applications().iter().find(|it| it.client_secret.is_some());
        let public = tenant.applications().iter().find(|it| it.client_secret.is_none());
        let users = tenant.users().iter().map(|user| TenancyUser {
            name: user.name(),
            password: user.password().expose(),
            recovery_code: user.recovery_code().map(RecoveryCode::expose),
            totp_secret: user.totp_secret().map(OtpSecret::expose),
        });
        Self {
            base_url: server.base_url(),
            page: format!("{}/_emulator/", server.base_url()),
            client_id: confidential.map(|it| it.client_id.as_str()),
            client_secret: confidential.and_then(|it| it.client_secret.as_ref()).map(ClientSecret::expose),
            public_client_id: public.map(|it| it.client_id.as_str()),
            ca_file: args.ca_out.as_deref(),
            users: users.collect(),
        }
    }
}
