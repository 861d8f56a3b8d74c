//! The pages: one a file, with what its form does.

pub(crate) mod assets;
pub(crate) mod logged_in;
pub(crate) mod login;
pub(crate) mod new_code;
pub(crate) mod otp;
pub(crate) mod problem;
pub(crate) mod recovery_code;
pub(crate) mod second_factor;
pub(crate) mod sending;
mod told;

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{DOCTYPE, Markup, html};

use crate::App;
use crate::random::Unguessable;
use crate::session::{Session, Stage};

/// `GET /`: whatever happened, the page of what is true now.
pub(crate) async fn where_things_stand(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Some(page) = visit(&app, &headers, |session| current(session)) {
        return page.into_response();
    }
    if comes_from_elsewhere(&headers) {
        return problem::once_more().into_response();
    }
    let opened = app.sessions.open().ok();
    let page = opened.as_ref().and_then(|id| app.sessions.visit(id, |session| current(session)));
    match (opened, page) {
        (Some(id), Some(page)) => with_cookie(&app, &id, page.into_response()),
        _ => problem::no_randomness(),
    }
}

/// What waits comes first: an answer, then a new code that is to be stored.
fn current(session: &Session) -> Markup {
    match (&session.under_way, &session.stage) {
        (Some(under_way), _) => sending::view(under_way),
        (None, _) if !session.new_codes.is_empty() => new_code::view(session),
        (None, Stage::LoggedOut) => login::view(session),
        (None, Stage::SecondFactor(_)) => second_factor::view(session),
        (None, Stage::LoggedIn) => logged_in::view(session),
    }
}

/// A link of another site. The browser left out our cookie (`SameSite=Strict`), and a new one would put an end to the
/// session that it has, with a new code in it perhaps.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site")
}

fn visit<R>(app: &App, headers: &HeaderMap, f: impl FnOnce(&mut Session) -> R) -> Option<R> {
    app.sessions.visit(&app.origin.session_named_by(headers)?, f)
}

/// The session that a form was made for; `None` for any other page's form.
fn session_of_form(app: &App, headers: &HeaderMap, csrf: &str) -> Option<Unguessable> {
    let id = app.origin.session_named_by(headers)?;
    app.sessions.visit(&id, |session| session.csrf().is(csrf))?.then_some(id)
}

fn with_cookie(app: &App, id: &Unguessable, mut response: Response) -> Response {
    if let Ok(cookie) = app.origin.set_cookie(id) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Every form ends so: reloading what follows sends nothing.
fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

fn layout(title: &str, head: Markup, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/style.css";
                script src="/script.js" defer {}
                (head)
            }
            body { main { h1 id="title" { (title) } (body) } }
        }
    }
}

fn page(title: &str, body: Markup) -> Markup {
    layout(title, html! {}, body)
}

fn csrf(session: &Session) -> Markup {
    html! { input type="hidden" name="csrf" value=(session.csrf().expose()); }
}
