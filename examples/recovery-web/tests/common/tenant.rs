//! A tenant that answers what a test says, when it says so.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth0_mfa::Body;
use auth0_mfa::transport::{AsyncTransport, TransportError, from_fn};
use http::{Request, Response};
use tokio::sync::watch;

pub(crate) const MFA_TOKEN: &str = "Fe26.2*FAKE-MFA-TOKEN";
pub(crate) const ACCESS_TOKEN: &str = "FAKE-ACCESS-TOKEN";

pub(crate) type Answer = Result<Response<Body>, TransportError>;

pub(crate) struct FakeTenant {
    shared: Arc<Shared>,
    arrived: Receiver<()>,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    requests: Mutex<Vec<String>>,
    gate: watch::Sender<bool>,
}

impl FakeTenant {
    /// Answers these, in this order; the gate is open.
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> (Self, Arc<dyn AsyncTransport>) {
        let (tell, arrived) = mpsc::channel();
        let shared = Arc::new(Shared {
            answers: Mutex::new(answers.into_iter().collect()),
            requests: Mutex::default(),
            gate: watch::Sender::new(true),
        });
        let server = Arc::clone(&shared);
        let transport = from_fn(move |request: Request<Body>| {
            server
                .requests
                .lock()
                .unwrap()
                .push(String::from_utf8(request.body().expose().to_vec()).unwrap());
            tell.send(()).ok();
            answer(Arc::clone(&server))
        });
        (Self { shared, arrived }, Arc::new(transport))
    }

    pub(crate) fn close_gate(&self) {
        self.shared.gate.send_replace(false);
    }

    pub(crate) fn open_gate(&self) {
        self.shared.gate.send_replace(true);
    }

    /// Waits until another request has come; the patience is for a test that fails.
    pub(crate) fn wait_for_request(&self) {
        self.arrived.recv_timeout(Duration::from_secs(30)).expect("a request");
    }

    pub(crate) fn last_request(&self) -> String {
        self.shared.requests.lock().unwrap().last().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.requests.lock().unwrap().len()
    }
}

async fn answer(shared: Arc<Shared>) -> Answer {
    shared.gate.subscribe().wait_for(|is_open| *is_open).await.unwrap();
    let answer = shared.answers.lock().unwrap().pop_front();
    answer.unwrap_or_else(|| Err(TransportError::not_sent("there is no answer left")))
}

pub(crate) fn json(status: u16, body: &str) -> Answer {
    let reply = Response::builder().status(status).header("content-type", "application/json");
    Ok(reply.body(Body::from(body.as_bytes().to_vec())).unwrap())
}

pub(crate) fn refused(error: &str, description: &str) -> Answer {
    json(403, &format!(r#"{{"error":"{error}","error_description":"{description}"}}"#))
}

pub(crate) fn mfa_required() -> Answer {
    json(403, &format!(r#"{{"error":"mfa_required","error_description":"x","mfa_token":"{MFA_TOKEN}"}}"#))
}

pub(crate) fn rejected() -> Answer {
    refused("invalid_grant", "MFA Authorization rejected.")
}

pub(crate) fn accepted(recovery_code: &str) -> Answer {
    json(200, &format!(r#"{{"access_token":"{ACCESS_TOKEN}","recovery_code":"{recovery_code}"}}"#))
}

pub(crate) fn let_in() -> Answer {
    json(200, &format!(r#"{{"access_token":"{ACCESS_TOKEN}"}}"#))
}

pub(crate) fn no_answer() -> Answer {
    Err(TransportError::maybe_sent("the connection broke"))
}
