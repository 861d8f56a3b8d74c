//! The application in headless Chromium, as a person sees it. Where there is no Chromium, these tests say that they are
//! left out; `cargo xtask chromium` brings it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod canary;
mod gone;
mod history;
mod line;
mod person;
mod states;
mod story;

#[path = "../common/mod.rs"]
mod common;
