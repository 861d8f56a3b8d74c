//! How the story is told: to a person who takes part, to a person who watches, or to a program.

use auth0_mfa::RecoveryCode;
use serde_json::{Value, json};

use crate::terminal;

/// A person who takes part may mistype a code; a story has an end all the same.
const MOST_ATTEMPTS: u32 = 5;

pub(super) struct Teller {
    json: bool,
    takes_part: bool,
    steps: u32,
}

impl Teller {
    pub(super) fn new(json: bool, plays_both_parts: bool) -> Self {
        Self { json, takes_part: !json && !plays_both_parts && terminal::is_attended(), steps: 0 }
    }

    /// One step: its name for programs, its title and text for people, and its facts for both.
    pub(super) fn step(&mut self, name: &str, title: &str, text: &str, facts: Value) {
        self.steps += 1;
        if self.json {
            let mut line = json!({ "step": self.steps, "name": name, "title": title, "text": text });
            if let (Value::Object(line), Value::Object(facts)) = (&mut line, facts) {
                line.extend(facts);
            }
            terminal::say(&terminal::json_line(&line));
        } else {
            terminal::say(&format!("{}. {title}\n{}\n", self.steps, indented(text)));
        }
    }

    /// A code that the user is shown.
    pub(super) fn show_code(&self, label: &str, code: &RecoveryCode) {
        if !self.json {
            terminal::say(&format!("      {label}:  {}\n", code.expose()));
        }
    }

    /// Asks the user to confirm that a code is stored.
    pub(super) fn confirm_stored(&self) -> Result<(), String> {
        if self.takes_part {
            loop {
                let answer =
                    terminal::ask("   Have you stored it? Type yes: ").map_err(|error| error.to_string())?;
                if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
                    terminal::say("");
                    return Ok(());
                }
            }
        }
        self.play("The user confirms: it is stored.");
        Ok(())
    }

    /// Asks the user to type a code. Without a person, it is typed for them.
    pub(super) fn type_code(&self, code: &RecoveryCode) -> Result<RecoveryCode, String> {
        if self.takes_part {
            for _ in 0..MOST_ATTEMPTS {
                let typed = terminal::ask("   Recovery code: ").map_err(|error| error.to_string())?;
                let typed = RecoveryCode::parse(&typed).ok().filter(|typed| typed.expose() == code.expose());
                if let Some(typed) = typed {
                    terminal::say("");
                    return Ok(typed);
                }
                terminal::say("   That is not it. In the demo nothing is sent for that; try again.");
            }
            return Err("the code was not typed".to_owned());
        }
        self.play("The user types it.");
        Ok(RecoveryCode::verbatim(code.expose()))
    }

    pub(super) fn end(&self, summary: &str) {
        if self.json {
            terminal::say(&terminal::json_line(
                &json!({ "outcome": "done", "steps": self.steps, "text": summary }),
            ));
        } else {
            terminal::say(summary);
        }
    }

    pub(super) fn fail(&self, problem: &str) {
        if self.json {
            terminal::say(&terminal::json_line(&json!({ "outcome": "failed", "message": problem })));
        } else {
            terminal::note(&format!("error: the story did not go as told: {problem}"));
        }
    }

    fn play(&self, what: &str) {
        if !self.json {
            terminal::say(&format!("   ({what})\n"));
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n")
}
