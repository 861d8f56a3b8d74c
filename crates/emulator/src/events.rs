//! The tenant's log.

use std::collections::VecDeque;
use std::fmt;
use std::net::IpAddr;

use crate::Timestamp;
use crate::personal::Redacted;

/// How many events are kept; older ones are forgotten.
const KEPT: usize = 10_000;

/// One entry of the tenant's log. It holds no secret; `Debug` shows neither the user nor an address.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
    /// The name of the user, when it is one of the tenant's.
    pub user: Option<String>,
    /// The application that called.
    pub client_id: String,
    /// The end user's address: what `auth0-forwarded-for` says, when the application is trusted to say it (see
    /// [`is_token_endpoint_ip_header_trusted`](crate::ApplicationConfig::is_token_endpoint_ip_header_trusted)); the
    /// caller's otherwise, where it is known (see [`Tenant::handle`](crate::Tenant::handle)).
    pub ip: Option<IpAddr>,
    /// The caller's address, when `ip` is what an application says.
    pub client_ip: Option<IpAddr>,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("at", &self.at)
            .field("kind", &self.kind)
            .field("user", &self.user.as_ref().map(|_| Redacted))
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What happened, by Auth0's log event type codes.
///
/// Source: <https://auth0.com/docs/deploy-monitor/logs/log-event-type-codes>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EventKind {
    /// `sepft`: a password was exchanged for tokens.
    PasswordAccepted,
    /// `limit_wc`: a password was not looked at, because too many wrong ones have blocked the user.
    AccountBlocked,
    /// `limit_sul`: a password was not looked at, because the user has logged in too often of late.
    TooManyLogins,
    /// `sertft`: a refresh token was exchanged for tokens.
    RefreshTokenAccepted,
    /// `fertft`: a refresh token was refused.
    RefreshTokenRefused,
    /// `seccft`: an application got a token of its own.
    ClientCredentialsAccepted,
    /// `fepft`: a password was refused.
    PasswordRefused,
    /// `mfar`: a password was right, and a second factor is required.
    MfaRequired,
    /// `gd_send_sms`: an SMS was sent.
    SmsSent,
    /// `gd_send_voice`: a call was made.
    VoiceSent,
    /// `gd_send_email`: an e-mail was sent.
    EmailSent,
    /// `gd_send_pn`: a push was sent.
    PushSent,
    /// `gd_auth_rejected`: a user refused a push.
    PushRejected,
    /// `gd_unenroll`: an authenticator was deleted, or all of a user's were. That it stands for deletions by the
    /// Management API too is inferred.
    Unenrolled,
    /// `seoobft`: an out-of-band challenge was exchanged for tokens.
    OobAccepted,
    /// `feoobft`: an out-of-band challenge was refused.
    OobRefused,
    /// `gd_enrollment_complete`: a user's first authenticator was confirmed.
    EnrolmentComplete,
    /// `seotpft`: a one-time password was exchanged for tokens.
    OtpAccepted,
    /// `feotpft`: a one-time password was refused.
    OtpRefused,
    /// `gd_otp_rate_limit_exceed`: a one-time password was refused because too many were wrong.
    OtpOverLimit,
    /// `sercft`: a recovery code was exchanged for tokens.
    RecoveryCodeAccepted,
    /// `fercft`: a recovery code was refused.
    RecoveryCodeRefused,
    /// `gd_recovery_succeed`: a recovery code was right.
    RecoverySucceeded,
    /// `gd_recovery_failed`: a recovery code was wrong.
    RecoveryFailed,
    /// `gd_recovery_rate_limit_exceed`: a recovery code was refused because too many were wrong.
    RecoveryCodeOverLimit,
}

impl EventKind {
    /// Auth0's code of it, for example `sercft`.
    pub fn code(self) -> &'static str {
        match self {
            Self::PasswordAccepted => "sepft",
            Self::AccountBlocked => "limit_wc",
            Self::TooManyLogins => "limit_sul",
            Self::RefreshTokenAccepted => "sertft",
            Self::RefreshTokenRefused => "fertft",
            Self::ClientCredentialsAccepted => "seccft",
            Self::PasswordRefused => "fepft",
            Self::MfaRequired => "mfar",
            Self::SmsSent => "gd_send_sms",
            Self::VoiceSent => "gd_send_voice",
            Self::EmailSent => "gd_send_email",
            Self::PushSent => "gd_send_pn",
            Self::PushRejected => "gd_auth_rejected",
            Self::Unenrolled => "gd_unenroll",
            Self::OobAccepted => "seoobft",
            Self::OobRefused => "feoobft",
            Self::EnrolmentComplete => "gd_enrollment_complete",
            Self::OtpAccepted => "seotpft",
            Self::OtpRefused => "feotpft",
            Self::OtpOverLimit => "gd_otp_rate_limit_exceed",
            Self::RecoveryCodeAccepted => "sercft",
            Self::RecoveryCodeRefused => "fercft",
            Self::RecoverySucceeded => "gd_recovery_succeed",
            Self::RecoveryFailed => "gd_recovery_failed",
            Self::RecoveryCodeOverLimit => "gd_recovery_rate_limit_exceed",
        }
    }
}

/// The newest events, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Events(VecDeque<Event>);

impl Events {
    pub(crate) fn add(&mut self, event: Event) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(event);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Event> {
        self.0.iter()
    }
}
