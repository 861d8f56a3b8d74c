//! Replies that were recorded from the live service, beside what the emulator answers to the same calls: the same
//! status, fields and types.

mod play;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use super::report::{Failure, Report, table};
use play::{Played, Player};

/// A difference that is to be there, and why.
struct Allowed {
    recording: &'static str,
    difference: &'static str,
    reason: &'static str,
}

const ALLOWED: [Allowed; 2] = [
    Allowed {
        recording: "TestMFAVerifyWithOOB__Should_return_tokens_when_authorization_is_approved",
        difference: "id_token: only the emulator has it",
        reason: "the recording's redactor wrote the tokens anew and kept four fields; the scope has openid",
    },
    Allowed {
        recording: "TestMFAVerifyWithOTP__Should_return_tokens_for_a_valid_request",
        difference: "id_token: only the emulator has it",
        reason: "the recording's redactor wrote the tokens anew and kept four fields; the scope has openid",
    },
];

/// The folder of the recordings in a corpus.
const RECORDINGS: &str = "replies/go-auth0";

#[derive(Deserialize)]
pub(super) struct Recording {
    pub(super) request: RecordedRequest,
    response: RecordedResponse,
}

#[derive(Deserialize)]
pub(super) struct RecordedRequest {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) body: String,
    #[serde(default)]
    pub(super) form: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct RecordedResponse {
    code: u16,
    headers: std::collections::BTreeMap<String, Vec<String>>,
    body_json: Value,
}

pub(super) fn check(corpus: &Path, report: &mut Report) {
    let folder = corpus.join(RECORDINGS);
    if !folder.is_dir() {
        report.section("recorded replies", "SKIPPED: there are no recordings beside the project.\n");
        return report.remark("the recorded replies were SKIPPED: they are not there");
    }
    let rows: Vec<Vec<String>> = play::ORDER.iter().map(|name| row(&folder, name, report)).collect();
    let there = fs::read_dir(&folder).into_iter().flatten().flatten().count();
    if there != play::ORDER.len() {
        let about = format!("{there} recordings are there, {} are played", play::ORDER.len());
        report.fail(Failure::new(RECORDINGS, about, Vec::new()));
    }
    let head = ["recording", "status", "fields", "allowed differences"];
    report.section("recorded replies, and the emulator's to the same calls", &table(&head, &rows));
}

fn row(folder: &Path, name: &str, report: &mut Report) -> Vec<String> {
    let mut fields = 0;
    let mut allowed = Vec::new();
    let mut status = String::new();
    let differences = report.checked(|| {
        let recording = match load(&folder.join(format!("{name}.json"))) {
            Ok(recording) => recording,
            Err(reason) => return vec![reason],
        };
        let played = match Player::new().and_then(|mut player| player.play(name, &recording)) {
            Ok(played) => played,
            Err(reason) => return vec![reason],
        };
        status = recording.response.code.to_string();
        fields = count(&recording.response.body_json);
        let (expected, unexpected): (Vec<_>, Vec<_>) =
            differences(&recording.response, &played).into_iter().partition(|it| is_allowed(name, it));
        allowed = expected;
        // One that is gone is to be taken from the table.
        let gone = of(name).filter(|it| !allowed.iter().any(|seen| seen == it.difference));
        let gone: Vec<_> =
            gone.map(|it| format!("allowed, and not there any more: {}", it.difference)).collect();
        unexpected.into_iter().chain(gone).collect()
    });
    if !differences.is_empty() {
        report.fail(Failure::new(name, "is not what the emulator answers", differences));
    }
    let reasons = of(name).map(|it| format!("{} ({})", it.difference, it.reason));
    vec![name.to_owned(), status, fields.to_string(), reasons.collect::<Vec<_>>().join("; ")]
}

fn load(file: &Path) -> Result<Recording, String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn of(name: &str) -> impl Iterator<Item = &'static Allowed> {
    ALLOWED.iter().filter(move |it| it.recording == name)
}

fn is_allowed(name: &str, difference: &str) -> bool {
    of(name).any(|it| it.difference == difference)
}

fn differences(recorded: &RecordedResponse, played: &Played) -> Vec<String> {
    let mut differences = Vec::new();
    if recorded.code != played.status {
        differences.push(format!("the status was {}, is {}", recorded.code, played.status));
    }
    let content_type = recorded.headers.get("Content-Type").and_then(|values| values.first());
    if content_type != Some(&played.content_type) {
        differences.push(format!("the content type was {content_type:?}, is {}", played.content_type));
    }
    compare("", &recorded.body_json, &played.body, &mut differences);
    differences
}

/// Fields and types, and the values of those whose values are words of the protocol.
fn compare(place: &str, recorded: &Value, played: &Value, differences: &mut Vec<String>) {
    match (recorded, played) {
        (Value::Object(recorded), Value::Object(played)) => {
            for (field, value) in recorded {
                match played.get(field) {
                    Some(other) => compare(&join(place, field), value, other, differences),
                    None => differences.push(format!("{}: only the recording has it", join(place, field))),
                }
            }
            let added = played.keys().filter(|field| !recorded.contains_key(*field));
            differences
                .extend(added.map(|field| format!("{}: only the emulator has it", join(place, field))));
        }
        (Value::Array(recorded), Value::Array(played)) => {
            if recorded.len() != played.len() {
                differences.push(format!("{place}: had {} entries, has {}", recorded.len(), played.len()));
            }
            for (index, (recorded, played)) in recorded.iter().zip(played).enumerate() {
                compare(&join(place, &index.to_string()), recorded, played, differences);
            }
        }
        _ if kind(recorded) != kind(played) => {
            differences.push(format!("{place}: was {}, is {}", kind(recorded), kind(played)));
        }
        _ if is_word(place) && recorded != played => {
            differences.push(format!("{place}: was {recorded}, is {played}"));
        }
        _ => {}
    }
}

fn join(place: &str, field: &str) -> String {
    if place.is_empty() { field.to_owned() } else { format!("{place}.{field}") }
}

fn is_word(place: &str) -> bool {
    const WORDS: [&str; 11] = [
        "error",
        "error_description",
        "authenticator_type",
        "challenge_type",
        "oob_channel",
        "binding_method",
        "active",
        "token_type",
        "expires_in",
        "scope",
        "type",
    ];
    WORDS.contains(&place.rsplit('.').next().unwrap_or_default())
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(values) => values.iter().map(count).sum(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(recorded: &Value, played: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        compare("", recorded, played, &mut differences);
        differences
    }

    #[test]
    fn fields_types_and_words_differ_and_other_values_may() {
        let recorded = json!({ "error": "a", "id": "x", "list": [{ "n": 1 }] });
        assert_eq!(seen(&recorded, &json!({ "error": "a", "id": "y", "list": [{ "n": 2 }] })), [""; 0]);
        assert_eq!(
            seen(&recorded, &json!({ "error": "b", "id": 1, "list": [] })),
            ["error: was \"a\", is \"b\"", "id: was a string, is a number", "list: had 1 entries, has 0",]
        );
        assert_eq!(
            seen(&json!({ "a": 1 }), &json!({ "b": 1 })),
            ["a: only the recording has it", "b: only the emulator has it"]
        );
    }
}
