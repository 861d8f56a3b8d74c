//! One sample of Auth0's page: how it is run or replayed, and what the tenant makes of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::driver::run_once;
use super::install::need;
use super::known::{Cell, require};
use super::replay::{Grammar, replay};
use super::stage::{AWKWARD, Application, PLAIN, Stage};

pub(super) const STEPS: [&str; 5] =
    ["recovery", "old code refused", "new code works", "awkward secret", "unknown CA refused"];

pub(super) struct Sample {
    /// The page's name for it, and the library.
    pub(super) name: &'static str,
    /// Its user.
    pub(super) user: &'static str,
    /// The file in `target/clients` that `samples.mjs` makes, its placeholders unfilled.
    pub(super) source: &'static str,
    pub(super) way: Way,
}

pub(super) enum Way {
    /// With what Debian brings.
    Run(Program),
    /// The request that its source builds, sent by a client of ours; and why it cannot be run.
    Replayed { grammar: Grammar, reason: &'static str },
}

pub(super) struct Program {
    /// What must be there, and what of Debian's brings it.
    pub(super) needs: &'static [(&'static str, &'static [&'static str])],
    /// What runs a source, compiled where it must be.
    pub(super) command: fn(&Stage, &Path) -> Result<Command, String>,
    /// How it is told of the authority.
    pub(super) trust: fn(&Stage, &mut Command) -> Result<(), String>,
    pub(super) note: &'static str,
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
        let unknown_ca = match &self.way {
            Way::Run(program) => self.unknown_ca_is_refused(stage, program).into(),
            Way::Replayed { .. } => Cell::Not,
        };
        Ok(vec![recovery.into(), refused.into(), again.into(), awkward.into(), unknown_ca])
    }

    /// The code of now brings the tenant's next one.
    fn code_works(&self, stage: &Stage, application: Application) -> Result<(), String> {
        let before = stage.recovery_code(self.user);
        let code = before.as_deref().unwrap_or_default();
        let told = self.send(stage, application, code)?;
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
        let told = self.send(stage, PLAIN, old)?;
        require(told.get("error").is_some_and(|error| error == "invalid_grant"), || {
            "told no invalid_grant".to_owned()
        })?;
        require(stage.recovery_code(self.user) == before, || "the tenant has a new code".to_owned())
    }

    fn unknown_ca_is_refused(&self, stage: &Stage, program: &Program) -> Result<(), String> {
        let before = stage.recovery_code(self.user);
        let code = before.as_deref().unwrap_or_default();
        let source = self.filled(stage, PLAIN, code)?;
        let told = run_once(&mut self.command(stage, program, &source)?);
        require(stage.recovery_code(self.user) == before, || {
            "sent the code to an unknown server".to_owned()
        })?;
        require(told.is_err() || told.is_ok_and(|told| told.get("failed").is_some()), || {
            "spoke with an unknown server".to_owned()
        })
    }

    fn send(&self, stage: &Stage, application: Application, code: &str) -> Result<Value, String> {
        let source = self.filled(stage, application, code)?;
        match &self.way {
            Way::Run(program) => {
                let mut command = self.command(stage, program, &source)?;
                (program.trust)(stage, &mut command)?;
                run_once(&mut command)
            }
            Way::Replayed { grammar, .. } => replay(stage, grammar, &source),
        }
    }

    /// Its source, for one call of its user.
    fn filled(&self, stage: &Stage, application: Application, code: &str) -> Result<String, String> {
        let printed = fs::read_to_string(stage.folder.join(self.source))
            .map_err(|error| format!("{} cannot be read: {error}", self.source))?;
        let values = [
            ("yourDomain", stage.domain()),
            ("yourClientId", application.client_id.to_owned()),
            ("yourClientSecret", application.client_secret.to_owned()),
            ("mfaToken", stage.mfa_token(self.user, application)?),
            ("recoveryCode", code.to_owned()),
        ];
        fill(printed, &values)
    }

    /// What runs a source, written beside the one that is not filled.
    fn command(&self, stage: &Stage, program: &Program, source: &str) -> Result<Command, String> {
        let printed = Path::new(self.source);
        let filled = printed.with_file_name("filled").with_extension(printed.extension().unwrap_or_default());
        fs::write(stage.folder.join(&filled), source).map_err(|error| error.to_string())?;
        (program.command)(stage, &filled)
    }
}

/// Puts the values in place of their placeholders: encoded where the placeholder is, otherwise as they are.
fn fill(printed: String, values: &[(&str, String)]) -> Result<String, String> {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    values.iter().try_fold(printed, |source, (name, value)| {
        let placeholder = format!("{{{name}}}");
        let filled = source.replace(&encoded(&placeholder), &encoded(value)).replace(&placeholder, value);
        if filled == source { Err(format!("its source has no {placeholder}")) } else { Ok(filled) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> [(&'static str, String); 2] {
        [("yourClientId", "a+b".to_owned()), ("mfaToken", "c&d e".to_owned())]
    }

    #[test]
    fn a_value_is_encoded_where_its_placeholder_is() {
        assert_eq!(
            fill("id={yourClientId}&token=%7BmfaToken%7D".to_owned(), &values()),
            Ok("id=a+b&token=c%26d%20e".to_owned())
        );
        assert_eq!(
            fill("id={yourClientId}&token={mfaToken}".to_owned(), &values()),
            Ok("id=a+b&token=c&d e".to_owned())
        );
    }

    #[test]
    fn a_source_without_a_placeholder_is_an_error() {
        assert_eq!(
            fill("id={yourClientId}".to_owned(), &values()),
            Err("its source has no {mfaToken}".to_owned())
        );
    }
}
