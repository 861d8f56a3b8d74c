//! A new recovery code is never lost, and one that is cut off is never passed as one.

use arbitrary::{Arbitrary, Unstructured};
use http::Response;

use crate::calls;
use crate::canary::SENT_CODE;
use crate::facts::Code;
use crate::json::{self, string};
use crate::meaning::Seen;
use crate::replies::{self, Told};

/// The one code of a reply. `sent` is the code of the request: what repeats that is no new one.
pub fn code_is_kept(codes: &[Code], seen: &Seen<'_>, sent: Option<&str>) {
    are_whole(codes, seen.text);
    let Some(value) = seen.object.as_ref().and_then(|object| object.code("recovery_code")) else { return };
    if sent.is_none() || string(value).as_deref() != sent {
        assert_eq!(codes, [read(value)], "{:?}", seen.text);
    }
}

/// The codes of an association.
pub fn codes_are_kept(codes: &[Code], seen: &Seen<'_>) {
    are_whole(codes, seen.text);
    let Some(value) = seen.object.as_ref().and_then(|object| object.code("recovery_codes")) else { return };
    let elements = json::elements(value).unwrap_or_else(|| vec![value]);
    let elements = elements.into_iter().filter(|element| !says_nothing(element));
    assert_eq!(codes, elements.map(read).collect::<Vec<_>>(), "{:?}", seen.text);
}

/// What a value means that stands where a code belongs.
fn read(value: &str) -> Code {
    match string(value) {
        Some(code) if !code.contains(char::REPLACEMENT_CHARACTER) => Code::Issued(code),
        _ => Code::Unreadable(value.to_owned()),
    }
}

fn says_nothing(value: &str) -> bool {
    let inside = |open, close| value.strip_prefix(open).and_then(|rest: &str| rest.strip_suffix(close));
    let is_empty = |inner: Option<&str>| inner.is_some_and(|inner| inner.trim().is_empty());
    matches!(value, "null" | "\"\"") || is_empty(inside('[', ']')) || is_empty(inside('{', '}'))
}

/// Every code that is passed as one stands in the text, whole. A number with which the text ends may be cut.
fn are_whole(codes: &[Code], text: &str) {
    for code in codes {
        let is_whole = match code {
            Code::Issued(code) => json::has_whole_string(text, code),
            Code::Unreadable(json) if json.ends_with(['"', ']', '}']) => true,
            Code::Unreadable(json) => text.find(json).is_some_and(|at| at + json.len() < text.len()),
        };
        assert!(is_whole, "{code:?} is not whole in {text:?}");
    }
}

/// A reply that is made of pieces: a code, JSON before and behind it, and a cut.
#[derive(Arbitrary, Debug)]
pub struct Case<'a> {
    call: u8,
    status: Status,
    code: Text<'a>,
    name_escapes: u32,
    space: Space,
    before: Vec<Member<'a>>,
    behind: Vec<Member<'a>>,
    lead: Lead,
    trail: &'a str,
    /// How many bytes come, when the reply is cut.
    cut: Option<u16>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Status {
    Ok,
    Accepted,
    Found,
    BadRequest,
    Forbidden,
    BadGateway,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Space {
    None,
    Blank,
    Lines,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Lead {
    None,
    Mark,
    Space,
}

/// A string, and which of its characters are escaped.
#[derive(Arbitrary, Debug)]
struct Text<'a> {
    text: &'a str,
    escapes: u32,
}

#[derive(Arbitrary, Debug)]
struct Member<'a> {
    name: Name<'a>,
    value: Value<'a>,
}

#[derive(Debug)]
struct Name<'a>(&'a str);

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Null,
    True,
    Number(i16),
    Text(Text<'a>),
    List(Vec<Value<'a>>),
    Object(Vec<(Name<'a>, Value<'a>)>),
    Deep(u8),
    /// A code of something else, under the name of ours.
    Nested(Text<'a>),
}

/// Names of the wire, or any.
impl<'a> Arbitrary<'a> for Name<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        const KNOWN: [&str; 8] =
            ["access_token", "error", "error_description", "secret", "oob_code", "scope", "data", "message"];
        let any = |u: &mut Unstructured<'a>| <&str>::arbitrary(u);
        Ok(Self(match u.arbitrary::<u8>()? {
            known if usize::from(known) < KNOWN.len() => KNOWN[usize::from(known)],
            _ => any(u)?,
        }))
    }
}

/// Which call it is, and where its codes are.
struct Issuer {
    field: &'static str,
    is_list: bool,
    play: fn(&Response<Vec<u8>>) -> Told,
}

const ISSUERS: [Issuer; 4] = [
    Issuer {
        field: "recovery_code",
        is_list: false,
        play: |reply| replies::of_code(reply, calls::verify_with_recovery_code),
    },
    Issuer {
        field: "recovery_code",
        is_list: false,
        play: |reply| replies::of_code(reply, calls::regenerate_recovery_code),
    },
    Issuer {
        field: "recovery_codes",
        is_list: true,
        play: |reply| replies::any(reply, calls::add_authenticator),
    },
    Issuer {
        field: "recovery_code",
        is_list: false,
        play: |reply| replies::any(reply, calls::verify_with_otp),
    },
];

