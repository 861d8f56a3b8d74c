//! Draws steps: numbers are drawn, and each choice takes one. With a strategy for each choice, a third of the time went
//! into making strategies. The simplest of a choice comes first: towards it steps are shrunk.

use proptest::prelude::*;

use crate::step::{Bearer, Call, Code, Kind, Owned, Step, Typed, USERS, Way};

/// No step takes more choices.
const NUMBERS: usize = 12;

pub(crate) fn step() -> BoxedStrategy<Step> {
    any::<[u16; NUMBERS]>().prop_map(|numbers| Numbers(numbers.into_iter()).step()).boxed()
}

struct Numbers(std::array::IntoIter<u16, NUMBERS>);

impl Numbers {
    fn step(&mut self) -> Step {
        let call = self.call();
        let ways = [(17, Way::Whole), (1, Way::DroppedBefore), (1, Way::DroppedAfter), (1, Way::WithoutCode)];
        let way = if call.is_sent() { self.of(&ways) } else { Way::Whole };
        Step { call, way }
    }

    fn call(&mut self) -> Call {
        match self.of(&CALLS) {
            Draw::Wait => Call::Wait { seconds: self.seconds() },
            Draw::List => Call::List { bearer: self.bearer() },
            Draw::LogIn => Call::LogIn {
                user: self.below(USERS),
                app: self.below(2),
                right: !self.rarely(6),
                for_mfa_api: self.rarely(3),
            },
            Draw::Associate => Call::Associate {
                bearer: self.bearer(),
                kind: self.of(&[(1, Kind::Otp), (1, Kind::Sms), (1, Kind::Push)]),
            },
            Draw::Otp => Call::Otp {
                token: self.bearer(),
                other_app: self.rarely(15),
                app: self.owned(),
                steps_old: self.of(&[(4, 0), (2, 1), (1, 2)]),
            },
            Draw::Oob => Call::Oob {
                token: if self.rarely(6) { Some(self.bearer()) } else { None },
                other_app: self.rarely(15),
                message: self.back(),
                typed: self.of(&[(4, Typed::Right), (2, Typed::Wrong), (1, Typed::Nothing)]),
            },
            Draw::Recover => {
                Call::Recover { token: self.bearer(), other_app: self.rarely(15), code: self.code() }
            }
            Draw::Challenge => Call::Challenge {
                token: self.bearer(),
                other_app: self.rarely(15),
                authenticator: self.owned(),
            },
            Draw::Delete => Call::Delete {
                bearer: if self.rarely(5) { self.bearer() } else { Bearer::AccessToken(self.back()) },
                authenticator: self.owned(),
            },
            Draw::AnswerPush => Call::AnswerPush { message: self.back(), approve: !self.rarely(4) },
            Draw::Regenerate => Call::Regenerate { user: self.below(USERS) },
            Draw::Reset => Call::Reset { user: self.below(USERS) },
            Draw::SwitchCodes => Call::SwitchCodes { on: !self.rarely(4) },
        }
    }

    fn bearer(&mut self) -> Bearer {
        match self.of(&[(8, 0), (3, 1), (1, 2)]) {
            0 => Bearer::Login(self.back()),
            1 => Bearer::AccessToken(self.back()),
            _ => Bearer::Fake,
        }
    }

    fn owned(&mut self) -> Owned {
        match self.of(&[(8, 0), (2, 1), (1, 2), (1, 3)]) {
            0 => Owned::Own(self.of(&[(5, 0), (3, 1), (1, 2), (1, 3)])),
            1 => Owned::Anyones(self.back()),
            2 => Owned::RecoveryCode,
            _ => Owned::Fake,
        }
    }

    fn code(&mut self) -> Code {
        match self.of(&[(5, 0), (1, 1), (3, 2), (1, 3)]) {
            0 => Code::Current,
            1 => Code::CurrentOf(self.below(USERS)),
            2 => Code::Made(self.below(12)),
            _ => Code::Wrong,
        }
    }

    /// Short times, and just before and after the ends of tokens, limits and blocks.
    fn seconds(&mut self) -> u64 {
        match self.of(&[(20, 0), (2, 299), (2, 359), (2, 599), (1, 601)]) {
            0 => 1 + self.below(59) as u64,
            601 => 601 + self.below(60_000) as u64,
            about => about + self.below(3) as u64,
        }
    }

    /// How long ago: mostly the newest.
    fn back(&mut self) -> usize {
        match self.of(&[(4, 0), (2, 1), (1, 2)]) {
            0 => 0,
            1 => 1 + self.below(2),
            _ => 3 + self.below(9),
        }
    }

    fn rarely(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }

    fn below(&mut self, end: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % end
    }

    /// One of several, as often as its weight says.
    fn of<T: Copy>(&mut self, choices: &[(usize, T)]) -> T {
        let mut drawn = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            match drawn.checked_sub(*weight) {
                Some(rest) => drawn = rest,
                None => return *choice,
            }
        }
        choices[0].1
    }
}

/// Which call it is.
#[derive(Clone, Copy)]
enum Draw {
    Wait,
    List,
    LogIn,
    Associate,
    Otp,
    Oob,
    Recover,
    Challenge,
    Delete,
    AnswerPush,
    Regenerate,
    Reset,
    SwitchCodes,
}

const CALLS: [(usize, Draw); 13] = [
    (10, Draw::Wait),
    (5, Draw::List),
    (24, Draw::LogIn),
    (9, Draw::Associate),
    (10, Draw::Otp),
    (10, Draw::Oob),
    (20, Draw::Recover),
    (12, Draw::Challenge),
    (4, Draw::Delete),
    (4, Draw::AnswerPush),
    (3, Draw::Regenerate),
    (1, Draw::Reset),
    (3, Draw::SwitchCodes),
];
