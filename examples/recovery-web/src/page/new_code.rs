//! The new code: shown until the user says that it is stored.

use std::sync::Arc;

use auth0_mfa::NewCode;
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::{csrf, page, problem, session_of_form, to, told, visit};
use crate::App;
use crate::session::Session;

#[derive(Deserialize)]
pub(crate) struct Confirmation {
    csrf: String,
    /// How many codes had come when the page was made.
    codes_so_far: usize,
    stored: Option<String>,
}

/// A tick is asked for, as Keycloak does: people write the code down, and typing a part of it back proves no more. That
/// it can be printed, and comes anew with each use, is what NIST SP 800-63B-4 wants of such codes.
pub(super) fn view(session: &Session) -> Markup {
    page(
        "Your new recovery code",
        html! {
            (told::view(session.told.as_ref()))
            @for (number, code) in session.new_codes.iter().rev().enumerate() { (one(number, code)) }
            p { "It belongs to " strong id="who" { bdi { (session.user.as_deref().unwrap_or_default()) } } ". Write it \
                 down, print it, or put it into a password manager, and keep it apart from your phone. \
                 It works once, and is not shown again when you have confirmed it." }
            p class="actions" {
                button id="copy" type="button" hidden { "Copy" } " "
                button id="print" type="button" hidden { "Print" } " "
                a id="download" href="/new-code.txt" download="recovery-code.txt" { "Download" }
            }
            p id="copied" role="status" {}
            form id="confirm-form" method="post" action="/new-code" {
                (csrf(session))
                input type="hidden" name="codes_so_far" value=(session.new_codes_so_far);
                p {
                    input id="stored" name="stored" type="checkbox" value="yes" required;
                    label for="stored" { "I have stored this code in a safe place" }
                }
                button id="confirm" { "Go on" }
            }
        },
    )
}

/// The newest is the first.
fn one(number: usize, code: &NewCode) -> Markup {
    let id = if number == 0 { "new-code".to_owned() } else { format!("new-code-{}", number + 1) };
    html! {
        @if number > 0 { p { "One that came before:" } }
        @match code {
            NewCode::Issued(code) => { p { output id=(id) class="code" { (code.expose()) } } }
            NewCode::Unreadable(text) => {
                p id="unreadable" { "Auth0 sent a new recovery code in a form that this application does not know. This \
                   is what it sent. Keep it, and show it to your administrator:" }
                p { output id=(id) class="code" { bdi { (text.expose()) } } }
            }
            NewCode::NotReturned => {}
        }
    }
}

/// `POST /new-code`
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<Confirmation>,
) -> Response {
    let Some(id) = session_of_form(&app, &headers, &form.csrf) else { return problem::old_form() };
    app.sessions.visit(&id, |session| {
        if form.stored.is_some() && form.codes_so_far == session.new_codes_so_far {
            session.new_codes.clear();
        }
    });
    to("/")
}

/// `GET /new-code.txt`
pub(crate) async fn download(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let text = visit(&app, &headers, |session| as_text(&session.new_codes)).flatten();
    let Some(text) = text else { return to("/") };
    let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
    let name = (CONTENT_DISPOSITION, "attachment; filename=\"recovery-code.txt\"");
    ([kind, name], text).into_response()
}

fn as_text(codes: &[NewCode]) -> Option<String> {
    let lines = codes.iter().rev().filter_map(|code| match code {
        NewCode::Issued(code) => Some(format!("Recovery code: {}\r\n", code.expose())),
        NewCode::Unreadable(text) => Some(format!("Sent in place of a recovery code: {}\r\n", text.expose())),
        NewCode::NotReturned => None,
    });
    let text: String = lines.collect();
    (!text.is_empty()).then(|| text + "It works once. Keep it in a safe place.\r\n")
}
