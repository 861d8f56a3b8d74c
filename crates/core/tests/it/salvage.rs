//! A new code is returned exactly when all of it came: a reply is cut at every byte.

use auth0_mfa_core::{AddAuthenticator, AuthenticatorAdded, CallError, CodeState, NewCodes};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::json::{self, literal, space};
use crate::support::{
    add_authenticators, cases, none, recovered, regenerate_recovery_code, regenerated, reply, sent, shown,
    verify_with_recovery_code,
};

/// A reply as text, and where each piece of it ends.
#[derive(Clone, Debug, Default)]
struct Written {
    text: String,
    /// Where the name of each top-level field ends, in the text's order.
    names: Vec<usize>,
    /// Each code: what it reads as, and the least number of bytes with which it is whole.
    codes: Vec<(String, usize)>,
    /// Where the object ends.
    end: usize,
}

impl Written {
    fn push(&mut self, piece: &str, space: &str) {
        self.text.push_str(piece);
        self.text.push_str(space);
    }

    /// The object: `fields`, and at `place` among them `write`'s value under `name`.
    fn object(
        lead: &str,
        fields: &[(String, String)],
        place: usize,
        name: &str,
        space: &str,
        write: impl Fn(&mut Self),
    ) -> Self {
        let mut written = Self { text: lead.to_owned(), ..Self::default() };
        written.push("{", space);
        for at in 0..=fields.len() {
            if at > 0 {
                written.push(",", space);
            }
            let field =
                if at < place { fields.get(at) } else { at.checked_sub(1).and_then(|at| fields.get(at)) };
            let field = field.filter(|_| at != place);
            written.text.push_str(field.map_or(name, |(name, _)| name));
            written.names.push(written.text.len());
            written.push("", space);
            written.push(":", space);
            match field {
                Some((_, value)) => written.push(value, space),
                None => write(&mut written),
            }
        }
        written.text.push('}');
        written.end = written.text.len();
        written
    }

    fn code(&mut self, text: &str, literal: &str, space: &str) {
        self.text.push_str(literal);
        self.codes.push((text.to_owned(), self.text.len()));
        self.text.push_str(space);
    }

    /// An element that is no string; a number or a word is whole once something stands behind it.
    fn oddity(&mut self, json: &str, space: &str) {
        self.text.push_str(json);
        let is_closed = json.ends_with(['"', '}', ']']);
        self.codes.push((format!("?{json}"), self.text.len() + usize::from(!is_closed)));
        self.text.push_str(space);
    }

    fn whole_codes(&self, cut: usize) -> Vec<String> {
        self.codes.iter().filter(|(_, end)| *end <= cut).map(|(code, _)| code.clone()).collect()
    }

    fn has_a_whole_name(&self, cut: usize) -> bool {
        self.names.first().is_some_and(|end| *end <= cut)
    }
}

/// A code with its JSON text: letters and digits mostly, some of them escaped.
fn code() -> impl Strategy<Value = (String, String)> {
    let code = prop_oneof!["[A-Z1-9]{24}", "[A-Z\"\\\\/\u{e9}\u{1f511} ]{1,8}"];
    code.prop_flat_map(|code| (Just(code.clone()), literal(Just(code))))
}

fn name_of(field: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![3 => Just(format!("\"{field}\"")), 1 => literal(Just(field.to_owned()))]
}

fn is_no_code(name: &str) -> bool {
    !matches!(name, "recovery_code" | "recovery_codes")
}

/// What only a grant that succeeded has (PROTOCOL 4.6, 4.8), but for the code.
fn is_of_a_success(name: &str) -> bool {
    matches!(name, "access_token" | "token_type" | "expires_in" | "scope" | "id_token" | "refresh_token")
}

fn others(allowed: fn(&str) -> bool) -> impl Strategy<Value = Vec<(String, String)>> {
    let token = prop_oneof![1 => Just(None), 1 => (0_usize..6, literal(Just("fake-access-token".to_owned()))).prop_map(Some)];
    (json::fields(allowed, json::value(is_no_code), 0..5), token).prop_map(|(mut fields, token)| {
        if let Some((at, token)) = token {
            fields.insert(at.min(fields.len()), ("\"access_token\"".to_owned(), token));
        }
        fields
    })
}

fn lead() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just("\u{feff}"), 1 => Just(" \r\n")]
}

fn trail() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => Just(""), 1 => Just("\n"), 1 => Just("<!-- a proxy was here -->")]
}

fn with_a_code(allowed: fn(&str) -> bool) -> impl Strategy<Value = Written> {
    let field = (name_of("recovery_code"), code());
    (lead(), others(allowed), any::<prop::sample::Index>(), field, space()).prop_map(
        |(lead, fields, place, (name, (code, literal)), space)| {
            let place = place.index(fields.len() + 1);
            Written::object(lead, &fields, place, &name, &space, |it| it.code(&code, &literal, &space))
        },
    )
}

