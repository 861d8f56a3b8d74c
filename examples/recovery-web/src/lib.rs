//! A web application in which a user who has lost the phone logs in with a recovery code.
//!
//! There is one address, `/`, and the page there says where things stand; a form posts to an address of its own and is
//! sent back. So reloading sends nothing, and the back button, a second tab and a browser that went away in between all
//! find what is true now.
//!
//! | Where | What |
//! |---|---|
//! | `session` | what is remembered of a browser; sessions and how they end |
//! | `outcome` | what the outcome of a call does to its session, whoever waited for it |
//! | `advice` | what a person is told after it |
//! | `page` | one page a file: what it shows, and what its form does |
//! | `origin`, `random`, `headers` | cookie, unguessable values, what every answer says to the browser |

mod advice;
mod headers;
mod origin;
mod outcome;
mod page;
mod random;
mod session;

use std::sync::Arc;

use auth0_mfa::AsyncClient;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

pub use origin::{NotAnOrigin, Origin};
pub use session::Sessions;

/// The longest form that is read: a user name, a password, a code.
const LONGEST_FORM: usize = 16 * 1024;

/// What every request is answered with.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) client: AsyncClient,
    pub(crate) sessions: Sessions,
    pub(crate) origin: Origin,
}

/// The application, for browsers that find it at `origin`.
pub fn application(client: AsyncClient, sessions: Sessions, origin: Origin) -> Router {
    Router::new()
        .route("/", get(page::where_things_stand))
        .route("/login", post(page::login::submit))
        .route("/otp", get(page::otp::show).post(page::otp::submit))
        .route("/recovery-code", get(page::recovery_code::show).post(page::recovery_code::submit))
        .route("/new-code", post(page::new_code::confirm))
        .route("/new-code.txt", get(page::new_code::download))
        .route("/logout", post(page::logged_in::log_out))
        .route("/style.css", get(page::assets::style))
        .route("/script.js", get(page::assets::script))
        .fallback(page::problem::not_found)
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(axum::middleware::map_response(headers::add))
        .with_state(Arc::new(App { client, sessions, origin }))
}
