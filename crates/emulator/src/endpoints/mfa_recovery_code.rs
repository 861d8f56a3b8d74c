//! `POST /oauth/token`, `grant_type=…/mfa-recovery-code`: burns the code, and answers with the next one, once.

use std::time::Duration;

use auth0_mfa_core::serve::Serve;
use auth0_mfa_core::{NewCode, RecoveryCode, RecoveryCodeAccepted, VerifyWithRecoveryCode};

use super::{Answer, second_factor, token};
use crate::behaviour::RecoveryCodesOff;
use crate::events::EventKind;
use crate::refusal::Refusal;
use crate::user::UserId;
use crate::{Factor, Tenant, Timestamp, grant_type, tokens};

pub(super) fn answer(tenant: &mut Tenant, request: &http::Request<&[u8]>, now: Timestamp) -> Answer {
    let received = VerifyWithRecoveryCode::read_request(request)?;
    let client = token::authenticate(tenant, request, &received.client, grant_type::MFA_RECOVERY_CODE, now)?;
    let client_id = client.client_id.as_str();
    let login = second_factor::login(tenant, request, received.call.mfa_token(), &client, now)?;
    if login.is_access_token() && !tenant.behaviour.access_token_recovers {
        return Err(Refusal::MalformedMfaToken);
    }
    let verdict = judge(tenant, login.user, received.call.recovery_code(), now)?;
    let log = |tenant: &mut Tenant, kinds: [EventKind; 2]| {
        kinds.into_iter().for_each(|kind| tenant.log(kind, Some(login.user), client_id, now));
    };
    match verdict {
        Verdict::Accepted(new_code) => {
            let tokens = tokens::issue(tenant, &client, login.user, &login.asked, now)?;
            tenant.note_success(login.session, now);
            log(tenant, [EventKind::RecoverySucceeded, EventKind::RecoveryCodeAccepted]);
            Ok(VerifyWithRecoveryCode::write_reply(&RecoveryCodeAccepted::new(tokens, new_code)))
        }
        Verdict::Wrong => {
            tenant.note_failure(login.session);
            log(tenant, [EventKind::RecoveryFailed, EventKind::RecoveryCodeRefused]);
            Err(Refusal::WrongRecoveryCode)
        }
        Verdict::OverLimit(retry_after) => {
            log(tenant, [EventKind::RecoveryCodeOverLimit, EventKind::RecoveryCodeRefused]);
            Err(Refusal::OverLimit { wrong: Box::new(Refusal::WrongRecoveryCode), retry_after })
        }
    }
}

/// What is to be said of a code.
enum Verdict {
    /// It was right, and is spent.
    Accepted(NewCode),
    /// It was wrong; that was counted.
    Wrong,
    /// It was not looked at: the user has no try left, and gets the next one after this long.
    OverLimit(Duration),
}

fn judge(
    tenant: &mut Tenant,
    user: UserId,
    typed: &RecoveryCode,
    now: Timestamp,
) -> Result<Verdict, Refusal> {
    let Tenant { users, behaviour, generator, factors, .. } = tenant;
    let user = users.get_mut(user.0).ok_or(Refusal::Internal)?;
    if !factors.has(Factor::RecoveryCode) && behaviour.recovery_codes_off == RecoveryCodesOff::AccessDenied {
        return Err(Refusal::RecoveryCodesOff);
    }
    // A code is good once the user has confirmed a factor, and while the tenant has recovery codes on.
    let is_on = factors.has(Factor::RecoveryCode) && user.has_active_recovery(behaviour);
    let mut recovery = user.recovery.as_mut().filter(|_| is_on);
    if let Some(recovery) = &mut recovery {
        recovery.bring_forward(typed, behaviour);
    }
    if let Some(retry_after) = user.spent.recovery_failures.empty_for(behaviour.failures, now) {
        let spends = behaviour.over_limit_spends_code;
        if let Some(recovery) = recovery.filter(|recovery| spends && recovery.is_current(typed, behaviour)) {
            let _ = recovery.spend(None, now);
        }
        return Ok(Verdict::OverLimit(retry_after));
    }
    match recovery {
        Some(recovery) if recovery.is_current(typed, behaviour) => {
            let next = behaviour.rotate_recovery_codes.then(|| generator.recovery_code());
            Ok(Verdict::Accepted(recovery.spend(next, now)))
        }
        Some(recovery) if recovery.was_just_spent(typed, behaviour, now) => {
            Ok(Verdict::Accepted(recovery.current()))
        }
        _ => {
            user.spent.recovery_failures.add(behaviour.failures, now);
            Ok(Verdict::Wrong)
        }
    }
}
