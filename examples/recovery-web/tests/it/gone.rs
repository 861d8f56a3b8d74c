//! The browser goes away between sending and answer.

use std::future::Future;
use std::task::{Context, Waker};
use std::time::Instant;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use recovery_web::Sessions;
use tower::ServiceExt as _;

use crate::site::{Site, app};
use crate::tenant::{FakeTenant, accepted, mfa_required, no_answer};
use crate::{NEW_CODE, OLD_CODE};

#[test]
fn who_comes_back_finds_the_new_code() {
    let (site, tenant) = Site::answering([accepted(NEW_CODE)]);
    let (mut browser, _) = site.after_a_tab_was_closed(&tenant, OLD_CODE);

    let mut other_tab = browser.clone();
    assert!(browser.open("/").has("sending"));
    assert!(other_tab.open("/").has("sending"));
    tenant.open_gate();
    let page = browser.open_once_answered();
    assert_eq!(page.text("new-code"), NEW_CODE);
    assert_eq!(other_tab.open("/").text("new-code"), NEW_CODE);
    assert_eq!(tenant.requests(), 2);
}

#[test]
fn who_comes_back_finds_the_advice() {
    let (site, tenant) = Site::answering([no_answer()]);
    let (mut browser, _) = site.after_a_tab_was_closed(&tenant, OLD_CODE);
    tenant.open_gate();
    assert_eq!(browser.open_once_answered().code_state(), Some("unknown"));
}

/// The same without a socket, so that the handler is dropped before its answer beyond any doubt.
#[tokio::test]
async fn a_handler_that_is_dropped_leaves_the_new_code_in_the_session() {
    let (tenant, transport) = FakeTenant::new([mfa_required(), accepted(NEW_CODE)]);
    let app = app(transport, "https://tenant.example.com", Sessions::new(Instant::now));
    let page = body(app.clone().oneshot(get("/", "")).await.unwrap()).await;
    let login = post("/login", &page.cookie, &page.text, "&user=alice&password=fake");
    let page = body(app.clone().oneshot(login).await.unwrap()).await;
    let cookie = page.cookie;
    let page = body(app.clone().oneshot(get("/recovery-code", &cookie)).await.unwrap()).await;

    tenant.close_gate();
    let code = format!("&recovery_code={OLD_CODE}");
    let mut handler = Box::pin(app.clone().oneshot(post("/recovery-code", &cookie, &page.text, &code)));
    assert!(handler.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(handler);
    tenant.open_gate();

    for _ in 0..1_000 {
        tokio::task::yield_now().await;
        let page = body(app.clone().oneshot(get("/", &cookie)).await.unwrap()).await;
        if !page.text.contains("id=\"sending\"") {
            assert!(page.text.contains(NEW_CODE));
            return;
        }
    }
    panic!("there was no answer");
}

struct Answer {
    cookie: String,
    text: String,
}

async fn body(response: Response) -> Answer {
    let cookie = response.headers().get("set-cookie").map(|cookie| cookie.to_str().unwrap());
    let cookie = cookie.and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Answer { cookie, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap()
}

fn post(path: &str, cookie: &str, page: &str, fields: &str) -> Request<Body> {
    let csrf = page.split_once("name=\"csrf\" value=\"").unwrap().1.split('"').next().unwrap();
    let request = Request::post(path).header("cookie", cookie);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    request.body(Body::from(format!("csrf={csrf}{fields}"))).unwrap()
}
