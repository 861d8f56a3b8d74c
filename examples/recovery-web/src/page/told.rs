//! What the last call left to say, above whatever page comes next.

use auth0_mfa::{CodeState, NextStep};
use maud::{Markup, html};

use crate::advice::Told;

pub(super) fn view(told: Option<&Told>) -> Markup {
    let Some(told) = told else { return html! {} };
    let code_state = told.code_state.map(CodeState::as_str);
    html! {
        section id="told" role="status" data-code-state=[code_state]
            data-next-step=[told.next_step.map(NextStep::as_str)] {
            p id="what-happened" { strong { (told.what_happened) } }
            @if let Some(text) = &told.auth0_says {
                p id="auth0-says" { "Auth0 says: " q { bdi { (text) } } }
            }
            @if !told.advice.is_empty() {
                ul id="advice" { @for line in &told.advice { li { (line) } } }
            }
        }
    }
}
