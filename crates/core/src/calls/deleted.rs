//! What a deletion answers.

use http::StatusCode;

use crate::Body;
use crate::call::Unreadable;
use crate::reply::{Reply, ReplyInfo};

/// Something was deleted (204, without a body).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Deleted {
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Deleted {
    /// Another 2xx with something in it is not Auth0's word that something was deleted.
    pub(crate) fn read(reply: &Reply<'_>) -> Result<Self, Unreadable> {
        let is_empty = reply.body().iter().all(u8::is_ascii_whitespace);
        if reply.status() == StatusCode::NO_CONTENT || is_empty {
            Ok(Self { info: reply.info() })
        } else {
            Err(Unreadable::new("is not empty"))
        }
    }

    pub(crate) fn to_response() -> http::Response<Body> {
        let mut response = http::Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    }
}