/// The code comes back exactly when all of it came.
pub fn is_whole_or_not_there(case: &Case<'_>) {
    let code = case.code.text;
    if code.is_empty() || code == SENT_CODE || code.contains(char::REPLACEMENT_CHARACTER) {
        return;
    }
    let issuer = &ISSUERS[usize::from(case.call) % ISSUERS.len()];
    let written = case.write(issuer);
    let end = written.end_of_code;
    let mut body = written.text.into_bytes();
    body.truncate(case.cut.map_or(usize::MAX, usize::from));
    let is_whole = body.len() >= end;
    let mut reply = Response::new(body);
    *reply.status_mut() = case.status.code();
    let told = (issuer.play)(&reply);
    if is_whole {
        assert_eq!(told.codes, [Code::Issued(code.to_owned())]);
    } else if !written.has_others {
        assert_eq!(told.codes, [], "a code that is cut off is not one");
    }
}

/// A reply as text.
#[derive(Default)]
struct Written {
    text: String,
    space: &'static str,
    /// Where the closing quote of the code is.
    end_of_code: usize,
    /// Whether there are other codes, nested.
    has_others: bool,
}

impl Case<'_> {
    fn write(&self, issuer: &Issuer) -> Written {
        let mut written = Written { space: self.space.text(), ..Written::default() };
        written.text.push_str(self.lead.text());
        written.push("{");
        for member in &self.before {
            written.member(member, issuer.field);
            written.push(",");
        }
        written.string(issuer.field, self.name_escapes);
        written.push(":");
        if issuer.is_list {
            written.push("[");
        }
        written.string(self.code.text, self.code.escapes);
        written.end_of_code = written.text.trim_end_matches([' ', '\r', '\n', '\t']).len();
        if issuer.is_list {
            written.push("]");
        }
        for member in &self.behind {
            written.push(",");
            written.member(member, issuer.field);
        }
        written.text.push('}');
        written.text.push_str(self.trail);
        written
    }
}

impl Written {
    fn push(&mut self, piece: &str) {
        self.text.push_str(piece);
        self.text.push_str(self.space);
    }

    fn member(&mut self, Member { name, value }: &Member<'_>, field: &'static str) {
        self.name(name);
        self.value(value, field);
    }

    /// A name that is not that of a code.
    fn name(&mut self, Name(name): &Name<'_>) {
        self.string(if name.starts_with("recovery_code") { "other" } else { name }, 0);
        self.push(":");
    }

    fn value(&mut self, value: &Value<'_>, field: &'static str) {
        match value {
            Value::Null => self.push("null"),
            Value::True => self.push("true"),
            Value::Number(number) => self.push(&number.to_string()),
            Value::Text(text) => self.string(text.text, text.escapes),
            Value::List(values) => self.between("[", "]", values, |it, value| it.value(value, field)),
            Value::Object(members) => self.between("{", "}", members, |it, (name, value)| {
                it.name(name);
                it.value(value, field);
            }),
            Value::Deep(depth) => {
                let depth = usize::from(*depth % 140);
                self.push(&["[".repeat(depth), "0".to_owned(), "]".repeat(depth)].concat());
            }
            Value::Nested(code) => {
                self.has_others = true;
                self.push("{");
                self.string(field, 0);
                self.push(":");
                self.string(code.text, code.escapes);
                self.push("}");
            }
        }
    }

    fn between<T>(&mut self, open: &str, close: &str, items: &[T], write: impl Fn(&mut Self, &T)) {
        self.push(open);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.push(",");
            }
            write(self, item);
        }
        self.push(close);
    }

    /// A JSON string; the characters whose bit is set, and those that must be, are escaped.
    fn string(&mut self, text: &str, escapes: u32) {
        self.text.push('"');
        for (at, c) in text.chars().enumerate() {
            let is_chosen = escapes >> (at % 32) & 1 == 1;
            if is_chosen || c < ' ' || c == '"' || c == '\\' {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    self.text.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                self.text.push(c);
            }
        }
        self.push("\"");
    }
}

impl Status {
    fn code(self) -> http::StatusCode {
        match self {
            Self::Ok => http::StatusCode::OK,
            Self::Accepted => http::StatusCode::ACCEPTED,
            Self::Found => http::StatusCode::FOUND,
            Self::BadRequest => http::StatusCode::BAD_REQUEST,
            Self::Forbidden => http::StatusCode::FORBIDDEN,
            Self::BadGateway => http::StatusCode::BAD_GATEWAY,
        }
    }
}

impl Space {
    fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Blank => " ",
            Self::Lines => "\r\n\t",
        }
    }
}

impl Lead {
    fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Mark => "\u{feff}",
            Self::Space => " \n",
        }
    }
}
