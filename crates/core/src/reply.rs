//! A reply as it came, and what its head says.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::wire::json::{Fields, Text};

/// A reply that is being read: status, headers and body, whole or cut off.
pub struct Reply<'a> {
    reply: &'a http::Response<&'a [u8]>,
    text: &'a str,
    fields: Option<&'a Fields<'a>>,
    dpop_proof_sent: bool,
}

impl std::fmt::Debug for Reply<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl<'a> Reply<'a> {
    pub(crate) fn new(
        reply: &'a http::Response<&'a [u8]>,
        text: &'a Text<'_>,
        fields: Option<&'a Fields<'a>>,
    ) -> Self {
        Self { reply, text: text.as_str(), fields, dpop_proof_sent: false }
    }

    /// The same, to a request that had a DPoP proof or had none.
    pub(crate) fn with_dpop_proof(mut self, sent: bool) -> Self {
        self.dpop_proof_sent = sent;
        self
    }

    pub(crate) fn dpop_proof_sent(&self) -> bool {
        self.dpop_proof_sent
    }

    /// The HTTP status. What a reply means is decided by its `error`; statuses vary between tenants.
    pub fn status(&self) -> StatusCode {
        self.reply.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.reply.headers()
    }

    /// The bytes of the body, as they came. They hold secrets.
    pub fn body(&self) -> &[u8] {
        self.reply.body()
    }

    /// What the head says about the request and about limits.
    pub fn info(&self) -> ReplyInfo {
        ReplyInfo::read(self.headers())
    }

    /// The body as text, without a byte-order mark.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The fields of the body, when it begins with a whole JSON object.
    pub(crate) fn fields(&self) -> Option<&'a Fields<'a>> {
        self.fields
    }
}

/// What the head of a reply says beside the reply itself; on successes and errors.
///
/// Source: <https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy>
///
/// `Debug` shows the identifier when it has the form of Auth0's: a server can put anything there.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReplyInfo {
    /// `x-auth0-requestid`: what Auth0's support asks for.
    pub request_id: Option<String>,
    /// `x-ratelimit-*`: the bucket of the tenant and endpoint, not the limit of ten wrong codes per user.
    pub rate_limit: RateLimit,
    /// `Retry-After`, in whole seconds.
    pub retry_after: Option<Duration>,
    /// `Auth0-RateLimit`: the bucket of the application, where it has a rate-limit policy of its own.
    pub application_rate_limit: Option<ApplicationRateLimit>,
    /// `DPoP-Nonce`: what the next DPoP proof has to hold (RFC 9449, 8.2).
    pub dpop_nonce: Option<String>,
}

/// The rate-limit figures of a reply; each is absent when the header is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// `x-ratelimit-limit`: requests that the bucket holds.
    pub limit: Option<u64>,
    /// `x-ratelimit-remaining`: requests left in it.
    pub remaining: Option<u64>,
    /// `x-ratelimit-reset`: when it is filled again, in seconds since the Unix epoch.
    pub reset_at: Option<u64>,
}

/// The figures of `Auth0-RateLimit`, for example `client;q=10;t=1;r=9`.
///
/// Source: <https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApplicationRateLimit {
    /// `q`: requests that the application may make in an interval.
    pub quota: u64,
    /// `t`: the interval.
    pub interval: Duration,
    /// `r`: requests that are left in it.
    pub remaining: u64,
}

impl ApplicationRateLimit {
    fn read(text: &str) -> Option<Self> {
        let figure = |name: &str| {
            let parameters = text.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
            let mut values = parameters.filter(|(known, _)| known.trim() == name);
            values.next()?.1.trim().parse().ok()
        };
        let (quota, interval, remaining) = (figure("q")?, figure("t")?, figure("r")?);
        Some(Self { quota, interval: Duration::from_secs(interval), remaining })
    }
}

impl ReplyInfo {
    /// What these headers say.
    // In one pass: to look each name up takes longer than to pass over the few that a reply has.
    pub fn read(headers: &HeaderMap) -> Self {
        let mut info = Self::default();
        for (name, value) in headers {
            info.note(name.as_str(), value);
        }
        info
    }

    /// The request identifier, when it has the form of Auth0's, so that a log may have it: a server can put anything
    /// there.
    pub fn loggable_request_id(&self) -> Option<&str> {
        self.request_id.as_deref().filter(|id| is_hexadecimal(id))
    }

