//! How long the reply is, said in every way, and wrongly; and what stands around it.

use super::super::super::{End, Step, chunked_reply, reply, reply_announcing, reply_head};
use super::super::call::{Kind, NEW_CODE, Told};
use super::super::scenario::{Expected, Scenario, Wire};
use super::super::subject::Ability;

const JSON: &str = "application/json";

pub(super) fn scenarios(wire: Wire) -> Vec<Scenario> {
    [interim(wire), chunks(wire), without_length(wire), wrong_length(wire), around(wire)]
        .into_iter()
        .flatten()
        .collect()
}

fn interim(wire: Wire) -> Vec<Scenario> {
    let before = |name, interim: &'static str| {
        let play = move |kind: Kind, bytes: Vec<u8>| {
            ([interim.as_bytes(), &bytes].concat(), Expected::success(kind))
        };
        Scenario::answer(name, wire, move |it| play(it.kind, it.success())).needs(Ability::InterimReplies)
    };
    vec![
        before("100 before the reply", "HTTP/1.1 100 Continue\r\n\r\n"),
        before("102 before the reply", "HTTP/1.1 102 Processing\r\n\r\n"),
        before("103 with headers before the reply", "HTTP/1.1 103 Early Hints\r\nlink: </fake>\r\n\r\n"),
        before(
            "three 1xx before the reply",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
        ),
        Scenario::answer("100 and no reply", wire, |_| {
            (b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), Expected::no_reply())
        })
        .needs(Ability::InterimReplies),
    ]
}

/// In three chunks, of which the code is in two.
fn chunked(kind: Kind) -> Vec<u8> {
    let text = kind.success();
    let (first, rest) = text.split_at(18);
    let (second, third) = rest.split_at(4);
    chunked_reply(200, JSON, &[first.as_bytes(), second.as_bytes(), third.as_bytes()])
}

/// Without so many bytes at the end.
fn without_last(mut bytes: Vec<u8>, count: usize) -> Vec<u8> {
    bytes.truncate(bytes.len().saturating_sub(count));
    bytes
}

fn chunks(wire: Wire) -> Vec<Scenario> {
    let answer = |name, play: fn(Kind) -> (Vec<u8>, Expected)| {
        Scenario::answer(name, wire, move |it| play(it.kind)).needs(Ability::Chunks)
    };
    vec![
        answer("chunks", |kind| (chunked(kind), Expected::success(kind))),
        answer("chunks with trailers", |kind| {
            let trailers = b"x-fake: trailer\r\nx-other: fake\r\n\r\n";
            ([without_last(chunked(kind), 2), trailers.to_vec()].concat(), Expected::success(kind))
        }),
        answer("chunks with extensions", |kind| {
            let text = kind.success();
            let chunk = format!("{:x};fake=\"extension\"\r\n{text}\r\n0\r\n\r\n", text.len());
            let head = reply_head(200, &[("content-type", JSON), ("transfer-encoding", "chunked")]);
            ([head, chunk.into_bytes()].concat(), Expected::success(kind))
        }),
        answer("chunks cut before the last", |kind| {
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(kind.success());
            (without_last(chunked(kind), 5), expected.with_code())
        }),
        answer("chunks cut in a chunk, behind the code", |kind| {
            let text = kind.success();
            let chunk = format!("{:x}\r\n{text}", text.len() + 10);
            let head = reply_head(200, &[("content-type", JSON), ("transfer-encoding", "chunked")]);
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(text);
            ([head, chunk.into_bytes()].concat(), expected.with_code())
        }),
        answer("chunks cut in a chunk, in the code", |kind| {
            let text = kind.success();
            let begun = text.get(..text.len().min(22)).unwrap_or_default();
            let chunk = format!("{:x}\r\n{begun}", text.len());
            let head = reply_head(200, &[("content-type", JSON), ("transfer-encoding", "chunked")]);
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(begun);
            ([head, chunk.into_bytes()].concat(), expected)
        }),
        answer("a length of a chunk that is no number", |kind| {
            let head = reply_head(200, &[("content-type", JSON), ("transfer-encoding", "chunked")]);
            let text = kind.success();
            let chunk = format!("{:x}\r\n{text}\r\nmany\r\n", text.len());
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(text);
            ([head, chunk.into_bytes()].concat(), expected.with_code())
        }),
    ]
}

