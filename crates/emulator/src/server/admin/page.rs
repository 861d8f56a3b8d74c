//! `GET /_emulator/`: the page, on which a developer plays the phone.

use auth0_mfa_core::Body;
use http::Response;

use super::reply::text;

pub(super) fn html() -> Response<Body> {
    text("text/html; charset=utf-8", include_str!("page/index.html"))
}

pub(super) fn style() -> Response<Body> {
    text("text/css; charset=utf-8", include_str!("page/style.css"))
}

pub(super) fn script() -> Response<Body> {
    text("text/javascript; charset=utf-8", include_str!("page/script.js"))
}
