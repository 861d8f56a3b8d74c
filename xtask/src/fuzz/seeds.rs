//! Seeds for the fuzz targets, out of `tests/corpus`: each case as the bytes that `fuzz/src/message.rs` reads.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use serde_json::Value;

use crate::command::root;

/// A target that reads replies has up to so many calls, each with a letter.
const CALLS: &str = "abcdefgh";

/// What stands for a secret in a seed, and in what the corpus calls one.
const MARK: &str = "\u{1}";

/// Domains in each of their spellings, and what is none. The corpus has none of its own.
const DOMAINS: [&str; 8] = [
    "tenant.eu.auth0.com",
    "HTTPS://login.example.com:8443/",
    "http://127.0.0.1:8080",
    "http://[::1]:80/",
    "http://localhost",
    "https://user:x@tenant.auth0.com",
    "https://tenant.auth0.com/path?query#fragment",
    "http://tenant.auth0.com",
];

/// Codes as people type them.
const CODES: [&str; 4] = [
    "fake-reco-very-code-0000-0000",
    " FAKE RECOVERY CODE 00000000\n",
    "FAKE\u{2013}RECOVERY\u{2212}CODE\u{a0}00000000",
    "r\u{e9}cup\u{e9}r-1",
];

/// Writes the seeds of each target to `fuzz/seeds`, and nothing else stays there.
pub(super) fn write(targets: &[String]) -> io::Result<()> {
    let corpus = root().join("tests/corpus");
    let (replies, requests) = (cases(&corpus.join("replies"))?, cases(&corpus.join("requests"))?);
    for target in targets {
        let folder = root().join("fuzz/seeds").join(target);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        for (number, seed) in of_target(target, &replies, &requests).iter().enumerate() {
            fs::write(folder.join(format!("{number:05}")), seed)?;
        }
    }
    Ok(())
}

fn of_target(target: &str, replies: &[Value], requests: &[Value]) -> Vec<Vec<u8>> {
    let texts = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    match target {
        "domain" => texts(&DOMAINS),
        "recovery_code" => texts(&CODES),
        // Bytes that become a structure: the bodies for the text in them.
        "salvage" => replies.iter().filter_map(|case| Some(marked(&body(case.get("reply")?)?))).collect(),
        "requests" => requests.iter().filter_map(request).flat_map(with_mark).collect(),
        "tenant" => requests.iter().filter_map(request).map(as_step).collect(),
        _ => replies.iter().flat_map(reply).flat_map(with_mark).collect(),
    }
}

/// Every case of a folder with one folder a call.
fn cases(folder: &Path) -> io::Result<Vec<Value>> {
    let mut files = Vec::new();
    for call in fs::read_dir(folder)? {
        for file in fs::read_dir(call?.path())? {
            files.push(file?.path());
        }
    }
    files.sort();
    files.iter().map(case).collect()
}

fn case(file: &PathBuf) -> io::Result<Value> {
    serde_json::from_slice(&fs::read(file)?).map_err(io::Error::other)
}

/// The reply of a case, once for each call that may read it. There is none where none came.
fn reply(case: &Value) -> Vec<Vec<u8>> {
    let seed = |letter: char| {
        let reply = case.get("reply")?;
        let status = reply.get("status")?.as_u64()?;
        Some([format!("{status} {letter}\n{}\n", headers(reply)).into_bytes(), body(reply)?].concat())
    };
    CALLS.chars().filter_map(seed).collect()
}

fn request(case: &Value) -> Option<Vec<u8>> {
    let request = case.get("request")?;
    let text = |name| request.get(name).and_then(Value::as_str);
    let (method, target) = (text("method")?, text("target")?);
    let head = format!("{method} {target}\n{}\n", headers(request)).into_bytes();
    Some([head, body(request)?].concat())
}

/// A request as a step of `fuzz/src/tenant.rs`: the kind of step, how many bytes, and those.
fn as_step(request: Vec<u8>) -> Vec<u8> {
    let length = u16::try_from(request.len()).unwrap_or(u16::MAX);
    [vec![0, 0], length.to_le_bytes().to_vec(), request].concat()
}

fn headers(message: &Value) -> String {
    let headers = message.get("headers").and_then(Value::as_object).into_iter().flatten();
    headers.filter_map(|(name, value)| Some(format!("{name}: {}\n", value.as_str()?))).collect()
}

fn body(message: &Value) -> Option<Vec<u8>> {
    let text = |name| message.get(name).and_then(Value::as_str);
    match text("body_base64") {
        Some(encoded) => Base64::decode_vec(encoded).ok(),
        None => message.is_object().then(|| text("body").unwrap_or("").as_bytes().to_vec()),
    }
}

/// The same once more, with marks where the secrets are.
fn with_mark(seed: Vec<u8>) -> Vec<Vec<u8>> {
    let marked = marked(&seed);
    if marked == seed { vec![seed] } else { vec![seed, marked] }
}

/// Every secret of the corpus is called a fake.
fn marked(seed: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(seed) {
        Ok(text) => text.replace("FAKE", MARK).replace("fake", MARK).into_bytes(),
        Err(_) => seed.to_vec(),
    }
}
