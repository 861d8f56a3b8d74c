//! One sample of Auth0's page: how it is run or replayed, and what the tenant makes of it.

use std::process::Command;

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BlockingTransport;
use auth0_mfa_transport_ureq::UreqTransport;
use serde_json::Value;

use super::driver::run_once;
use super::install::need;
use super::known::{Cell, require};
use super::stage::{AWKWARD, Application, PLAIN, Stage};

pub(super) const STEPS: [&str; 5] =
    ["recovery", "old code refused", "new code works", "awkward secret", "unknown CA refused"];

pub(super) struct Sample {
    /// The page's name for it, and the library.
    pub(super) name: &'static str,
    /// Its user.
    pub(super) user: &'static str,
    /// Whether the page prints the placeholders encoded, all but `{yourClientId}`.
    pub(super) encodes: bool,
    pub(super) way: Way,
}

pub(super) enum Way {
    /// A program that Debian brings, in a folder of `target/clients`.
    Run(Program),
    /// Its body, sent by a client of ours; and why it cannot be run.
    Replayed { body: fn(&Values<'_>) -> String, reason: &'static str },
}

pub(super) struct Program {
    /// What must be there, and what of Debian's brings it.
    pub(super) needs: &'static [(&'static str, &'static [&'static str])],
    pub(super) command: fn(&Stage) -> Result<Command, String>,
    /// How it is told of the authority.
    pub(super) trust: fn(&Stage, &mut Command) -> Result<(), String>,
    pub(super) note: &'static str,
}

/// What stands in the placeholders.
pub(super) struct Values<'a> {
    pub(super) client_id: &'a str,
    pub(super) client_secret: &'a str,
    pub(super) mfa_token: &'a str,
    pub(super) recovery_code: &'a str,
}

impl Sample {
    pub(super) fn how(&self) -> String {
        match &self.way {
            Way::Run(Program { note: "", .. }) => "run".to_owned(),
            Way::Run(Program { note, .. }) => format!("run, {note}"),
            Way::Replayed { reason, .. } => format!("replayed: {reason}"),
        }
    }

    /// A cell for each step; an error when it cannot be run here.
    pub(super) fn play(&self, stage: &Stage) -> Result<Vec<Cell>, String> {
        if let Way::Run(program) = &self.way {
            program.needs.iter().try_for_each(|(program, packages)| need(program, packages))?;
        }
        let old = stage.recovery_code(self.user).ok_or("its user has no recovery code")?;
        let recovery = self.code_works(stage, PLAIN);
        let refused = self.code_is_refused(stage, &old);
        let again = self.code_works(stage, PLAIN);
        let awkward = self.code_works(stage, AWKWARD);
        let unknown_ca = match self.way {
            Way::Run(_) => self.unknown_ca_is_refused(stage).into(),
            Way::Replayed { .. } => Cell::Not,
        };
        Ok(vec![recovery.into(), refused.into(), again.into(), awkward.into(), unknown_ca])
    }

    /// The code of now brings the tenant's next one.
    fn code_works(&self, stage: &Stage, application: Application) -> Result<(), String> {
        let before = stage.recovery_code(self.user);
        let code = before.as_deref().unwrap_or_default();
        let told = self.send(stage, application, code, true)?;
        let now = stage.recovery_code(self.user);
        if let Some(error) = told.get("error").and_then(Value::as_str) {
            require(now == before, || format!("refused: {error}, and the code is spent all the same"))?;
            return Err(format!("refused: {error}"));
        }
        require(now != before, || "the tenant has not spent the code".to_owned())?;
        let new = told.get("recovery_code").and_then(Value::as_str);
        require(new == now.as_deref(), || "told another new code than the tenant's".to_owned())
    }

    fn code_is_refused(&self, stage: &Stage, old: &str) -> Result<(), String> {
        let before = stage.recovery_code(self.user);
        let told = self.send(stage, PLAIN, old, true)?;
        require(told.get("error").is_some_and(|error| error == "invalid_grant"), || {
            "told no invalid_grant".to_owned()
        })?;
        require(stage.recovery_code(self.user) == before, || "the tenant has a new code".to_owned())
    }

    fn unknown_ca_is_refused(&self, stage: &Stage) -> Result<(), String> {
        let before = stage.recovery_code(self.user);
        let code = before.as_deref().unwrap_or_default();
        let told = self.send(stage, PLAIN, code, false);
        require(stage.recovery_code(self.user) == before, || {
            "sent the code to an unknown server".to_owned()
        })?;
        require(told.is_err() || told.is_ok_and(|told| told.get("failed").is_some()), || {
            "spoke with an unknown server".to_owned()
        })
    }

    fn send(
        &self,
        stage: &Stage,
        application: Application,
        code: &str,
        is_trusted: bool,
    ) -> Result<Value, String> {
        let mfa_token = stage.mfa_token(self.user, application)?;
        let [client_secret, mfa_token, recovery_code] =
            [application.client_secret, &mfa_token, code].map(|value| self.placed(value));
        let values = Values {
            client_id: application.client_id,
            client_secret: &client_secret,
            mfa_token: &mfa_token,
            recovery_code: &recovery_code,
        };
        match &self.way {
            Way::Run(program) => {
                let mut command = (program.command)(stage)?;
                if is_trusted {
                    (program.trust)(stage, &mut command)?;
                }
                let port = stage.domain();
                command.env("DOMAIN", &port).env("HOST", &port).env("TARGET", "/oauth/token");
                command.env("CLIENT_ID", values.client_id).env("CLIENT_SECRET", values.client_secret);
                command.env("MFA_TOKEN", values.mfa_token).env("RECOVERY_CODE", values.recovery_code);
                run_once(&mut command)
            }
            Way::Replayed { body, .. } => replay(stage, body(&values)),
        }
    }

    /// A value as it takes the place of its placeholder.
    fn placed(&self, value: &str) -> String {
        if self.encodes {
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
        } else {
            value.to_owned()
        }
    }
}

/// Sends the request that a source builds.
fn replay(stage: &Stage, body: String) -> Result<Value, String> {
    let ca = std::fs::read(&stage.ca).map_err(|error| error.to_string())?;
    let transport = UreqTransport::builder().add_root_pem(&ca).and_then(auth0_mfa_transport::Builder::build);
    let transport = transport.map_err(|error| error.to_string())?;
    let request = http::Request::post(format!("{}/oauth/token", stage.base_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body.into_bytes()))
        .map_err(|error| error.to_string())?;
    let reply = transport.send(request).map_err(|error| error.to_string())?;
    serde_json::from_slice(reply.body().expose()).map_err(|error| error.to_string())
}