fn without_length(wire: Wire) -> Vec<Scenario> {
    let bytes = |kind: Kind| [reply_head(200, &[("content-type", JSON)]), kind.success().into()].concat();
    let ended = move |name, end, expected: fn(Kind) -> Expected| {
        Scenario::steps(name, wire, end, move |it| {
            (vec![Step::ReadRequest, Step::Write(bytes(it.kind))], expected(it.kind))
        })
        .needs(Ability::RepliesWithoutLength)
    };
    let mut scenarios = vec![
        ended("without length, closed", End::Close, Expected::success),
        ended("without length, reset", End::Reset, |_| Expected::told(&[Told::Answered, Told::MaybeSent])),
        Scenario::answer("HTTP/1.0, without length", wire, |it| {
            let head = "HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n".to_owned();
            ((head + &it.kind.success()).into_bytes(), Expected::success(it.kind))
        })
        .needs(Ability::RepliesWithoutLength),
    ];
    if wire == Wire::Tls {
        // Without the goodbye of TLS, nobody knows whether that was all (RFC 9112, 9.8).
        scenarios.push(ended("without length, cut without close_notify", End::Truncate, |kind| {
            Expected::told(&[Told::Answered]).with_status(200).with_body(kind.success()).with_code()
        }));
    }
    scenarios
}

fn wrong_length(wire: Wire) -> Vec<Scenario> {
    vec![
        Scenario::answer("content-length too long", wire, |it| {
            let text = it.kind.success();
            let expected = Expected::told(&[Told::Answered]).with_status(200).with_body(&*text).with_code();
            (reply_announcing(200, JSON, text.len() as u64 + 10, text), expected)
        }),
        Scenario::answer("content-length too short, behind the code", wire, |it| {
            let text = it.kind.success();
            let kept = text.get(..text.len() - 1).unwrap_or_default();
            let expected = Expected::told(&[Told::Ok]).with_status(200).with_body(kept).with_code();
            (reply_announcing(200, JSON, kept.len() as u64, &text), expected)
        })
        .followed(),
        Scenario::answer("content-length is no number", wire, |it| {
            let head = reply_head(200, &[("content-type", JSON), ("content-length", "many")]);
            ([head, it.kind.success().into()].concat(), replied_or_not())
        }),
        Scenario::answer("two content-lengths that differ", wire, |it| {
            let length = it.kind.success().len().to_string();
            let head = reply_head(200, &[("content-length", length.as_str()), ("content-length", "2")]);
            ([head, it.kind.success().into()].concat(), replied_or_not())
        })
        .followed(),
        Scenario::answer("content-length and chunks", wire, |it| {
            let head = reply_head(200, &[("content-length", "2"), ("transfer-encoding", "chunked")]);
            let text = it.kind.success();
            let chunk = format!("{:x}\r\n{text}\r\n0\r\n\r\n", text.len());
            ([head, chunk.into_bytes()].concat(), replied_or_not())
        })
        .needs(Ability::Chunks)
        .followed(),
        Scenario::answer("what is not HTTP", wire, |_| {
            (b"\x16\x03\x01 this is not HTTP\r\n\r\n".to_vec(), Expected::no_reply())
        }),
    ]
}

/// A head that contradicts itself may be refused as a whole, or read in one of its ways.
fn replied_or_not() -> Expected {
    Expected::told(&[Told::Ok, Told::Answered, Told::MaybeSent])
}

fn around(wire: Wire) -> Vec<Scenario> {
    vec![
        Scenario::answer("204 with a length and a body", wire, |it| {
            let stray = reply(200, JSON, it.kind.stray());
            (
                reply_announcing(204, JSON, stray.len() as u64, stray),
                Expected::told(&[Told::Ok]).with_status(204),
            )
        })
        .followed(),
        Scenario::answer("two replies", wire, |it| {
            let stray = reply(200, JSON, it.kind.stray());
            ([it.success(), stray].concat(), Expected::success(it.kind))
        })
        .followed(),
        Scenario::steps("two replies, left open", wire, End::Repeat, |it| {
            let stray = reply(200, JSON, it.kind.stray());
            let two = [it.success(), stray].concat();
            (vec![Step::ReadRequest, Step::Write(two)], Expected::success(it.kind))
        })
        .of(Kind::ALL)
        .needs(Ability::Pool)
        .followed(),
        Scenario::steps("a reply at the first byte of the request", wire, End::Close, |it| {
            let steps = vec![Step::ReadExactly(1), Step::Write(it.success())];
            (steps, Expected::success(it.kind))
        }),
        Scenario::steps("a reply at the end of the headers", wire, End::Close, |it| {
            (vec![Step::ReadHead, Step::Write(it.success())], Expected::success(it.kind))
        }),
        // Nothing was asked for yet; a client may take that for a broken server. A code that it reads it hands over.
        Scenario::steps("a reply before any byte of the request", wire, End::Close, |it| {
            (vec![Step::Write(it.success()), Step::ReadRequest], Expected::anything())
        }),
        Scenario::answer("the code twice in the reply", wire, |it| {
            let text =
                it.kind.success().replace(r#"{"rec"#, &format!(r#"{{"recovery_code":"{NEW_CODE}","rec"#));
            let expected = Expected::told(&[Told::Ok]).with_status(200).with_body(&*text).with_code();
            (reply(200, JSON, text), expected)
        }),
    ]
}
