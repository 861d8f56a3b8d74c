//! Pages of which nothing comes.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::{layout, page};

/// A form of a session that has ended or got another identifier, or of another site.
pub(super) fn old_form() -> Response {
    let body = html! {
        p id="old-form" { "Nothing was sent: this form is too old." }
        p { a id="look-again" href="/" { "See where things stand" } }
    };
    (StatusCode::FORBIDDEN, page("Please start again", body)).into_response()
}

/// Loads the page again, now from here, so that the browser brings its cookie.
pub(super) fn once_more() -> Markup {
    layout(
        "One moment",
        html! { meta http-equiv="refresh" content="0; url=/"; },
        html! { p { a id="look-again" href="/" { "Go on" } } },
    )
}

pub(crate) async fn not_found() -> Response {
    let body = html! { p { a id="look-again" href="/" { "See where things stand" } } };
    (StatusCode::NOT_FOUND, page("There is no such page", body)).into_response()
}

pub(super) fn no_randomness() -> Response {
    let body = html! { p { "The system gave no random number. Please try again." } };
    (StatusCode::SERVICE_UNAVAILABLE, page("Not now", body)).into_response()
}
