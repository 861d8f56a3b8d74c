//! A request case: what our call renders, and what a server reads.

use super::calls::{KnownCall, rendered_facts};
use super::cases::RequestCase;
use super::facts::Facts;
use super::values::Values;
use super::wire::{borrowed, request_facts};

/// What is not as the case has it; nothing when all is.
pub(crate) fn check(call: &KnownCall, case: &RequestCase) -> Vec<String> {
    let request = match case.request.to_request() {
        Ok(request) => request,
        Err(reason) => return vec![format!("the request: {reason}")],
    };
    let request = borrowed(&request, Vec::as_slice);
    match &case.values {
        Some(values) => {
            let mut differences = read(call, values, &request);
            if case.read_only.is_none() {
                differences.extend(rendered(call, values, &request_facts(&request)));
            }
            differences
        }
        None => refused(call, case.refused.as_ref(), &request),
    }
}

/// Whether our call for these values is this request.
pub(crate) fn rendered(call: &KnownCall, values: &Values, recorded: &Facts) -> Vec<String> {
    match call.render(values) {
        Ok(ours) => labelled("rendered", recorded.differences(&rendered_facts(&ours))),
        Err(refused) => vec![format!("rendered: refused when made: {refused}")],
    }
}

/// Whether a server reads these values from the request.
pub(crate) fn read(call: &KnownCall, values: &Values, request: &http::Request<&[u8]>) -> Vec<String> {
    match call.received_facts(request) {
        Ok(came) => labelled("read", call.expected_facts(values).differences(&came)),
        Err(error) => vec![format!("read: {error}")],
    }
}

fn refused(call: &KnownCall, expected: Option<&Facts>, request: &http::Request<&[u8]>) -> Vec<String> {
    let Err(error) = call.received_facts(request) else {
        return vec!["read: it was expected to be refused, and is not".to_owned()];
    };
    let error = error.to_api_error();
    let mut came = Facts::default().with("status", error.status().as_u16());
    came.set("error", error.code().as_str());
    came.set_some("error_description", error.description());
    labelled("refused", expected.cloned().unwrap_or_default().differences(&came))
}

fn labelled(label: &str, differences: Vec<String>) -> Vec<String> {
    differences.into_iter().map(|difference| format!("{label}: {difference}")).collect()
}
