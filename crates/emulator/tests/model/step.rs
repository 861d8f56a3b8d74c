//! The steps that a sequence is made of. What a step names is counted back from the newest, or is the user's: a step
//! stays what it is when others are taken out of the sequence.

use proptest::prelude::*;

pub(crate) const USERS: usize = 3;

#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) call: Call,
    pub(crate) way: Way,
}

/// What goes wrong on the way of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Whole,
    DroppedBefore,
    DroppedAfter,
    WithoutCode,
}

#[derive(Clone, Debug)]
pub(crate) enum Call {
    LogIn {
        user: usize,
        app: usize,
        right: bool,
        for_mfa_api: bool,
    },
    Associate {
        bearer: Bearer,
        kind: Kind,
    },
    Otp {
        token: Bearer,
        other_app: bool,
        app: Owned,
        steps_old: u64,
    },
    /// Without a token: that of the message's session.
    Oob {
        token: Option<Bearer>,
        other_app: bool,
        message: usize,
        typed: Typed,
    },
    Recover {
        token: Bearer,
        other_app: bool,
        code: Code,
    },
    List {
        bearer: Bearer,
    },
    Delete {
        bearer: Bearer,
        authenticator: Owned,
    },
    Challenge {
        token: Bearer,
        other_app: bool,
        authenticator: Owned,
    },
    AnswerPush {
        message: usize,
        approve: bool,
    },
    Regenerate {
        user: usize,
    },
    Reset {
        user: usize,
    },
    SwitchCodes {
        on: bool,
    },
    Wait {
        seconds: u64,
    },
}

/// Where an `mfa_token` or an access token is expected.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bearer {
    /// The `mfa_token` of so many logins ago.
    Login(usize),
    /// The MFA API's access token of so many before.
    AccessToken(usize),
    Fake,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Otp,
    Sms,
    Push,
}

/// An authenticator of the token's user, or another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owned {
    /// So many enrolments ago.
    Own(usize),
    /// Of anybody, or deleted since.
    Anyones(usize),
    RecoveryCode,
    Fake,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Typed {
    Right,
    Wrong,
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Code {
    /// The good one of the token's user.
    Current,
    /// The good one of this user.
    CurrentOf(usize),
    /// So many codes ago: most of them are spent or void.
    Made(usize),
    Wrong,
}

pub(crate) fn step() -> BoxedStrategy<Step> {
    let way = prop_oneof![
        17 => Just(Way::Whole),
        1 => Just(Way::DroppedBefore),
        1 => Just(Way::DroppedAfter),
        1 => Just(Way::WithoutCode),
    ];
    (call(), way)
        .prop_map(|(call, way)| Step { way: if call.is_sent() { way } else { Way::Whole }, call })
        .boxed()
}

impl Call {
    /// Whether it is a request that can be lost.
    pub(crate) fn is_sent(&self) -> bool {
        !matches!(self, Self::AnswerPush { .. } | Self::SwitchCodes { .. } | Self::Wait { .. })
    }
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        20 => (0..USERS, 0..2usize, rarely(6), rarely(3)).prop_map(|(user, app, wrong, for_mfa_api)| {
            Call::LogIn { user, app, right: !wrong, for_mfa_api }
        }),
        9 => (bearer(), kind()).prop_map(|(bearer, kind)| Call::Associate { bearer, kind }),
        10 => (bearer(), rarely(15), owned(), steps_old()).prop_map(|(token, other_app, app, steps_old)| {
            Call::Otp { token, other_app, app, steps_old }
        }),
        10 => (token_of_other_session(), rarely(15), back(), typed()).prop_map(
            |(token, other_app, message, typed)| Call::Oob { token, other_app, message, typed }
        ),
        20 => (bearer(), rarely(15), code())
            .prop_map(|(token, other_app, code)| Call::Recover { token, other_app, code }),
        5 => bearer().prop_map(|bearer| Call::List { bearer }),
        4 => (bearer_that_may_delete(), owned())
            .prop_map(|(bearer, authenticator)| Call::Delete { bearer, authenticator }),
        12 => (bearer(), rarely(15), owned()).prop_map(|(token, other_app, authenticator)| {
            Call::Challenge { token, other_app, authenticator }
        }),
        4 => (back(), rarely(4)).prop_map(|(message, deny)| Call::AnswerPush { message, approve: !deny }),
        3 => (0..USERS).prop_map(|user| Call::Regenerate { user }),
        1 => (0..USERS).prop_map(|user| Call::Reset { user }),
        3 => rarely(4).prop_map(|off| Call::SwitchCodes { on: !off }),
        10 => seconds().prop_map(|seconds| Call::Wait { seconds }),
    ]
}

fn rarely(one_in: u32) -> impl Strategy<Value = bool> {
    (0..one_in).prop_map(move |drawn| drawn == one_in - 1)
}

/// Mostly the newest.
fn back() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(0usize), 2 => 1..3usize, 1 => 3..12usize]
}

fn bearer() -> impl Strategy<Value = Bearer> {
    prop_oneof![
        8 => back().prop_map(Bearer::Login),
        3 => back().prop_map(Bearer::AccessToken),
        1 => Just(Bearer::Fake),
    ]
}

fn bearer_that_may_delete() -> impl Strategy<Value = Bearer> {
    prop_oneof![4 => back().prop_map(Bearer::AccessToken), 1 => bearer()]
}

fn token_of_other_session() -> impl Strategy<Value = Option<Bearer>> {
    prop_oneof![5 => Just(None), 1 => bearer().prop_map(Some)]
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![Just(Kind::Otp), Just(Kind::Sms), Just(Kind::Push)]
}

fn owned() -> impl Strategy<Value = Owned> {
    prop_oneof![
        8 => newest_of_few().prop_map(Owned::Own),
        2 => back().prop_map(Owned::Anyones),
        1 => Just(Owned::RecoveryCode),
        1 => Just(Owned::Fake),
    ]
}

fn newest_of_few() -> impl Strategy<Value = usize> {
    prop_oneof![5 => Just(0usize), 3 => Just(1usize), 1 => 2..4usize]
}

/// One-time passwords of this step and the one before are good.
fn steps_old() -> impl Strategy<Value = u64> {
    prop_oneof![4 => Just(0u64), 2 => Just(1u64), 1 => Just(2u64)]
}

fn typed() -> impl Strategy<Value = Typed> {
    prop_oneof![4 => Just(Typed::Right), 2 => Just(Typed::Wrong), 1 => Just(Typed::Nothing)]
}

fn code() -> impl Strategy<Value = Code> {
    prop_oneof![
        5 => Just(Code::Current),
        1 => (0..USERS).prop_map(Code::CurrentOf),
        3 => (0..12usize).prop_map(Code::Made),
        1 => Just(Code::Wrong),
    ]
}

/// Short times, and just before and after the ends of tokens, limits and blocks.
fn seconds() -> impl Strategy<Value = u64> {
    prop_oneof![
        20 => 1..60u64,
        2 => 299..=301u64,
        2 => 359..=361u64,
        2 => 599..=601u64,
        1 => 601..=100_000u64,
    ]
}
