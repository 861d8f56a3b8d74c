//! `/_emulator/clock`: what the tenant takes for now.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::reply::{Answer, json, read};
use crate::Timestamp;
use crate::hosted::Hosted;

#[derive(Serialize)]
pub(super) struct ClockView {
    /// Whole seconds since the Unix epoch.
    now: u64,
    running: bool,
}

impl ClockView {
    pub(super) fn of(hosted: &Hosted) -> Self {
        Self { now: hosted.clock().now().unix_seconds(), running: hosted.clock().is_running() }
    }
}

/// `{"now":1700000000}` stops it there, `{"system":true}` makes it the system's again.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Setting {
    Now(u64),
    System(True),
}

#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct True;

impl TryFrom<bool> for True {
    type Error = &'static str;

    fn try_from(value: bool) -> Result<Self, Self::Error> {
        if value { Ok(Self) } else { Err("it is the system's clock, or say what it shows") }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: u64,
}

/// `GET /_emulator/clock`
pub(super) fn get(hosted: &Hosted) -> Answer {
    json(&ClockView::of(hosted))
}

/// `PUT /_emulator/clock`
pub(super) fn put(hosted: &Hosted, body: &[u8]) -> Answer {
    match read(body)? {
        Setting::Now(seconds) => hosted.clock().stop_at(Timestamp::from_unix_seconds(seconds)),
        Setting::System(True) => hosted.clock().follow_system(),
    }
    get(hosted)
}

/// `POST /_emulator/clock/advance`
pub(super) fn advance(hosted: &Hosted, body: &[u8]) -> Answer {
    let Advance { seconds } = read(body)?;
    hosted.clock().advance(Duration::from_secs(seconds));
    get(hosted)
}
