//! What the page says about a code, in each state.

use auth0_mfa::transport::TransportError;
use auth0_mfa_browser::Browser;

use crate::common::site::Site;
use crate::common::tenant::{Answer, json, let_in, no_answer, refused, rejected};
use crate::common::{NEW_CODE, OLD_CODE};
use crate::person::{NEW_CODE_PAGE, log_in, send_code};

struct State {
    /// What the tenant answers to the same code, one time after another.
    answers: Vec<Answer>,
    leads_to: &'static str,
    code_state: &'static str,
    says: &'static [&'static str],
}

#[test]
fn each_state_of_a_code_says_what_to_do() {
    let Some(browser) = Browser::start() else { return };
    for state in states() {
        let times = state.answers.len();
        let (site, _tenant) = Site::answering(state.answers);
        log_in(&browser, &site);
        for time in 1..=times {
            send_code(&browser, OLD_CODE, if time == times { state.leads_to } else { "One more step" });
        }
        let name = state.code_state;
        assert_eq!(browser.attribute("#told", "data-code-state").as_deref(), Some(name));
        let seen = browser.text("main");
        for says in state.says {
            assert!(seen.contains(says), "{name}: {says:?} is not in {seen:?}");
        }
    }
}

fn states() -> Vec<State> {
    let state = |answers, leads_to, code_state, says| State { answers, leads_to, code_state, says };
    let spent = json(200, &format!(r#"{{"recovery_code":"{NEW_CODE}"}}"#));
    vec![
        state(
            vec![rejected()],
            "One more step",
            "not_accepted",
            &["Do not throw the code away", "letter by letter", "ask your administrator"],
        ),
        state(
            vec![no_answer()],
            "One more step",
            "unknown",
            &["Keep the code", "Send the same code once more", "one of ten tries"],
        ),
        state(
            vec![no_answer(), rejected()],
            "One more step",
            "likely_spent",
            &["very likely used up", "Use another factor, or ask your administrator"],
        ),
        state(
            vec![Err(TransportError::not_sent("no network"))],
            "One more step",
            "intact",
            &["Nothing was sent", "Your recovery code was not used", "Keep it"],
        ),
        state(
            vec![refused("expired_token", "mfa_token is expired")],
            "Log in",
            "intact",
            &["as good as before", "log in again with your password"],
        ),
        state(
            vec![let_in()],
            "You are logged in",
            "spent",
            &["used up", "NO new recovery code", "ask your administrator"],
        ),
        state(vec![spent], NEW_CODE_PAGE, "spent", &["used up", NEW_CODE, "You are not logged in"]),
    ]
}
