//! User name and password.

use std::sync::Arc;

use auth0_mfa::{Password, PasswordGrant};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::{csrf, page, problem, session_of_form, to, told, with_cookie};
use crate::session::{Session, UnderWay};
use crate::{App, outcome};

#[derive(Deserialize)]
pub(crate) struct Login {
    csrf: String,
    user: String,
    password: String,
}

pub(super) fn view(session: &Session) -> Markup {
    page(
        "Log in",
        html! {
            (told::view(session.told.as_ref()))
            form id="login-form" method="post" action="/login" {
                (csrf(session))
                label for="user" { "User name" }
                input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" required;
                label for="password" { "Password" }
                input id="password" name="password" type="password" autocomplete="current-password" required;
                button id="log-in" { "Log in" }
            }
        },
    )
}

/// `POST /login`. The session gets another identifier with the answer. Should the browser have gone by then (a double
/// click), it keeps the one that it has: nobody could be given another.
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<Login>,
) -> Response {
    let Some(id) = session_of_form(&app, &headers, &form.csrf) else { return problem::old_form() };
    let call = PasswordGrant::new(&form.user, Password::new(form.password));
    let is_begun = app.sessions.visit(&id, |session| {
        let is_free = session.is_free();
        if is_free {
            session.under_way = Some(UnderWay::Password { user: form.user });
        }
        is_free
    });
    if is_begun != Some(true) {
        return to("/");
    }
    outcome::send(&app.client, &app.sessions, &id, call, outcome::of_login).await;
    match app.sessions.rename(&id) {
        Ok(Some(new_id)) => with_cookie(&app, &new_id, to("/")),
        Ok(None) => to("/"),
        Err(_) => problem::no_randomness(),
    }
}
