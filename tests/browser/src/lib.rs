//! Tests in a browser: headless Chromium, driven over WebDriver (W3C) by chromedriver.
//!
//! ```no_run
//! use auth0_mfa_browser::Browser;
//!
//! let Some(browser) = Browser::start() else { return };
//! browser.open("http://127.0.0.1:8080/");
//! browser.type_into("#user", "alice@example.com");
//! browser.click("#log-in");
//! browser.wait_for_title("One more step");
//! ```
//!
//! What is not there yet is waited for, within bounds; what does not come fails the test, so nothing here answers a
//! `Result`. All that is started ends when it is dropped.
//!
//! | Where | What |
//! |---|---|
//! | `browser` | a browser of one test: pages, elements, tabs, scripts |
//! | `capabilities` | the flags that it is started with |
//! | `driver` | chromedriver, one for all the tests that run at the same time |
//! | `wire` | commands and their answers |
//! | `installation` | where Chromium is on this machine; `cargo xtask chromium` brings it |

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure here is the test's")]

mod browser;
mod capabilities;
mod driver;
mod installation;
mod wire;

pub use browser::{Browser, Tab};
