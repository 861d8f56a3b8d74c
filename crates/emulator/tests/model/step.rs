//! The steps that a sequence is made of. What a step names is counted back from the newest, or is the user's: a step
//! stays what it is when others are taken out of the sequence.

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

impl Call {
    /// Whether it is a request that can be lost.
    pub(crate) fn is_sent(&self) -> bool {
        !matches!(self, Self::AnswerPush { .. } | Self::SwitchCodes { .. } | Self::Wait { .. })
    }
}
