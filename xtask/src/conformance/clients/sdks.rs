//! The published clients, and what is known of each.

use std::process::Command;

use super::super::report::Report;
use super::known::Known;
use super::sdk::{STEPS, Sdk};
use super::stage::{AWKWARD, PLAIN, PUBLIC, Stage};
use super::{Row, install, section};
use crate::command::{cargo, root, run};

const SDKS: [(Sdk, [Known; STEPS.len()]); 7] = [
    (
        Sdk {
            name: "npm @auth0/auth0-auth-js 1.16.0",
            user: "auth-js@example.com",
            application: AWKWARD,
            driver: |stage| node(stage, "auth0-auth-js"),
            trust: "NODE_EXTRA_CA_CERTS",
        },
        CHANNEL_LOST,
    ),
    (
        Sdk {
            name: "npm @auth0/auth0-server-js 1.12.0",
            user: "server-js@example.com",
            application: AWKWARD,
            driver: |stage| node(stage, "auth0-server-js"),
            trust: "NODE_EXTRA_CA_CERTS",
        },
        CHANNEL_LOST,
    ),
    (
        Sdk {
            name: "npm @auth0/auth0-spa-js 2.27.0",
            user: "spa-js@example.com",
            application: PUBLIC,
            driver: |stage| node(stage, "auth0-spa-js"),
            trust: "NODE_EXTRA_CA_CERTS",
        },
        CHANNEL_LOST,
    ),
    (
        Sdk {
            name: "npm @auth0/nextjs-auth0 4.30.0",
            user: "nextjs@example.com",
            application: AWKWARD,
            driver: |stage| node(stage, "nextjs-auth0"),
            trust: "NODE_EXTRA_CA_CERTS",
        },
        ALL_OK,
    ),
    (
        Sdk {
            name: "PyPI auth0-server-python 1.0.0b20",
            user: "server-python@example.com",
            application: PLAIN,
            driver: python,
            trust: "SSL_CERT_FILE",
        },
        ALL_OK,
    ),
    (
        Sdk {
            name: "the same, awkward secret",
            user: "server-python-awkward@example.com",
            application: AWKWARD,
            driver: python,
            trust: "SSL_CERT_FILE",
        },
        [
            Known::Defect {
                shows: "AccessTokenError: Failed to get token with refresh token: Unauthorized",
                reason: "it refreshes with client_secret_basic and does not form-encode the secret (RFC 6749, 2.3.1)",
            },
            Known::Ok,
            Known::Ok,
            Known::Ok,
            Known::Ok,
            Known::Ok,
            Known::Ok,
        ],
    ),
    (
        Sdk {
            name: "crates.io oauth2 5.0.0",
            user: "oauth2@example.com",
            application: AWKWARD,
            driver: oauth2,
            trust: "SSL_CERT_FILE",
        },
        [
            Known::Defect {
                shows: "no reply: client error",
                reason: "with its ureq backend a reply of 400 or more is an error without a body: no mfa_token, no code \
                         of an error",
            },
            NO_CALL,
            NO_CALL,
            CLOSED_GRANTS,
            CLOSED_GRANTS,
            CLOSED_GRANTS,
            CLOSED_GRANTS,
        ],
    ),
];

const ALL_OK: [Known; STEPS.len()] =
    [Known::Ok, Known::Ok, Known::Ok, Known::Ok, Known::Ok, Known::Ok, Known::Ok];

const CHANNEL_LOST: [Known; STEPS.len()] = [
    Known::Ok,
    Known::Defect {
        shows: "told another oob_channel of an authenticator",
        reason: "it reads oob_channels where the service sends oob_channel: the channel is lost",
    },
    Known::Ok,
    Known::Ok,
    Known::Ok,
    Known::Ok,
    Known::Ok,
];

const NO_CALL: Known = Known::Not("it is a client of /oauth/token alone");

const CLOSED_GRANTS: Known = Known::Defect {
    shows: "no reply: client error",
    reason: "its grants are a closed set: grant_type can only be sent twice, and that is refused",
};

pub(super) fn users() -> impl Iterator<Item = &'static str> {
    SDKS.iter().map(|(sdk, _)| sdk.user)
}

pub(super) fn check(stage: &Stage, report: &mut Report) {
    let row = |sdk: &Sdk| {
        println!("clients: {}", sdk.name);
        Row { client: sdk.name.to_owned(), how: "run".to_owned(), seen: sdk.play(stage) }
    };
    let rows: Vec<_> = SDKS.iter().map(|(sdk, known)| (row(sdk), known.as_slice())).collect();
    section("published clients", &STEPS, &rows, report);
}

fn node(stage: &Stage, client: &str) -> Result<Command, String> {
    install::npm(&stage.folder)?;
    let mut command = Command::new("node");
    command.arg(format!("{client}/driver.mjs")).current_dir(&stage.folder);
    Ok(command)
}

fn python(stage: &Stage) -> Result<Command, String> {
    let folder = stage.folder.join("auth0-server-python");
    let mut command = Command::new(install::pip(&folder)?);
    command.arg(folder.join("driver.py"));
    Ok(command)
}

/// Built in its own folder, with the versions of its own lock file.
fn oauth2(stage: &Stage) -> Result<Command, String> {
    let manifest = root().join("tests/clients/oauth2/Cargo.toml");
    let built = stage.folder.join("oauth2-target");
    run(cargo(&["build", "--quiet", "--locked", "--manifest-path"])
        .arg(manifest)
        .env("CARGO_TARGET_DIR", &built))?;
    Ok(Command::new(built.join("debug/client-oauth2")))
}
