//! Each library, with its closest call.

mod auth0_mfa_core;
mod floor;
mod oauth2;
mod serde;
mod tame_oauth;

use stats_alloc::Stats;

use crate::Scenario;

/// Each subject by its name, ours first.
pub const NAMES: [&str; 5] = ["auth0-mfa-core", "oauth2", "tame-oauth", "serde", "floor"];

/// Plays a scenario with the subject of this name.
///
/// # Panics
/// When there is none of this name.
pub fn play(name: &str, scenario: Scenario) -> Stats {
    match name {
        "auth0-mfa-core" => scenario.play(&auth0_mfa_core::Core::new()),
        "oauth2" => scenario.play(&oauth2::Oauth2::new()),
        "tame-oauth" => scenario.play(&tame_oauth::TameOauth::new()),
        "serde" => scenario.play(&serde::Serde),
        "floor" => scenario.play(&floor::Floor::new()),
        _ => panic!("{name} is none of {NAMES:?}"),
    }
}
