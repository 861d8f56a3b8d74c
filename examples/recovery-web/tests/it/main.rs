//! The application, driven over HTTP as a browser does it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod browser;
mod canary;
mod codes;
mod gone;
mod next_steps;
mod pages;
mod resend;
mod sessions;
mod site;
mod story;

#[path = "../common/mod.rs"]
mod common;

pub(crate) use common::{NEW_CODE, OLD_CODE, PASSWORD, USER, current_code, tenant};
