//! The user is in.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{csrf, page, problem, session_of_form, to, told};
use crate::App;
use crate::session::Session;

#[derive(Deserialize)]
pub(crate) struct LogOut {
    csrf: String,
}

pub(super) fn view(session: &Session) -> Markup {
    page(
        "You are logged in",
        html! {
            (told::view(session.told.as_ref()))
            p { "As " strong id="who" { bdi { (session.user.as_deref().unwrap_or_default()) } } "." }
            form method="post" action="/logout" {
                (csrf(session))
                button id="log-out" { "Log out" }
            }
        },
    )
}

/// `POST /logout`: not while a call is under way or a new code waits, which would be lost with the session.
pub(crate) async fn log_out(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<LogOut>,
) -> Response {
    let Some(id) = session_of_form(&app, &headers, &form.csrf) else { return problem::old_form() };
    app.sessions.close(&id);
    to("/")
}