    /// Of a header that comes twice the first one counts that can be read.
    fn note(&mut self, name: &str, value: &HeaderValue) {
        let text = || value.to_str().ok().map(str::trim);
        let number = || text()?.parse().ok();
        let owned = |is_proper: fn(&str) -> bool| text().filter(|text| is_proper(text)).map(str::to_owned);
        match name {
            "x-auth0-requestid" => first(&mut self.request_id, || owned(is_identifier)),
            "x-ratelimit-limit" => first(&mut self.rate_limit.limit, number),
            "x-ratelimit-remaining" => first(&mut self.rate_limit.remaining, number),
            "x-ratelimit-reset" => first(&mut self.rate_limit.reset_at, number),
            "retry-after" => first(&mut self.retry_after, || number().map(Duration::from_secs)),
            "auth0-ratelimit" => {
                first(&mut self.application_rate_limit, || text().and_then(ApplicationRateLimit::read));
            }
            "dpop-nonce" => first(&mut self.dpop_nonce, || owned(|nonce| !nonce.is_empty())),
            _ => {}
        }
    }
}

fn first<T>(place: &mut Option<T>, read: impl FnOnce() -> Option<T>) {
    if place.is_none() {
        *place = read();
    }
}

impl std::fmt::Debug for ReplyInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown = |_: &String| self.loggable_request_id().unwrap_or("[redacted]");
        f.debug_struct("ReplyInfo")
            .field("request_id", &self.request_id.as_ref().map(shown))
            .field("rate_limit", &self.rate_limit)
            .field("retry_after", &self.retry_after)
            .field("application_rate_limit", &self.application_rate_limit)
            .field("dpop_nonce", &self.dpop_nonce.as_ref().map(|_| "[redacted]"))
            .finish()
    }
}

/// Auth0's are 20 digits, for example `4ad55daa560e468bdfe1`; no secret of this API looks like that.
fn is_hexadecimal(id: &str) -> bool {
    id.len() >= 16 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'-'))
}

/// Identifiers are short and plain; anything else is not shown to people.
fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(headers: &[(&'static str, &'static str)]) -> ReplyInfo {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, http::HeaderValue::from_static(value));
        }
        ReplyInfo::read(&map)
    }

    #[test]
    fn the_head_is_read_and_what_is_odd_in_it_is_absent() {
        let read = info(&[
            ("x-auth0-requestid", "f4kerequestid"),
            ("x-ratelimit-limit", "300"),
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1700000000"),
            ("retry-after", "17"),
            ("auth0-ratelimit", "client;q=10;t=1; r=9"),
            ("dpop-nonce", "fake-nonce"),
        ]);
        let application = read.application_rate_limit.expect("three figures");
        assert_eq!((application.quota, application.interval.as_secs(), application.remaining), (10, 1, 9));
        assert_eq!(read.dpop_nonce.as_deref(), Some("fake-nonce"));
        assert_eq!(read.request_id.as_deref(), Some("f4kerequestid"));
        assert_eq!(read.rate_limit.limit, Some(300));
        assert_eq!(read.rate_limit.remaining, Some(0));
        assert_eq!(read.rate_limit.reset_at, Some(1_700_000_000));
        assert_eq!(read.retry_after, Some(Duration::from_secs(17)));

        let odd = info(&[
            ("x-auth0-requestid", "<script>"),
            ("x-ratelimit-limit", "many"),
            ("retry-after", "Tue, 01 Jan 2030 00:00:00 GMT"),
            ("auth0-ratelimit", "client;q=10;t=1"),
        ]);
        assert_eq!(odd, ReplyInfo::default());
    }

    #[test]
    fn debug_shows_an_identifier_that_looks_like_one() {
        let usual = info(&[("x-auth0-requestid", "4ad55daa560e468bdfe1")]);
        assert!(format!("{usual:?}").contains("4ad55daa560e468bdfe1"));
        let odd = info(&[("x-auth0-requestid", "CANARY0000000000000000")]);
        assert_eq!(odd.request_id.as_deref(), Some("CANARY0000000000000000"));
        assert!(format!("{odd:?}").contains("[redacted]"));
        assert_eq!(usual.loggable_request_id(), Some("4ad55daa560e468bdfe1"));
        assert_eq!(odd.loggable_request_id(), None);
    }
}
