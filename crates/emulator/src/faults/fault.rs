//! What can go wrong.

use serde::{Deserialize, Serialize};

/// What goes wrong with one request. In JSON and TOML: `"drop_after"`, or `{"cut_reply": 10}` where there is a value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fault {
    /// The connection ends before the request is processed: nothing is spent.
    DropBefore,
    /// The request is processed, and the connection ends without a reply: a new recovery code is lost on the way.
    DropAfter,
    /// The request is processed; the head of the reply comes and so many bytes of its body, then the connection ends.
    CutReply(usize),
    /// The request is processed, and the reply comes so many milliseconds later.
    DelayMs(u64),
    /// The request is processed, and the reply never comes; the connection stays open.
    Stall,
    /// 429, as the tenant's rate limit answers it; the request is not processed.
    TooManyRequests {
        /// A page in HTML in place of JSON, as some gateways answer.
        #[serde(default)]
        html: bool,
    },
    /// 502 with a page in HTML, from a gateway.
    BadGateway {
        /// Whether the request had got through, so that its reply is lost; or else nothing is spent.
        processed: bool,
    },
    /// The request is processed; the status is 200 and the body is empty.
    EmptySuccess,
    /// The request is processed; the status is 200 and the body says `server_error`.
    SuccessWithError,
    /// The request is processed; the body is not text and not JSON, under the status and headers of the reply.
    Garbage,
    /// The request is processed; the value of one field of the reply stands in an array, where none is expected. A
    /// reply without this field is left as it is.
    WrongType(String),
    /// The request is processed; the new recovery code comes as a number. It consists of digits then, and is good.
    CodeAsNumber,
    /// The request is processed; the new recovery code is left out of the reply, and lost.
    MissingCode,
}
