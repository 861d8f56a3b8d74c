//! A setting that cannot work.

use std::error::Error;
use std::fmt;

use auth0_mfa_core::transport::BoxError;

/// A setting that cannot work. It names the setting and never shows its value.
#[derive(Debug)]
pub struct ConfigError {
    setting: &'static str,
    reason: &'static str,
    cause: Option<BoxError>,
}

impl ConfigError {
    pub(crate) fn new(setting: &'static str, reason: &'static str) -> Self {
        Self { setting, reason, cause: None }
    }

    pub(crate) fn because(self, cause: impl Into<BoxError>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }

    /// The setting that is wrong, for example `root certificate`.
    pub fn setting(&self) -> &'static str {
        self.setting
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.reason)
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}
