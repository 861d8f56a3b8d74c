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
mod tenant;

/// What the fake tenant's user has, and gets. None of them may be seen where it does not belong.
pub(crate) const USER: &str = "alice@example.com";
pub(crate) const PASSWORD: &str = "fake-password-alice";
pub(crate) const OLD_CODE: &str = "FAKEOLDCODE0000000000000";
pub(crate) const NEW_CODE: &str = "FAKENEWCODE1111111111111";
