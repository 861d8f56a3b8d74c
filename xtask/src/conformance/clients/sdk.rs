//! A published client that knows the MFA API: its driver is asked for each step, and what it says that it was told is
//! held against what the tenant knows.

use std::process::Command;

use serde_json::{Value, json};

use super::driver::Driver;
use super::known::{Cell, require};
use super::stage::{Application, PASSWORD, Stage};

pub(super) const STEPS: [&str; 7] =
    ["mfa_required", "list", "associate", "confirm", "recovery", "old code refused", "new code works"];

pub(super) struct Sdk {
    /// Where it is published, its name there and the version.
    pub(super) name: &'static str,
    pub(super) user: &'static str,
    pub(super) application: Application,
    /// Installs it, and starts its driver.
    pub(super) driver: fn(&Stage) -> Result<Command, String>,
    /// The variable that names the authority.
    pub(super) trust: &'static str,
}

impl Sdk {
    /// A cell for each step; an error when it cannot be run here.
    pub(super) fn play(&self, stage: &Stage) -> Result<Vec<Cell>, String> {
        let mut command = (self.driver)(stage)?;
        command.env(self.trust, &stage.ca).env("DOMAIN", stage.domain());
        command.env("CLIENT_ID", self.application.client_id);
        command.env("CLIENT_SECRET", self.application.client_secret);
        let mut story = Story { stage, sdk: self, driver: Driver::start(&mut command)? };
        Ok(story.play().unwrap_or_else(|odd| STEPS.map(|_| Cell::Odd(odd.clone())).into()))
    }
}

struct Story<'a> {
    stage: &'a Stage,
    sdk: &'a Sdk,
    driver: Driver,
}

