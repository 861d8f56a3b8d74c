//! How to show the second factor.

use maud::{Markup, html};

use super::{csrf, page, told};
use crate::session::Session;

pub(super) fn view(session: &Session) -> Markup {
    page(
        "One more step",
        html! {
            (told::view(session.told.as_ref()))
            p { "Your password was right, " strong id="who" { bdi { (session.user.as_deref().unwrap_or_default()) } } ". How do you want to go on?" }
            nav aria-label="Ways to go on" {
                ul {
                    li { a id="choose-otp" href="/otp" { "With a one-time password of my authenticator app" } }
                    li { a id="choose-recovery-code" href="/recovery-code" { "I lost my phone: with my recovery code" } }
                }
            }
            form method="post" action="/logout" {
                (csrf(session))
                button id="start-over" { "Log in anew" }
            }
        },
    )
}
