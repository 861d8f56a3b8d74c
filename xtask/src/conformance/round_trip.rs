//! Render and read back: a request by a server, a success by a client.

use auth0_mfa_core::Body;

use super::calls::KnownCall;
use super::cases::{Happened, ReplyCase, RequestCase};
use super::facts::Facts;
use super::values::Values;
use super::wire::borrowed;

/// The request of a case's values, as our call renders it, is read back to the same values. `None` when the case has
/// none, or has what our call does not send.
pub(crate) fn of_request(call: &KnownCall, case: &RequestCase) -> Option<Vec<String>> {
    let values = case.values.as_ref().filter(|_| case.read_only.is_none())?;
    let rendered = match call.render(values) {
        Ok(rendered) => rendered,
        Err(refused) => return Some(vec![format!("refused when made: {refused}")]),
    };
    Some(match call.received_facts(&borrowed(&rendered, Body::expose)) {
        Ok(read) => call.expected_facts(values).differences(&read),
        Err(error) => vec![error.to_string()],
    })
}

/// A success of a case, written by a server and read again, says the same. `None` when the case is no success, or has
/// something that no server writes.
pub(crate) fn of_reply(call: &KnownCall, case: &ReplyCase, usual: &Values) -> Option<Vec<String>> {
    let Happened::Replied(reply) = &case.reply else { return None };
    if !case.is_success() || is_unreadable(&case.expect) {
        return None;
    }
    let values = case.values.as_ref().unwrap_or(usual);
    Some(match reply.to_response() {
        Ok(response) => call.reply_round_trip(values, &response),
        Err(reason) => vec![reason],
    })
}

fn is_unreadable(facts: &Facts) -> bool {
    facts.names().any(|name| name == "recovery_code_json")
        || facts.get("recovery_codes").is_some_and(|codes| codes.to_string().contains("unreadable"))
}

/// Without the facts of the head, which a server writes by itself.
pub(crate) fn without_head(facts: Facts) -> Facts {
    const OF_THE_HEAD: [&str; 4] = ["request_id", "retry_after", "dpop_nonce", "is_dpop_downgrade"];
    let mut kept = facts.clone();
    for name in facts.names() {
        if OF_THE_HEAD.contains(&name) || name.contains("rate_limit_") {
            kept.remove(name);
        }
    }
    kept
}