impl Story<'_> {
    fn play(&mut self) -> Result<Vec<Cell>, String> {
        let (mfa_required, mfa_token) = self.mfa_required()?;
        let first = self.list(&mfa_token);
        let associate = self.associate(&mfa_token)?;
        let confirm = self.confirm(&mfa_token);

        let (_, mfa_token) = self.mfa_required()?;
        let list = both(first, self.list(&mfa_token));
        let old = self.stage.recovery_code(self.sdk.user).ok_or("the tenant has no recovery code")?;
        let recovery = self.recover(&mfa_token);
        let (_, mfa_token) = self.mfa_required()?;
        let refused = self.old_code_is_refused(&mfa_token, &old);
        let (_, mfa_token) = self.mfa_required()?;
        let again = self.recover(&mfa_token);
        Ok(vec![mfa_required, list, associate, confirm, recovery, refused, again])
    }

    /// A login. Where the client has none, or is not told the token, the harness has it.
    fn mfa_required(&mut self) -> Result<(Cell, String), String> {
        // Some have the password grant, some are told when they refresh.
        let session = self.stage.earlier_session(self.sdk.user, self.sdk.application);
        let question = json!({ "username": self.sdk.user, "password": PASSWORD, "session": session });
        let (cell, told) = match self.ask("mfa_required", question) {
            Ok(None) => (Cell::Not, None),
            Ok(Some(told)) => {
                let token = text(&told, "mfa_token").map(str::to_owned);
                let is_known = token.as_ref().is_some_and(|token| self.stage.listed(token).is_some());
                let odd = || failed(&told).unwrap_or_else(|| "told no mfa_token of the tenant".to_owned());
                (require(is_known, odd).into(), token.filter(|_| is_known))
            }
            Err(odd) => (Cell::Odd(odd), None),
        };
        let own = || self.stage.mfa_token(self.sdk.user, self.sdk.application);
        Ok((cell, told.map_or_else(own, Ok)?))
    }

    /// The tenant's authenticators, each field that says what it is.
    fn list(&mut self, mfa_token: &str) -> Cell {
        self.step("list", json!({ "mfa_token": mfa_token }), |story, told| {
            let listed = story.stage.listed(mfa_token).unwrap_or_default();
            let tenant = listed.as_array().cloned().unwrap_or_default();
            let Some(client) = told.get("authenticators").and_then(Value::as_array) else {
                return Err("told no list".to_owned());
            };
            require(client.len() == tenant.len(), || {
                format!("told {} of {} authenticators", client.len(), tenant.len())
            })?;
            // The field that some lose comes last, so that the others are looked at all the same.
            for field in ["id", "authenticator_type", "active", "oob_channel"] {
                for (told, known) in client.iter().zip(&tenant) {
                    let is_same = told.get(field).filter(|it| !it.is_null()) == known.get(field);
                    require(is_same, || format!("told another {field} of an authenticator"))?;
                }
            }
            Ok(())
        })
    }

    fn associate(&mut self, mfa_token: &str) -> Result<Cell, String> {
        let cell = self.step("associate", json!({ "mfa_token": mfa_token }), |story, told| {
            let user = story.sdk.user;
            require(text(told, "secret") == story.stage.totp_secret(user).as_deref(), || {
                "told another secret than the tenant's".to_owned()
            })?;
            let codes = told.get("recovery_codes").and_then(Value::as_array);
            let code = codes.and_then(|codes| codes.first()).and_then(Value::as_str);
            require(code.is_some() && code == story.stage.recovery_code(user).as_deref(), || {
                "told another recovery code than the tenant's".to_owned()
            })
        });
        if self.stage.totp_secret(self.sdk.user).is_none() {
            self.stage.associate(mfa_token, r#"{"authenticator_types":["otp"]}"#)?;
        }
        Ok(cell)
    }

    fn confirm(&mut self, mfa_token: &str) -> Cell {
        let question = json!({ "mfa_token": mfa_token, "otp": self.stage.otp(self.sdk.user) });
        let cell = self.step("confirm", question, |story, told| {
            require(text(told, "access_token").is_some(), || "told no access token".to_owned())?;
            require(story.stage.is_enrolled(story.sdk.user), || "the tenant has not confirmed".to_owned())
        });
        if !self.stage.is_enrolled(self.sdk.user) {
            self.stage.confirm(self.sdk.user, mfa_token, self.sdk.application);
        }
        cell
    }

    fn recover(&mut self, mfa_token: &str) -> Cell {
        let before = self.stage.recovery_code(self.sdk.user);
        self.step("recover", json!({ "mfa_token": mfa_token, "recovery_code": before }), |story, told| {
            let now = story.stage.recovery_code(story.sdk.user);
            require(now != before, || "the tenant has not spent the code".to_owned())?;
            require(text(told, "recovery_code").is_some(), || "told no new code".to_owned())?;
            require(text(told, "recovery_code") == now.as_deref(), || {
                "told another new code than the tenant's".to_owned()
            })?;
            require(text(told, "access_token").is_some(), || "told no access token".to_owned())
        })
    }

    fn old_code_is_refused(&mut self, mfa_token: &str, old: &str) -> Cell {
        let before = self.stage.recovery_code(self.sdk.user);
        match self.ask("recover", json!({ "mfa_token": mfa_token, "recovery_code": old })) {
            Ok(None) => Cell::Not,
            Ok(Some(told)) => require(text(&told, "error") == Some("invalid_grant"), || {
                failed(&told).unwrap_or_else(|| "told that an old code is good".to_owned())
            })
            .and_then(|()| {
                require(self.stage.recovery_code(self.sdk.user) == before, || {
                    "the tenant has a new code".to_owned()
                })
            })
            .into(),
            Err(odd) => Cell::Odd(odd),
        }
    }

    /// A step that is to succeed, and what must be so of what was told.
    fn step(
        &mut self,
        step: &str,
        question: Value,
        check: impl FnOnce(&Self, &Value) -> Result<(), String>,
    ) -> Cell {
        match self.ask(step, question) {
            Ok(None) => Cell::Not,
            Ok(Some(told)) => failed(&told).map_or_else(|| check(self, &told).into(), Cell::Odd),
            Err(odd) => Cell::Odd(odd),
        }
    }

    /// What the driver says of a step; nothing when the client has no such call.
    fn ask(&mut self, step: &str, mut question: Value) -> Result<Option<Value>, String> {
        if let Value::Object(question) = &mut question {
            question.insert("step".to_owned(), step.into());
        }
        let told = self.driver.ask(&question)?;
        Ok(told.get("no_such_call").is_none().then_some(told))
    }
}

fn both(first: Cell, second: Cell) -> Cell {
    if matches!(second, Cell::Ok) { first } else { second }
}

fn failed(told: &Value) -> Option<String> {
    let error = text(told, "error")?;
    Some(text(told, "message").map_or_else(|| format!("refused: {error}"), |text| format!("{error}: {text}")))
}

fn text<'a>(told: &'a Value, field: &str) -> Option<&'a str> {
    told.get(field)?.as_str()
}
