//! What a transport said, against what the servers saw.

use auth0_mfa_core::{CodeState, Replay};

use super::super::Seen;
use super::call::{Kind, Made, NEW_CODE, SENT_CODE, STRAY, Told};
use super::scenario::Expected;

/// How much longer than it may take a call can take on a machine that is busy.
const GRACE: std::time::Duration = std::time::Duration::from_secs(10);

/// One call, and all that is known about it.
pub(super) struct Case<'a> {
    pub(super) kind: Kind,
    pub(super) marker: &'a str,
    pub(super) made: &'a Made,
    pub(super) expected: &'a Expected,
    /// What the server saw of this call and of those around it.
    pub(super) seen: &'a [Seen],
    /// The tokens of those around it.
    pub(super) others: &'a [String],
    pub(super) elsewhere: &'a [Seen],
    pub(super) is_reuse: bool,
    pub(super) timeout: std::time::Duration,
}

/// What is wrong with a call.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) seen_but_not_sent: bool,
    pub(super) sent_twice: bool,
    pub(super) code_lost: bool,
    pub(super) secret_elsewhere: bool,
    pub(super) missed: Vec<String>,
}

impl Case<'_> {
    pub(super) fn judge(&self) -> Verdict {
        let arrivals = self.arrivals();
        let most = if self.is_reuse && self.kind.replay() == Replay::Safe { 2 } else { 1 };
        let is_twice_on_one = arrivals.iter().any(|count| *count > 1);
        let total: usize = arrivals.iter().sum();
        Verdict {
            seen_but_not_sent: self.made.told == Told::NotSent && total > 0,
            sent_twice: total > most || is_twice_on_one,
            code_lost: self.is_code_lost(),
            secret_elsewhere: self.elsewhere.iter().any(|seen| self.has_secret(seen)),
            missed: self.missed(total),
        }
    }

    /// How often the request, or a part of it, arrived on each connection.
    ///
    /// What is without a token belongs to this call: those around it are whole.
    fn arrivals(&self) -> Vec<usize> {
        let is_ours = |request: &&&[u8]| !self.others.iter().any(|other| contains(request, other));
        self.seen.iter().map(|seen| requests(seen.bytes()).iter().filter(is_ours).count()).collect()
    }

    fn is_code_lost(&self) -> bool {
        // Behind the code is the quotation mark that says that it is whole.
        let came = self.expected.code_comes || contains(&self.made.body, &format!("{NEW_CODE}\""));
        self.kind.brings_a_code() && came && self.made.new_code.as_deref() != Some(NEW_CODE)
    }

    fn has_secret(&self, seen: &Seen) -> bool {
        seen.contains(self.marker.as_bytes()) || seen.contains(SENT_CODE.as_bytes())
    }

    /// What was expected beside the invariants.
    fn missed(&self, arrivals: usize) -> Vec<String> {
        let Self { made, expected, .. } = self;
        let mut missed = Vec::new();
        let mut hold = |holds: bool, text: String| {
            if !holds {
                missed.push(text);
            }
        };
        hold(expected.told.contains(&made.told), format!("{:?}, and not {:?}", made.told, expected.told));
        hold(
            expected.status.is_none() || made.status.is_none() || expected.status == made.status,
            format!("status {:?}, and not {:?}", made.status, expected.status),
        );
        let has_reply = matches!(made.told, Told::Ok | Told::Answered);
        hold(
            !has_reply || expected.body.as_ref().is_none_or(|body| *body == made.body),
            format!("{} bytes of body came, which are not those that were sent", made.body.len()),
        );
        hold(made.told != Told::Ok || arrivals > 0, "a reply to a request that never arrived".to_owned());
        hold(made.took < self.timeout.saturating_add(GRACE), format!("it took {:?}", made.took));
        hold(
            !contains(&made.body, STRAY) || !self.is_whole_reply_of_another(),
            "the reply of another call".to_owned(),
        );
        hold(self.elsewhere.iter().all(|seen| seen.bytes().is_empty()), "a redirect was followed".to_owned());
        hold(!self.asks_for_an_encoding(), "it asks for a content-encoding".to_owned());
        hold(self.is_alone(), "it shared its connection with another call".to_owned());
        hold(
            made.told != Told::MaybeSent || made.code_state != Some(CodeState::Intact),
            "the code is called intact".to_owned(),
        );
        hold(
            made.told != Told::NotSent
                || !matches!(made.code_state, Some(state) if state != CodeState::Intact),
            "nothing was sent, and the code is not called intact".to_owned(),
        );
        missed
    }

    /// A stray reply may hang on to the body of one that must not have any; it must not be taken for a reply of its
    /// own.
    fn is_whole_reply_of_another(&self) -> bool {
        self.made.body == self.kind.stray().as_bytes()
    }

    fn asks_for_an_encoding(&self) -> bool {
        let texts = self.seen.iter().map(|seen| String::from_utf8_lossy(seen.bytes()).to_ascii_lowercase());
        texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).any(|line| {
            line.strip_prefix("accept-encoding:")
                .is_some_and(|value| !matches!(value.trim(), "" | "identity"))
        })
    }

    fn is_alone(&self) -> bool {
        let is_shared = |seen: &Seen| self.others.iter().any(|other| seen.contains(other.as_bytes()));
        self.kind.replay() != Replay::SingleUse
            || !self.seen.iter().any(|seen| seen.contains(self.marker.as_bytes()) && is_shared(seen))
    }
}

/// The requests in what a connection saw, whole or begun.
fn requests(bytes: &[u8]) -> Vec<&[u8]> {
    const IN_EACH: &[u8] = b" HTTP/1.1\r\n";
    let at = |from: usize| bytes.get(from..).and_then(|rest| find(rest, IN_EACH)).map(|at| from + at);
    let mut requests = Vec::new();
    let mut start = 0;
    while let Some(begun) = at(start) {
        // The line of the next request may hang on to this one; what counts is whose token is in it.
        let end = at(begun + IN_EACH.len()).unwrap_or(bytes.len());
        requests.extend(bytes.get(begun..end));
        start = end;
    }
    if requests.is_empty() && !bytes.is_empty() {
        requests.push(bytes);
    }
    requests
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    find(bytes, needle.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_of_a_connection_is_told_apart_and_a_part_of_one_counts() {
        assert_eq!(requests(b"").len(), 0);
        assert_eq!(requests(b"P").len(), 1);
        assert_eq!(requests(b"POST / HTTP/1.1\r\nhost: x\r\n").len(), 1);
        let two = requests(b"POST / HTTP/1.1\r\na: one\r\n\r\nbodyGET / HTTP/1.1\r\na: two\r\n\r\n");
        assert_eq!(two.len(), 2);
        assert!(contains(two[0], "one") && !contains(two[0], "two") && contains(two[1], "two"));
    }
}