/// An element of `recovery_codes`: a code, or something else.
#[derive(Clone, Debug)]
enum Element {
    Code(String, String),
    Oddity(String),
    Nothing(&'static str),
}

fn element() -> impl Strategy<Value = Element> {
    prop_oneof![
        4 => code().prop_map(|(code, literal)| Element::Code(code, literal)),
        1 => prop_oneof!["[1-9][0-9]{0,12}", Just("true".to_owned()), Just("[\"A\"]".to_owned()), Just("{\"a\":1}".to_owned())]
            .prop_map(Element::Oddity),
        1 => prop_oneof![Just("null"), Just("\"\"")].prop_map(Element::Nothing),
    ]
}

fn with_codes() -> impl Strategy<Value = Written> {
    let field = (name_of("recovery_codes"), vec(element(), 0..4));
    (lead(), others(is_no_code), any::<prop::sample::Index>(), field, space()).prop_map(
        |(lead, fields, place, (name, elements), space)| {
            let place = place.index(fields.len() + 1);
            Written::object(lead, &fields, place, &name, &space, |it| {
                it.push("[", &space);
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        it.push(",", &space);
                    }
                    match element {
                        Element::Code(code, literal) => it.code(code, literal, &space),
                        Element::Oddity(json) => it.oddity(json, &space),
                        Element::Nothing(json) => it.push(json, &space),
                    }
                }
                it.push("]", &space);
            })
        },
    )
}

fn list(codes: &NewCodes) -> Vec<String> {
    codes.iter().map(shown).collect()
}

fn added(outcome: Result<AuthenticatorAdded, CallError<AddAuthenticator>>) -> Vec<String> {
    match outcome {
        Ok(added) => list(&added.into_parts().1),
        Err(error) => error.new_code().map(list).unwrap_or_default(),
    }
}

/// One of the calls that add an authenticator: what comes back is read alike for all of them.
fn add_authenticator(which: usize) -> AddAuthenticator {
    add_authenticators().into_iter().nth(which).expect("one of the six")
}

/// What both calls that issue a code make of a reply of which the end may not have been seen.
fn of_a_cut(status: u16, bytes: &[u8]) -> [(String, CodeState); 2] {
    [
        recovered(sent(verify_with_recovery_code()).lost("cut", Some(reply(status, bytes)))),
        regenerated(sent(regenerate_recovery_code()).lost("cut", Some(reply(status, bytes)))),
    ]
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_code_is_returned_exactly_when_its_closing_quote_came(
        written in with_a_code(is_no_code), status in select(&[200_u16, 201, 403, 404, 502][..]),
    ) {
        let bytes = written.text.as_bytes();
        for cut in 0..=bytes.len() {
            let expected = written.whole_codes(cut).pop().unwrap_or_else(none);
            for (code, state) in of_a_cut(status, &bytes[..cut]) {
                prop_assert_eq!(&code, &expected, "cut at {} of {}", cut, &written.text);
                prop_assert!(state != CodeState::Intact, "cut at {} of {}", cut, &written.text);
            }
        }
    }

    #[test]
    fn a_cut_reply_that_began_a_success_has_spent_the_old_code(written in with_a_code(is_of_a_success)) {
        let bytes = written.text.as_bytes();
        for cut in 0..=bytes.len() {
            // Before the first of those names a reply shows nothing.
            let expected = if written.has_a_whole_name(cut) { CodeState::Spent } else { CodeState::Unknown };
            for (_, state) in of_a_cut(200, &bytes[..cut]) {
                prop_assert_eq!(state, expected, "cut at {} of {}", cut, &written.text);
            }
        }
    }

    #[test]
    fn each_code_of_an_association_is_returned_once_it_is_whole(
        written in with_codes(), which in 0_usize..6, status in select(&[200_u16, 201, 403, 502][..]),
    ) {
        let bytes = written.text.as_bytes();
        for cut in 0..=bytes.len() {
            let outcome = sent(add_authenticator(which)).lost("cut", Some(reply(status, &bytes[..cut])));
            prop_assert_eq!(added(outcome), written.whole_codes(cut), "cut at {} of {}", cut, &written.text);
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn a_whole_reply_gives_its_code_whatever_stands_around_it(
        written in with_a_code(is_no_code), trail in trail(),
    ) {
        let text = written.text.clone() + trail;
        let expected = written.whole_codes(text.len()).pop();
        let (code, _) = recovered(sent(verify_with_recovery_code()).answered(reply(200, text.as_bytes())));
        prop_assert_eq!(Some(code), expected.clone());
        let (code, _) = regenerated(sent(regenerate_recovery_code()).answered(reply(200, text.as_bytes())));
        prop_assert_eq!(Some(code), expected);
    }

    #[test]
    fn a_whole_association_gives_its_codes_whatever_stands_around_them(
        written in with_codes(), trail in trail(), which in 0_usize..6,
    ) {
        let text = written.text.clone() + trail;
        let codes = added(sent(add_authenticator(which)).answered(reply(200, text.as_bytes())));
        prop_assert_eq!(codes, written.whole_codes(text.len()));
    }
}
