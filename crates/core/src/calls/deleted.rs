//! What a deletion answers.

use http::StatusCode;

use crate::Body;
use crate::reply::{Reply, ReplyInfo};

/// Something was deleted (204, without a body).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Deleted {
    /// What the head of the reply said.
    pub info: ReplyInfo,
}

impl Deleted {
    pub(crate) fn read(reply: &Reply<'_>) -> Self {
        Self { info: reply.info() }
    }

    pub(crate) fn to_response() -> http::Response<Body> {
        let mut response = http::Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        response
    }
}
