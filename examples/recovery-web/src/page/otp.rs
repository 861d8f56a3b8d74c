//! The one-time password of an authenticator app.

use std::sync::Arc;

use auth0_mfa::{Otp, VerifyWithOtp};
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
pub(crate) struct TypedOtp {
    csrf: String,
    otp: String,
}

/// `GET /otp`
pub(crate) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let page = visit(&app, &headers, |session| session.mfa_token().map(|_| view(session)));
    page.flatten().map_or_else(|| to("/"), IntoResponse::into_response)
}

fn view(session: &Session) -> Markup {
    page(
        "One-time password",
        html! {
            (told::view(session.told.as_ref()))
            form id="otp-form" method="post" action="/otp" {
                (csrf(session))
                label for="otp" { "The six digits that your authenticator app shows now" }
                input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code" required;
                button id="send-otp" { "Log in" }
            }
            p { a id="another-way" href="/" { "Another way" } }
        },
    )
}

/// `POST /otp`
pub(crate) async fn submit(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Form(form): Form<TypedOtp>,
) -> Response {
    let Some(id) = session_of_form(&app, &headers, &form.csrf) else { return problem::old_form() };
    let call = app.sessions.visit(&id, |session| begin(session, &form.otp)).flatten();
    if let Some(call) = call {
        outcome::send(&app.client, &app.sessions, &id, call, outcome::of_otp).await;
    }
    // Leads on to `/` when it was accepted or is under way.
    to("/otp")
}

fn begin(session: &mut Session, typed: &str) -> Option<VerifyWithOtp> {
    let mfa_token = session.mfa_token()?.clone();
    let Ok(otp) = Otp::parse(typed) else {
        session.told = Some(Told::nothing_typed());
        return None;
    };
    session.under_way = Some(UnderWay::Otp);
    Some(VerifyWithOtp::new(mfa_token, otp))
}
