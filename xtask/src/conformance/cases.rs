//! The format of the corpus; tests/corpus/README.md describes it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::calls::CALLS;
use super::facts::Facts;
use super::report::{Failure, Report};
use super::values::Values;

/// A request, and the values that it is made of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestCase {
    call: String,
    about: String,
    source: String,
    pub(crate) values: Option<Values>,
    /// Why a call of ours that means the same looks different; without it, the call must render this very request.
    pub(crate) read_only: Option<String>,
    /// What a server answers to a request that has no values because it cannot be read.
    pub(crate) refused: Option<Facts>,
    pub(crate) request: RecordedRequest,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedRequest {
    method: String,
    target: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
}

/// A reply, and the outcome that a call has to have with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyCase {
    call: String,
    about: String,
    source: String,
    /// The values of the request, where they are not those of values.json.
    pub(crate) values: Option<Values>,
    #[serde(default)]
    pub(crate) earlier_sending_in_doubt: bool,
    pub(crate) reply: Happened,
    pub(crate) expect: Facts,
}

/// What happened to the request.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Happened {
    Nothing(NoReply),
    Replied(RecordedReply),
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NoReply {
    /// Nobody took it.
    NotSent,
    /// It was read to its end, and the connection ended.
    Lost,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordedReply {
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    body_base64: Option<String>,
    /// How many bytes of the body came before the connection ended; all of them when it is absent.
    pub(crate) cut_after: Option<usize>,
}

/// What both kinds of case say of themselves.
pub(crate) trait Case: DeserializeOwned {
    fn call(&self) -> &str;
    fn about(&self) -> &str;
    fn source(&self) -> &str;
    /// What makes it no case.
    fn fault(&self) -> Option<String>;
}

/// A case, and the file that it is in.
pub(crate) struct Loaded<C> {
    pub(crate) file: String,
    pub(crate) case: C,
}

/// Each case of a folder with one folder a call, in the order of their names. A file that is no case is a failure.
pub(crate) fn load<C: Case>(folder: &Path, report: &mut Report) -> Vec<Loaded<C>> {
    let mut loaded = Vec::new();
    let (folders, strays): (Vec<_>, Vec<_>) = files(folder).into_iter().partition(|entry| entry.is_dir());
    for stray in strays {
        report.fail(Failure::new(short_name(&stray), "is in the folder of no call", Vec::new()));
    }
    for file in folders.iter().flat_map(|call| files(call)) {
        let name = short_name(&file);
        match read(&file) {
            Ok(case) => loaded.push(Loaded { file: name, case }),
            Err(reason) => report.fail(Failure::new(name, "is no case", vec![reason])),
        }
    }
    loaded
}

fn read<C: Case>(file: &Path) -> Result<C, String> {
    let text = fs::read(file).map_err(|error| error.to_string())?;
    let case: C = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
    let folder = file.parent().and_then(Path::file_name).unwrap_or_default();
    if !CALLS.iter().any(|call| call.name == case.call()) {
        return Err(format!("there is no call {}", case.call()));
    }
    if folder != case.call() {
        return Err(format!("a case of {} is in the folder of another call", case.call()));
    }
    if case.about().is_empty() || case.source().is_empty() {
        return Err("it does not say what it is about, or where that is from".to_owned());
    }
    case.fault().map_or(Ok(case), Err)
}

/// What is in a folder, sorted; nothing when it is no folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files
}

/// A file by its last three parts: kind, call and case.
fn short_name(file: &Path) -> String {
    let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
    parts.get(parts.len().saturating_sub(3)..).unwrap_or_default().join("/")
}

impl RecordedRequest {
    pub(crate) fn to_request(&self) -> Result<http::Request<Vec<u8>>, String> {
        let mut request = http::Request::builder().method(self.method.as_str()).uri(&self.target);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(self.body.clone().into_bytes()).map_err(|error| error.to_string())
    }
}

impl ReplyCase {
    /// Whether the call is to end with its output.
    pub(crate) fn is_success(&self) -> bool {
        let is = |name: &str, value: &str| self.expect.get(name).is_some_and(|it| it == value);
        is("outcome", "accepted") || (is("outcome", "mfa_required") && self.expect.get("error").is_none())
    }
}

impl RecordedReply {
    /// The whole body.
    pub(crate) fn body(&self) -> Vec<u8> {
        let decoded = self.body_base64.as_ref().and_then(|encoded| Base64::decode_vec(encoded).ok());
        decoded.unwrap_or_else(|| self.body.clone().into_bytes())
    }

    /// The reply, as much of it as comes.
    pub(crate) fn to_response(&self) -> Result<http::Response<Vec<u8>>, String> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        response.body(self.body_that_comes()).map_err(|error| error.to_string())
    }

    /// As much of the body as comes.
    pub(crate) fn body_that_comes(&self) -> Vec<u8> {
        let mut body = self.body();
        body.truncate(self.cut_after.unwrap_or(usize::MAX));
        body
    }

    fn fault(&self) -> Option<&'static str> {
        let is_base64 = |encoded: &String| Base64::decode_vec(encoded).is_ok();
        if http::StatusCode::from_u16(self.status).is_err() {
            return Some("its status is none");
        }
        if !self.body_base64.as_ref().is_none_or(is_base64) {
            return Some("its body_base64 is not base64");
        }
        if self.body_base64.is_some() && !self.body.is_empty() {
            return Some("it has both a body and a body_base64");
        }
        let is_cut_behind_its_end = self.cut_after.is_some_and(|count| count >= self.body().len());
        is_cut_behind_its_end.then_some("its body is not longer than cut_after")
    }
}

impl Case for RequestCase {
    fn call(&self) -> &str {
        &self.call
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        match (&self.values, &self.refused, &self.read_only) {
            (Some(_), None, _) | (None, Some(_), None) => self.request.to_request().err(),
            _ => Some("it must have either values, read_only or not, or refused".to_owned()),
        }
    }
}

impl Case for ReplyCase {
    fn call(&self) -> &str {
        &self.call
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn source(&self) -> &str {
        &self.source
    }

    fn fault(&self) -> Option<String> {
        match &self.reply {
            Happened::Replied(reply) => reply.fault().map(str::to_owned),
            Happened::Nothing(_) => None,
        }
    }
}
