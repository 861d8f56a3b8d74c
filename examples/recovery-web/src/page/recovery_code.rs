//! The recovery code that the user has kept.

use std::sync::Arc;

use auth0_mfa::{RecoveryCode, VerifyWithRecoveryCode};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{csrf, page, problem, session_of_form, to, told, visit};
use crate::advice::Told;
use crate::session::{Session, UnderWay};
use crate::{App, outcome};

#[derive(Deserialize)]
pub(crate) struct TypedCode {
    csrf: String,
    recovery_code: String,
    as_it_is: Option<String>,
}

/// `GET /recovery-code`
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let page = visit(&app, &headers, |session| session.mfa_token().map(|_| view(session)));
    page.flatten().map_or_else(|| to("/"), IntoResponse::into_response)
}

/// What was typed is not shown again: it would be a secret in a page.
fn view(session: &Session) -> Markup {
    let asks_to_look_again = session.told.as_ref().is_some_and(|told| told.asks_to_look_again);
    page(
        "Recovery code",
        html! {
            (told::view(session.told.as_ref()))
            p { "You got it when you set up your authenticator app, or the last time that you used one." }
            form id="recovery-form" method="post" action="/recovery-code" {
                (csrf(session))
                label for="recovery-code" { "Recovery code" }
                input id="recovery-code" name="recovery_code" autocomplete="off" autocapitalize="characters"
                    spellcheck="false" aria-describedby="recovery-code-help" required;
                p id="recovery-code-help" { "24 letters and digits. Spaces, dashes and small letters do not matter." }
                @if asks_to_look_again {
                    p {
                        input id="as-it-is" name="as_it_is" type="checkbox" value="yes";
                        label for="as-it-is" { "I looked again: send it as it is" }
                    }
                }
                button id="send-recovery-code" { "Log in" }
            }
            p { "The code works once. You get a new one in its place." }
            p { a id="another-way" href="/" { "Another way" } }
        },
    )
}

/// `POST /recovery-code`
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<TypedCode>,
) -> Response {
    let Some(id) = session_of_form(&app, &headers, &form.csrf) else { return problem::old_form() };
    match app.sessions.visit(&id, |session| begin(session, &form)).unwrap_or(Begun::NotNow) {
        Begun::NotNow => to("/"),
        Begun::AskedAgain => to("/recovery-code"),
        Begun::Call(call) => {
            outcome::send(&app.client, &app.sessions, &id, call, outcome::of_recovery).await;
            to("/")
        }
    }
}

enum Begun {
    Call(VerifyWithRecoveryCode),
    /// Nothing is sent: the page says why.
    AskedAgain,
    /// A call is under way, a new code waits, or no second factor is asked for.
    NotNow,
}

fn begin(session: &mut Session, form: &TypedCode) -> Begun {
    let Some(mfa_token) = session.mfa_token().cloned() else { return Begun::NotNow };
    let Ok(code) = RecoveryCode::parse(&form.recovery_code) else {
        session.told = Some(Told::nothing_typed());
        return Begun::AskedAgain;
    };
    if !code.looks_complete() && form.as_it_is.is_none() {
        session.told = Some(Told::look_again());
        return Begun::AskedAgain;
    }
    session.under_way = Some(UnderWay::RecoveryCode);
    let is_in_doubt = session.in_doubt.iter().any(|earlier| earlier.expose() == code.expose());
    let call = VerifyWithRecoveryCode::new(mfa_token, code);
    Begun::Call(if is_in_doubt { call.earlier_sending_in_doubt() } else { call })
}
