//! How Chromium is started.

use std::path::Path;

use serde_json::{Value, json};

/// Headless, with nothing of its own to do on the network.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // Containers have little of it.
    "--disable-dev-shm-usage",
    // No page reaches further than this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--window-size=900,1000",
];

/// What a new session asks for.
pub(crate) fn capabilities(chromium: &Path, profile: &Path, more_flags: &[&str], page_load: &str) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    let flags: Vec<&str> = FLAGS.iter().chain(more_flags).copied().chain([profile.as_str()]).collect();
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        // Servers of tests sign their own certificates.
        "acceptInsecureCerts": true,
        "pageLoadStrategy": page_load,
        "goog:chromeOptions": { "binary": chromium, "args": flags },
        "goog:loggingPrefs": { "browser": "ALL" },
    } } })
}
